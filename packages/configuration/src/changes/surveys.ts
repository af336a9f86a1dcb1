/** Surveys: which questions are asked before, in place of and after a chat. */
import { type ConfiguredSurvey, type SurveyChange, WireError } from '@parley/protocol';
import type { Stored, SurveyQuestion, SurveyRecord } from '../records/records.js';
import type { Draft } from './draft.js';
import { omitUndefined, nameOf, refuse } from './fields.js';

type Question = NonNullable<SurveyChange['questions']>[number];

/** Types of which an answer is one or several of the entries. */
const CHOICES: ReadonlySet<SurveyQuestion['type']> = new Set([
  'Dropdown Box',
  'Checkbox',
  'Radio Button',
  'Radio Button (side by side)',
]);

export function serializeSurvey(survey: Stored<'survey'>): ConfiguredSurvey {
  return {
    id: survey.id,
    kind: survey.kind,
    name: survey.name,
    title: survey.title,
    header: survey.header,
    ...omitUndefined({ skillId: survey.skillId ?? undefined }),
    isEnabled: survey.enabled,
    questions: survey.questions.map(({ entries, ...question }) => ({
      ...question,
      entry: entries.map(({ value, displayValue, checked, showLogicId }) => ({
        value,
        displayValue,
        checked,
        ...(showLogicId.length === 0 ? {} : { logic: { showLogicId: [...showLogicId] } }),
      })),
    })),
  };
}

/** Adds a survey; answers its id. @throws WireError naming what cannot be. */
export function addSurvey(draft: Draft, change: SurveyChange): number {
  const { kind, title = '', header = '' } = change;
  if (kind === undefined) return refuse('kind is required: preChat, offline, exit or agent.');
  const record = {
    kind,
    name: nameOf('name', change.name),
    title,
    header,
    skillId: change.skillId || null,
    enabled: change.isEnabled ?? true,
    questions: questionsOf(change.questions ?? []),
  };
  const id = draft.create('survey', record);
  draft.note('survey.create', `survey:${id}`, { kind, name: record.name });
  return id;
}

/** Changes the fields given; questions are given whole. */
export function alterSurvey(draft: Draft, id: number, change: SurveyChange): void {
  const { kind, name, title, header, skillId, isEnabled, questions } = change;
  const fields: Partial<SurveyRecord> = omitUndefined({
    kind,
    name: name === undefined ? undefined : nameOf('name', name),
    title,
    header,
    skillId: skillId === undefined ? undefined : skillId || null,
    enabled: isEnabled,
    questions: questions === undefined ? undefined : questionsOf(questions),
  });
  const changed = draft.update('survey', id, fields);
  if (Object.keys(changed).length > 0) draft.note('survey.change', `survey:${id}`, changed);
}

export function removeSurvey(draft: Draft, id: number): void {
  const { name } = draft.require('survey', id);
  draft.remove('survey', id);
  draft.note('survey.delete', `survey:${id}`, { name });
}

/**
 * The questions as they are kept, in their order. Ids that are not given are the next free ones; a
 * question's logicId is its id unless it is given.
 * @throws WireError naming the question and the rule.
 */
function questionsOf(asked: readonly Question[]): SurveyQuestion[] {
  const taken = new Set(asked.flatMap(({ id }) => (id === undefined ? [] : [id])));
  let free = 1;
  const nextFree = () => {
    while (taken.has(free)) free += 1;
    taken.add(free);
    return free;
  };
  const questions = asked.map((question, index) => {
    const id = question.id ?? nextFree();
    return questionOf(question, { id, index });
  });
  checkUnique(questions, ({ id }) => id, 'id');
  checkUnique(questions, ({ logicId }) => logicId, 'logicId');
  checkBranches(questions);
  return questions.sort((a, b) => a.order - b.order);
}

function questionOf(
  question: Question,
  { id, index }: { readonly id: number; readonly index: number },
): SurveyQuestion {
  const at = `questions[${index}]`;
  const { type } = question;
  if (type === undefined) return refuse(`${at}.type is required.`);
  const label = question.label?.trim() ?? '';
  if (label === '') return refuse(`${at}.label is required.`);
  const entries = (question.entry ?? []).map((entry, place) => {
    const value = entry.value ?? entry.displayValue ?? '';
    if (value === '') return refuse(`${at}.entry[${place}].value is required.`);
    return {
      value,
      displayValue: entry.displayValue ?? value,
      checked: entry.checked ?? false,
      showLogicId: entry.logic?.showLogicId ?? [],
    };
  });
  checkEntries(at, type, entries);
  return {
    id,
    order: question.order ?? index + 1,
    logicId: question.logicId ?? id,
    mandatory: question.mandatory ?? false,
    type,
    validationType: question.validationType ?? 'alpha_numeric',
    label,
    entries,
  };
}

function checkEntries(
  at: string,
  type: SurveyQuestion['type'],
  entries: SurveyQuestion['entries'],
): void {
  const isChoice = CHOICES.has(type);
  if (isChoice && entries.length === 0) {
    refuse(`${at} is a ${type} without entries to choose from: give it at least one.`);
  }
  if (!isChoice && entries.length > 0) {
    refuse(`${at} is a ${type}, which has no entries to choose from: leave entry out.`);
  }
  const values = entries.map(({ value }) => value);
  const twice = values.find((value, place) => values.indexOf(value) !== place);
  if (twice !== undefined) refuse(`${at} has two entries of the value "${twice.slice(0, 40)}".`);
  if (type !== 'Checkbox' && entries.filter(({ checked }) => checked).length > 1) {
    refuse(`${at} is a ${type}: only one of its entries can be checked beforehand.`);
  }
}

function checkUnique(
  questions: readonly SurveyQuestion[],
  of: (question: SurveyQuestion) => number,
  what: string,
): void {
  const values = questions.map(of);
  const twice = values.find((value, place) => values.indexOf(value) !== place);
  if (twice !== undefined) refuse(`Two questions have the ${what} ${twice}: each needs its own.`);
}

/** Every question that an entry shows is there, and none shows itself, directly or over others. */
function checkBranches(questions: readonly SurveyQuestion[]): void {
  const shows = new Map(
    questions.map(({ logicId, entries }) => [
      logicId,
      entries.flatMap(({ showLogicId }) => showLogicId),
    ]),
  );
  for (const question of questions) {
    for (const logicId of shows.get(question.logicId) ?? []) {
      if (!shows.has(logicId)) {
        refuse(`Question ${question.id} shows logicId ${logicId}, which no question has.`);
      }
    }
    if (reaches(shows, question.logicId)) {
      throw new WireError(
        'invalidField',
        `Question ${question.id} ("${question.label.slice(0, 40)}") shows itself in the end: its entries must not lead back to it.`,
      );
    }
  }
}

function reaches(shows: ReadonlyMap<number, readonly number[]>, logicId: number): boolean {
  const found = new Set<number>();
  const next = [...(shows.get(logicId) ?? [])];
  for (let at = next.pop(); at !== undefined; at = next.pop()) {
    if (at === logicId) return true;
    if (found.has(at)) continue;
    found.add(at);
    next.push(...(shows.get(at) ?? []));
  }
  return false;
}
