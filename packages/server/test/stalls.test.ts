/**
 * An account that holds as much as it may: while it is written down whole, and goes on meanwhile, no
 * turn of the event loop takes long, and memory grows little.
 *
 * What counts of a turn is the time that its thread was on a processor, so that a busy machine makes no
 * difference. `PARLEY_STALL_MB` makes the account larger: 690 is what a heap of 4 GB allows.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { getHeapStatistics } from 'node:v8';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AccountHost } from '@parley/runtime/accounts/account-host';
import { loadState } from '@parley/runtime/accounts/load-state';
import { newChatId } from '@parley/configuration/secrets/tokens';
import { Fixture } from './chat-fixture.js';
import { give } from './give.js';
import { DEMO_ACCOUNT } from './harness.js';
import { WallClock } from './wall-clock.js';

const MEBIBYTE = 1024 * 1024;
/** What the process may hold of chats, visits and mails; the account three quarters of it. */
const MB = Number(process.env['PARLEY_STALL_MB'] ?? 160);
const CHATS = 6_000;
const MAX_MS = 20;
/** Where only times move. */
const MAX_CLOCK_MS = 10;
/** What the system's count of a thread's time may be behind, ms. */
const COUNTED_LATE_MS = 4;

/** Stored as six times as many bytes. */
const ESCAPED = '\u0001';

/** Measures turns of the event loop, and what the heap holds meanwhile. */
class Turns {
  readonly #file = openSync('/proc/thread-self/schedstat', 'r');
  readonly #buffer = Buffer.alloc(64);
  /** Ms on a processor, of turns of a millisecond and more. */
  readonly took: number[] = [];
  peak = 0;
  #phase: 'on' | 'over' = 'on';
  #last = this.#onProcessor();

  begin(): this {
    const turn = () => {
      const now = this.#onProcessor();
      if (now - this.#last >= 1) this.took.push(now - this.#last);
      this.#last = now;
      this.peak = Math.max(this.peak, heldMb());
      if (this.#phase === 'on') setImmediate(turn);
    };
    setImmediate(turn);
    return this;
  }

  end(): void {
    this.#phase = 'over';
    closeSync(this.#file);
  }

  #onProcessor(): number {
    if (this.#phase === 'over') return this.#last;
    const length = readSync(this.#file, this.#buffer, 0, 64, 0);
    return Number(this.#buffer.toString('latin1', 0, length).split(' ', 1)[0]) / 1e6;
  }
}

function heldMb(): number {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
  return (heap + external) / MEBIBYTE;
}

/** What comes due has a turn of its own each, as with a machine's clock. */
class ClockOfTurns extends WallClock {
  override after(ms: number, callback: () => void): () => void {
    let isWanted = true;
    const cancel = super.after(ms, () => setImmediate(() => isWanted && callback()));
    return () => {
      isWanted = false;
      cancel();
    };
  }
}

const clock = new ClockOfTurns();
let fixture: Fixture;
let host: AccountHost;
beforeAll(async () => {
  fixture = await Fixture.start({ clock, memory: { processBytes: MB * MEBIBYTE } });
  host = await fixture.host();
  await fillVisits();
  await fillChats();
}, 600_000);
afterAll(() => fixture.stop());

const ip = (n: number) => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;

/** A visitor of whom little is known. */
const NOBODY = {
  name: null,
  userAgent: null,
  referrer: null,
  language: null,
  engagementId: null,
  campaignId: null,
  sharkVisitorId: null,
  sharkSessionId: null,
  sharkContextId: null,
} as const;

let serial = 0;
/** Reports a visit that is as large as one may be. */
function report(): Promise<unknown> {
  serial += 1;
  const page = {
    url: `https://a.example/${'x'.repeat(1_900)}`,
    title: ESCAPED.repeat(300),
    referrer: null,
    at: clock.now(),
    timeOnPage: null,
  };
  const pages = Array.from({ length: 16 }, (_, n) => ({ ...page, id: `p${n}` }));
  return give<'visit.see'>(host, {
    type: 'visit.see',
    sessionId: `session-${serial}`,
    visitorId: `visitor-${serial}`,
    facts: { ip: ip(serial) },
    pages,
  });
}

/** Until the longest silent go. */
async function fillVisits(): Promise<void> {
  for (let before = -1; host.state.visits.size > before; ) {
    before = host.state.visits.size;
    await Promise.all(Array.from({ length: 20 }, report));
  }
}

async function fillChats(): Promise<void> {
  const each = (MB * MEBIBYTE * 0.3) / CHATS - 4_000;
  const preChatLines = [ESCAPED.repeat(Math.floor(each / 6))];
  for (let n = 0; n < CHATS; n += 100) {
    await Promise.all(
      Array.from({ length: 100 }, (_, k) =>
        give<'chat.request'>(
          host,
          {
            type: 'chat.request',
            skillId: null,
            forUserId: null,
            maxWait: null,
            timeout: null,
            visitor: { ...NOBODY, visitorId: `guest-${n + k}`, ip: ip(n + k) },
            preChatLines,
          },
          newChatId(),
        ),
      ),
    );
  }
}

/** The longest turns, ms; they and what else was found are printed. */
function judged(turns: Turns, facts: Readonly<Record<string, unknown>>): readonly number[] {
  turns.end();
  const longest = turns.took.toSorted((a, b) => b - a).slice(0, 5);
  const { bytes } = host.state.memory;
  console.info(`Stalls: ${JSON.stringify({ longest, bytes, ...facts })}`);
  return longest;
}

it('[MEM12] an account that holds all it may stops no turn for long while it is written down', async () => {
  const { chats, visits } = host.state;
  expect(chats.size).toBe(CHATS);
  const [chatId = ''] = chats.keys();
  const line = { text: 'x', textType: 'plain', subType: 'REGULAR' } as const;
  const from = { party: 'visitor' } as const;
  const before = heldMb();
  const turns = new Turns().begin();
  host.snapshots.take();
  await expect.poll(() => host.state.freeze).not.toBeNull();
  let lines = 0;
  while (host.state.freeze !== null) {
    lines += 1;
    if (lines > 10_000) throw new Error('the snapshot is never written');
    await give<'chat.addLine'>(host, { type: 'chat.addLine', chatId, from, ...line });
    if (lines % 10 === 0) await report();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const { peak } = turns;
  const heapMb = { before, peak };
  const longest = judged(turns, { chats: chats.size, visits: visits.size, lines, heapMb });
  expect(lines).toBeGreaterThan(20);
  expect(longest[0]).toBeLessThan(MAX_MS + COUNTED_LATE_MS);
  expect(peak).toBeLessThan(1.5 * before);
});

it.each(['a snapshot', 'the whole journal'])(
  '[MEM12] nor while it is read from %s, which others must not notice',
  async (from) => {
    const { journal } = fixture.server.running.server.store;
    const load = async (accountId: string) => {
      const loaded = await journal.load(accountId);
      return from === 'a snapshot' ? loaded : { ...loaded, snapshots: [] };
    };
    const turns = new Turns().begin();
    const { state, snapshot, replayed } = await loadState(
      { ...journal, load },
      DEMO_ACCOUNT,
      (damage) => {
        throw damage;
      },
    );
    const longest = judged(turns, { from, chats: state.chats.size, replayed });
    expect(snapshot === null).toBe(from !== 'a snapshot');
    expect([state.chats.size, state.visits.size]).toEqual([CHATS, host.state.visits.size]);
    expect(longest[0]).toBeLessThan(MAX_MS + COUNTED_LATE_MS);
  },
);

it('[MEM12] nor while the account is dropped and comes back', async () => {
  const { accounts } = fixture.server.running.server;
  const turns = new Turns().begin();
  host.abandon(new Error('the test says so'));
  clock.advance(1_000);
  await vi.waitFor(() => expect(accounts.loaded(DEMO_ACCOUNT)).toBeDefined(), {
    timeout: 60_000,
    interval: 20,
  });
  const back = accounts.loaded(DEMO_ACCOUNT)?.host.state;
  const longest = judged(turns, { back: true, chats: back?.chats.size });
  expect(back?.chats.size).toBe(CHATS);
  expect(longest[0]).toBeLessThan(MAX_MS + COUNTED_LATE_MS);
});

describe('nor while the clock is set', () => {
  const dueIn = () => (host.state.deadlines.next() ?? 0) - host.now();

  async function setClock(by: number, what: string): Promise<void> {
    const { accounts } = fixture.server.running.server;
    const due = dueIn();
    const turns = new Turns().begin();
    await new Promise((resolve) => setImmediate(resolve));
    clock.set(by);
    accounts.followClock();
    await new Promise((resolve) => setTimeout(resolve, 50));
    // To be shown beside: what the clock is set back by passes slowly.
    const late = Math.abs(dueIn() - due);
    const longest = judged(turns, { what, by, late });
    expect(late).toBeLessThan(1_000);
    expect(longest[0] ?? 0).toBeLessThan(MAX_CLOCK_MS + COUNTED_LATE_MS);
  }

  it('[CLOCK8] forward, and every deadline comes after the time that it was to', async () => {
    host = accountHost();
    await expect.poll(() => host.state.freeze, { timeout: 20_000 }).toBeNull();
    await setClock(3_600_000, 'forward');
  });

  it('[CLOCK8] forward, while the account is written down', async () => {
    host = accountHost();
    host.snapshots.take();
    await expect.poll(() => host.state.freeze).not.toBeNull();
    await setClock(3_600_000, 'forward, with a snapshot');
  });

  it('[CLOCK8] while nobody could be heard, and everybody has the whole grace again', async () => {
    host = accountHost();
    const turns = new Turns().begin();
    await new Promise((resolve) => setImmediate(resolve));
    clock.standStill(600_000);
    for (let turn = 0; turn < 100; turn += 1) {
      clock.advance(1);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const longest = judged(turns, { what: 'stood still' });
    expect(host.state.chats.size).toBeGreaterThan(CHATS / 2);
    expect(longest[0] ?? 0).toBeLessThan(MAX_MS + COUNTED_LATE_MS);
  });
});

function accountHost(): AccountHost {
  const found = fixture.server.running.server.accounts.loaded(DEMO_ACCOUNT)?.host;
  if (found === undefined) throw new Error('the account is not loaded');
  return found;
}
