/** What there is at the moment: counted when somebody asks, so that nothing has to be kept up to date. */
import type { ProcessMemory } from '@parley/runtime/accounts/process-memory';
import type { HttpContext } from '../http/context.js';
import type { StreamCounts } from '../push/streams.js';
import type { LongPolls } from '../waits/long-polls.js';
import { type AccountState, agentOffer, type Chat } from '@parley/engine';
import { Counter, Gauge, type Registry } from 'prom-client';

/**
 * Skills, of all accounts, that have figures of their own; those with the longest queues do. The others
 * are reported together: a time series for each would be too many for who collects them.
 */
export const MAX_SKILLS = 200;

/** Stands for the skills beyond, and their accounts. */
const OTHERS = 'other';
/** Stands for chats of no skill. */
const NO_SKILL = 'none';

type ChatStateName = 'waiting' | 'ringing' | 'active' | 'ended';
const CHAT_STATES: readonly ChatStateName[] = ['waiting', 'ringing', 'active', 'ended'];
const AVAILABILITIES = ['Online', 'Occupied', 'Away'] as const;

/** What is read. */
export interface LiveParts extends Pick<HttpContext, 'accounts' | 'clock' | 'held' | 'underWay'> {
  readonly memory: ProcessMemory;
  readonly polls: LongPolls;
  readonly streams: { readonly counts: StreamCounts };
}

interface Queue {
  readonly account: string;
  readonly skill: string;
  waiting: number;
  /** Epoch ms; Infinity while nobody waits. */
  since: number;
}

export class LiveMetrics {
  readonly #chats: Gauge<'state'>;
  readonly #waiting: Gauge<'account' | 'skill'>;
  readonly #longest: Gauge<'account' | 'skill'>;
  readonly #offers: Gauge;
  readonly #sessions: Gauge<'availability'>;
  readonly #polls: Gauge;
  readonly #streams: Gauge<'transport'>;
  readonly #frames: Counter;
  readonly #slow: Counter;
  readonly #pending: Gauge<'kind'>;
  readonly #accounts: Gauge<'state'>;
  readonly #memory: Gauge<'kind'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#chats = new Gauge({
      name: 'parley_chats',
      help: 'Chats in memory. ended: over, and can still be read.',
      labelNames: ['state'],
      registers,
    });
    this.#waiting = new Gauge({
      name: 'parley_waiting_chats',
      help: 'Chats that wait or ring, by skill id.',
      labelNames: ['account', 'skill'],
      registers,
    });
    this.#longest = new Gauge({
      name: 'parley_longest_wait_seconds',
      help: 'How long the chat has waited that has waited longest; 0 while none waits.',
      labelNames: ['account', 'skill'],
      registers,
    });
    this.#offers = new Gauge({
      name: 'parley_offers',
      help: 'Open offers: somebody is being rung.',
      registers,
    });
    this.#sessions = new Gauge({
      name: 'parley_agent_sessions',
      help: 'Agent sessions, by availability.',
      labelNames: ['availability'],
      registers,
    });
    this.#polls = new Gauge({
      name: 'parley_long_polls',
      help: 'Requests that wait for news.',
      registers,
    });
    this.#streams = new Gauge({
      name: 'parley_streams',
      help: 'Streams that are open.',
      labelNames: ['transport'],
      registers,
    });
    this.#frames = new Counter({
      name: 'parley_stream_frames_total',
      help: 'Frames that were sent over streams.',
      registers,
    });
    this.#slow = new Counter({
      name: 'parley_streams_dropped_total',
      help: 'Streams that were ended since their reader did not read.',
      registers,
    });
    this.#pending = new Gauge({
      name: 'parley_deliveries_pending',
      help: 'Deliveries that were neither made nor given up yet.',
      labelNames: ['kind'],
      registers,
    });
    this.#accounts = new Gauge({
      name: 'parley_accounts',
      help: 'Accounts that are served, and that cannot be.',
      labelNames: ['state'],
      registers,
    });
    this.#memory = new Gauge({
      name: 'parley_held_bytes',
      help: 'What visitors and clients make the server hold (docs/limits.md).',
      labelNames: ['kind'],
      registers,
    });
  }

  /** Counts everything anew. */
  collect({ accounts, clock, held, memory, polls, streams, underWay }: LiveParts): void {
    const states = Object.fromEntries(CHAT_STATES.map((state) => [state, 0]));
    const sessions = Object.fromEntries(AVAILABILITIES.map((name) => [name, 0]));
    const queues: Queue[] = [];
    let offers = 0;
    let mails = 0;
    for (const { id, host, setup } of accounts.all()) {
      const { state } = host;
      offers += countChats(state, states, new Queues(id, setup.engine.skills.keys(), queues));
      for (const { availability } of state.sessions.values()) {
        sessions[availability] = (sessions[availability] ?? 0) + 1;
      }
      mails += state.outbox.size;
    }
    for (const state of CHAT_STATES) this.#chats.set({ state }, states[state] ?? 0);
    for (const name of AVAILABILITIES)
      this.#sessions.set({ availability: name }, sessions[name] ?? 0);
    this.#offers.set(offers);
    this.#pending.set({ kind: 'mail' }, mails);
    this.#polls.set(polls.count);
    this.#showStreams(streams.counts);
    this.#accounts.set({ state: 'served' }, accounts.count);
    this.#accounts.set({ state: 'unavailable' }, accounts.unavailable().length);
    this.#memory.set({ kind: 'in-use' }, memory.held.live);
    this.#memory.set({ kind: 'idle' }, memory.held.idle);
    this.#memory.set({ kind: 'unread-answers' }, held.bytes);
    this.#memory.set({ kind: 'requests-under-way' }, underWay.bytes);
    this.#showQueues(queues, clock.now());
  }

  #showStreams({ sse, webSocket, framesSent, droppedSlow }: StreamCounts): void {
    this.#streams.set({ transport: 'sse' }, sse);
    this.#streams.set({ transport: 'websocket' }, webSocket);
    // They are counted there, from the start on.
    for (const [counter, count] of [
      [this.#frames, framesSent],
      [this.#slow, droppedSlow],
    ] as const) {
      counter.reset();
      counter.inc(count);
    }
  }

  #showQueues(queues: readonly Queue[], now: number): void {
    this.#waiting.reset();
    this.#longest.reset();
    const shown = bounded(queues);
    for (const { account, skill, waiting, since } of shown) {
      this.#waiting.set({ account, skill }, waiting);
      const waited = waiting === 0 ? 0 : Math.max(0, now - since);
      this.#longest.set({ account, skill }, waited / 1000);
    }
  }
}

/** The queues of one account: one for each skill that there is, and more where chats wait elsewhere. */
class Queues {
  readonly #account: string;
  readonly #all: Queue[];
  readonly #own = new Map<number | null, Queue>();

  constructor(account: string, skills: Iterable<number>, all: Queue[]) {
    this.#account = account;
    this.#all = all;
    for (const skill of skills) this.#of(skill);
  }

  add(skill: number | null, since: number): void {
    const queue = this.#of(skill);
    queue.waiting += 1;
    queue.since = Math.min(queue.since, since);
  }

  #of(skill: number | null): Queue {
    const found = this.#own.get(skill);
    if (found !== undefined) return found;
    const name = skill === null ? NO_SKILL : String(skill);
    const queue = { account: this.#account, skill: name, waiting: 0, since: Infinity };
    this.#own.set(skill, queue);
    this.#all.push(queue);
    return queue;
  }
}

/** Counts an account's chats by state, and those without an agent by skill; answers its open offers. */
function countChats(state: AccountState, states: Record<string, number>, queues: Queues): number {
  let offers = 0;
  for (const chat of state.chats.values()) {
    const name = stateOf(chat);
    states[name] = (states[name] ?? 0) + 1;
    offers += chat.offers.length;
    if (name === 'waiting') queues.add(chat.skillId, waitsSince(chat));
    if (name === 'ringing') queues.add(chat.skillId, chat.requestedAt);
  }
  return offers;
}

function stateOf(chat: Chat): ChatStateName {
  const { name } = chat.phase;
  return name === 'waiting' && agentOffer(chat) !== null ? 'ringing' : name;
}

function waitsSince({ phase, requestedAt }: Chat): number {
  return phase.name === 'waiting' ? phase.waiting.since : requestedAt;
}

/** As many as may be shown by themselves, and the others as one. */
function bounded(queues: readonly Queue[]): readonly Queue[] {
  if (queues.length <= MAX_SKILLS) return queues;
  const longestFirst = [...queues].sort((a, b) => b.waiting - a.waiting);
  const others = { account: OTHERS, skill: OTHERS, waiting: 0, since: Infinity };
  for (const { waiting, since } of longestFirst.slice(MAX_SKILLS)) {
    others.waiting += waiting;
    others.since = Math.min(others.since, since);
  }
  return [...longestFirst.slice(0, MAX_SKILLS), others];
}
