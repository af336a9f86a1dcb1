/** When snapshots are taken, and what their failure does. */
import { initialState } from '@parley/engine';
import { type Journal, type Snapshot, StoreFailure } from '@parley/store';
import { expect, it } from 'vitest';
import { SnapshotKeeper } from '../src/account/snapshot-keeper.js';

/** A keeper whose snapshots go nowhere, or fail. */
function keep(replayed: number, failure?: Error) {
  const saved: Snapshot[] = [];
  const errors: unknown[] = [];
  const saveSnapshot = async (_: string, snapshot: Snapshot) => {
    if (failure !== undefined) throw failure;
    saved.push(snapshot);
  };
  const keeper = new SnapshotKeeper({
    accountId: 'brand',
    state: initialState(),
    journal: { saveSnapshot } as unknown as Journal,
    replayed,
    now: () => 1,
    durable: () => undefined,
    onError: (message, error) => errors.push([message, error]),
  });
  return { keeper, saved, errors };
}

it('[STORE42] entries that were read again at the start count towards the next snapshot', async () => {
  const { keeper, saved } = keep(1_000_000);
  keeper.appended(1);
  await keeper.close();
  expect(saved.length).toBe(1);
});

it('[STORE42] a stop takes a snapshot unless there is nothing new', async () => {
  const fresh = keep(0);
  await fresh.keeper.close();
  expect(fresh.saved.length).toBe(0);
  const read = keep(1);
  await read.keeper.close();
  expect(read.saved.length).toBe(1);
});

it('[STORE43] a snapshot that fails is logged, and tried again later', async () => {
  const failure = new StoreFailure('the disk is full');
  const { keeper, errors } = keep(30_000, failure);
  keeper.appended(1);
  await keeper.close();
  expect(errors).toEqual([
    ['a snapshot of account brand could not be kept', failure],
    ['a snapshot of account brand could not be kept', failure],
  ]);
});
