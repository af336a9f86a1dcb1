/**
 * Why a chat goes to whom it goes: everybody who could take it, with their load, and what spoke against
 * the others. Reads only, for people who ask; routing itself is done by a `RoutingPass`.
 */
import type { Chat, Waiting } from '../chats/chat.js';
import type { AccountConfig, User } from '../config.js';
import {
  type NotRuled,
  type RuledChat,
  rulesInOrder,
  whyNotRuled,
} from '../routing-rules/matching.js';
import type { RoutingRule } from '../routing-rules/rule.js';
import type { AgentSession } from '../sessions/session.js';
import type { AccountState } from '../state.js';
import { belongsTo, nextGroup } from './group-share.js';
import { isOpen } from './opening-hours.js';
import type { GroupReason, PassedOver, RoutingReason, Weighed } from './reason.js';
import { MAX_RINGING, freeSlots, holds, isOpenTo, mayFollow, relativeLoad } from './routing.js';

/** Others that the event of a ring names at most, and sessions that are looked at for them. */
const MAX_RECORDED = 10;
const MAX_LOOKS = 100;

/** People that are weighed at most for who asks; beyond this the first ones by id. */
export const MAX_WEIGHED = 500;

/** A chat that is to be given out, or is only imagined. */
export interface Sought extends RuledChat {
  readonly forUserId: number | null;
  readonly transferredBy: number | null;
  readonly forPeople?: Waiting['forPeople'] | undefined;
  /** Programs that failed in it. */
  readonly failed?: readonly number[] | undefined;
  /** Whether an agent has had it before. */
  readonly served: boolean;
}

/** Where a chat would go now. */
export interface Weighing {
  /** Whether the account serves chats at that moment; else a new chat waits until it does. */
  readonly open: boolean;
  /** Who would be rung; null for nobody: it waits. */
  readonly userId: number | null;
  readonly rule: 'named-agent' | 'queue' | 'answer-first' | null;
  readonly ruleId: number | null;
  readonly group: GroupReason | null;
  readonly weighed: readonly Weighed[];
  /** The account's rules that are on, in their order, and why they are not for it; null for those that are. */
  readonly rules: readonly { readonly rule: RoutingRule; readonly because: NotRuled | null }[];
}

/** The chat as one that is to be given out, in what it waits for or waited for last. */
export function soughtFor(chat: Chat): Sought {
  const waiting = chat.phase.name === 'waiting' ? chat.phase.waiting : null;
  return {
    skillId: chat.skillId,
    language: chat.visitor.language,
    answers: chat.surveys?.preChat?.answers ?? [],
    forUserId: waiting?.forUserId ?? null,
    transferredBy: waiting?.transferredBy ?? null,
    forPeople: waiting?.forPeople,
    failed: chat.failed,
    served: chat.acceptedAt !== null,
  };
}

/**
 * Where a chat would go if it were given out now.
 * @param now epoch ms: the moment that hours of rules and of the account are looked at
 */
export function weigh(
  state: AccountState,
  config: AccountConfig,
  sought: Sought,
  now: number,
): Weighing {
  const { skillId, forUserId, served } = sought;
  const people = [...config.users.values()]
    .filter((user) => user.enabled && user.roles.includes('agent'))
    .filter((user) => (forUserId === null ? holds(user, skillId) : user.id === forUserId))
    .slice(0, MAX_WEIGHED);
  const against = new Map(people.map((user) => [user.id, passedOver(state, config, sought, user)]));
  let free = people.filter(({ id }) => against.get(id) === null);
  if (free.length === 0) {
    // Never back to who gave it away, unless there is nobody else.
    free = people.filter(({ id }) => against.get(id) === 'gave-away');
    if (people.length > free.length && people.some((one) => mayComeLater(state, sought, one))) {
      free = [];
    }
  }
  const rules = rulesInOrder(config).map((rule) => ({
    rule,
    because: whyNotRuled(config, rule, sought, now),
  }));
  const isNew = !served && forUserId === null;
  const first = isNew
    ? rules.find(
        ({ rule, because }) =>
          because === null &&
          rule.action === 'answer-first' &&
          free.some(({ id }) => id === rule.userId),
      )?.rule
    : undefined;
  const inGroups = nextGroup(state, config, forUserId === null ? skillId : null, free);
  const competing =
    first === undefined ? inGroups.agents : free.filter(({ id }) => id === first.userId);
  const chosen = competing
    .map((user) => measured(state, user, now))
    .reduce<Weighed | null>(
      (best, one) => (best === null || isBefore(one, best) ? one : best),
      null,
    );
  const group = first === undefined ? (inGroups.reason ?? null) : null;
  const weighed = people.map((user): Weighed => {
    const one = measured(state, user, now);
    const reason = against.get(user.id) ?? null;
    if (user.id === chosen?.userId) return one;
    if (reason !== null) return { ...one, because: reason };
    if (first !== undefined) return { ...one, because: 'answer-first' };
    const isIn = competing.some(({ id }) => id === user.id);
    if (!isIn) return { ...one, because: 'group' };
    return chosen === null ? one : { ...one, because: beside(one, chosen) };
  });
  return {
    open: isOpen(config.settings, now),
    userId: chosen?.userId ?? null,
    rule: chosen === null ? null : ruleName(first, forUserId),
    ruleId: chosen === null ? null : (first?.id ?? null),
    group: chosen === null ? null : group,
    weighed,
    rules,
  };
}

function ruleName(first: RoutingRule | undefined, forUserId: number | null) {
  if (first !== undefined) return 'answer-first' as const;
  return forUserId === null ? ('queue' as const) : ('named-agent' as const);
}

/** Somebody other than the giver who takes it when they have room. */
function mayComeLater(state: AccountState, sought: Sought, { id }: User): boolean {
  const session = state.sessionOfUser.get(id);
  return (
    session !== undefined && id !== sought.transferredBy && isOpenTo(session, waitingAs(sought))
  );
}

function waitingAs({ forUserId, transferredBy, forPeople }: Sought): Waiting {
  const people = forPeople === undefined ? {} : { forPeople };
  return { since: 0, forUserId, transferredBy, ...people };
}

/** What speaks against somebody who holds the skill, whoever else is there; null for nothing. */
function passedOver(
  state: AccountState,
  config: AccountConfig,
  sought: Sought,
  user: User,
): PassedOver | null {
  const session = state.sessionOfUser.get(user.id);
  if (session === undefined) return 'offline';
  if (session.availability === 'Away') return 'away';
  const waiting = waitingAs(sought);
  if (!isOpenTo(session, waiting)) return 'occupied';
  if (!mayFollow(state, config, user, sought, waiting)) return 'for-people';
  if (freeSlots(session, user) === 0) return 'full';
  if (session.ringing.length >= MAX_RINGING) return 'ringing';
  return user.id === sought.transferredBy ? 'gave-away' : null;
}

function measured(state: AccountState, user: User, now: number): Weighed {
  const session = state.sessionOfUser.get(user.id);
  if (session === undefined) return { userId: user.id, load: 0, idleMs: 0 };
  return {
    userId: user.id,
    load: relativeLoad(session, user),
    idleMs: Math.max(0, now - session.idleSince),
  };
}

/** As chats are given out: the least loaded, then the longest idle. */
function isBefore(a: Weighed, b: Weighed): boolean {
  if (a.load !== b.load) return a.load < b.load;
  if (a.idleMs !== b.idleMs) return a.idleMs > b.idleMs;
  return a.userId < b.userId;
}

function beside(one: Weighed, chosen: Weighed): PassedOver {
  return one.load > chosen.load ? 'busier' : 'idle-shorter';
}

/**
 * Those beside the chosen one whom a ring is to remember: a few of them, so that rings stay small.
 * @param why of the ring, which is about to happen
 */
export function othersOf(
  state: AccountState,
  config: AccountConfig,
  chat: Chat,
  chosenId: number,
  why: RoutingReason,
  now: number,
): readonly Weighed[] {
  const sought = soughtFor(chat);
  const others: Weighed[] = [];
  let looks = 0;
  for (const session of state.sessions.values()) {
    looks += 1;
    if (looks > MAX_LOOKS || others.length === MAX_RECORDED) break;
    const user = config.users.get(session.userId);
    if (user === undefined || user.id === chosenId || !takesPart(user, session, sought)) continue;
    const one = measured(state, user, now);
    const because = passedOver(state, config, sought, user) ?? outdone(config, user, one, why);
    others.push({ ...one, because });
  }
  return others;
}

function takesPart(user: User, { supervises }: AgentSession, sought: Sought): boolean {
  const { forUserId, skillId } = sought;
  if (!user.enabled || supervises === true || user.maxChats === 0) return false;
  return forUserId === null && holds(user, skillId);
}

function outdone(
  config: AccountConfig,
  user: User,
  one: Weighed,
  { rule, group, load }: RoutingReason,
): PassedOver {
  if (rule === 'answer-first') return 'answer-first';
  if (group !== undefined && !belongsTo(config, user.groupId, group.agentGroupId)) return 'group';
  return one.load > load ? 'busier' : 'idle-shorter';
}
