/**
 * The streams that are open. An idle one costs memory only: it watches topics of its account, and every
 * fifteen seconds its connection is shown to live and its reader's access looked at.
 */
import { WireError } from '@parley/protocol';
import type { Accounts } from '@parley/runtime/accounts/accounts';
import type { Clock } from '@parley/runtime/clock/clock';
import type { Batch, Hub, Subscriber } from '@parley/runtime/hub';
import { FairQueue } from '../http/fair-queue.js';
import type { HeldMemory, Holding } from '../http/held-memory.js';
import { SMALL_ANSWER } from '../http/room.js';
import type { StreamAnswer } from '../http/stream.js';
import { AccountStreams } from './account-streams.js';
import { Counts } from '../waits/counts.js';
import { type Position, Positions, type ReaderMark } from './positions.js';
import { Stream } from './stream.js';
import type { StreamRequest } from '../http/waiters.js';
import type { StreamKeeper } from './stream-keeper.js';
import { placeOf } from './reader.js';
import type { Transport } from '../http/transport.js';

/** Streams of one reader: tabs, and connections left behind. */
export const MAX_STREAMS_OF_READER = 16;

/** Bytes that may wait for a reader who does not read. */
export const MAX_BUFFERED = 1024 * 1024;

/** How often each connection is shown to live, seconds. */
const BEAT_SECONDS = 15;
/** How often it is looked at those who wait for time alone, seconds. */
const LOOK_SECONDS = 10;

/** How long it is remembered what came, after the last stream of an account ended, ms. */
const REMEMBERED_MS = 10 * 60_000;

/** Time that a crowd may take at once, ms, as for requests that wait. */
const TURN_MS = 2;

const RETRY_AFTER = '5';

export interface StreamsOptions {
  readonly hub: Hub;
  readonly clock: Clock;
  readonly accounts: Pick<Accounts, 'loaded'>;
  readonly held: HeldMemory;
  /** Streams of one network that may be open at once. */
  readonly perAddress: number;
  readonly onError: (message: string, error: unknown) => void;
  /** What the time that work takes is measured by, ms; the machine's by default. */
  readonly workClock?: (() => number) | undefined;
}

/** What there is to count. */
export interface StreamCounts {
  /** Open now. */
  readonly sse: number;
  readonly webSocket: number;
  /** Since the start. */
  readonly framesSent: number;
  readonly droppedSlow: number;
}

export class Streams implements Subscriber, StreamKeeper {
  readonly #options: StreamsOptions;
  readonly #positions = new Positions();
  readonly #queue: FairQueue;
  readonly #accounts = new Map<string, AccountStreams>();
  /** Each in the second of the beat in which it began. */
  readonly #beats = Array.from({ length: BEAT_SECONDS }, () => new Set<Stream>());
  readonly #held = new Map<Stream, Holding>();
  readonly #ofReader = new Counts();
  readonly #ofNetwork = new Counts();
  readonly #open = { sse: 0, websocket: 0 };
  /** The last second that was seen to, counted from `#begun` (elapsed ms). */
  #second = 0;
  readonly #begun: number;
  #ticking: (() => void) | null = null;
  #framesSent = 0;
  #droppedSlow = 0;
  #phase: 'open' | 'closed' = 'open';

  constructor(options: StreamsOptions) {
    this.#options = options;
    this.#queue = new FairQueue(options.workClock, TURN_MS);
    this.#begun = options.clock.elapsed();
    options.hub.subscribe(this);
  }

  get counts(): StreamCounts {
    const { sse, websocket: webSocket } = this.#open;
    return { sse, webSocket, framesSent: this.#framesSent, droppedSlow: this.#droppedSlow };
  }

  /** @throws WireError 429 when its network, or its reader, has as many as may be. */
  requirePlace(request: StreamRequest, { reader, account }: StreamAnswer): void {
    const { perAddress } = this.#options;
    const [whose, most] =
      this.#ofReader.of(`${account.id}/${placeOf(reader)}`) >= MAX_STREAMS_OF_READER
        ? ['of this reader', MAX_STREAMS_OF_READER]
        : this.#ofNetwork.of(request.network) >= perAddress
          ? [`of ${request.network}`, perAddress]
          : [null, 0];
    if (whose === null) return;
    throw new WireError(
      'tooManyRequests',
      `${most.toLocaleString('en')} streams ${whose} are open already, which is all that may: close those that are not needed.`,
      { 'retry-after': RETRY_AFTER },
    );
  }

  /** Begins a stream for which there is a place. The transport's end is to be reported by `gone`. */
  begin(request: StreamRequest, transport: Transport, answer: StreamAnswer): Stream {
    const { account } = answer;
    let streams = this.#accounts.get(account.id);
    if (streams === undefined) {
      const { hub, clock, accounts } = this.#options;
      streams = new AccountStreams(account, hub, clock, (id) => accounts.loaded(id));
      this.#accounts.set(account.id, streams);
    }
    const stream = new Stream(this, streams, request, transport, answer);
    streams.add(stream);
    this.#open[stream.over] += 1;
    this.#ofReader.add(`${request.accountId}/${stream.place}`, 1);
    this.#ofNetwork.add(request.network, 1);
    this.#seeTo(this.#secondNow());
    this.#beats[this.#second % BEAT_SECONDS]?.add(stream);
    if (this.#ticking === null) this.#tickLater();
    if (this.#phase === 'closed') stream.end('shutdown');
    else this.#safely(stream, () => stream.looked(answer));
    return stream;
  }

  /** Ends all there are, and whatever would begin from now on. */
  close(): void {
    this.#phase = 'closed';
    for (const { streams } of this.#accounts.values()) {
      for (const stream of [...streams]) stream.end('shutdown');
    }
    this.#ticking?.();
    this.#ticking = null;
  }

  /** Somebody began or stopped to type in a chat. */
  typed(accountId: string, chatId: string): void {
    this.#accounts.get(accountId)?.typed(chatId);
  }

  committed(batch: Batch): void {
    this.#accounts.get(batch.accountId)?.committed(batch);
  }

  loaded(accountId: string): void {
    const account = this.#options.accounts.loaded(accountId);
    if (account !== undefined) this.#accounts.get(accountId)?.loaded(account);
  }

  seal(position: Position, reader: ReaderMark): string {
    return this.#positions.seal(position, reader);
  }

  open(text: string, reader: ReaderMark): Position | null {
    return this.#positions.open(text, reader);
  }

  /** Somebody lives at the other end: a heartbeat of the reader. */
  alive(stream: Stream): void {
    const { accounts } = this.#options;
    const host = accounts.loaded(stream.request.accountId)?.host;
    if (stream.phase !== 'over') host?.heartbeats.touch(stream.place, host.elapsed());
  }

  due(stream: Stream): void {
    if (stream.isQueued || stream.phase === 'over') return;
    stream.isQueued = true;
    this.#queue.add(stream.request.network, () => {
      stream.isQueued = false;
      this.#safely(stream, () => stream.look());
    });
  }

  sent(stream: Stream): void {
    this.#framesSent += 1;
    const { buffered } = stream.transport;
    if (buffered > MAX_BUFFERED) this.#drop(stream);
    else this.#hold(stream, buffered);
  }

  ended(stream: Stream): void {
    const { accountId, network } = stream.request;
    this.#accounts.get(accountId)?.remove(stream);
    this.#open[stream.over] -= 1;
    this.#ofReader.add(`${accountId}/${stream.place}`, -1);
    this.#ofNetwork.add(network, -1);
    for (const beat of this.#beats) if (beat.delete(stream)) break;
    this.#release(stream);
  }

  /** What waits for a reader counts as held. */
  #hold(stream: Stream, bytes: number): void {
    const holding = this.#held.get(stream);
    if (holding !== undefined && (bytes <= SMALL_ANSWER || bytes < holding.bytes)) {
      // Some of it was read: the time for what is left begins anew.
      this.#release(stream);
    }
    if (bytes <= SMALL_ANSWER) return;
    const { held } = this.#options;
    const { network } = stream.request;
    const still = this.#held.get(stream);
    if (still !== undefined) held.grow(still, bytes - still.bytes);
    else
      this.#held.set(
        stream,
        held.hold(network, bytes, () => this.#drop(stream)),
      );
    if (held.lacks(network, 0) !== null) this.#drop(stream);
  }

  #release(stream: Stream): void {
    const holding = this.#held.get(stream);
    if (holding === undefined) return;
    this.#held.delete(stream);
    this.#options.held.release(holding);
  }

  /** It does not read: it may come again when it does. */
  #drop(stream: Stream): void {
    if (stream.phase === 'over') return;
    this.#droppedSlow += 1;
    stream.end('slow');
  }

  #secondNow(): number {
    return Math.floor((this.#options.clock.elapsed() - this.#begun) / 1_000);
  }

  /** Waits for the next second in which there is something to do: the others wake nobody. */
  #tickLater(): void {
    this.#ticking = null;
    if (this.#accounts.size === 0 || this.#phase === 'closed') return;
    let next = this.#second + 1;
    while (next % LOOK_SECONDS !== 0 && this.#beats[next % BEAT_SECONDS]?.size === 0) next += 1;
    const { clock } = this.#options;
    const ms = this.#begun + next * 1_000 - clock.elapsed();
    this.#ticking = clock.after(ms, () => {
      // A timer may come early by less than a millisecond.
      this.#seeTo(Math.max(next, this.#secondNow()));
      this.#tickLater();
    });
  }

  /** Does what is due up to that second. After a standstill each stream is seen to once. */
  #seeTo(now: number): void {
    this.#second = Math.max(this.#second, now - BEAT_SECONDS);
    while (this.#second < now) {
      this.#second += 1;
      for (const stream of this.#beats[this.#second % BEAT_SECONDS] ?? []) {
        this.#queue.add(stream.request.network, () => this.#beat(stream));
      }
      if (this.#second % LOOK_SECONDS === 0) this.#look();
    }
  }

  #look(): void {
    const { clock, onError } = this.#options;
    for (const [accountId, streams] of this.#accounts) {
      try {
        streams.timePassed();
      } catch (error) {
        onError(`who waits in account ${accountId} could not be notified`, error);
      }
      const { emptySince } = streams;
      if (emptySince !== null && clock.elapsed() - emptySince > REMEMBERED_MS) {
        this.#accounts.delete(accountId);
      }
    }
  }

  #beat(stream: Stream): void {
    if (stream.phase === 'over') return;
    this.#safely(stream, () => {
      // A bearer whose time is over is nobody's change.
      stream.look();
      if (stream.phase !== 'open') return;
      if (stream.transport.beat()) this.#hold(stream, stream.transport.buffered);
      else stream.transport.cut();
    });
  }

  #safely(stream: Stream, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.onError('a stream failed', error);
      stream.transport.cut();
      stream.gone();
    }
  }
}
