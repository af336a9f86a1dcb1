/**
 * Heartbeats of agent sessions and visitors. They are not facts of the account: after a restart
 * everybody starts with a full grace. Touching is cheap, since it happens on every request.
 */
import { Deadlines } from '../deadlines.js';

/** Keys looked at in one go, at most. */
const MAX_LOOKS = 250;

interface Line {
  lastSeen: number;
  readonly graceMs: number;
  /** Long polls that wait: whoever holds one is alive throughout. An open stream is none. */
  held: number;
}

export class Heartbeats {
  readonly #lines = new Map<string, Line>();
  readonly #deadlines = new Deadlines();
  /** When everybody was given the whole grace last. */
  #allSeen = Number.NEGATIVE_INFINITY;

  /** Starts to watch a key; it is silent once `graceMs` pass without a touch. */
  watch(key: string, graceMs: number, now: number): void {
    this.#lines.set(key, { lastSeen: now, graceMs, held: 0 });
    this.#deadlines.set(key, now + graceMs);
  }

  unwatch(key: string): void {
    this.#lines.delete(key);
    this.#deadlines.clear(key);
  }

  touch(key: string, now: number): void {
    const line = this.#lines.get(key);
    if (line !== undefined) line.lastSeen = now;
  }

  /** Gives everybody the whole grace again: nobody could be heard for a while. */
  touchAll(now: number): void {
    this.#allSeen = now;
  }

  /** Counts as alive until the returned function is called; calling it again does nothing. */
  hold(key: string, now: () => number): () => void {
    const line = this.#lines.get(key);
    if (line === undefined) return () => {};
    line.held += 1;
    let release: 'due' | 'done' = 'due';
    return () => {
      if (release === 'done') return;
      release = 'done';
      line.held -= 1;
      line.lastSeen = now();
    };
  }

  /** When to ask for the silent again, epoch ms; null when nothing is watched. */
  next(): number | null {
    return this.#deadlines.next();
  }

  /**
   * Takes out the keys that have been silent for their whole grace. A bounded number of keys is looked
   * at: where many come due together, as after everybody got the whole grace again, the others are due
   * at once.
   * @param most so many are taken out at most; the others are due at once then
   */
  takeSilent(now: number, most = Number.POSITIVE_INFINITY): string[] {
    const silent: string[] = [];
    for (let looks = 0; looks < MAX_LOOKS && silent.length < most; looks += 1) {
      const [key] = this.#deadlines.takeDue(now, 1);
      if (key === undefined) break;
      const line = this.#lines.get(key);
      if (line === undefined) continue;
      const lastSeen = Math.max(line.lastSeen, this.#allSeen);
      const due = line.held > 0 ? now + line.graceMs : lastSeen + line.graceMs;
      if (due > now) {
        this.#deadlines.set(key, due);
      } else {
        this.#lines.delete(key);
        silent.push(key);
      }
    }
    return silent;
  }
}
