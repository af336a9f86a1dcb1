/**
 * The rules once more, as plainly as they can be put: everything is counted from the chats and the
 * configuration, nothing is kept. What the engine does fast is compared with this.
 */
import {
  type AccountConfig,
  type AccountState,
  type AgentSession,
  type Chat,
  type GroupShare,
  type RoutingRule,
  type Visit,
  type Waiting,
  serviceOf,
} from '@parley/engine';
import { requireThat } from './must.js';

export function sessionOf(state: AccountState, userId: number): AgentSession | undefined {
  return [...state.sessions.values()].find((session) => session.userId === userId);
}

/** Chats that the user is the agent of, or assists in, and offers to become that. */
export function loadOfUser(state: AccountState, userId: number): number {
  const isTheirs = (one: { readonly userId: number; readonly role: string }) =>
    one.userId === userId && (one.role === 'agent' || one.role === 'assistant');
  return [...state.chats.values()]
    .filter(({ phase }) => phase.name !== 'ended')
    .flatMap(({ participants, offers }) => [...participants, ...offers].filter(isTheirs)).length;
}

function room(state: AccountState, config: AccountConfig, userId: number): number {
  const cap = config.users.get(userId)?.maxChats ?? 0;
  return cap < 0 ? Infinity : cap - loadOfUser(state, userId);
}

/** Whether somebody is asked to be its agent. */
function isOffered({ offers }: Chat): boolean {
  return offers.some(({ role }) => role === 'agent');
}

/** Users whose chats a user supervises; null for none. Who is no supervisor has none. */
export function supervised(config: AccountConfig, userId: number): ReadonlySet<number> | null {
  const user = config.users.get(userId);
  if (user?.enabled !== true) return null;
  const all = [...config.users.values()];
  if (user.roles.includes('administrator')) return new Set(all.map(({ id }) => id));
  if (!user.roles.includes('manager')) return null;
  const isManaged = (groupId: number): boolean => {
    if (user.managedGroupIds?.includes(groupId) === true) return true;
    const parent = config.groups.get(groupId)?.parentGroupId;
    return parent != null && isManaged(parent);
  };
  return new Set(all.filter(({ groupId }) => isManaged(groupId)).map(({ id }) => id));
}

/** Whether the user supervises the chat as it stands. */
export function supervises(config: AccountConfig, userId: number, chat: Chat): boolean {
  const users = supervised(config, userId);
  if (users === null) return false;
  if (config.users.get(userId)?.roles.includes('administrator')) return true;
  const service = serviceOf(chat);
  const named =
    service.name === 'waiting'
      ? service.waiting.forUserId
      : service.name === 'ended'
        ? service.lastUserId
        : service.userId;
  if (named !== null) return users.has(named);
  if (service.name !== 'waiting') return false;
  const { skillId } = chat;
  return (
    skillId === null ||
    [...users].some((id) => config.users.get(id)?.skillIds.includes(skillId) === true)
  );
}

export function waitingChats(state: AccountState): { chat: Chat; waiting: Waiting }[] {
  return [...state.chats.values()].flatMap((chat) =>
    chat.phase.name === 'waiting' && !isOffered(chat)
      ? [{ chat, waiting: chat.phase.waiting }]
      : [],
  );
}

/** Users who may take the waiting chat as things stand, with room or without. */
export function mayTake(
  state: AccountState,
  config: AccountConfig,
  chat: Chat,
  { forUserId, transferredBy, forPeople }: Waiting,
): number[] {
  if (chat.heldUntil !== undefined) return [];
  return [...config.users.values()]
    .filter((user) => {
      const availability = sessionOf(state, user.id)?.availability;
      if (!user.enabled || user.maxChats === 0) return false;
      if (forPeople && user.kind === 'bot' && hasPeople(config, chat.skillId)) {
        if (forPeople === true || chat.failed?.includes(user.id)) return false;
        if (personIsThere(state, config, chat.skillId)) return false;
      }
      if (forUserId !== null && forUserId !== user.id) return false;
      const skilled = chat.skillId === null || user.skillIds.includes(chat.skillId);
      if (forUserId === null && !skilled) return false;
      const givenByAnother = transferredBy !== null && transferredBy !== user.id;
      return availability === 'Online' || (availability === 'Occupied' && givenByAnother);
    })
    .map(({ id }) => id);
}

/** Whether one of the account's people is there for a chat that a program gave up. */
function personIsThere(
  state: AccountState,
  config: AccountConfig,
  skillId: number | null,
): boolean {
  return [...config.users.values()].some(
    ({ id, kind, enabled, maxChats, skillIds }) =>
      kind === 'human' &&
      enabled &&
      maxChats !== 0 &&
      (skillId === null || skillIds.includes(skillId)) &&
      ['Online', 'Occupied'].includes(sessionOf(state, id)?.availability ?? ''),
  );
}

/** Whether one of the account's people could take chats of the skill, if they were there. */
function hasPeople(config: AccountConfig, skillId: number | null): boolean {
  return [...config.users.values()].some(
    (user) =>
      user.kind === 'human' &&
      user.enabled &&
      user.roles.includes('agent') &&
      user.maxChats !== 0 &&
      (skillId === null || user.skillIds.includes(skillId)),
  );
}

/** Users whom routing may ring with the waiting chat now. */
export function eligible(
  state: AccountState,
  config: AccountConfig,
  chat: Chat,
  waiting: Waiting,
): number[] {
  const all = mayTake(state, config, chat, waiting);
  const others = all.filter((userId) => userId !== waiting.transferredBy);
  return (others.length > 0 ? others : all).filter((userId) => room(state, config, userId) > 0);
}

/** What a queue is called, and who stands in it in which order. */
export function queues(state: AccountState): Map<string, string[]> {
  const byKey = new Map<string, { chat: Chat; waiting: Waiting }[]>();
  for (const entry of waitingChats(state)) {
    const { forUserId } = entry.waiting;
    const { skillId } = entry.chat;
    let key = 'any';
    if (forUserId !== null) key = `agent:${forUserId}`;
    else if (skillId !== null) key = `skill:${skillId}`;
    if (entry.chat.heldUntil !== undefined) key = `held ${key}`;
    byKey.set(key, [...(byKey.get(key) ?? []), entry]);
  }
  const rank = ({ chat, waiting }: { chat: Chat; waiting: Waiting }) =>
    [chat.acceptedAt === null ? 1 : 0, waiting.since, chat.requestedSeq] as const;
  return new Map(
    [...byKey].map(([key, entries]) => [
      key,
      entries
        .sort((a, b) => {
          const [x, y] = [rank(a), rank(b)];
          return x[0] - y[0] || x[1] - y[1] || x[2] - y[2];
        })
        .map(({ chat }) => chat.id),
    ]),
  );
}

/** The chat that routing must give out next, and to whom; null when nothing can be given out. */
export function nextRing(
  state: AccountState,
  config: AccountConfig,
  now: number,
): { chatId: string; userId: number; candidates: number; ruleId?: number } | null {
  const heads = [...queues(state).values()].flatMap((queue) => {
    for (const chatId of queue) {
      const chat = state.chats.get(chatId);
      if (chat?.phase.name !== 'waiting' || isOffered(chat)) continue;
      const users = eligible(state, config, chat, chat.phase.waiting);
      if (users.length > 0) return [{ chat, users }];
    }
    return [];
  });
  const [first] = heads.sort((a, b) => a.chat.requestedSeq - b.chat.requestedSeq);
  if (first === undefined) return null;
  const rank = (userId: number) => {
    const cap = config.users.get(userId)?.maxChats ?? 0;
    const load = loadOfUser(state, userId) / (cap < 0 ? 1e6 : cap);
    return [load, sessionOf(state, userId)?.idleSince ?? 0, userId] as const;
  };
  const named = first.chat.phase.name === 'waiting' && first.chat.phase.waiting.forUserId !== null;
  const isNew = first.chat.acceptedAt === null && !named;
  const rule = rulesFor(config, first.chat, 'answer-first', now).find(
    ({ userId }) => isNew && first.users.includes(userId),
  );
  if (rule !== undefined) {
    const { id: ruleId, userId } = rule;
    return { chatId: first.chat.id, userId, candidates: first.users.length, ruleId };
  }
  const next = named ? first.users : usersOfNextGroup(state, config, first.chat, first.users);
  const [best] = next.sort((a, b) => {
    const [x, y] = [rank(a), rank(b)];
    return x[0] - y[0] || x[1] - y[1] || x[2] - y[2];
  });
  requireThat(best !== undefined, 'a chat that can be given out has someone to go to');
  return { chatId: first.chat.id, userId: best, candidates: first.users.length };
}

/** The rules that are for the chat at that moment, in their order. Stories ask for no answers. */
export function rulesFor(
  config: AccountConfig,
  { skillId, visitor }: Chat,
  action: RoutingRule['action'],
  now: number,
): RoutingRule[] {
  const language = (visitor.language ?? '').toLowerCase().split('-')[0] ?? '';
  const isFirstHalf = new Date(now).getUTCMinutes() < 30;
  return [...(config.routingRules?.values() ?? [])]
    .filter((rule) => rule.action === action)
    .filter(({ skillIds }) => skillIds.length === 0 || skillIds.some((id) => id === skillId))
    .filter(({ languages }) => languages.length === 0 || languages.includes(language))
    .filter(({ hours }) => hours.length === 0 || isFirstHalf)
    .sort((a, b) => a.order - b.order || a.id - b.id);
}

/** Which of the users' groups is next by the skill's priorities and percentages. */
function usersOfNextGroup(
  state: AccountState,
  config: AccountConfig,
  { skillId }: Chat,
  users: readonly number[],
): number[] {
  const routing = config.skills.get(skillId ?? 0)?.routing ?? [];
  const shareOf = (userId: number): GroupShare | undefined => {
    const line: number[] = [];
    for (let at = config.users.get(userId)?.groupId; at; at = parentOf(config, at)) line.push(at);
    const named = line.find((id) => routing.some(({ agentGroupId }) => agentGroupId === id));
    return routing.find(({ agentGroupId }) => agentGroupId === named);
  };
  const first = Math.min(...users.map((userId) => shareOf(userId)?.priority ?? Infinity));
  const ahead = users.filter((userId) => (shareOf(userId)?.priority ?? Infinity) === first);
  const groups = [...new Set(ahead.map((userId) => shareOf(userId)))].sort(
    (a, b) => dueTo(state, skillId, b) - dueTo(state, skillId, a) || idOf(a) - idOf(b),
  );
  return ahead.filter((userId) => shareOf(userId) === groups[0]);
}

function parentOf(config: AccountConfig, groupId: number): number | undefined {
  return config.groups.get(groupId)?.parentGroupId ?? undefined;
}

function idOf(share: GroupShare | undefined): number {
  return share?.agentGroupId ?? 0;
}

/** What the group is owed of the skill's chats once its share of the next one is added. */
function dueTo(state: AccountState, skillId: number | null, share: GroupShare | undefined): number {
  const behind = state.groupShares.get(skillId ?? 0)?.get(idOf(share)) ?? 0;
  return behind + (share?.splitPercentage ?? 0);
}

/** Of accounts that keep UTC and no holidays. */
export function isOpen({ settings }: AccountConfig, now: number): boolean {
  const { openingHours } = settings;
  if (openingHours === null) return true;
  const date = new Date(now);
  const today = date.getUTCDay() || 7;
  const minute = date.getUTCHours() * 60 + date.getUTCMinutes();
  return openingHours.days.some(
    ({ weekday, from, to }) => weekday === today && from <= minute && minute < to,
  );
}

/** Free slots of the Online agents that the question is about, less the chats waiting for them. */
export function slots(
  state: AccountState,
  config: AccountConfig,
  of: { readonly skillId: number | null } | { readonly userId: number },
  now: number,
): number {
  if (!isOpen(config, now)) return 0;
  const staff = [...config.users.values()].filter(
    (user) =>
      user.enabled &&
      sessionOf(state, user.id)?.availability === 'Online' &&
      ('userId' in of
        ? of.userId === user.id
        : of.skillId === null || user.skillIds.includes(of.skillId)),
  );
  if (staff.some(({ maxChats }) => maxChats < 0)) return -1;
  const free = staff.reduce((sum, { id }) => sum + Math.max(0, room(state, config, id)), 0);
  const ahead = waitingChats(state).filter(({ chat, waiting }) => {
    if ('userId' in of) return waiting.forUserId === of.userId;
    return of.skillId === null || (waiting.forUserId === null && chat.skillId === of.skillId);
  });
  return Math.max(0, free - ahead.length);
}

/** Visits that no live chat names, by their session or by their visitor. */
export function idleVisits(state: AccountState): Visit[] {
  const live = [...state.chats.values()].filter(({ phase }) => phase.name !== 'ended');
  return [...state.visits.values()].filter(
    ({ sessionId, visitorId }) =>
      !live.some(
        ({ visitor }) =>
          visitor.sharkSessionId === sessionId ||
          visitor.sharkVisitorId === visitorId ||
          visitor.visitorId === visitorId,
      ),
  );
}

/** Everything that will be due after `now`, by key. */
export function deadlines(state: AccountState, now: number): Map<string, number> {
  const opening = [...state.chats.values()].map(({ id, heldUntil }): [string, number] => [
    `open:${id}`,
    heldUntil ?? -Infinity,
  ]);
  const all = [...state.chats.values()].map((chat): [string, number] => {
    const { id } = chat;
    const service = serviceOf(chat);
    switch (service.name) {
      case 'waiting':
        return [
          `busy:${id}`,
          chat.busyAnnounced ? -Infinity : service.waiting.since + chat.maxWait * 1000,
        ];
      case 'ringing':
        return [`ring:${id}`, service.offer.until];
      case 'chatting':
        return [`answer:${id}`, chat.answerBy ?? -Infinity];
      default:
        return [`forget:${id}`, service.readableUntil];
    }
  });
  for (const { id, offers } of state.chats.values()) {
    for (const offer of offers) {
      if (offer.role !== 'agent') all.push([`ring:${id} ${offer.id}`, offer.until]);
    }
  }
  for (const { id, phase, suggestions } of state.chats.values()) {
    for (const each of suggestions?.list ?? []) {
      if (each.state !== 'open' || phase.name === 'ended') continue;
      all.push([`suggestion:${id} ${each.id}`, each.expiresAt ?? -Infinity]);
    }
  }
  const seen = idleVisits(state).map(({ lastSeen }) => lastSeen);
  if (seen.length > 0) all.push(['visits:', Math.min(...seen) + 6 * 3_600_000]);
  const identified = [...state.participants.values()].map(({ at }) => at);
  if (identified.length > 0) all.push(['participants:', Math.min(...identified) + 3_600_000]);
  return new Map([...all, ...opening].filter(([, at]) => at > now));
}
