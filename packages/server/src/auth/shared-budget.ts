/**
 * How many failures strangers may share: so many that were saved up, and one more from time to time, which is
 * saved up in its turn. In any stretch of time there are at most those that can be saved and those that came
 * meanwhile: unlike a count by the hour, two hours do not meet. Memory is bounded.
 */
import { type Budget, MAX_KEYS, type Room } from './failure-budget.js';

export interface SharedBudgetSize {
  /** How many can be saved up: so many may come at once. */
  readonly saved: number;
  /** Seconds from one to the next. */
  readonly everySeconds: number;
}

export class SharedBudget implements Budget {
  readonly #saved: number;
  readonly #everyMs: number;
  /** When all will be saved up again, epoch ms; least recently counted first. */
  readonly #keys = new Map<string, number>();

  constructor({ saved, everySeconds }: SharedBudgetSize) {
    this.#saved = saved;
    this.#everyMs = everySeconds * 1000;
  }

  async room(key: string): Promise<Room> {
    return this.#look(key).room;
  }

  async take(key: string): Promise<Room> {
    const { room, full } = this.#look(key);
    if (room.from === null) return room;
    this.#keys.delete(key);
    this.#keys.set(key, full + this.#everyMs);
    const [oldest] = this.#keys.keys();
    if (this.#keys.size > MAX_KEYS && oldest !== undefined) this.#keys.delete(oldest);
    return room;
  }

  async requeue(key: string): Promise<void> {
    const full = this.#keys.get(key);
    if (full !== undefined) this.#keys.set(key, full - this.#everyMs);
  }

  #look(key: string): { readonly room: Room; readonly full: number } {
    const now = Date.now();
    // After a clock that was set back nobody waits longer than when nothing is saved up.
    const full = Math.min(
      Math.max(now, this.#keys.get(key) ?? now),
      now + this.#saved * this.#everyMs,
    );
    const ms = full - now - (this.#saved - 1) * this.#everyMs;
    return { room: ms > 0 ? { ms, from: null } : { ms: 0, from: 'steady' }, full };
  }
}
