/** Which survey is put to whom. */
import { WireError } from '@parley/protocol';
import { NameIndex, surveyNameKey } from '@parley/configuration/records/names';
import type {
  AccountConfiguration,
  Stored,
  SurveyKind,
} from '@parley/configuration/records/records';

/** What a survey is asked for. */
export interface SurveyWanted {
  /** Skill of the chat; null for none. */
  readonly skillId: number | null;
  /** The name of one survey, whatever its skill. */
  readonly name?: string | undefined;
  /** The id of one, as a text; passed over beside a name. */
  readonly apiId?: string | undefined;
}

/** The survey that applies: the one named, by name or id, else that of the skill, else the one for all skills. */
export function surveyFor(
  setup: AccountConfiguration,
  kind: SurveyKind,
  wanted: SurveyWanted,
): Stored<'survey'> | null {
  const surveys = [...setup.surveys.values()]
    .filter((survey) => survey.kind === kind && survey.enabled)
    .sort((a, b) => a.id - b.id);
  if (wanted.name) {
    const index = new NameIndex<Stored<'survey'>>(({ name }) => name, surveyNameKey, surveys);
    return index.get(wanted.name) ?? null;
  }
  if (wanted.apiId) return surveys.find(({ id }) => String(id) === wanted.apiId) ?? null;
  return (
    surveys.find(({ skillId }) => skillId !== null && skillId === wanted.skillId) ??
    surveys.find(({ skillId }) => skillId === null) ??
    null
  );
}

/**
 * The survey that applies, when there must be one.
 * @throws WireError 404.
 */
export function requireSurvey(
  setup: AccountConfiguration,
  kind: SurveyKind,
  wanted: SurveyWanted,
): Stored<'survey'> {
  const survey = surveyFor(setup, kind, wanted);
  if (survey !== null) return survey;
  const which = whichOf(wanted);
  throw new WireError('noSurvey', `There is no ${KINDS[kind]} survey${which} for this.`);
}

function whichOf({ name, apiId }: SurveyWanted): string {
  if (name) return ` named "${name.slice(0, 100)}"`;
  return apiId ? ` with the id "${apiId.slice(0, 40)}"` : '';
}

/**
 * The survey that answers are for: the one they name by id, else the one that applies, if any.
 * @throws WireError 400 for an id that is no survey of this kind.
 */
export function surveyAnswered(
  setup: AccountConfiguration,
  kind: SurveyKind,
  wanted: SurveyWanted,
  id: number | undefined,
): Stored<'survey'> | null {
  if (id === undefined) return surveyFor(setup, kind, wanted);
  const survey = setup.surveys.get(id);
  if (survey?.kind === kind && survey.enabled) return survey;
  throw new WireError(
    'invalidAnswer',
    `survey.id is ${id}, which is no ${KINDS[kind]} survey: get the survey and answer that one, or leave the id out.`,
  );
}

/**
 * The survey that answers are for, when there must be one.
 * @throws WireError 400 for an id that is no survey of this kind; 404 when none applies.
 */
export function requireAnsweredSurvey(
  setup: AccountConfiguration,
  kind: SurveyKind,
  wanted: SurveyWanted,
  id: number | undefined,
): Stored<'survey'> {
  return surveyAnswered(setup, kind, wanted, id) ?? requireSurvey(setup, kind, wanted);
}

const KINDS: Readonly<Record<SurveyKind, string>> = {
  preChat: 'pre-chat',
  offline: 'offline',
  exit: 'exit',
  agent: 'agent',
};
