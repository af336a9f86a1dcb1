/**
 * What strangers may fill the process with, whatever account they come by. Each account counts its own
 * (engine, memory/); here they share what there is, so that one that is flooded leaves room for others.
 */
import { getHeapStatistics } from 'node:v8';
import { type MemoryRoom, type Standing, STEPS } from '@parley/engine';

/** Bytes, as `bytesOf` of the engine counts; V8 needs up to twice as many for them. */
export interface MemoryLimits {
  /** All that the process holds of what visitors bring: chats, visits, mails that wait. */
  readonly processBytes: number;
  /** Of that, what one account holds. */
  readonly accountBytes: number;
}

const MEBIBYTE = 1024 * 1024;

/**
 * Of the heap, what visitors' data may be: a third of it then, and as much again while a snapshot is
 * read; the rest is for requests under way, and for what the collector has not cleared yet.
 */
export const PART_OF_HEAP = 1 / 6;

/** An account that holds more is beyond what one server is for. */
export const MAX_ACCOUNT_BYTES = 768 * MEBIBYTE;

/** What is in use and can never go; the rest is idle. */
export const PART_IN_USE = 5 / 8;

/** Of what the process holds, the most that one account has. */
export const PART_OF_ACCOUNT = 3 / 4;

/** How many times what is left one account may hold. */
const TIMES_LEFT = 4;

/** The limits that fit the heap which this process was started with. */
export function defaultMemoryLimits(): MemoryLimits {
  const processBytes = Math.floor(getHeapStatistics().heap_size_limit * PART_OF_HEAP);
  return { processBytes, accountBytes: MAX_ACCOUNT_BYTES };
}

/** Of what may be idle, what is always kept free for accounts that hold little. */
const IDLE_RESERVE = 1 / 16;

type Held = Readonly<Record<'live' | 'idle', number>>;

export class ProcessMemory {
  readonly #live: number;
  readonly #idle: number;
  readonly #accountLive: number;
  readonly #accountIdle: number;
  readonly #accounts = new Set<AccountMemory>();
  readonly #held = { live: 0, idle: 0 };
  /** The account that is asked to give way at this moment. */
  #relieving: AccountMemory | null = null;

  constructor({ processBytes, accountBytes }: MemoryLimits) {
    const account = Math.min(accountBytes, PART_OF_ACCOUNT * processBytes);
    this.#live = PART_IN_USE * processBytes;
    this.#idle = processBytes - this.#live;
    this.#accountLive = PART_IN_USE * account;
    this.#accountIdle = account - this.#accountLive;
  }

  /** Bytes held by all accounts. */
  get held(): Held {
    return this.#held;
  }

  /**
   * A new account, which holds nothing yet.
   * @param giveWay called when others need the room that it has too much of: it is to look at `room`
   */
  account(giveWay: () => void): AccountMemory {
    const account = new AccountMemory(this, giveWay);
    this.#accounts.add(account);
    return account;
  }

  /** What an account may hold at this moment. */
  roomFor({ held }: AccountMemory): MemoryRoom {
    const left = (standing: Standing) => STEPS[standing].all * this.#live - this.#held.live;
    const forIdle = this.#idle - this.#held.idle;
    return {
      live: this.#accountLive,
      // Whoever has more than its part gives way.
      idle: Math.max(0, Math.min(this.#accountIdle, TIMES_LEFT * forIdle)),
      left: {
        stranger: Math.min(left('stranger'), TIMES_LEFT * left('stranger') - held.live),
        served: left('served'),
        user: left('user'),
      },
    };
  }

  /** Counts what an account holds now instead of before. */
  count(account: AccountMemory, before: Held, now: Held): void {
    this.#held.live += now.live - before.live;
    this.#held.idle += now.idle - before.idle;
    const short = this.#idle - this.#held.idle < IDLE_RESERVE * this.#idle;
    if (short && now.idle > before.idle) this.#relieve(account);
  }

  forget(account: AccountMemory): void {
    this.#accounts.delete(account);
  }

  /** Makes who holds most that is idle let go of what it has too much of. */
  #relieve(asking: AccountMemory): void {
    if (this.#relieving !== null) return;
    let most = asking;
    for (const account of this.#accounts) if (account.held.idle > most.held.idle) most = account;
    if (most === asking) return;
    this.#relieving = most;
    try {
      most.giveWay();
    } finally {
      this.#relieving = null;
    }
  }
}

/** What one account holds, as the process counts it. */
export class AccountMemory {
  readonly giveWay: () => void;
  readonly #process: ProcessMemory;
  #held: Held = { live: 0, idle: 0 };

  constructor(process: ProcessMemory, giveWay: () => void) {
    this.#process = process;
    this.giveWay = giveWay;
  }

  get held(): Held {
    return this.#held;
  }

  /** What it may hold at this moment. */
  room(): MemoryRoom {
    return this.#process.roomFor(this);
  }

  /** Counts what it holds now, bytes. */
  hold({ live, idle }: Held): void {
    const before = this.#held;
    if (before.live === live && before.idle === idle) return;
    this.#held = { live, idle };
    this.#process.count(this, before, this.#held);
  }

  /** It was dropped, and holds nothing any more. */
  release(): void {
    this.hold({ live: 0, idle: 0 });
    this.#process.forget(this);
  }
}
