/**
 * The kill test: visitors and agents chat at random while the server is killed at random instants.
 *
 * `PARLEY_KILLS` says how often (default 50). A failure names its seed: `PARLEY_KILL_SEED` makes the
 * same choices again, though not to the instant, for the machine has a say in that.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkJournal } from './complete.js';
import { startTestServer } from '../harness.js';
import { Lives, prepare } from './lives.js';
import { Random } from './random.js';

const kills = Number(process.env['PARLEY_KILLS'] ?? 50);
const seed = Number(process.env['PARLEY_KILL_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** On a busy machine; on a quiet one a kill takes little more than a second. */
const MS_PER_KILL = 10_000;

describe(`a server that is killed ${kills} times (PARLEY_KILL_SEED=${seed})`, () => {
  let dataDir: string;
  let lives: Lives;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'parley-kill-'));
    // Answers are held against the description, which one of this process gives.
    await (await startTestServer()).stop();
    const random = new Random(seed);
    await prepare(dataDir, [random.below(400), random.below(800), random.below(1_600)]);
    lives = new Lives(dataDir, seed);
  }, 120_000);

  afterAll(async () => {
    await lives.abandon();
    await rm(dataDir, { recursive: true, force: true });
  });

  function expectNothingBroken(): void {
    const { counts } = lives;
    const when = `seed ${seed}, life ${counts.lives}, kill ${counts.kills}`;
    expect(lives.crowd.ledger.broken, when).toEqual([]);
  }

  it('[DUR1] keeps every promise', { timeout: 60_000 + kills * MS_PER_KILL }, async () => {
    while (lives.counts.kills < kills) {
      await lives.live();
      expectNothingBroken();
    }
    await lives.complete();
    expectNothingBroken();
    await checkJournal(dataDir, lives.crowd.ledger);
    expectNothingBroken();
    if (process.env['PARLEY_KILL_SUMMARY'] !== undefined) console.log(lives.summary());
  });
});
