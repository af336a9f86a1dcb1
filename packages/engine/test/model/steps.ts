/**
 * What may happen to an account, as plain data: numbers pick from whatever is there at the time.
 *
 * One file, though it is long: a list of steps, each a few lines.
 */
import fc from 'fast-check';
import {
  type Availability,
  type GroupShare,
  type MemoryRoom,
  type Role,
  type SubType,
  UNLIMITED,
} from '@parley/engine';
import { BILLING, BREAK, EAST, FLOOR, LUNCH, SALES, SOUTH, WEST } from '../account.js';
import { act, type RoleStep, roleSteps, type Who } from './role-steps.js';
import { LANGUAGES, type RuleStep, rulesStep } from './rule-steps.js';

export type Step = Happening & {
  /** The idempotency key of the request that brings it, if it has one. */
  readonly key?: number;
};

type Happening =
  | { readonly do: 'open'; readonly user: number; readonly supervises?: boolean }
  | { readonly do: 'close'; readonly session: number; readonly reason: 'deleted' | 'lost' }
  | { readonly do: 'logout'; readonly user: number }
  | {
      readonly do: 'set';
      readonly session: number;
      readonly to: Availability;
      readonly reason?: number | null;
    }
  | {
      readonly do: 'accept';
      readonly session: number;
      readonly of: 'ringing' | 'all';
      /** Which of the offers; absent for none in particular. */
      readonly offer?: number | null;
    }
  | RoleStep
  | RuleStep
  | {
      readonly do: 'request';
      readonly skill: number | null;
      readonly agent: number | null;
      readonly maxWait: number | null;
      readonly lines: number;
      /** The network it comes from, and the visit and the visitor it names; older stories do without. */
      readonly from?: number;
      readonly visit?: number | null;
      readonly visitor?: number | null;
      /** Which of those who were identified asks; absent or null for somebody who was not. */
      readonly as?: number | null;
      /** What its visitor speaks; absent or null where that is not known. */
      readonly language?: string | null;
    }
  | { readonly do: 'identify'; readonly token: number; readonly lasts: number }
  | { readonly do: 'say'; readonly chat: number; readonly who: Who; readonly subType: SubType }
  | { readonly do: 'end'; readonly chat: number; readonly who: Who }
  | { readonly do: 'name'; readonly chat: number; readonly name: string }
  | {
      readonly do: 'transfer';
      readonly chat: number;
      readonly of: 'chatting' | 'all';
      readonly who: Who;
      readonly to: { readonly skill: number } | { readonly user: number };
      readonly text: string | null;
    }
  | {
      readonly do: 'assign';
      readonly chat: number;
      readonly to: { readonly skill: number } | { readonly user: number };
    }
  | { readonly do: 'closeChat'; readonly chat: number }
  /** Deletes the skill, or makes it anew, with nobody who holds it. */
  | { readonly do: 'skill'; readonly skill: number; readonly exists: boolean }
  | { readonly do: 'silence'; readonly chat: number }
  | { readonly do: 'variable'; readonly chat: number; readonly value: string }
  | { readonly do: 'survey'; readonly chat: number; readonly who: Who; readonly answer: string }
  | { readonly do: 'leave' }
  | {
      readonly do: 'visit';
      readonly session: number;
      readonly visitor: number;
      readonly pages: number;
      readonly attributes: number;
      readonly from?: number;
    }
  | { readonly do: 'forget'; readonly visitor: number }
  | { readonly do: 'mail'; readonly chat: number }
  | { readonly do: 'mailed'; readonly mail: number; readonly became: 'sent' | 'failed' }
  | { readonly do: 'pass'; readonly ms: number; readonly look: 'at once' | 'later' }
  /** The clock is set: forward at once, or back, which makes the account's time go slower. */
  | { readonly do: 'clock'; readonly by: number }
  | {
      readonly do: 'configure';
      readonly user: number;
      readonly facts: {
        readonly enabled?: boolean;
        readonly maxChats?: number;
        readonly skillIds?: readonly number[];
        readonly roles?: readonly Role[];
        readonly managedGroupIds?: readonly number[];
      };
    }
  | {
      readonly do: 'settings';
      readonly atStart: 'wait' | 'refuse';
      readonly afterMaxWait: 'wait' | 'end';
      readonly ringSeconds: number;
    }
  | { readonly do: 'hours'; readonly open: 'always' | 'half the time' | 'never' }
  | { readonly do: 'share'; readonly skill: number; readonly routing: readonly GroupShare[] }
  | {
      readonly do: 'deadline';
      readonly what: 'ring' | 'busy' | 'open' | 'forget' | 'answer';
      readonly chat: number;
    }
  | { readonly do: 'read'; readonly chat: number; readonly who: Who; readonly read: number }
  /** One of the last requests with a key comes again. */
  | { readonly do: 'again'; readonly request: number }
  | { readonly do: 'snapshot' }
  | { readonly do: 'restart' };

export interface Staff {
  readonly maxChats: number;
  readonly skillIds: readonly number[];
  readonly kind: 'human' | 'bot';
  readonly enabled: boolean;
  /** Stories of before there were groups do without. */
  readonly groupId?: number;
  /** Agents alone, in stories of before others could be in a chat. */
  readonly roles?: readonly Role[];
  readonly managedGroupIds?: readonly number[];
}

const pick = fc.nat({ max: 30 });
const user = fc.nat({ max: 5 });
/** The last of them does not exist. */
const skill = fc.constantFrom(SALES, SALES, BILLING, 99);
const cap = fc.constantFrom(0, 1, 1, 1, 2, 2, 3, -1);
const skillIds = fc.constantFrom([SALES], [BILLING], [SALES, BILLING], []);
const subType = fc.constantFrom<SubType>('REGULAR', 'REGULAR', 'ONLY_TO_REP');
const who = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<Who>('visitor', 'its-agent') },
  { weight: 1, arbitrary: pick },
);

/** The last of them is not known. */
const network = fc.nat({ max: 4 });

const roles = fc.constantFrom<Role[]>(
  ['agent'],
  ['agent'],
  ['agent'],
  ['agent'],
  ['agent'],
  ['agent'],
  ['manager'],
  ['manager', 'agent'],
  ['administrator', 'agent'],
);
const managedGroupIds = fc.constantFrom([WEST], [EAST], [WEST, EAST, SOUTH], []);
const group = fc.constantFrom(WEST, EAST, SOUTH);
const routing = fc.uniqueArray(
  fc.record({
    agentGroupId: group,
    priority: fc.constantFrom(1, 1, 2),
    splitPercentage: fc.constantFrom(0, 25, 50, 75, 100),
  }),
  { maxLength: 3, selector: ({ agentGroupId }) => agentGroupId },
);

const rules = rulesStep({ user, skill });

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: act('open'),
      user,
      supervises: fc.constantFrom(...Array<false>(7).fill(false), true),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: act('close'),
      session: pick,
      reason: fc.constantFrom('deleted', 'lost'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: act('logout'), user }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: act('set'),
      session: pick,
      to: fc.constantFrom<Availability>('Online', 'Online', 'Occupied', 'Away'),
      reason: fc.constantFrom(...Array<null>(7).fill(null), LUNCH, BREAK, FLOOR),
    }),
  },
  {
    weight: 24,
    arbitrary: fc.record({
      do: act('accept'),
      session: pick,
      of: fc.constantFrom('ringing', 'ringing', 'ringing', 'all'),
      offer: fc.option(fc.nat({ max: 3 }), { freq: 1 }),
    }),
  },
  ...roleSteps({ user, pick, skill }),
  { weight: 3, arbitrary: rules },
  {
    weight: 12,
    arbitrary: fc.record({
      do: act('request'),
      skill: fc.option(skill, { freq: 4 }),
      agent: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: user }),
      maxWait: fc.constantFrom(null, null, 0, 30),
      lines: fc.nat({ max: 2 }),
      from: network,
      visit: fc.option(fc.nat({ max: 6 }), { freq: 1 }),
      visitor: fc.option(fc.nat({ max: 2 }), { freq: 1 }),
      as: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: pick }),
      language: fc.constantFrom(...LANGUAGES),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: act('identify'),
      token: fc.nat(3),
      lasts: fc.constantFrom(60_000, 3_600_000, 86_400_000),
    }),
  },
  { weight: 10, arbitrary: fc.record({ do: act('say'), chat: pick, who, subType }) },
  { weight: 4, arbitrary: fc.record({ do: act('end'), chat: pick, who }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: act('read'), chat: pick, who, read: fc.nat({ max: 12 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: act('name'),
      chat: pick,
      name: fc.constantFrom('Vera', 'Wim', '{nickname}'),
    }),
  },
  {
    weight: 20,
    arbitrary: fc.record({
      do: act('transfer'),
      chat: pick,
      of: fc.constantFrom('chatting', 'chatting', 'chatting', 'all'),
      who: fc.constantFrom<Who>('its-agent', 'its-agent', 'its-agent', 2),
      to: fc.oneof(fc.record({ skill }), fc.record({ user })),
      text: fc.constantFrom(null, 'for you'),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: act('assign'),
      chat: pick,
      to: fc.oneof(fc.record({ skill }), fc.record({ user })),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: act('closeChat'), chat: pick }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: act('skill'),
      skill: fc.constantFrom(SALES, BILLING),
      exists: fc.constantFrom(true, true, true, false),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: act('silence'), chat: pick }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: act('variable'), chat: pick, value: fc.constantFrom('a', 'b') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: act('survey'),
      chat: pick,
      who,
      answer: fc.constantFrom('yes', 'no'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: act('leave') }) },
  { weight: 1, arbitrary: fc.record({ do: act('forget'), visitor: fc.nat({ max: 2 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: act('visit'),
      session: fc.nat({ max: 6 }),
      visitor: fc.nat({ max: 2 }),
      pages: fc.nat({ max: 2 }),
      attributes: fc.nat({ max: 3 }),
      from: network,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: act('mail'), chat: pick }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: act('mailed'),
      mail: pick,
      became: fc.constantFrom('sent', 'failed'),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      do: act('pass'),
      ms: fc.constantFrom(
        0,
        1,
        1000,
        5000,
        19_999,
        20_000,
        20_001,
        30_000,
        120_000,
        1_800_000,
        6 * 3_600_000,
      ),
      look: fc.constantFrom('at once', 'later'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: act('clock'),
      by: fc.constantFrom(-10_000, -1_000, 1, 25_000, 3_600_000, 24 * 3_600_000),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: act('configure'),
      user,
      facts: fc.oneof(
        fc.record({ enabled: fc.boolean() }),
        fc.record({ maxChats: cap }),
        fc.record({ skillIds }),
        fc.record({ roles }),
        fc.record({ managedGroupIds }),
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: act('settings'),
      atStart: fc.constantFrom('wait', 'refuse'),
      afterMaxWait: fc.constantFrom('wait', 'end'),
      ringSeconds: fc.constantFrom(5, 20),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: act('hours'),
      open: fc.constantFrom('always', 'always', 'half the time', 'never'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: act('share'), skill: fc.constantFrom(SALES, BILLING), routing }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: act('deadline'),
      what: fc.constantFrom('ring', 'busy', 'open', 'forget', 'answer'),
      chat: pick,
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: act('again'), request: fc.nat({ max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ do: act('snapshot') }) },
  { weight: 3, arbitrary: fc.record({ do: act('restart') }) },
);

/** Few keys, so that they come again. */
const step: fc.Arbitrary<Step> = fc
  .tuple(happening, fc.option(fc.nat({ max: 1 }), { freq: 2 }))
  .map(([what, key]) => (key === null ? what : { ...what, key }));

const member: fc.Arbitrary<Staff> = fc.record({
  maxChats: cap,
  skillIds,
  kind: fc.constantFrom('human', 'human', 'bot'),
  enabled: fc.constantFrom(true, true, true, true, false),
  groupId: group,
  roles,
  managedGroupIds,
});

export const staffs = fc.array(member, { minLength: 2, maxLength: 5 });
/** Bytes: as much as wanted, or so little that things must go and newcomers are refused. */
export const rooms = fc.constantFrom<MemoryRoom>(
  UNLIMITED,
  { ...UNLIMITED, live: 30_000, idle: 15_000 },
  { ...UNLIMITED, live: 9_000, idle: 5_000 },
);
/** Half of them in an account that has rules from the start. */
export const stories: fc.Arbitrary<Step[]> = fc
  .tuple(
    fc.option(rules, { freq: 1 }),
    fc.array(step, { minLength: 1, maxLength: 80, size: 'max' }),
  )
  .map(([first, then]) => (first === null ? then : [first, ...then]));
