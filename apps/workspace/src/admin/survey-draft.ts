/** A survey while it is edited. Branches stand on the choices that open them, as in the document. */
import type { ConfiguredSurvey } from '@parley/client/administration';
import type { LabelledChoice } from './model.js';

export interface DraftEntry {
  readonly value: string;
  readonly displayValue: string;
  readonly checked: boolean;
  /** The `logicId`s of the questions that are shown once this is chosen. */
  readonly shows: readonly number[];
}

export interface DraftQuestion {
  /** Missing of a question that is not stored yet. */
  readonly id?: number;
  readonly logicId: number;
  readonly label: string;
  readonly type: string;
  readonly validationType: string;
  readonly mandatory: boolean;
  readonly entries: readonly DraftEntry[];
}

export interface Draft {
  readonly name: string;
  readonly kind: string;
  /** 0 for every skill without one of its own. */
  readonly skillId: number;
  readonly title: string;
  readonly header: string;
  readonly isEnabled: boolean;
  readonly questions: readonly DraftQuestion[];
}

export const KINDS: readonly LabelledChoice[] = [
  { value: 'preChat', label: 'surveyKind.preChat' },
  { value: 'offline', label: 'surveyKind.offline' },
  { value: 'exit', label: 'surveyKind.exit' },
  { value: 'agent', label: 'surveyKind.agent' },
];

export const TYPES = [
  'Text Field',
  'Text Area',
  'Dropdown Box',
  'Checkbox',
  'Radio Button',
  'Radio Button (side by side)',
] as const;

export const VALIDATIONS = ['alpha_numeric', 'numeric', 'email', 'phone'] as const;

/** Whether questions of this type offer choices. */
export function hasEntries(type: string): boolean {
  return !type.startsWith('Text');
}

export function draftOf(survey: ConfiguredSurvey | null): Draft {
  const questions = [...(survey?.questions ?? [])].sort((a, b) => (a.order ?? 0) - (b.order ?? 0));
  return {
    name: survey?.name ?? '',
    kind: survey?.kind ?? 'preChat',
    skillId: survey?.skillId ?? 0,
    title: survey?.title ?? '',
    header: survey?.header ?? '',
    isEnabled: survey?.isEnabled ?? true,
    questions: questions.map((question, index) => ({
      ...(question.id === undefined ? {} : { id: question.id }),
      logicId: question.logicId ?? index + 1,
      label: question.label ?? '',
      type: question.type ?? 'Text Field',
      validationType: question.validationType ?? '',
      mandatory: question.mandatory ?? false,
      entries: (question.entry ?? []).map((entry) => ({
        value: entry.value ?? '',
        displayValue: entry.displayValue ?? '',
        checked: entry.checked ?? false,
        shows: entry.logic?.showLogicId ?? [],
      })),
    })),
  };
}

/** The survey as it is sent. Order is the place in the list. */
export function surveyOf(draft: Draft): ConfiguredSurvey {
  const { questions, ...fields } = draft;
  return {
    ...fields,
    questions: questions.map((question, order) => ({
      ...(question.id === undefined ? {} : { id: question.id }),
      order,
      logicId: question.logicId,
      mandatory: question.mandatory,
      type: question.type,
      ...(question.validationType === '' ? {} : { validationType: question.validationType }),
      label: question.label,
      entry: question.entries.map(({ value, displayValue, checked, shows }) => ({
        value,
        displayValue,
        checked,
        ...(shows.length === 0 ? {} : { logic: { showLogicId: [...shows] } }),
      })),
    })),
  } as ConfiguredSurvey;
}

export function withQuestion(draft: Draft): Draft {
  const logicId = Math.max(0, ...draft.questions.map((question) => question.logicId)) + 1;
  const question: DraftQuestion = {
    logicId,
    label: '',
    type: 'Text Field',
    validationType: '',
    mandatory: false,
    entries: [],
  };
  return { ...draft, questions: [...draft.questions, question] };
}

/** Without a question, and without the branches that led to it. */
export function withoutQuestion(draft: Draft, logicId: number): Draft {
  return {
    ...draft,
    questions: draft.questions
      .filter((question) => question.logicId !== logicId)
      .map((question) => ({
        ...question,
        entries: question.entries.map((entry) => ({
          ...entry,
          shows: entry.shows.filter((each) => each !== logicId),
        })),
      })),
  };
}

/** @param by -1 up, 1 down */
export function moved(draft: Draft, index: number, by: 1 | -1): Draft {
  const question = draft.questions[index];
  const other = draft.questions[index + by];
  if (question === undefined || other === undefined) return draft;
  return { ...draft, questions: draft.questions.with(index, other).with(index + by, question) };
}

/** Answers, by `logicId`. */
export type Answers = Readonly<Record<number, readonly string[]>>;

/**
 * The questions that are shown for these answers: those that no choice leads to, and those that a
 * chosen entry of a shown question leads to.
 */
export function shownQuestions(draft: Draft, answers: Answers): readonly DraftQuestion[] {
  const branches = new Set(
    draft.questions.flatMap(({ entries }) => entries.flatMap(({ shows }) => shows)),
  );
  const shown = new Set(
    draft.questions.map(({ logicId }) => logicId).filter((logicId) => !branches.has(logicId)),
  );
  const visit = [...shown];
  for (let logicId = visit.pop(); logicId !== undefined; logicId = visit.pop()) {
    const question = draft.questions.find((each) => each.logicId === logicId);
    const given = answers[logicId] ?? [];
    for (const entry of question?.entries ?? []) {
      if (!given.includes(entry.value)) continue;
      for (const next of entry.shows) {
        if (!shown.has(next)) {
          shown.add(next);
          visit.push(next);
        }
      }
    }
  }
  return draft.questions.filter(({ logicId }) => shown.has(logicId));
}
