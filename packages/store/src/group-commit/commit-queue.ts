import { StoreConflict, StoreFailure } from '../port/errors.js';
import type { CommitFacts, StoreChange } from '../port/store.js';
import type { Engine } from './engine.js';
import { errorOf } from './errors.js';
import type {
  Answered,
  Committed,
  Failed,
  Outcome,
  ReadAnswer,
  ReadRequest,
  WriteAnswer,
  WriteName,
  WriteRequest,
} from './messages.js';

/**
 * The most writes in one transaction: bounds the time that a single commit takes and the memory
 * that it needs (a few ten milliseconds when every write is one journal entry).
 */
const MAX_GROUP = 4_096;
/** The same for what they hold, characters: one write may hold more, and goes alone then. */
const MAX_GROUP_CHARACTERS = 4_000_000;

/**
 * During a burst the event loop gets to the engine's reports late. So that the engine does not
 * rest meanwhile, every so many queued writes it is looked whether it has done its batch.
 */
const LOOK_EVERY = 64;

/** Writes that were made from the state of an account, and fail with its appends. */
const BUILDS_ON_APPENDS: ReadonlySet<WriteName> = new Set<WriteName>([
  'append',
  'beginSnapshot',
  'writePieces',
  'finishSnapshot',
]);

interface Waiting<Request> {
  readonly request: Request;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

type Write = Waiting<WriteRequest>;
type Read = Waiting<ReadRequest>;

/** What the engine is doing: nothing, or a batch whose writes, then reads, are yet to be answered. */
type Flight =
  | { readonly at: 'rest' }
  | { readonly at: 'writes'; readonly writes: readonly Write[]; readonly reads: readonly Read[] }
  | { readonly at: 'reads'; readonly reads: readonly Read[] };

/**
 * Collects what is asked of the database and hands it over in batches, one at a time.
 *
 * 1. Everything that arrives while a batch is in flight goes into the next: one transaction, one
 *    wait for the disk. Writes keep the order of their calls.
 * 2. A read is answered after the writes that were called before it.
 * 3. Once an append of an account fails, all its queued appends and snapshots fail with it, and
 *    further ones at once, until `forget` is called: they were made from a state that never came
 *    to be.
 */
export class CommitQueue {
  readonly #engine: Pick<Engine, 'send' | 'look' | 'rest'>;
  #flight: Flight = { at: 'rest' };
  #writes: Write[] = [];
  #reads: Read[] = [];
  /** Of the writes in flight, and of those that wait. */
  #charactersInFlight = 0;
  #charactersWaiting = 0;
  /** Why nothing more is accepted, once that is so. */
  #ended: StoreFailure | null = null;
  /** Accounts whose appends are refused, and why (rule 3). */
  readonly #broken = new Map<string, Error>();
  #idle: (() => void)[] = [];
  readonly #onCommit: (commit: CommitFacts) => void;
  /** When the batch in flight was handed over, ms. */
  #sentAt = 0;

  /** @param onCommit called with each transaction, as soon as it is known what became of it; must not throw */
  constructor(
    engine: Pick<Engine, 'send' | 'look' | 'rest'>,
    onCommit: (commit: CommitFacts) => void = () => {},
  ) {
    this.#engine = engine;
    this.#onCommit = onCommit;
  }

  /** Characters of the appends that are queued or in flight. */
  get characters(): number {
    return this.#charactersInFlight + this.#charactersWaiting;
  }

  /** Queues a write; resolves when it is on disk. */
  write<R extends WriteRequest>(request: R): Promise<WriteAnswer<R['do']>> {
    const refusal = this.#ended ?? this.#refusalOf(request);
    if (refusal !== null) return Promise.reject(refusal);
    return new Promise((resolve, reject) => {
      this.#writes.push({ request, resolve: resolve as (answer: unknown) => void, reject });
      this.#charactersWaiting += charactersOf(request);
      this.#sendSoon();
      if (this.#writes.length % LOOK_EVERY === 0) this.#engine.look();
    });
  }

  /** Queues a read. */
  read<R extends ReadRequest>(request: R): Promise<ReadAnswer<R['ask']>> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#reads.push({ request, resolve: resolve as (answer: unknown) => void, reject });
      this.#sendSoon();
    });
  }

  /** Refuses an account's appends from now on, until `forget` (rule 3). */
  refuse(accountId: string, error: Error): void {
    if (!this.#broken.has(accountId)) this.#broken.set(accountId, error);
  }

  /** Takes an account's appends again: its state is being loaded anew. */
  forget(accountId: string): void {
    this.#broken.delete(accountId);
  }

  /** Refuses everything from now on; what was queued before is still done. */
  stopAccepting(reason: StoreFailure): void {
    this.#ended ??= reason;
  }

  /** Refuses everything queued and everything to come: the engine is gone. */
  abandon(reason: StoreFailure): void {
    this.#ended ??= reason;
    const flight = this.#flight;
    const inFlight: Waiting<unknown>[] = [];
    if (flight.at === 'writes') inFlight.push(...flight.writes);
    if (flight.at !== 'rest') inFlight.push(...flight.reads);
    const all = [...inFlight, ...this.#writes, ...this.#reads];
    this.#writes = [];
    this.#reads = [];
    this.#charactersInFlight = 0;
    this.#charactersWaiting = 0;
    for (const waiting of all) waiting.reject(reason);
    this.#rest();
  }

  /** Resolves when nothing is queued or in flight. */
  whenIdle(): Promise<void> {
    if (this.#isIdle()) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /**
   * Settles the writes in flight, which are on disk or refused one by one; answers what they changed,
   * in their order.
   */
  committed(message: Committed): readonly StoreChange[] {
    const writes = this.#takeWritesInFlight();
    this.#measured('committed', writes.length, message.diskMs);
    const changes: StoreChange[] = [];
    message.outcomes.forEach((outcome, index) => {
      const write = writes[index];
      if (write === undefined) return;
      if (outcome.ok) changes.push(...changeOf(write.request, outcome.answer));
      this.#settleWrite(write, outcome);
    });
    this.#refuseQueued();
    this.#next();
    return changes;
  }

  /** Refuses all writes in flight: their transaction failed. */
  failed(message: Failed): void {
    const writes = this.#takeWritesInFlight();
    this.#measured('failed', writes.length, 0);
    for (const write of writes) {
      this.#settleWrite(write, { ok: false, error: message.error });
    }
    this.#refuseQueued();
    this.#next();
  }

  /** Settles the reads in flight. */
  answered(message: Answered): void {
    const flight = this.#flight;
    if (flight.at !== 'reads') return;
    this.#flight = { at: 'rest' };
    message.outcomes.forEach((outcome, index) => {
      const read = flight.reads[index];
      if (read !== undefined) settle(read, outcome);
    });
    this.#next();
  }

  #measured(outcome: CommitFacts['outcome'], writes: number, diskMs: number): void {
    this.#onCommit({ outcome, writes, ms: performance.now() - this.#sentAt, diskMs });
  }

  #takeWritesInFlight(): readonly Write[] {
    const flight = this.#flight;
    if (flight.at !== 'writes') return [];
    this.#charactersInFlight = 0;
    this.#flight = flight.reads.length > 0 ? { at: 'reads', reads: flight.reads } : { at: 'rest' };
    return flight.writes;
  }

  #settleWrite(write: Write, outcome: Outcome): void {
    if (!outcome.ok && write.request.do === 'append') {
      this.refuse(write.request.accountId, errorOf(outcome.error));
    }
    settle(write, outcome);
  }

  /** Takes the writes of accounts that are refused by now out of the queue (rule 3). */
  #refuseQueued(): void {
    if (this.#broken.size === 0) return;
    const kept: Write[] = [];
    for (const write of this.#writes) {
      const refusal = this.#refusalOf(write.request);
      if (refusal === null) kept.push(write);
      else {
        this.#charactersWaiting -= charactersOf(write.request);
        write.reject(refusal);
      }
    }
    this.#writes = kept;
  }

  #refusalOf(request: WriteRequest): Error | null {
    if (!BUILDS_ON_APPENDS.has(request.do) || !('accountId' in request)) return null;
    const cause = this.#broken.get(request.accountId);
    return cause === undefined ? null : sameError(cause);
  }

  #next(): void {
    if (this.#flight.at !== 'rest') return;
    if (this.#isIdle()) this.#rest();
    else this.#sendNow();
  }

  #rest(): void {
    this.#flight = { at: 'rest' };
    this.#engine.rest();
    const waiting = this.#idle;
    this.#idle = [];
    for (const resolve of waiting) resolve();
  }

  #isIdle(): boolean {
    return this.#flight.at === 'rest' && this.#writes.length === 0 && this.#reads.length === 0;
  }

  /** The first of a burst waits for the end of the current step, so that its companions come along. */
  #sendSoon(): void {
    if (this.#flight.at !== 'rest' || this.#writes.length + this.#reads.length !== 1) return;
    queueMicrotask(() => {
      if (this.#flight.at === 'rest' && !this.#isIdle()) this.#sendNow();
    });
  }

  #sendNow(): void {
    const { length, characters } = groupOf(this.#writes);
    const writes = this.#writes.splice(0, length);
    this.#charactersWaiting -= characters;
    this.#charactersInFlight = characters;
    // Reads follow the writes called before them, so they wait until the last of those is sent.
    const reads = this.#writes.length === 0 ? this.#reads.splice(0) : [];
    this.#flight = writes.length > 0 ? { at: 'writes', writes, reads } : { at: 'reads', reads };
    this.#sentAt = performance.now();
    try {
      this.#engine.send({
        writes: writes.map((write) => write.request),
        reads: reads.map((read) => read.request),
      });
    } catch (cause) {
      this.#refuseBatch(writes, reads, cause);
    }
  }

  /** What cannot be handed over at all, for its size or for want of memory, did not happen. */
  #refuseBatch(writes: readonly Write[], reads: readonly Read[], cause: unknown): void {
    this.#flight = { at: 'rest' };
    this.#charactersInFlight = 0;
    const reason = new StoreFailure('It could not be handed to the database.', { cause });
    for (const { request, reject } of writes) {
      if (request.do === 'append') this.refuse(request.accountId, reason);
      reject(reason);
    }
    for (const { reject } of reads) reject(reason);
    this.#refuseQueued();
    queueMicrotask(() => this.#next());
  }
}

/** How many of the writes, from the first on, go into one transaction, and what they hold. */
function groupOf(writes: readonly Write[]): {
  readonly length: number;
  readonly characters: number;
} {
  let characters = 0;
  let length = 0;
  for (const { request } of writes) {
    const own = charactersOf(request);
    if (length === MAX_GROUP) break;
    if (length > 0 && characters + own > MAX_GROUP_CHARACTERS) break;
    characters += own;
    length += 1;
  }
  return { length, characters };
}

function charactersOf(request: WriteRequest): number {
  if (request.do !== 'append') return 0;
  let characters = 0;
  for (const value of request.values) if (typeof value === 'string') characters += value.length;
  return characters;
}

/** What others must hear of a write that was done. */
function changeOf(request: WriteRequest, answer: unknown): readonly StoreChange[] {
  switch (request.do) {
    case 'writeConfig': {
      // What this write answers, by the table of writes.
      const written = answer as WriteAnswer<'writeConfig'>;
      const { accountId } = request;
      return written.items.length === 0 ? [] : [{ changed: 'configuration', accountId, written }];
    }
    case 'createAccount':
    case 'acceptLoss':
      return [{ changed: 'unknown', accountId: request.accountId }];
    case 'deleteLoginsOfUser': {
      const { accountId, userId } = request;
      return answer === true ? [{ changed: 'logins', accountId, userId }] : [];
    }
    default:
      return [];
  }
}

function settle(waiting: Waiting<unknown>, outcome: Outcome): void {
  if (outcome.ok) waiting.resolve(outcome.answer);
  else waiting.reject(errorOf(outcome.error));
}

/** The same refusal anew, so that each caller gets an error with a stack of its own. */
function sameError(error: Error): Error {
  if (error instanceof StoreConflict) return new StoreConflict(error.reason, error.message);
  if (error instanceof StoreFailure) return new StoreFailure(error.message, { cause: error.cause });
  return new StoreFailure(error.message, { cause: error });
}
