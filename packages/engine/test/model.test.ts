/**
 * Random stories, checked after every step (model/invariants.ts, model/run.ts).
 *
 * PARLEY_FUZZ_RUNS=5000 tells more stories than the usual run does. A story that fails is shrunk,
 * printed with its seed and path, and kept in kept-failures.json: commit it with the fix, since
 * kept stories are told first in every run from then on.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Run } from './model/run.js';
import { rooms, type Staff, staffs, type Step, stories } from './model/steps.js';
import { type MemoryRoom, UNLIMITED } from '@parley/engine';

interface KeptFailure {
  /** What did not hold. */
  readonly found: string;
  readonly seed: number;
  readonly path: string | null;
  readonly staff: readonly Staff[];
  readonly story: readonly Step[];
  /** Absent where it is unlimited. */
  readonly room?: MemoryRoom;
}

const KEPT = new URL('kept-failures.json', import.meta.url);
const kept: readonly KeptFailure[] = JSON.parse(readFileSync(KEPT, 'utf8'));

const asked = process.env['PARLEY_FUZZ_RUNS'];
const RUNS = asked === undefined ? 200 : Number(asked);
/** However slow the machine, an ordinary run of the tests is not held up for longer. */
const LIMIT_MS = asked === undefined ? 8_000 : Number.POSITIVE_INFINITY;

function tell(staff: readonly Staff[], story: readonly Step[], room = UNLIMITED): Run {
  const run = new Run(staff, room);
  for (const step of story) run.step(step);
  run.finish();
  return run;
}

function keep(details: fc.RunDetails<[Staff[], Step[], MemoryRoom]>): void {
  const [staff, story, room] = details.counterexample ?? [];
  if (staff === undefined || story === undefined) return;
  const error = details.errorInstance;
  const found = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  const failure: KeptFailure = {
    found,
    seed: details.seed,
    path: details.counterexamplePath,
    staff,
    story,
    ...(room === undefined || room.live === Infinity ? {} : { room }),
  };
  writeFileSync(KEPT, `${JSON.stringify([...kept, failure], null, 2)}\n`);
}

// One check after every step proves all of these together.
describe('[HUB1, STRAND1, STRAND2, SUPER1, SUPER3, PROM1, PROM2, PROM3, PROM4, PROM5, PROM6, ROUTE1, ROUTE4, ROUTE5, SHARE1, SHARE2, OPEN3, OPEN4, WAIT3, SEE1, SEE3, FEED2, FEED8, CONF1, CONF2, CONF3, DUE2, DUE3, SNAP1, SNAP2, SNAP4, ERASE1] whatever happens', () => {
  it.each(kept)(
    'every promise holds in a story that once failed: $found',
    ({ staff, story, room }) => {
      tell(staff, story, room);
    },
  );

  it(
    'every promise holds',
    () => {
      const property = fc.property(staffs, stories, rooms, (staff, story, room) => {
        tell(staff, story, room);
      });
      const details = fc.check(property, {
        numRuns: RUNS,
        includeErrorInReport: true,
        ...(Number.isFinite(LIMIT_MS) ? { interruptAfterTimeLimit: LIMIT_MS } : {}),
      });
      if (details.failed) keep(details);
      expect(details.failed ? fc.defaultReportMessage(details) : null).toBeNull();
      expect(details.numRuns).toBeGreaterThan(10);
    },
    Number.isFinite(LIMIT_MS) ? 20_000 : 0,
  );

  it('[PROM3] the stories are not empty: everything that can happen does', () => {
    const seen = new Set<string>();
    const met = { repeated: 0, reused: 0 };
    const all = [
      'chat.accepted',
      'chat.busy',
      'chat.ended',
      'chat.held',
      'chat.line',
      'chat.rang',
      'chat.read',
      'chat.reassigned',
      'chat.requested',
      'chat.requeued',
      'chat.surveyAnswered',
      'chat.transferred',
      'chat.unrang',
      'chat.variables',
      'chat.visitorNamed',
      'chats.forgotten',
      'clock.moved',
      'offline.surveyLeft',
      'participant.identified',
      'participants.forgotten',
      'request.answered',
      'rings.extended',
      'session.availability',
      'session.cookieRenewed',
      'session.ended',
      'session.opened',
      'transcript.failed',
      'transcript.requested',
      'transcript.sent',
      'visit.seen',
      'visits.forgotten',
    ];
    // What is rare takes some stories.
    for (let seed = 1; seed <= 20 && seen.size < all.length; seed += 1) {
      for (const [staff, story] of fc.sample(fc.tuple(staffs, stories), { numRuns: 50, seed })) {
        const { seen: happened, retries } = tell(staff, story);
        for (const type of happened.keys()) seen.add(type);
        met.repeated += retries.met.repeated;
        met.reused += retries.met.reused;
      }
    }
    expect([...seen].sort()).toEqual(all);
    // Requests come again, and keys with other bodies.
    expect(met.repeated).toBeGreaterThan(20);
    expect(met.reused).toBeGreaterThan(20);
  });
});
