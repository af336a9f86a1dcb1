/**
 * The time of a server. Machines' clocks are set: by people, by time servers, and by every wake-up
 * from a sleep. This one distinguishes two things:
 *
 * 1. What is shown and written down (`now`) follows the machine's clock, but never runs backwards:
 *    set forward, it follows at once; set back, it goes on at half the pace until the machine's clock
 *    has caught up.
 * 2. What passes (`elapsed`, `passedSince`) cannot be set. `moved` says how far the first has gone
 *    away from the second, so that whoever keeps a deadline as a point in time can move it along.
 *
 * It also notices when nobody could be heard for a while, because the process was stopped, kept busy,
 * or the machine slept: then silence means nothing (`interruptions`).
 */
import type { Clock } from './clock.js';

/** A start further behind what was written down is believed: the clock was wrong before, ms. */
const MAX_CARRIED_OVER = 60 * 60_000;

/** How often the clock is looked at though nobody asks, ms. */
const BEAT = 5_000;

/** When so much passes between two looks, the process was held up or the machine slept, ms. */
const LATE = 2 * BEAT;

/** What the two differ by anyway, since one of them counts whole milliseconds only. */
const GRAIN = 20;

/** The clock counts as moved from here on, ms. */
const MOVED = 1_000;

/** How far what is remembered of moves may be off, ms. */
const ABOUT = 250;

/** Bends of the line below that are remembered. */
const MAX_BENDS = 1_024;

/** At a time (epoch ms), how far the clock had moved away from what passed, ms. */
interface Point {
  readonly at: number;
  readonly moved: number;
}

/** What a steady clock shows at one moment: see its members of the same names. */
export interface ClockLook {
  readonly now: number;
  readonly elapsed: number;
  readonly moved: number;
  readonly interruptions: number;
}

export class SteadyClock implements Clock {
  readonly #machine: Clock;
  /** At the last look. */
  #now: number;
  #elapsed: number;
  /** `now` less `elapsed`, at the start. */
  readonly #apart: number;
  readonly #startedAt: number;
  /** How far it had moved for times from before the start. */
  #movedBefore = 0;
  /** How it moved since: a line with few bends. Its last point is not here yet. */
  #bends: Point[];
  /** The point before the last look's, and how steep a line from the last bend there may be. */
  #before: Point;
  #steepness = { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY };
  #leastMoved = 0;
  #interruptions = 0;
  #stopBeating: (() => void) | null = null;

  constructor(machine: Clock) {
    this.#machine = machine;
    this.#now = machine.now();
    this.#elapsed = machine.elapsed();
    this.#apart = this.#now - this.#elapsed;
    this.#startedAt = this.#now;
    this.#before = { at: this.#now, moved: 0 };
    this.#bends = [this.#before];
  }

  /** Epoch ms; never runs backwards. For what is shown and written down. */
  now(): number {
    this.#look();
    return Math.floor(this.#now);
  }

  /** Epoch ms as the machine has it at this moment, to be compared with the clocks of others. */
  machineNow(): number {
    return this.#machine.now();
  }

  elapsed(): number {
    return this.#machine.elapsed();
  }

  after(ms: number, callback: () => void): () => void {
    return this.#machine.after(ms, callback);
  }

  /** All that it shows, at one moment. */
  look(): ClockLook {
    const now = this.now();
    return {
      now,
      elapsed: this.#elapsed,
      moved: this.#movedNow,
      interruptions: this.#interruptions,
    };
  }

  /** How far `now` has gone ahead of what passed since the start (below 0: behind it), ms. */
  get moved(): number {
    this.#look();
    return this.#movedNow;
  }

  /** How often nobody could be heard for a while. */
  get interruptions(): number {
    this.#look();
    return this.#interruptions;
  }

  /**
   * Ms that passed since this clock showed a time, however it was set meanwhile. For a time from
   * before the start it is the difference.
   * @param time epoch ms
   */
  passedSince(time: number): number {
    this.#look();
    return this.#now - this.#movedNow - (time - this.#movedAt(time));
  }

  /**
   * Epoch ms: what was to end by then, as it was written down, has ended by what passed since too.
   * What was to end later may have ended or not: see `passedSince`.
   */
  surelyOver(): number {
    const { moved } = this;
    const least = Math.min(moved, this.#leastMoved, this.#movedBefore);
    return Math.floor(this.#now - moved + least);
  }

  /**
   * Goes on from a time that was written down before the start, unless that is so far ahead that the
   * clock must have been wrong then.
   * @param time epoch ms
   */
  continueFrom(time: number): void {
    this.#look();
    const ahead = time - this.#now;
    if (ahead <= 0 || ahead > MAX_CARRIED_OVER) return;
    this.#now = time;
    this.#movedBefore += ahead;
    this.#noteMove();
  }

  /**
   * Looks at the clock every few seconds from now on.
   * @param onDisturbed called after the clock moved, or nobody could be heard
   */
  beat(onDisturbed: () => void): void {
    this.stop();
    const seen = { moved: this.moved, interruptions: this.#interruptions };
    const next = () => {
      this.#stopBeating = this.#machine.after(BEAT, () => {
        const { moved, interruptions } = this;
        const isDisturbed =
          Math.abs(moved - seen.moved) >= MOVED || interruptions !== seen.interruptions;
        next();
        if (!isDisturbed) return;
        Object.assign(seen, { moved, interruptions });
        onDisturbed();
      });
    };
    next();
  }

  /** Ends the looks. */
  stop(): void {
    this.#stopBeating?.();
    this.#stopBeating = null;
  }

  get #movedNow(): number {
    return this.#now - this.#elapsed - this.#apart;
  }

  #look(): void {
    const shown = this.#machine.now();
    const elapsed = this.#machine.elapsed();
    const passed = elapsed - this.#elapsed;
    const due = this.#now + passed;
    this.#elapsed = elapsed;
    if (passed > LATE || shown > due + LATE) this.#interruptions += 1;
    // Set back: as slowly as it may, but on.
    if (shown >= due - GRAIN) this.#now = Math.max(shown, this.#now);
    else this.#now = Math.max(shown, this.#now + passed / 2);
    this.#noteMove();
  }

  #movedAt(time: number): number {
    if (time < this.#startedAt) return this.#movedBefore;
    const index = this.#bends.findLastIndex(({ at }) => at <= time);
    const from = this.#bends[index] ?? this.#before;
    const to = this.#bends[index + 1] ?? { at: this.#now, moved: this.#movedNow };
    if (to.at <= from.at) return to.moved;
    return from.moved + ((to.moved - from.moved) * (time - from.at)) / (to.at - from.at);
  }

  /** Remembers a bend where no straight line would do any more. */
  #noteMove(): void {
    const point = { at: this.#now, moved: this.#movedNow };
    this.#leastMoved = Math.min(this.#leastMoved, point.moved);
    if (!this.#goesOn(point)) {
      this.#bends.push(this.#before);
      if (this.#bends.length > MAX_BENDS) this.#bends.shift();
      this.#steepness = { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY };
      this.#goesOn(point);
    }
    this.#before = point;
  }

  /** Whether the line from the last bend can go on to this point. */
  #goesOn({ at, moved }: Point): boolean {
    const from = this.#bends.at(-1) ?? this.#before;
    if (at <= from.at) return true;
    const least = Math.max(this.#steepness.least, (moved - ABOUT - from.moved) / (at - from.at));
    const most = Math.min(this.#steepness.most, (moved + ABOUT - from.moved) / (at - from.at));
    if (least > most) return false;
    this.#steepness = { least, most };
    return true;
  }
}
