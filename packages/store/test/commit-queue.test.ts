import { describe, expect, it } from 'vitest';
import { StoreConflict, StoreFailure } from '../src/index.js';
import { CommitQueue } from '../src/group-commit/commit-queue.js';
import type { Batch, Outcome } from '../src/group-commit/messages.js';

const done: Outcome = { ok: true, answer: null };
const fenced: Outcome = {
  ok: false,
  error: { kind: 'conflict', reason: 'fenced', message: 'taken' },
};

/** A queue whose other side is the test: batches arrive in a list, and are answered by hand. */
function queueByHand() {
  const batches: Batch[] = [];
  let rests = 0;
  let looks = 0;
  const queue = new CommitQueue({
    send(batch) {
      batches.push(batch);
    },
    look() {
      looks += 1;
    },
    rest() {
      rests += 1;
    },
  });
  return {
    queue,
    batches,
    rests: () => rests,
    looks: () => looks,
    append: (accountId: string, seq: number) =>
      queue.write({ do: 'append', accountId, epoch: null, values: [seq, 1, 't', 1, null, '{}'] }),
    read: () => queue.read({ ask: 'listAccounts' }),
    commit: (outcomes: readonly Outcome[]) =>
      queue.committed({ kind: 'committed', outcomes, diskMs: 0, changed: [] }),
  };
}

/** Lets what is due in this step happen. */
const step = () => new Promise<void>((resolve) => setImmediate(resolve));

function firstValues(batch: Batch | undefined): unknown[] {
  return (batch?.writes ?? []).map((write) => (write.do === 'append' ? write.values[0] : write.do));
}

describe('the commit queue', () => {
  it('[STORE3] sends what arrives while a batch is in flight with the next', async () => {
    const { batches, append, commit } = queueByHand();
    const first = [append('a', 1), append('b', 1)];
    await step();
    const second = [append('a', 2), append('c', 1)];
    await step();
    expect(batches).toHaveLength(1);
    expect(firstValues(batches[0])).toEqual([1, 1]);

    commit([done, done]);
    await Promise.all(first);
    expect(batches).toHaveLength(2);
    expect(firstValues(batches[1])).toEqual([2, 1]);
    commit([done, done]);
    await Promise.all(second);
  });

  it('[STORE3] looks for the answer of the batch in flight while writes pile up', async () => {
    const { batches, append, looks, commit } = queueByHand();
    const first = append('a', 1);
    await step();
    const burst = Array.from({ length: 64 }, (_, index) => append('a', index + 2));
    expect(looks()).toBe(1);

    // What it hears is settled as ever, and what piled up goes out at once.
    commit([done]);
    await first;
    expect(batches[1]?.writes).toHaveLength(64);
    commit(Array.from({ length: 64 }, () => done));
    await Promise.all(burst);
  });

  it('[STORE3] bounds a transaction, and keeps the order across the bound', async () => {
    const { queue, batches, append, read, commit } = queueByHand();
    const writes = Array.from({ length: 5_000 }, (_, index) => append('a', index + 1));
    const accounts = read();
    await step();
    expect(batches[0]?.writes).toHaveLength(4_096);
    expect(batches[0]?.reads).toHaveLength(0);
    commit(Array.from({ length: 4_096 }, () => done));
    expect(firstValues(batches[1])[0]).toBe(4_097);
    // The read was called after all of them, so it goes with the last.
    expect(batches[1]?.reads).toHaveLength(1);
    commit(Array.from({ length: 904 }, () => done));
    await Promise.all(writes);
    queue.answered({ kind: 'answered', outcomes: [{ ok: true, answer: ['x'] }] });
    expect(await accounts).toEqual(['x']);
  });

  it('[FAIR4] knows what is not on disk yet, whatever becomes of it', async () => {
    const { queue, batches, append, commit } = queueByHand();
    expect(queue.characters).toBe(0);
    const first = append('a', 1);
    // Of the values, those that are text: `t` and `{}`.
    expect(queue.characters).toBe(3);
    await step();
    expect(batches).toHaveLength(1);
    const second = [append('a', 2), append('b', 1)];
    expect(queue.characters).toBe(9);
    commit([done]);
    await first;
    expect(queue.characters).toBe(6);
    // The append of `a` fails, and what of it was queued meanwhile goes with it.
    const third = append('a', 3);
    const refused = [second[0], third].map((each) => expect(each).rejects.toThrow(StoreConflict));
    expect(queue.characters).toBe(9);
    commit([fenced, done]);
    await Promise.all([...refused, second[1]]);
    expect(queue.characters).toBe(0);

    const abandoned = expect(append('b', 2)).rejects.toThrow(StoreFailure);
    expect(queue.characters).toBe(3);
    queue.abandon(new StoreFailure('gone'));
    await abandoned;
    expect(queue.characters).toBe(0);
  });

  it('[STORE7] a failed append takes the queued ones of its account with it, and no others', async () => {
    const { batches, append, commit } = queueByHand();
    const first = append('a', 1);
    await step();
    const behind = append('a', 2);
    const other = append('b', 1);
    const outcomes = Promise.allSettled([first, behind]);
    commit([fenced]);
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ reason: expect.any(StoreConflict) });
    }
    expect(firstValues(batches[1])).toEqual([1]);
    expect(batches[1]?.writes[0]).toMatchObject({ accountId: 'b' });
    commit([done]);
    await other;
  });

  it('[STORE7] no append slips in between the failure and its callers hearing of it', async () => {
    const { batches, append, commit } = queueByHand();
    const first = append('a', 1);
    const noticed = first.catch(() => 'noticed');
    await step();
    commit([fenced]);
    const slipped = append('a', 2);
    await expect(slipped).rejects.toThrow('taken');
    expect(await noticed).toBe('noticed');
    await step();
    expect(batches).toHaveLength(1);
  });

  it('[STORE28] a failed transaction refuses every write in it', async () => {
    const { queue, append, read } = queueByHand();
    const outcomes = Promise.allSettled([append('a', 1), append('b', 1)]);
    const accounts = read();
    await step();
    const error = { kind: 'failure', message: 'disk full', code: 'SQLITE_FULL' } as const;
    queue.failed({ kind: 'failed', error, changed: [] });
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ reason: { message: 'disk full', cause: 'SQLITE_FULL' } });
    }
    queue.answered({ kind: 'answered', outcomes: [{ ok: true, answer: [] }] });
    expect(await accounts).toEqual([]);
  });

  it('[STORE35] when the thread ends, everything waiting and everything new is refused', async () => {
    const { queue, append, read } = queueByHand();
    const inFlight = [append('a', 1), read()];
    await step();
    const queued = [append('a', 2), read()];
    const outcomes = Promise.allSettled([...inFlight, ...queued]);
    const idle = queue.whenIdle();
    queue.abandon(new StoreFailure('the thread ended'));
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ reason: { message: 'the thread ended' } });
    }
    await idle;
    await expect(append('b', 1)).rejects.toThrow('the thread ended');
  });

  it('[STORE34] reports that there is nothing to do once the last answer is in', async () => {
    const { queue, rests, append, read, commit } = queueByHand();
    const work = [append('a', 1), read()];
    await step();
    expect(rests()).toBe(0);
    commit([done]);
    expect(rests()).toBe(0);
    queue.answered({ kind: 'answered', outcomes: [{ ok: true, answer: [] }] });
    expect(rests()).toBe(1);
    await Promise.all(work);
  });
});
