/** Attachment rules as table and form: hours and answers are lines of text. */
import type { Item, LabelledChoice, Section, Records } from './model.js';
import { choiceName, namesOf } from './choices.js';

const ACTIONS: readonly LabelledChoice[] = [
  { value: 'attach', label: 'ruleAction.attach' },
  { value: 'answer-first', label: 'ruleAction.answer-first' },
];

const ROLES: readonly LabelledChoice[] = [
  { value: 'listener', label: 'ruleRole.listener' },
  { value: 'assistant', label: 'ruleRole.assistant' },
];

interface Hours {
  readonly weekday: string;
  readonly from: string;
  readonly to: string;
}

interface Answer {
  readonly questionId: number;
  readonly answer: string;
}

const listOf = <T>(item: Item | null, name: string): readonly T[] => {
  const value = item?.[name];
  return Array.isArray(value) ? (value as T[]) : [];
};

/** `Monday 08:00-18:00` */
export function hoursText({ weekday, from, to }: Hours): string {
  return `${weekday} ${from}-${to}`;
}

/** What is written otherwise is sent as it stands: the server says what is wrong with it. */
export function hoursOf(line: string): Hours {
  const [weekday = '', span = ''] = line.trim().split(/\s+/, 2);
  const [from = '', to = ''] = span.split(/[-–]/, 2);
  return { weekday, from, to };
}

/** `3: An order` */
export function answerText({ questionId, answer }: Answer): string {
  return `${questionId}: ${answer}`;
}

export function answerOf(line: string): Answer {
  const colon = line.indexOf(':');
  const [id, answer] = colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1)];
  return { questionId: Number(id.trim()), answer: answer.trim() };
}

const asText = (item: Item | null, name: string, otherwise = ''): string =>
  String(item?.[name] ?? otherwise);

export const routingRules: Section = {
  id: 'rules',
  title: 'rules.title',
  add: 'rules.add',
  explains: 'rules.explains',
  records: ({ routingRules: all }) => all as unknown as Records,
  lookups: ['skills', 'users'],
  name: (item) => asText(item, 'name'),
  columns: [
    { head: 'field.name', cell: (item) => asText(item, 'name') },
    {
      head: 'field.ruleAction',
      cell: (item, _, say) => choiceName(ACTIONS, item['action'], say),
    },
    {
      head: 'field.ruleUser',
      cell: (item, { users }) => namesOf(users, [Number(item['userId'])]),
    },
    {
      head: 'field.ruleSkills',
      cell: (item, { skills }) => namesOf(skills, listOf<number>(item, 'skillIds')),
      wide: true,
    },
    {
      head: 'field.state',
      cell: (item) =>
        item['enabled'] === false
          ? { state: 'off', label: 'state.disabled' }
          : { state: 'on', label: 'state.enabled' },
    },
  ],
  fields: [
    { name: 'name', label: 'field.name', kind: 'text', max: 100, required: true },
    { name: 'action', label: 'field.ruleAction', kind: 'choice', choices: ACTIONS },
    { name: 'userId', label: 'field.ruleUser', kind: 'choice', choices: 'users' },
    {
      name: 'role',
      label: 'field.ruleRole',
      hint: 'hint.ruleRole',
      kind: 'choice',
      choices: ROLES,
    },
    {
      name: 'skillIds',
      label: 'field.ruleSkills',
      hint: 'hint.ruleSkills',
      kind: 'many',
      choices: 'skills',
    },
    {
      name: 'languages',
      label: 'field.ruleLanguages',
      hint: 'hint.ruleLanguages',
      kind: 'list',
      placeholder: 'de',
    },
    {
      name: 'hours',
      label: 'field.ruleHours',
      hint: 'hint.ruleHours',
      kind: 'list',
      placeholder: 'Monday 08:00-18:00',
    },
    {
      name: 'answers',
      label: 'field.ruleAnswers',
      hint: 'hint.ruleAnswers',
      kind: 'list',
      placeholder: '1: An order',
    },
    { name: 'enabled', label: 'field.enabled', kind: 'switch' },
    {
      name: 'order',
      label: 'field.order',
      kind: 'number',
      min: 0,
      max: 1_000_000,
      only: 'existing',
    },
  ],
  form: (item) => ({
    name: asText(item, 'name'),
    action: asText(item, 'action', 'attach'),
    userId: Number(item?.['userId'] ?? 0),
    role: asText(item, 'role', 'listener'),
    skillIds: listOf<number>(item, 'skillIds'),
    languages: listOf<string>(item, 'languages'),
    hours: listOf<Hours>(item, 'hours').map(hoursText),
    answers: listOf<Answer>(item, 'answers').map(answerText),
    enabled: item?.['enabled'] !== false,
    ...(item === null ? {} : { order: Number(item['order'] ?? 0) }),
  }),
  change: ({ hours, answers, userId, ...fields }) => ({
    ...fields,
    ...(typeof userId === 'number' && userId > 0 ? { userId } : {}),
    ...(hours === undefined ? {} : { hours: (hours as string[]).map(hoursOf) }),
    ...(answers === undefined ? {} : { answers: (answers as string[]).map(answerOf) }),
  }),
};
