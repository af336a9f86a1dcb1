/** How somebody is connected, as a value. */
import type { ParleyError } from './errors.js';

/** How new events arrive. */
export type Via = 'websocket' | 'sse' | 'long-poll';

/** The state of a connection; `Why` lists the ways in which it can end. */
export type Connection<Why extends string = string> =
  | { readonly state: 'connecting' }
  /** Events arrive at once. */
  | { readonly state: 'live'; readonly via: Via }
  /** Events arrive within 2 seconds: the server offers nothing faster. */
  | { readonly state: 'polling' }
  /** `since` and `nextTry`: epoch milliseconds. Lines wait in the outbox meanwhile. */
  | {
      readonly state: 'offline';
      readonly since: number;
      readonly nextTry: number;
      readonly error: ParleyError;
    }
  | { readonly state: 'ended'; readonly why: Why; readonly error: unknown };

/** Keeps the connection's value, and reports its changes. */
export class ConnectionState<Why extends string = string> {
  #value: Connection<Why> = { state: 'connecting' };
  /** What it is again, when it is no longer offline. */
  #online: Connection<Why> = this.#value;
  readonly #changed: (value: Connection<Why>) => void;

  constructor(changed: (value: Connection<Why>) => void) {
    this.#changed = changed;
  }

  get value(): Connection<Why> {
    return this.#value;
  }

  heard(by: Via | 'polling'): void {
    this.#online = by === 'polling' ? { state: by } : { state: 'live', via: by };
    this.#set(this.#online);
  }

  /** @param nextTry epoch ms */
  troubled(error: ParleyError, now: number, nextTry: number): void {
    // Too many requests are no lost connection.
    if ((error.status ?? 500) < 500) return;
    const since = this.#value.state === 'offline' ? this.#value.since : now;
    this.#set({ state: 'offline', since, nextTry, error });
  }

  answered(): void {
    if (this.#value.state === 'offline') this.#set(this.#online);
  }

  ended(why: Why, error: unknown = null): void {
    this.#set({ state: 'ended', why, error });
  }

  #set(value: Connection<Why>): void {
    const now = this.#value;
    if (now.state === 'ended') return;
    const way = (of: Connection<Why>) => of.state + ('via' in of ? of.via : '');
    if (value.state !== 'offline' && way(now) === way(value)) return;
    this.#value = value;
    this.#changed(value);
  }
}
