/**
 * The requests that wait. Each costs memory only: it watches topics of its account, and is made again
 * when one of them happens, when its time is over, or when the server stops.
 *
 * - It is answered once: at its first turn with an answer, or an error.
 * - While it waits its connection is a heartbeat, until it is answered or the client hangs up.
 * - Crowds that wake at once are seen to a few milliseconds at a time, networks in fair turns.
 */
import type { Topic } from '@parley/engine';
import { WireError } from '@parley/protocol';
import type { AccountHost } from '@parley/runtime/accounts/account-host';
import type { Clock } from '@parley/runtime/clock/clock';
import type { Hub, Watch } from '@parley/runtime/hub';
import type { Outcome } from '../http/answer.js';
import { FairQueue } from '../http/fair-queue.js';
import { type Woken, wokenNow } from '../http/tracing.js';
import type { Wait } from '../http/wait.js';
import type { WaitingRequest } from '../http/waiters.js';
import { Counts } from './counts.js';

export interface LongPollLimits {
  /** Requests of one network that may wait at once. */
  readonly perAddress: number;
}

/** Requests that may wait at once for the same thing of the same reader: tabs, and connections left behind. */
export const MAX_AT_ONE_PLACE = 16;

/** When somebody who waits may have been answered, seconds. */
const RETRY_AFTER = '5';

/**
 * Time that a crowd may take at once, ms. Longer than what new requests get: who is owed an answer
 * should not fall behind those who ask for more.
 */
const TURN_MS = 2;

export class LongPolls {
  readonly #hub: Hub;
  readonly #clock: Clock;
  readonly #limits: LongPollLimits;
  readonly #queue: FairQueue;
  readonly #polls = new Set<LongPoll>();
  readonly #atPlace = new Counts();
  readonly #ofNetwork = new Counts();
  #phase: 'open' | 'closed' = 'open';

  /** @param workClock what the time that work takes is measured by, ms; the machine's by default */
  constructor(hub: Hub, clock: Clock, limits: LongPollLimits, workClock?: () => number) {
    this.#hub = hub;
    this.#clock = clock;
    this.#limits = limits;
    this.#queue = new FairQueue(workClock, TURN_MS);
  }

  /** How many wait. */
  get count(): number {
    return this.#polls.size;
  }

  /**
   * Lets a request wait that just asked for it.
   * @param when `earlier`: others had their turn since it asked, so it may have missed something
   * @throws WireError 429 when too many of its network, or for the same, wait already.
   */
  begin(request: WaitingRequest, wait: Wait, when: 'now' | 'earlier'): void {
    if (request.isClosed) return;
    this.#requirePlace(request, wait);
    const poll = new LongPoll(this, request, wait);
    this.#polls.add(poll);
    this.#atPlace.add(poll.place, 1);
    this.#ofNetwork.add(poll.network, 1);
    request.onClosed(() => this.#leave(poll));
    poll.cancelTimer = this.#clock.after(wait.forMs, () => this.#due(poll, 'last'));
    this.#hub.watch(poll.accountId, poll);
    if (this.#phase === 'closed') this.#due(poll, 'last');
    else if (when === 'earlier') this.#due(poll, 'again');
  }

  changed(accountId: string, topic: Topic): void {
    this.#hub.changed(accountId, topic);
  }

  /** Answers everybody who waits, and whoever would wait from now on. */
  close(): void {
    this.#phase = 'closed';
    for (const poll of this.#polls) this.#due(poll, 'last');
  }

  /** Something that the poll watches happened. */
  woken(poll: LongPoll): void {
    this.#due(poll, 'again');
  }

  #requirePlace({ network }: WaitingRequest, { place }: Wait): void {
    const [full, most] =
      this.#atPlace.of(place) >= MAX_AT_ONE_PLACE
        ? ['for the same', MAX_AT_ONE_PLACE]
        : this.#ofNetwork.of(network) >= this.#limits.perAddress
          ? [`of ${network}`, this.#limits.perAddress]
          : [null, 0];
    if (full === null) return;
    throw new WireError(
      'tooManyRequests',
      `${most.toLocaleString('en')} requests ${full} wait already, which is all that may: wait for their answers, or ask without wait.`,
      { 'retry-after': RETRY_AFTER },
    );
  }

  /** Makes the call again, as soon as it is its network's turn. */
  #due(poll: LongPoll, kind: 'again' | 'last'): void {
    if (kind === 'last') poll.next = 'last';
    else poll.next ??= 'again';
    if (poll.phase !== 'waiting') return;
    poll.phase = 'queued';
    this.#queue.add(poll.network, () => this.#ask(poll));
  }

  #ask(poll: LongPoll): void {
    if (poll.phase !== 'queued') return;
    const kind = poll.next ?? 'again';
    poll.phase = 'asking';
    poll.next = null;
    try {
      const outcome = poll.request.ask({ kind, seen: poll.seen });
      if (outcome instanceof Promise) {
        outcome.then(
          (made) => this.#asked(poll, made, 'earlier'),
          (error) => this.#failed(poll, error),
        );
      } else this.#asked(poll, outcome, 'now');
    } catch (error) {
      this.#failed(poll, error);
    }
  }

  #asked(poll: LongPoll, outcome: Outcome, when: 'now' | 'earlier'): void {
    if (poll.phase === 'over') return;
    if (outcome.kind === 'stream') throw new Error('a request that waits was answered by a stream');
    if (outcome.kind !== 'wait') {
      this.#leave(poll);
      poll.request.answer(outcome, poll.woken);
      return;
    }
    this.#hub.unwatch(poll.accountId, poll);
    poll.waitOn(outcome);
    this.#hub.watch(poll.accountId, poll);
    poll.phase = 'waiting';
    // What happened meanwhile, it may not have seen.
    if (poll.next !== null) this.#due(poll, poll.next);
    else if (when === 'earlier') this.#due(poll, 'again');
  }

  #failed(poll: LongPoll, error: unknown): void {
    if (poll.phase === 'over') return;
    this.#leave(poll);
    poll.request.fail(error);
  }

  /** It is answered, or its client is gone. */
  #leave(poll: LongPoll): void {
    if (!this.#polls.delete(poll)) return;
    poll.phase = 'over';
    poll.cancelTimer();
    poll.release();
    this.#hub.unwatch(poll.accountId, poll);
    this.#atPlace.add(poll.place, -1);
    this.#ofNetwork.add(poll.network, -1);
  }
}

/** One request that waits. */
class LongPoll implements Watch {
  readonly request: WaitingRequest;
  readonly accountId: string;
  readonly network: string;
  readonly place: string;
  topics: readonly Topic[];
  seen: string;
  phase: 'waiting' | 'queued' | 'asking' | 'over' = 'waiting';
  /** What is due next; null while nothing is. */
  next: 'again' | 'last' | null = null;
  /** The first recorded cause that woke it since it last waited. */
  woken: Woken | null = null;
  cancelTimer: () => void = () => {};
  /** Ends its being a heartbeat. */
  release: () => void;
  readonly #polls: LongPolls;
  #host: AccountHost;

  constructor(polls: LongPolls, request: WaitingRequest, wait: Wait) {
    this.#polls = polls;
    this.request = request;
    this.accountId = request.accountId;
    this.network = request.network;
    this.place = wait.place;
    this.topics = wait.topics;
    this.seen = wait.seen;
    this.#host = wait.host;
    this.release = wait.host.holdAlive(wait.alive);
  }

  wake(cause?: string): void {
    if (cause !== undefined) this.woken ??= wokenNow(cause);
    this.#polls.woken(this);
  }

  /** Goes on waiting; perhaps for something else, or at an account that was loaded again meanwhile. */
  waitOn({ topics, seen, host, alive }: Wait): void {
    this.woken = null;
    this.topics = topics;
    this.seen = seen;
    if (host === this.#host) return;
    this.release();
    this.#host = host;
    this.release = host.holdAlive(alive);
  }
}
