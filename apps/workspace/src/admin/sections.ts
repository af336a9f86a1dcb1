/** The collections that are administered by table and form. */
import { choiceName, namesOf } from './choices.js';
import type { Choice, Form, Item, LabelledChoice, Lookups, Section } from './model.js';
import { asRecords, enabled, flag, listOf, number, ORDER, text } from './records.js';
import { routingRules } from './routing-rules.js';

const ids = (item: Item | null, name: string) => listOf<number>(item, name);
const groupOf = (value: unknown): number =>
  Number((value as { agentGroupId?: number } | undefined)?.agentGroupId ?? 0);

const PROFILES: readonly LabelledChoice[] = [
  { value: 1, label: 'profile.1' },
  { value: 2, label: 'profile.2' },
  { value: 3, label: 'profile.3' },
];

const users: Section = {
  id: 'users',
  title: 'users.title',
  add: 'users.add',
  explains: 'users.explains',
  records: ({ users: all }) => asRecords(all),
  lookups: ['skills', 'agentGroups'],
  name: (item) => text(item, 'loginName'),
  columns: [
    { head: 'field.loginName', cell: (item) => text(item, 'loginName') },
    { head: 'field.fullName', cell: (item) => text(item, 'fullName'), wide: true },
    {
      head: 'field.profileIds',
      cell: (item, _, say) =>
        PROFILES.filter(({ value }) => ids(item, 'profileIds').includes(Number(value)))
          .map(({ label }) => say(label))
          .join(', '),
      wide: true,
    },
    {
      head: 'field.skillIds',
      cell: (item, { skills }) => namesOf(skills, ids(item, 'skillIds')),
      wide: true,
    },
    { head: 'field.state', cell: enabled('isEnabled') },
  ],
  fields: [
    { name: 'loginName', label: 'field.loginName', kind: 'text', max: 100, required: true },
    { name: 'fullName', label: 'field.fullName', kind: 'text', max: 100 },
    { name: 'nickname', label: 'field.nickname', hint: 'hint.nickname', kind: 'text', max: 100 },
    { name: 'email', label: 'field.email', kind: 'text', max: 254 },
    {
      name: 'passwordSh',
      label: 'field.password',
      hint: 'hint.password',
      kind: 'password',
      only: 'new',
    },
    { name: 'profileIds', label: 'field.profileIds', kind: 'many', choices: PROFILES },
    { name: 'skillIds', label: 'field.skillIds', kind: 'many', choices: 'skills' },
    { name: 'group', label: 'field.group', kind: 'choice', choices: 'agentGroups' },
    {
      name: 'managed',
      label: 'field.managed',
      hint: 'hint.managed',
      kind: 'many',
      choices: 'agentGroups',
    },
    {
      name: 'maxChats',
      label: 'field.maxChats',
      hint: 'hint.maxChats',
      kind: 'number',
      min: -1,
      max: 1_000,
    },
    {
      name: 'userTypeId',
      label: 'field.userTypeId',
      kind: 'choice',
      choices: [
        { value: 1, label: 'userType.1' },
        { value: 2, label: 'userType.2' },
      ],
    },
    { name: 'isEnabled', label: 'field.isEnabled', hint: 'hint.isEnabled', kind: 'switch' },
    {
      name: 'changePwdNextLogin',
      label: 'field.changePwdNextLogin',
      kind: 'switch',
    },
    { name: 'description', label: 'field.description', kind: 'lines', max: 1_000 },
  ],
  form: (item) => ({
    loginName: text(item, 'loginName'),
    fullName: text(item, 'fullName'),
    nickname: text(item, 'nickname'),
    email: text(item, 'email'),
    ...(item === null ? { passwordSh: '' } : {}),
    profileIds: item === null ? [2] : ids(item, 'profileIds'),
    skillIds: ids(item, 'skillIds'),
    group: groupOf(item?.['memberOf']),
    managed: ((item?.['managerOf'] ?? []) as readonly unknown[]).map(groupOf),
    maxChats: number(item, 'maxChats', 3),
    userTypeId: number(item, 'userTypeId', 1),
    isEnabled: flag(item, 'isEnabled', true),
    changePwdNextLogin: flag(item, 'changePwdNextLogin', item === null),
    description: text(item, 'description'),
  }),
  change: ({ group, managed, passwordSh, ...fields }: Form) => ({
    ...fields,
    ...(passwordSh === undefined || passwordSh === '' ? {} : { passwordSh }),
    ...(typeof group === 'number' && group > 0 ? { memberOf: { agentGroupId: group } } : {}),
    ...(managed === undefined
      ? {}
      : { managerOf: (managed as number[]).map((agentGroupId) => ({ agentGroupId })) }),
  }),
};

const skills: Section = {
  id: 'skills',
  title: 'skills.title',
  add: 'skills.add',
  explains: 'skills.explains',
  records: ({ skills: all }) => asRecords(all),
  lookups: ['agentGroups'],
  name: (item) => text(item, 'name'),
  columns: [
    { head: 'field.name', cell: (item) => text(item, 'name') },
    { head: 'field.description', cell: (item) => text(item, 'description'), wide: true },
    { head: 'field.language', cell: (item) => text(item, 'language'), wide: true },
    { head: 'skills.longestWait', cell: (item) => `${number(item, 'maxWaitTime', 120)} s` },
  ],
  fields: [
    { name: 'name', label: 'field.name', kind: 'text', max: 100, required: true },
    { name: 'description', label: 'field.description', kind: 'lines', max: 1_000 },
    {
      name: 'maxWaitTime',
      label: 'field.maxWaitTime',
      hint: 'hint.maxWaitTime',
      kind: 'number',
      min: 0,
      max: 86_400,
    },
    {
      name: 'answerLimit',
      label: 'field.answerLimit',
      hint: 'hint.answerLimit',
      kind: 'number',
      min: 0,
      max: 86_400,
    },
    {
      name: 'canTransfer',
      label: 'field.canTransfer',
      hint: 'hint.canTransfer',
      kind: 'switch',
    },
    {
      ...{ name: 'language', label: 'field.language', hint: 'hint.language' },
      kind: 'text',
      max: 35,
      suggests: 'languages',
    },
    { name: 'skillOrder', label: 'field.order', kind: 'number', min: 0, max: 1_000_000 },
  ],
  form: (item) => ({
    name: text(item, 'name'),
    description: text(item, 'description'),
    maxWaitTime: number(item, 'maxWaitTime', 120),
    answerLimit: number(item, 'answerLimit', 60),
    canTransfer: flag(item, 'canTransfer', true),
    language: text(item, 'language'),
    skillOrder: number(item, 'skillOrder', 0),
  }),
  change: (fields) => ({ ...fields }),
};

const agentGroups: Section = {
  id: 'groups',
  title: 'groups.title',
  add: 'groups.add',
  explains: 'groups.explains',
  records: ({ agentGroups: all }) => asRecords(all),
  lookups: ['agentGroups'],
  name: (item) => text(item, 'name'),
  columns: [
    { head: 'field.name', cell: (item) => text(item, 'name') },
    {
      head: 'field.parentGroupId',
      cell: (item, { agentGroups: all }) => namesOf(all, [number(item, 'parentGroupId', 0)]),
    },
    { head: 'field.description', cell: (item) => text(item, 'description'), wide: true },
    { head: 'field.state', cell: enabled('isEnabled') },
  ],
  fields: [
    { name: 'name', label: 'field.name', kind: 'text', max: 100, required: true },
    { name: 'parentGroupId', label: 'field.parentGroupId', kind: 'choice', choices: 'agentGroups' },
    { name: 'description', label: 'field.description', kind: 'lines', max: 1_000 },
    { name: 'isEnabled', label: 'field.isEnabled', hint: 'hint.groupEnabled', kind: 'switch' },
  ],
  form: (item) => ({
    name: text(item, 'name'),
    parentGroupId: number(item, 'parentGroupId', 0),
    description: text(item, 'description'),
    isEnabled: flag(item, 'isEnabled', true),
  }),
  change: ({ parentGroupId, ...fields }) => ({
    ...fields,
    ...(typeof parentGroupId === 'number' && parentGroupId > 0 ? { parentGroupId } : {}),
  }),
};

const STATES: readonly LabelledChoice[] = [
  { value: 'Online', label: 'presence.Online' },
  { value: 'Occupied', label: 'presence.Occupied' },
  { value: 'Away', label: 'presence.Away' },
];

const statusReasons: Section = {
  id: 'reasons',
  title: 'reasons.title',
  add: 'reasons.add',
  explains: 'reasons.explains',
  records: ({ statusReasons: all }) => asRecords(all),
  lookups: [],
  name: (item) => text(item, 'text'),
  columns: [
    { head: 'field.text', cell: (item) => text(item, 'text') },
    {
      head: 'field.presence',
      cell: (item, _, say) => choiceName(STATES, item['state'], say),
    },
    { head: 'field.state', cell: enabled('enabled') },
  ],
  fields: [
    { name: 'text', label: 'field.text', kind: 'text', max: 100, required: true },
    { name: 'state', label: 'field.presence', kind: 'choice', choices: STATES },
    { name: 'enabled', label: 'field.enabled', hint: 'hint.reasonEnabled', kind: 'switch' },
    ORDER,
  ],
  form: (item) => ({
    text: text(item, 'text'),
    state: text(item, 'state') || 'Away',
    enabled: flag(item, 'enabled', true),
    ...(item === null ? {} : { order: number(item, 'order', 0) }),
  }),
  change: (fields) => ({ ...fields }),
};

const cannedContent: Section = {
  id: 'canned',
  title: 'canned.title',
  add: 'canned.add',
  explains: 'canned.explains',
  records: ({ cannedContent: all }) => asRecords(all),
  lookups: ['skills', 'cannedCategories'],
  name: (item) => text(item, 'name'),
  columns: [
    { head: 'field.name', cell: (item) => text(item, 'name') },
    {
      head: 'field.firstText',
      cell: (item) => (item['texts'] as { text: string }[] | undefined)?.[0]?.text ?? '',
      wide: true,
    },
    {
      head: 'field.categoryIds',
      cell: (item, { cannedCategories }) => namesOf(cannedCategories, ids(item, 'categoryIds')),
      wide: true,
    },
    { head: 'field.state', cell: enabled('isEnabled') },
  ],
  fields: [
    { name: 'name', label: 'field.name', kind: 'text', max: 100, required: true },
    { name: 'texts', label: 'field.texts', hint: 'hint.texts', kind: 'translations' },
    { name: 'hotkey', label: 'field.hotkey', hint: 'hint.hotkey', kind: 'text', max: 40 },
    { name: 'categoryIds', label: 'field.categoryIds', kind: 'many', choices: 'cannedCategories' },
    {
      name: 'skillIds',
      label: 'field.cannedSkills',
      hint: 'hint.cannedSkills',
      kind: 'many',
      choices: 'skills',
    },
    { name: 'isEnabled', label: 'field.enabled', kind: 'switch' },
  ],
  form: (item) => ({
    name: text(item, 'name'),
    texts: (item?.['texts'] as Form['texts']) ?? [{ language: '', text: '' }],
    hotkey: text(item, 'hotkey'),
    categoryIds: ids(item, 'categoryIds'),
    skillIds: ids(item, 'skillIds'),
    isEnabled: flag(item, 'isEnabled', true),
  }),
  change: (fields) => ({ ...fields }),
};

const cannedCategories: Section = {
  id: 'categories',
  title: 'categories.title',
  add: 'categories.add',
  explains: 'categories.explains',
  records: ({ cannedCategories: all }) => asRecords(all),
  lookups: [],
  name: (item) => text(item, 'name'),
  columns: [{ head: 'field.name', cell: (item) => text(item, 'name') }],
  fields: [{ name: 'name', label: 'field.name', kind: 'text', max: 100, required: true }],
  form: (item) => ({ name: text(item, 'name') }),
  change: (fields) => ({ ...fields }),
};

export const SECTIONS: readonly Section[] = [
  users,
  skills,
  agentGroups,
  routingRules,
  statusReasons,
  cannedContent,
  cannedCategories,
];

/** Records as choices: id and name. */
export function choicesOf(items: readonly Item[], name: string): readonly Choice[] {
  return items
    .filter((item) => item['deleted'] !== true)
    .map((item) => ({ value: item.id, text: text(item, name) }));
}

export const NO_LOOKUPS: Lookups = {
  skills: [],
  agentGroups: [],
  cannedCategories: [],
  users: [],
  questions: [],
};
