/** Filled-in surveys. What was asked is kept with the answers: a survey may be changed later. */

/** What was answered to one question. */
export interface SurveyAnswer {
  readonly questionId: number;
  /** The question as it was put. */
  readonly label: string;
  /** One value, or several of a question with check boxes. */
  readonly values: readonly string[];
}

/** Questions without an answer are not in it. */
export interface FilledSurvey {
  readonly surveyId: number;
  readonly title: string;
  readonly answers: readonly SurveyAnswer[];
}

/** A filled survey and when it came, epoch ms. */
export interface StoredSurvey extends FilledSurvey {
  readonly at: number;
}

/** The surveys of one chat. */
export interface ChatSurveys {
  readonly preChat: StoredSurvey | null;
  readonly exit: StoredSurvey | null;
  readonly agent: StoredSurvey | null;
}

const NO_SURVEYS: ChatSurveys = { preChat: null, exit: null, agent: null };

/** Who left an offline survey, as far as known. */
export interface OfflineVisitor {
  readonly visitorId: string | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly language: string | null;
  /** The page on which it was left, and the ids of the visit; absent from journals of before. */
  readonly referrer?: string | null;
  readonly sharkVisitorId?: string | null;
  readonly sharkSessionId?: string | null;
  readonly sharkContextId?: string | null;
}

/** Whether both say the same of the same survey. */
export function sameAnswers(a: FilledSurvey, b: FilledSurvey): boolean {
  return a.surveyId === b.surveyId && JSON.stringify(a.answers) === JSON.stringify(b.answers);
}

/** The chat's surveys with one more answered. */
export function withSurvey(
  before: ChatSurveys | null,
  kind: keyof ChatSurveys,
  survey: FilledSurvey,
  at: number,
): ChatSurveys {
  return { ...(before ?? NO_SURVEYS), [kind]: { ...survey, at } };
}
