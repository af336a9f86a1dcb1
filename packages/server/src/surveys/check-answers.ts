/** Checks the answers to a survey against its questions. */
import type { FilledSurvey } from '@parley/engine';
import { givenAnswers, isMailAddress, type SurveyAnswers, WireError } from '@parley/protocol';
import type { Stored, SurveyQuestion } from '@parley/configuration/records/records';
import { shownQuestions } from './shown.js';

/** Most problems reported at once. */
const MAX_REPORTED = 5;

/**
 * The answers as they are kept, in the order of the survey. Answers to questions that the branching
 * does not show are dropped: pages send what was typed before the question was hidden.
 * @throws WireError 400 naming each question by id and label, and the rule.
 */
export function checkAnswers(survey: Stored<'survey'>, given: SurveyAnswers): FilledSurvey {
  const problems: string[] = [];
  const byId = new Map(survey.questions.map((question) => [question.id, question]));
  const answers = new Map<number, readonly string[]>();
  for (const question of given.question) {
    if (!byId.has(question.id)) {
      problems.push(`question ${question.id} is not one of survey ${survey.id}`);
    } else if (answers.has(question.id)) {
      problems.push(`question ${question.id} is answered twice`);
    }
    const values = givenAnswers(question).filter((value) => value.trim() !== '');
    answers.set(question.id, [...new Set(values)]);
  }
  const shown = shownQuestions(survey.questions, answers);
  const kept = survey.questions
    .filter((question) => shown.has(question))
    .sort((a, b) => a.order - b.order)
    .flatMap((question) => {
      const values = answers.get(question.id) ?? [];
      const problem = problemOf(question, values);
      if (problem !== null) {
        problems.push(`question ${question.id} "${question.label.slice(0, 80)}" ${problem}`);
      }
      return values.length === 0
        ? []
        : [{ questionId: question.id, label: question.label, values }];
    });
  if (problems.length > 0) {
    const more = problems.length - MAX_REPORTED;
    const reported = problems.slice(0, MAX_REPORTED).join('; ');
    throw new WireError('invalidAnswer', `${reported}${more > 0 ? `; and ${more} more` : ''}.`);
  }
  return { surveyId: survey.id, title: survey.title, answers: kept };
}

/** What is wrong with the answers to a question that is shown; null for nothing. */
function problemOf(question: SurveyQuestion, values: readonly string[]): string | null {
  const [first] = values;
  if (first === undefined) return question.mandatory ? 'must be answered' : null;
  if (question.type !== 'Checkbox' && values.length > 1) {
    return `takes one answer, got ${values.length}`;
  }
  if (question.type === 'Text Field' || question.type === 'Text Area') {
    const rule = RULES[question.validationType];
    return rule.allows(first) ? null : `must be ${rule.words}, got "${first.slice(0, 80)}"`;
  }
  const unknown = values.find((value) => !question.entries.some((entry) => entry.value === value));
  if (unknown === undefined) return null;
  const known = question.entries.map(({ value }) => `"${value}"`).join(', ');
  return `must be one of ${known.slice(0, 300)}, got "${unknown.slice(0, 80)}"`;
}

interface Rule {
  readonly allows: (text: string) => boolean;
  readonly words: string;
}

/** What a text may be, by `validationType`. `alpha_numeric` is any text, as the original has it. */
const RULES: Readonly<Record<SurveyQuestion['validationType'], Rule>> = {
  alpha_numeric: { allows: () => true, words: 'a text' },
  numeric: { allows: (text) => /^\s*[+-]?\d+([.,]\d+)?\s*$/.test(text), words: 'a number' },
  email: {
    allows: (text) => isMailAddress(text.trim()),
    words: 'a mail address such as ann@example.com',
  },
  phone: {
    allows: (text) => /^\s*\+?[\d ()./-]{5,30}\s*$/.test(text) && /(\D*\d){5}/.test(text),
    words: 'a phone number such as +49 30 1234567',
  },
};
