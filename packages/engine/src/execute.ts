/**
 * One command, from start to end: what is due comes first, then the command, then routing until
 * nothing more can be given out. All events it returns belong in one append.
 */
import { queuedAs } from './chats/service.js';
import { freeStranded } from './chats/supervise.js';
import { inviteNext, supervisorsOut } from './collaboration/decide.js';
import type { AccountCommand, CommandType, Rejection, Replies } from './commands.js';
import type { AccountConfig } from './config.js';
import { decide, disabledSessions } from './decide.js';
import { holdOrRelease, lateChatsOfNobody, waitedTooLong } from './due.js';
import type { Envelope } from './envelope.js';
import { EVENT_MEANING } from './event-meaning.js';
import { type AccountEvent, chatOf } from './events.js';
import { evolve } from './evolve.js';
import {
  agentGoes,
  attachments,
  chatsToAttach,
  goesWithAgent,
  mayAttach,
} from './routing-rules/attach.js';
import { type MemoryRoom, UNLIMITED, nextToGo } from './memory/room.js';
import { decideAgain, keepAnswer, repeated } from './retries/repeat.js';
import { RoutingPass } from './routing/pass.js';
import { noteLate, waitingChats } from './routing/queues.js';
import { othersOf } from './routing/weigh.js';
import { chatsBeside } from './sessions/beside.js';
import { closeSession, mayHave, ringsToWithdraw } from './sessions/decide.js';
import { dropReasons } from './sessions/status-reasons.js';
import type { DecisionContext } from './context.js';
import type { AccountState, Review } from './state.js';

/** Idle things that go at once, at most, for others to have room. */
const MAX_GONE_AT_ONCE = 200;

/**
 * Events at most that one command brings by things which may as well come a moment later: waits that
 * are over, chats and visits that are forgotten, what a new configuration means for those who wait. A
 * crowd of them must not stop the event loop.
 */
const MAX_DEFERRABLE = 100;

/** Chats that one command looks at for such events, at most. */
const MAX_LOOKS = 250;

/** What a command brought that was asked for, and whether there is more of it to come. */
type Done<R> =
  | {
      readonly reply: R;
      readonly again?: true;
      /** The request came before: this is what it was answered then. */
      readonly replayed?: true;
    }
  | { readonly rejection: Rejection };

export type Outcome<R> = Done<R> & {
  readonly events: readonly AccountEvent[];
};

type CommandOf<T extends CommandType> = Extract<AccountCommand, { type: T }>;

/**
 * Carries out a command: the state is changed by `evolve` alone, for the events returned.
 * A rejected command changes nothing, but what had come due before it may have. While the state is
 * `unfinished` there is more to do, by a `tick`, as soon as others had their turn; when the outcome
 * says `again`, the same command is to be given again.
 * @param room what the account may hold of what strangers bring
 */
export function execute<T extends CommandType>(
  state: AccountState,
  config: AccountConfig,
  { command, actor, now, newId, idempotency }: Envelope<T>,
  room: MemoryRoom = UNLIMITED,
): Outcome<Replies[T]> {
  const work = new Work({ state, config, now, room, actor, newId, idempotency });
  return { ...carryOut<T>(work, command), events: work.events };
}

function carryOut<T extends CommandType>(work: Work, command: CommandOf<T>): Done<Replies[T]> {
  const { context } = work;
  // What a stop held up, or a clock that was set, is not held against anybody: deadlines are moved
  // before the clock is looked at.
  if (command.type !== 'account.resumed' && command.type !== 'clock.moved') catchUp(work);

  const before = repeated(context, command);
  if (before !== null && 'rejected' in before) return { rejection: before };
  if (before !== null) {
    work.applyAll(decideAgain(context, command, before));
    // By its key it is a request of the same operation, so the reply is of this type.
    return { reply: before.reply as Replies[T], replayed: true };
  }
  const decision = decide<T>(context, command);
  if ('rejected' in decision) return { rejection: decision };
  const kept = keepAnswer(context, command, decision.reply);
  if ('rejected' in kept) return { rejection: kept };
  work.applyAll(decision.events);
  work.applyAll(kept);
  if (command.type === 'config.changed' || command.type === 'account.resumed') {
    work.begin('disabled');
    work.applyAll(dropReasons(context));
    work.applyAll(ringsToWithdraw(context));
    for (const session of context.state.sessions.values()) {
      for (const chatId of chatsBeside(session, 'in')) sendOut(work, chatId);
    }
    work.begin('waiting');
    routeAll(work);
    work.begin('late');
    work.begin('attach');
  } else {
    settle(work, decision.events);
  }
  catchUp(work);
  const { reply, again } = decision;
  return again === undefined ? { reply } : { reply, again };
}

/** Carries out what is due until nothing is: what it brings may be due at once. */
function catchUp(work: Work): void {
  const { context } = work;
  const { deadlines, unfinished } = context.state;
  const open = [...unfinished.keys()];
  for (const review of open) work.goOn(review);
  if (open.length > 0) routeAll(work);
  for (;;) {
    const due = deadlines.takeDue(context.now, work.left);
    if (due.length === 0) break;
    work.left -= due.length;
    const ticked = decide<'tick'>(context, { type: 'tick', due });
    if ('events' in ticked) {
      work.applyAll(ticked.events);
      noteThoseLate(context, due);
      settle(work, ticked.events);
    }
  }
  makeRoom(work);
}

/**
 * Lets go of what is idle until the account is within its room. A bounded number of things at once:
 * a command brings less than that, and what is over goes by the next ones.
 */
function makeRoom(work: Work): void {
  const { state, room } = work.context;
  for (let gone = 0; gone < MAX_GONE_AT_ONCE; gone += 1) {
    const victim = nextToGo(state, room);
    if (victim === null) return;
    work.apply(
      victim.kind === 'visit'
        ? { type: 'visits.forgotten', sessionIds: [victim.sessionId] }
        : { type: 'chats.forgotten', chatIds: [victim.chatId] },
    );
  }
}

/** Chats whose waits were found to be over, without notifying their visitors: somebody is there for them. */
function noteThoseLate({ state, now }: DecisionContext, due: readonly string[]): void {
  for (const key of due) {
    if (!key.startsWith(BUSY)) continue;
    const chat = state.chats.get(key.slice(BUSY.length));
    const waiting = chat === undefined ? null : queuedAs(chat);
    if (chat === undefined || waiting === null || chat.busyAnnounced) continue;
    if (now >= waiting.since + chat.maxWait * 1000) noteLate(state, chat, waiting);
  }
}

const BUSY = 'busy:';

/** Gives out what can be given out after these events, and notifies whom nobody serves any more. */
function settle(work: Work, events: readonly AccountEvent[]): void {
  if (events.some(({ type }) => EVENT_MEANING[type].freesCapacity)) {
    const { state } = work.context;
    for (const chatId of new Set(events.map(chatOf))) {
      const chat = state.chats.get(chatId ?? '');
      if (chat !== undefined) work.applyAll(freeStranded(work.context, chat));
    }
    routeAll(work);
  }
  if (events.some(({ type }) => EVENT_MEANING[type].thinsOut)) work.begin('late');
  if (mayAttach(work.context, events)) work.begin('attach');
}

/** Who watched the chat, and does not supervise it any more, leaves it. */
function sendOut(work: Work, chatId: string): void {
  const chat = work.context.state.chats.get(chatId);
  if (chat === undefined) return;
  for (
    let out = supervisorsOut(work.context, chat);
    out !== null;
    out = supervisorsOut(work.context, chat)
  ) {
    work.apply(out);
  }
}

/** Whoever came beside the agent goes with them, where the account says so. */
function sendAlong(work: Work, chatId: string): void {
  const chat = work.context.state.chats.get(chatId);
  if (chat === undefined) return;
  for (
    let out = goesWithAgent(work.context, chat);
    out !== null;
    out = goesWithAgent(work.context, chat)
  ) {
    work.apply(out);
  }
}

function routeAll(work: Work): void {
  const { state, config, now } = work.context;
  const pass = new RoutingPass(state, config, now);
  for (let event = pass.next(); event !== null; event = pass.next()) {
    work.applyAll([withOthers(work.context, event)]);
  }
}

/** The ring, with some of those who were passed over. */
function withOthers({ state, config, now }: DecisionContext, event: AccountEvent): AccountEvent {
  const chat = event.type === 'chat.rang' ? state.chats.get(event.chatId) : undefined;
  if (event.type !== 'chat.rang' || chat === undefined) return event;
  const others = othersOf(state, config, chat, event.userId, event.why, now);
  return others.length === 0 ? event : { ...event, why: { ...event.why, others } };
}

/** One command's work: what it has brought so far, and how much more it may bring. */
class Work {
  readonly context: DecisionContext;
  readonly events: AccountEvent[] = [];
  /** Of what may as well come a moment later. */
  left = MAX_DEFERRABLE;

  constructor(context: DecisionContext) {
    this.context = context;
  }

  apply(event: AccountEvent): void {
    evolve(this.context.state, event, this.context.now);
    this.events.push(event);
    if (event.type !== 'chat.uninvited') return;
    // The next one of the skill is asked as things stand once this one is not.
    const next = inviteNext(this.context, event);
    if (next !== null) this.apply(next);
  }

  applyAll(events: readonly AccountEvent[]): void {
    for (const event of events) this.apply(event);
    // Only then: events that were decided together count on the feeds as they found them.
    for (const event of events) {
      if (!('chatId' in event)) continue;
      sendOut(this, event.chatId);
      if (agentGoes(event)) sendAlong(this, event.chatId);
      // Whoever has come to be its agent is to have those beside them whom rules attach.
      if (event.type === 'chat.accepted' || event.type === 'chat.takenOver') {
        const chat = this.context.state.chats.get(event.chatId);
        if (chat !== undefined) this.applyAll(attachments(this.context, chat));
      }
    }
  }

  /** Looks everything of a kind through, as far as it may: the rest is left unfinished. */
  begin(review: Review): void {
    const { state } = this.context;
    state.unfinished.set(review, { ids: IDS[review](this.context), next: 0 });
    this.goOn(review);
  }

  goOn(review: Review): void {
    const { state } = this.context;
    const open = state.unfinished.get(review);
    if (open === undefined) return;
    const look = LOOKS[review];
    for (let looks = 0; open.next < open.ids.length; looks += 1) {
      if (this.left <= 0 || looks === MAX_LOOKS) return;
      const id = open.ids[open.next] ?? '';
      const events = look(this.context, id);
      this.applyAll(events);
      this.left -= events.length;
      // A session that has very many chats is looked at until it is gone.
      if (review !== 'disabled' || events.length === 0 || !state.sessions.has(id)) open.next += 1;
    }
    state.unfinished.delete(review);
  }
}

/** What each of them looks at, by id. */
const IDS: Readonly<Record<Review, (context: DecisionContext) => readonly string[]>> = {
  disabled: disabledSessions,
  waiting: ({ state }) => waitingChats(state),
  late: lateChatsOfNobody,
  attach: chatsToAttach,
};

/** What is to be done about one of them. */
const LOOKS: Readonly<Record<Review, (context: DecisionContext, id: string) => AccountEvent[]>> = {
  disabled(context, sessionId) {
    const session = context.state.sessions.get(sessionId);
    // The user may have been enabled again meanwhile.
    if (session === undefined || mayHave(context.config, session)) return [];
    const decision = closeSession(context, sessionId, 'user-disabled');
    return 'events' in decision ? [...decision.events] : [];
  },
  waiting(context, chatId) {
    const chat = context.state.chats.get(chatId);
    if (chat === undefined || queuedAs(chat) === null) return [];
    return [...holdOrRelease(context, chat), ...freeStranded(context, chat)];
  },
  late(context, chatId) {
    const chat = context.state.chats.get(chatId);
    return chat === undefined ? [] : waitedTooLong(context, chat);
  },
  attach(context, chatId) {
    const chat = context.state.chats.get(chatId);
    return chat === undefined ? [] : attachments(context, chat);
  },
};

/** Brings a state up to date from the journal. */
export function replay(
  state: AccountState,
  entries: Iterable<{ readonly event: AccountEvent; readonly at: number }>,
): void {
  for (const { event, at } of entries) evolve(state, event, at);
}
