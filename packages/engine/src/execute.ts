/**
 * One command, from start to settled: what is due comes first, then the command, then routing until
 * nothing more can be given out. All events it returns belong in one append.
 */
import type { AccountConfig } from './config.js';
import type { AccountCommand, CommandType, Rejection, Replies } from './commands.js';
import { decide, sessionOfDisabledUser, type Situation } from './decide.js';
import { closeSession, ringsToWithdraw } from './decide-session.js';
import { overdueChats, reviewHeldChats } from './decide-time.js';
import type { AccountEvent, AccountEventType } from './events.js';
import { evolve } from './evolve.js';
import { type MemoryRoom, nextToGo, UNLIMITED } from './memory/room.js';
import { routeNext } from './routing.js';
import type { AccountState } from './state.js';
import { strandedChats } from './supervise.js';
import { dropReasons } from './status-reasons.js';

/** Events after which a chat may find an agent, or a waiting chat have nobody left. */
const SETTLES: ReadonlySet<AccountEventType> = new Set<AccountEventType>([
  'session.opened',
  'session.availability',
  'session.ended',
  'chat.requested',
  'chat.held',
  'chat.unrang',
  'chat.requeued',
  'chat.transferred',
  'chat.reassigned',
  'chat.ended',
]);

/** Events after which a queue may have nobody left who serves it. */
const THINS_OUT: ReadonlySet<AccountEventType> = new Set<AccountEventType>([
  'session.availability',
  'session.ended',
]);

/** Idle things that go at once, at most, for others to have room. */
const MAX_GONE_AT_ONCE = 200;

export type Outcome<R> =
  | { readonly events: readonly AccountEvent[]; readonly reply: R }
  | { readonly events: readonly AccountEvent[]; readonly rejection: Rejection };

type CommandOf<T extends CommandType> = Extract<AccountCommand, { type: T }>;

/**
 * Carries out a command: the state is changed by `evolve` alone, for the events returned.
 * A rejected command changes nothing, but what had come due before it may have.
 * @param now Epoch ms; must not run backwards.
 * @param room what the account may hold of what strangers bring
 */
export function execute<T extends CommandType>(
  state: AccountState,
  config: AccountConfig,
  command: CommandOf<T>,
  now: number,
  room: MemoryRoom = UNLIMITED,
): Outcome<Replies[T]> {
  const situation: Situation = { state, config, now, room };
  const events: AccountEvent[] = [];
  const apply = (event: AccountEvent) => {
    evolve(state, event, now);
    events.push(event);
  };

  // What a stop held up, or a clock that was set, is not held against anybody: deadlines are moved
  // before the clock is looked at.
  if (command.type !== 'account.resumed' && command.type !== 'clock.moved') {
    catchUp(situation, apply);
  }

  const decision = decide<T>(situation, command);
  if ('rejected' in decision) return { events, rejection: decision };
  decision.events.forEach(apply);
  if (command.type === 'config.changed' || command.type === 'account.resumed') {
    closeDisabled(situation, apply);
    dropReasons(situation).forEach(apply);
    ringsToWithdraw(situation).forEach(apply);
    reviewHeldChats(situation).forEach(apply);
    strandedChats(situation).forEach(apply);
    routeAll(situation, apply);
    tellOverdue(situation, apply);
  } else {
    settle(situation, decision.events, apply);
  }
  catchUp(situation, apply);
  return { events, reply: decision.reply };
}

/** Carries out what is due until nothing is: what it brings may be due at once. */
function catchUp(situation: Situation, apply: (event: AccountEvent) => void): void {
  const { alarms } = situation.state;
  for (let due = alarms.takeDue(situation.now); due.length > 0; ) {
    const ticked = decide<'tick'>(situation, { type: 'tick', due });
    if ('events' in ticked) {
      ticked.events.forEach(apply);
      settle(situation, ticked.events, apply);
    }
    due = alarms.takeDue(situation.now);
  }
  makeRoom(situation, apply);
}

/**
 * Lets go of what is idle until the account is within its room. A bounded number of things at once:
 * a command brings less than that, and what is over goes by the next ones.
 */
function makeRoom({ state, room }: Situation, apply: (event: AccountEvent) => void): void {
  for (let gone = 0; gone < MAX_GONE_AT_ONCE; gone += 1) {
    const victim = nextToGo(state, room);
    if (victim === null) return;
    apply(
      victim.kind === 'visit'
        ? { type: 'visits.forgotten', sessionIds: [victim.sessionId] }
        : { type: 'chats.forgotten', chatIds: [victim.chatId] },
    );
  }
}

function closeDisabled(situation: Situation, apply: (event: AccountEvent) => void): void {
  for (;;) {
    const sessionId = sessionOfDisabledUser(situation);
    if (sessionId === null) return;
    const decision = closeSession(situation, sessionId, 'user-disabled');
    if ('events' in decision) decision.events.forEach(apply);
  }
}

/** Gives out what can be given out after these events, and tells whom nobody serves any more. */
function settle(
  situation: Situation,
  events: readonly AccountEvent[],
  apply: (event: AccountEvent) => void,
): void {
  if (events.some(({ type }) => SETTLES.has(type))) {
    strandedChats(situation).forEach(apply);
    routeAll(situation, apply);
  }
  if (events.some(({ type }) => THINS_OUT.has(type))) tellOverdue(situation, apply);
}

function routeAll({ state, config, now }: Situation, apply: (event: AccountEvent) => void): void {
  for (let event = routeNext(state, config, now); event !== null; ) {
    apply(event);
    event = routeNext(state, config, now);
  }
}

function tellOverdue(situation: Situation, apply: (event: AccountEvent) => void): void {
  for (const event of overdueChats(situation)) apply(event);
}

/** Brings a state up to date from the journal. */
export function replay(
  state: AccountState,
  entries: Iterable<{ readonly event: AccountEvent; readonly at: number }>,
): void {
  for (const { event, at } of entries) evolve(state, event, at);
}
