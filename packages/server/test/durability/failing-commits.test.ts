/**
 * Visitors and agents chat at random while commits fail at random: refused, or kept but not
 * confirmed. A failure names its seed; `PARLEY_COMMIT_SEED` makes the same choices again.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_ACCOUNT, startTestServer, type TestServer } from '../harness.js';
import { checkJournal, completeAll } from './complete.js';
import { Crowd } from './crowd.js';
import { Faults } from './faults.js';
import { Line } from './line.js';
import { limitChats } from './lives.js';
import { Random } from './random.js';

const seed = Number(process.env['PARLEY_COMMIT_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const ROUNDS = 8;
const CALLS_PER_ROUND = 200;

describe(`a disk that fails at random (PARLEY_COMMIT_SEED=${seed})`, () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer({ logLevel: 'silent' });
    const { store, accounts } = server.running.server;
    await limitChats(store);
    await accounts.refresh(DEMO_ACCOUNT);
  });

  afterAll(() => server.stop());

  it('[DUR2] breaks no promise', { timeout: 120_000 }, async () => {
    const random = new Random(seed);
    const crowd = new Crowd(random);
    const { ledger, checker } = crowd;
    const faults = new Faults(server.running.server.store);
    const line = new Line(server.http, (what) => ledger.wrong(what));
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
      let sent = 0;
      line.listener = {
        sent: () => {
          sent += 1;
        },
        answered: () => {},
      };
      await crowd.chat(line, () => sent >= CALLS_PER_ROUND);
      line.listener = null;
      faults.repair();
      await checker.afterRestart(line);
      expect(ledger.broken, `seed ${seed}, round ${round}`).toEqual([]);
    }
    await completeAll(line, crowd);
    await checker.everything(line);
    line.close();
    await server.running.close();
    await checkJournal(server.dataDir, ledger);
    expect(ledger.broken, `seed ${seed}, at the end`).toEqual([]);
    expect(failed).toBeGreaterThan(ROUNDS);
  });
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
