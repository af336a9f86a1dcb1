/** Attachment rules as table and form. */
import { choiceName, namesOf } from './choices.js';
import type { GivenAnswer, LabelledChoice, Section, WeekHours } from './model.js';
import { asRecords, enabled, flag, listOf, number, ORDER, text } from './records.js';

const ACTIONS: readonly LabelledChoice[] = [
  { value: 'attach', label: 'ruleAction.attach' },
  { value: 'answer-first', label: 'ruleAction.answer-first' },
];

const ROLES: readonly LabelledChoice[] = [
  { value: 'listener', label: 'ruleRole.listener' },
  { value: 'assistant', label: 'ruleRole.assistant' },
];

export const routingRules: Section = {
  id: 'rules',
  title: 'rules.title',
  add: 'rules.add',
  explains: 'rules.explains',
  records: ({ routingRules: all }) => asRecords(all),
  lookups: ['skills', 'users', 'questions'],
  name: (item) => text(item, 'name'),
  columns: [
    { head: 'field.name', cell: (item) => text(item, 'name') },
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
    { head: 'field.state', cell: enabled('enabled') },
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
      kind: 'hours',
    },
    {
      name: 'answers',
      label: 'field.ruleAnswers',
      hint: 'hint.ruleAnswers',
      kind: 'answers',
    },
    { name: 'enabled', label: 'field.enabled', kind: 'switch' },
    ORDER,
  ],
  form: (item) => ({
    name: text(item, 'name'),
    action: text(item, 'action') || 'attach',
    userId: number(item, 'userId', 0),
    role: text(item, 'role') || 'listener',
    skillIds: listOf<number>(item, 'skillIds'),
    languages: listOf<string>(item, 'languages'),
    hours: listOf<WeekHours>(item, 'hours'),
    answers: listOf<GivenAnswer>(item, 'answers'),
    enabled: flag(item, 'enabled', true),
    ...(item === null ? {} : { order: number(item, 'order', 0) }),
  }),
  change: ({ userId, ...fields }) => ({
    ...fields,
    ...(typeof userId === 'number' && userId > 0 ? { userId } : {}),
  }),
};
