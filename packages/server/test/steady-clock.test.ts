/** The clock that distinguishes what passed from what the machine's clock says. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SteadyClock } from '@parley/runtime/clock/steady-clock';
import { WallClock } from './wall-clock.js';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ pass: fc.integer({ min: 0, max: 20 * 60 * SECOND }) }) },
  { weight: 1, arbitrary: fc.record({ pass: fc.constantFrom(HOUR, 10 * HOUR, 100 * HOUR) }) },
  { weight: 3, arbitrary: fc.record({ set: fc.integer({ min: -2 * HOUR, max: 2 * HOUR }) }) },
  { weight: 1, arbitrary: fc.record({ set: fc.integer({ min: -20, max: 20 }) }) },
);

describe('a steady clock', () => {
  it('[CLOCK1, CLOCK3] never runs backwards, and knows what passed however it is set', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const machine = new WallClock();
        const clock = new SteadyClock(machine);
        clock.beat(() => {});
        const stamps: { readonly time: number; readonly elapsed: number }[] = [];
        let before = clock.now();
        for (const each of steps) {
          if ('pass' in each) machine.advance(each.pass);
          else machine.set(each.set);
          const now = clock.now();
          expect(now).toBeGreaterThanOrEqual(before);
          expect(now).toBeGreaterThanOrEqual(machine.now());
          before = now;
          stamps.push({ time: now, elapsed: machine.elapsed() });
          for (const { time, elapsed } of stamps) {
            const passed = machine.elapsed() - elapsed;
            expect(Math.abs(clock.passedSince(time) - passed)).toBeLessThan(600);
            // What was to end after so long, and has not, is not taken for over.
            expect(time + passed).toBeGreaterThanOrEqual(clock.surelyOver() - SECOND);
          }
        }
      }),
    );
  });

  it('[CLOCK2] notices when nobody could be heard, and reports it once', () => {
    const machine = new WallClock();
    const clock = new SteadyClock(machine);
    let reports = 0;
    clock.beat(() => {
      reports += 1;
    });
    machine.advance(HOUR);
    expect([clock.interruptions, reports]).toEqual([0, 0]);
    machine.standStill(60 * SECOND);
    expect(clock.interruptions).toBe(1);
    machine.advance(5 * SECOND);
    expect([clock.interruptions, reports]).toEqual([1, 1]);
    machine.set(HOUR);
    machine.advance(60 * SECOND);
    expect([clock.interruptions, reports]).toEqual([2, 2]);
    machine.set(-HOUR);
    machine.advance(60 * SECOND);
    expect(clock.interruptions).toBe(2);
    expect(reports).toBeGreaterThan(2);
    clock.stop();
    machine.advance(HOUR);
    const { interruptions } = clock;
    expect(interruptions).toBe(3);
  });

  it('[CLOCK3] goes on from what was written down before the start, if that can be right', () => {
    const machine = new WallClock();
    const clock = new SteadyClock(machine);
    const start = machine.now();
    clock.continueFrom(start - HOUR);
    clock.continueFrom(start + 2 * HOUR);
    expect(clock.now()).toBe(start);
    clock.continueFrom(start + HOUR);
    expect(clock.now()).toBe(start + HOUR);
    // A time from before the start stays as far back as it was.
    expect(clock.passedSince(start - 1)).toBe(HOUR + 1);
    machine.advance(10 * SECOND);
    expect(clock.passedSince(start)).toBeLessThanOrEqual(10 * SECOND);
    machine.advance(2 * HOUR);
    expect(clock.now()).toBe(machine.now());
  });

  it('remembers many moves in little space', () => {
    const machine = new WallClock();
    const clock = new SteadyClock(machine);
    const start = clock.now();
    for (let round = 0; round < 5_000; round += 1) {
      machine.advance(SECOND);
      machine.set(round % 2 === 0 ? 10 * SECOND : -10 * SECOND);
      clock.now();
    }
    const late = clock.now();
    machine.advance(60 * SECOND);
    expect(Math.abs(clock.passedSince(late) - 60 * SECOND)).toBeLessThan(SECOND);
    expect(clock.passedSince(start)).toBeGreaterThan(0);
  });
});
