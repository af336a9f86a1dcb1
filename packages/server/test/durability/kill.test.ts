/**
 * The kill test: visitors, agents and administrators act at random while the server is killed and
 * loses power at random instants, is stopped, has its clock set, and its disk fail. What they did and
 * were answered is a history, and that is held against the contract (check/check.ts).
 *
 * `PARLEY_KILLS` says how often (default 6), and as often the power is cut. Everything has a bound in
 * time; a long run says how far it is. A failure names its seed, and the file of its history, which is
 * kept: `PARLEY_KILL_SEED` makes the same choices again, though not to the instant, for the machine has
 * a say in that; `node scripts/check-history.mjs <file>` checks the same history again.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer } from '../harness.js';
import { check } from './check/check.js';
import { hasDisk } from './disk/disk.js';
import { Restarts } from './process/restarts.js';

const kills = Number(process.env['PARLEY_KILLS'] ?? 6);
const seed = Number(process.env['PARLEY_KILL_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** On a busy machine; on a quiet one a kill takes about a second. */
const MS_PER_KILL = 10_000;

/** How often the history is checked before the end, and a long run says how far it is, in kills. */
const CHECK_EVERY = 10;

/** How much of what the servers logged is shown with a failure, characters: the last of it. */
const MAX_LOG = 8_000;

describe(`a server that is killed ${kills} times (PARLEY_KILL_SEED=${seed})`, () => {
  let folder: string;
  let file: string;
  let restarts: Restarts;
  let problems: readonly string[] = [];

  beforeAll(async () => {
    hasDisk();
    folder = await mkdtemp(join(tmpdir(), 'parley-kill-'));
    file = join(folder, 'history.ndjson');
    // Answers are held against the description, which one of this process gives.
    await (await startTestServer()).stop();
    const about = `PARLEY_KILLS=${kills} PARLEY_KILL_SEED=${seed}`;
    restarts = new Restarts({ folder, seed, about, file });
    await restarts.prepare(3);
  }, 120_000);

  afterAll(async () => {
    await restarts.abandon();
    // What went wrong stays to be looked at.
    if (problems.length === 0) await rm(folder, { recursive: true, force: true });
  });

  function expectNothingBroken(): void {
    problems = check(restarts.crowd.recorder.history);
    restarts.crowd.recorder.flush();
    expect(problems.slice(0, 20), where()).toEqual([]);
  }

  function where(): string {
    const { counts } = restarts;
    const logs = restarts.logs.join('\n').slice(-MAX_LOG);
    return `seed ${seed}, life ${counts.restarts}, kill ${counts.kills}; the history is ${file}; the servers logged ${logs}`;
  }

  /** Whether it was killed and lost power as often as it was to, and everything went wrong once. */
  function isDone(): boolean {
    const { counts, troubles } = restarts;
    return (
      counts.kills >= kills &&
      counts.cuts >= kills &&
      Object.values(troubles).every((times) => times > 0)
    );
  }

  it('[DUR1, DUR4, DUR5] keeps every promise', {
    timeout: 120_000 + kills * MS_PER_KILL,
  }, async () => {
    const start = performance.now();
    const say = (what: string) => {
      const s = Math.round((performance.now() - start) / 1000);
      const { counts, troubles } = restarts;
      console.log(`${s} s: ${what} ${JSON.stringify({ ...counts, ...troubles })}`);
    };
    try {
      for (let next = CHECK_EVERY; !isDone(); ) {
        await restarts.live();
        if (restarts.counts.kills < next) continue;
        next += CHECK_EVERY;
        expectNothingBroken();
        if (kills > 2 * CHECK_EVERY) say(`kill ${restarts.counts.kills} of ${kills}`);
      }
      await restarts.complete();
    } catch (error) {
      if (problems.length > 0) throw error;
      // Why it could not go on may stand in what went on before.
      problems = [...check(restarts.crowd.recorder.history), String(error)];
      throw new Error(`${problems.slice(0, 20).join('\n')}\n${where()}`, { cause: error });
    }
    expectNothingBroken();
    if (process.env['PARLEY_KILL_SUMMARY'] !== undefined) say('done');
  });
});
