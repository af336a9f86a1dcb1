/** Branching: which questions of a survey are shown, given what is answered. */
import type { SurveyQuestion } from '@parley/configuration/records/records';

/** Answers by question id. */
export type AnswersById = ReadonlyMap<number, readonly string[]>;

/**
 * A question that some entry shows is hidden until such an entry of a shown question is chosen; all
 * others are shown. Questions that show each other in a circle stay hidden.
 */
export function shownQuestions(
  questions: readonly SurveyQuestion[],
  answers: AnswersById,
): ReadonlySet<SurveyQuestion> {
  const branched = new Set(
    questions.flatMap(({ entries }) => entries.flatMap(({ showLogicId }) => showLogicId)),
  );
  const shown = new Set(questions.filter(({ logicId }) => !branched.has(logicId)));
  // A set hands out what is added to it while it is walked.
  for (const question of shown) {
    const chosen = answers.get(question.id) ?? [];
    const shows = question.entries
      .filter(({ value }) => chosen.includes(value))
      .flatMap(({ showLogicId }) => showLogicId);
    for (const next of questions) if (shows.includes(next.logicId)) shown.add(next);
  }
  return shown;
}
