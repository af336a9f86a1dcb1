/**
 * Visitors, agents and administrators act at random while commits fail at random: refused, or kept
 * but not confirmed. A failure names its seed (`PARLEY_COMMIT_SEED` makes the same choices again) and
 * the file of its history.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEMO_ACCOUNT, startTestServer, type TestServer } from '../harness.js';
import { check } from './check/check.js';
import { Crowd, limitChats } from './clients/crowd.js';
import { Faults } from './faults.js';
import { Random } from './random.js';

const seed = Number(process.env['PARLEY_COMMIT_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const ROUNDS = 8;
const CALLS_PER_ROUND = 200;

describe(`a disk that fails at random (PARLEY_COMMIT_SEED=${seed})`, () => {
  let server: TestServer;
  let folder: string;
  let problems: readonly string[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-commits-'));
    server = await startTestServer({ logLevel: 'silent' });
    const { store, accounts } = server.running.server;
    await limitChats(store);
    await accounts.refresh(DEMO_ACCOUNT);
  });

  afterEach(async () => {
    await server.stop();
    if (problems.length === 0) await rm(folder, { recursive: true, force: true });
  });

  it('[DUR2] breaks no promise', { timeout: 120_000 }, async () => {
    const random = new Random(seed);
    const file = join(folder, 'history.ndjson');
    const crowd = new Crowd(random, `PARLEY_COMMIT_SEED=${seed}`, file);
    const { recorder } = crowd;
    const faults = new Faults(server.running.server.store);
    crowd.connect(server.http);
    let failed = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      faults.append = async () => {
        // Time enough for others to ask for what is not kept yet.
        await pause(random.below(4));
        const fate = random.weighted({ done: 60, refused: 2, unconfirmed: 1 });
        if (fate !== 'done') failed += 1;
        return fate;
      };
      faults.load = () => random.weighted({ done: 3, refused: 1 });
      let made = 0;
      recorder.onCall = () => {
        made += 1;
      };
      await crowd.go(() => made >= CALLS_PER_ROUND);
      recorder.onCall = () => {};
      faults.repair();
      await crowd.look();
    }
    await crowd.finish();
    crowd.disconnect();
    await server.running.close();
    await crowd.readDisk(server.dataDir);
    recorder.flush();
    problems = check(recorder.history);
    expect(problems.slice(0, 20), `seed ${seed}; the history is ${file}`).toEqual([]);
    expect(failed).toBeGreaterThan(ROUNDS);
  });
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
