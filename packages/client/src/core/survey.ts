/** Surveys, as agents, visitors and their pages use them. */
import type { SurveyDocument } from '@parley/protocol/types';
import { docOf, listOf } from './document.js';

type WireQuestion = SurveyDocument['questions'][number];

/** An answer that can be chosen for a question. */
export interface SurveyEntry {
  readonly value: string;
  readonly displayValue: string;
  readonly checked: boolean;
  /** The `logicId` of each question that is shown once this entry is chosen. */
  readonly shows: readonly number[];
}

/** A question of a survey. */
export interface SurveyQuestion {
  readonly id: number;
  readonly order: number;
  readonly logicId: number;
  readonly mandatory: boolean;
  readonly type: WireQuestion['type'];
  readonly validationType: WireQuestion['validationType'];
  readonly label: string;
  readonly lastKnownValue: string;
  /** The answers that can be chosen; empty for text questions. */
  readonly entries: readonly SurveyEntry[];
}

/** A survey to fill in. */
export interface Survey {
  readonly id: number;
  readonly title: string;
  readonly header: string;
  readonly questions: readonly SurveyQuestion[];
}

/** Answers by question id: a text, or the values of the chosen entries. */
export type Answers = Readonly<Record<number | string, string | readonly string[]>>;

export function readSurvey(body: unknown): Survey {
  const survey = docOf(body, 'survey');
  const { questions } = survey;
  const list = Array.isArray(questions) ? questions : docOf(questions)['question'];
  return {
    id: Number(survey['id']),
    title: text(survey['title']),
    header: text(survey['header']),
    questions: listOf(list).map((question) => ({
      id: Number(question['id']),
      order: Number(question['order']),
      logicId: Number(question['logicId']),
      mandatory: isTrue(question['mandatory']),
      type: text(question['type']) as SurveyQuestion['type'],
      validationType: text(question['validationType']) as SurveyQuestion['validationType'],
      label: text(question['label']),
      lastKnownValue: text(question['lastKnownValue']),
      entries: listOf(question['entry']).map((entry) => ({
        value: text(entry['value']),
        displayValue: text(entry['displayValue']),
        checked: isTrue(entry['checked']),
        shows: [docOf(entry, 'logic')['showLogicId'] ?? []].flat().map(Number),
      })),
    })),
  };
}

/**
 * The questions to show for the answers so far. A question that depends on entries is hidden until one of these
 * entries is chosen in a question that is itself shown.
 */
export function shownQuestions(survey: Survey, answers: Answers): readonly SurveyQuestion[] {
  const { questions } = survey;
  const branched = new Set(
    questions.flatMap(({ entries }) => entries.flatMap(({ shows }) => shows)),
  );
  const shown = new Set(questions.filter(({ logicId }) => !branched.has(logicId)));
  // A set goes on over what is added to it meanwhile: branches of branches.
  for (const { id, entries } of shown) {
    const given = [answers[id] ?? []].flat();
    const opened = entries
      .filter(({ value }) => given.includes(value))
      .flatMap(({ shows }) => shows);
    for (const question of questions) if (opened.includes(question.logicId)) shown.add(question);
  }
  return questions.filter((question) => shown.has(question));
}

/** The document that answers are sent in. */
export function writeAnswers(answers: Answers): { readonly survey: object } {
  const question = Object.entries(answers).map(([key, answer]) => ({ id: Number(key), answer }));
  return { survey: { question } };
}

const text = (value: unknown) => String(value ?? '');

const isTrue = (value: unknown) => value === true || value === 'true';
