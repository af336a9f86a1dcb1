/** Account configurations for tests, from as little as a test cares about. */
import {
  type AccountConfig,
  DEFAULT_SETTINGS,
  type Settings,
  type Skill,
  type StatusReason,
  type User,
  type VisitorFacts,
} from '@parley/engine';

export interface Setup {
  readonly users?: readonly User[];
  readonly skills?: readonly Skill[];
  readonly settings?: Partial<Settings>;
  readonly reasons?: readonly StatusReason[];
}

export const AMY = 1;
export const BEN = 2;
export const CAT = 3;
export const DAN = 4;

export const SALES = 10;
export const BILLING = 20;

/** Groups of the Main Group; South belongs to East. */
export const WEST = 5;
export const EAST = 6;
export const SOUTH = 7;

const NICKNAMES: Readonly<Record<number, string>> = {
  [AMY]: 'Amy',
  [BEN]: 'Ben',
  [CAT]: 'Cat',
  [DAN]: 'Dan',
};

/** An agent with room for one chat and the skill Sales. */
export function agent(id: number, facts: Partial<User> = {}): User {
  const nickname = NICKNAMES[id] ?? `Agent ${id}`;
  return {
    id,
    loginName: `${nickname.toLowerCase()}@example.com`,
    fullName: `${nickname} Example`,
    nickname,
    email: `${nickname.toLowerCase()}@example.com`,
    kind: 'human',
    enabled: true,
    maxChats: 1,
    skillIds: [SALES],
    groupId: 1,
    roles: ['agent'],
    ...facts,
  };
}

export const TWO_SKILLS: readonly Skill[] = [
  { id: SALES, name: 'Sales', maxWaitTime: 120 },
  { id: BILLING, name: 'Billing', maxWaitTime: 60 },
];

/** Reasons for being in a state. */
export const LUNCH = 31;
export const BREAK = 32;
export const FLOOR = 33;

export const REASONS: readonly StatusReason[] = [
  { id: LUNCH, state: 'Away', enabled: true },
  { id: BREAK, state: 'Away', enabled: false },
  { id: FLOOR, state: 'Online', enabled: true },
];

const GROUPS = [
  { id: 1, name: 'Main Group', parentGroupId: null },
  { id: WEST, name: 'West', parentGroupId: 1 },
  { id: EAST, name: 'East', parentGroupId: 1 },
  { id: SOUTH, name: 'South', parentGroupId: EAST },
];

/** Amy and Ben, Sales, one chat each, unless said otherwise; every time and text by default. */
export function accountConfig(setup: Setup = {}): AccountConfig {
  const users = setup.users ?? [agent(AMY), agent(BEN)];
  const skills = setup.skills ?? TWO_SKILLS;
  return {
    accountId: 'brand',
    users: new Map(users.map((user) => [user.id, user])),
    skills: new Map(skills.map((skill) => [skill.id, skill])),
    groups: new Map(GROUPS.map((group) => [group.id, group])),
    statusReasons: new Map((setup.reasons ?? REASONS).map((reason) => [reason.id, reason])),
    settings: { ...DEFAULT_SETTINGS, ...setup.settings },
  };
}

export const NOTHING_KNOWN: VisitorFacts = {
  name: null,
  visitorId: 'visitor-1',
  ip: null,
  userAgent: null,
  referrer: null,
  language: null,
  engagementId: null,
  campaignId: null,
  sharkVisitorId: null,
  sharkSessionId: null,
  sharkContextId: null,
};
