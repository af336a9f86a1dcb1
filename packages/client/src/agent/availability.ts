/** What the agent is set to, and what it is set to by itself while it takes offers. */
import { sleep } from '../core/clock.js';
import { type Availability, type Presence, readAvailability } from './documents.js';
import type { Session } from './session.js';

/** How often it is looked at where no stream carries it, milliseconds. */
const LOOK_MS = 30_000;

export class AvailabilityKeeper {
  readonly #session: Session;
  readonly #changed: (availability: Availability) => void;
  #value: Availability = { chat: 'Online', reasonId: null };
  /** What the program wants to be. */
  #wanted: Presence = 'Online';
  /** How many loops take offers: while there is one, the client sees to it that they come. */
  #taking = 0;

  constructor(session: Session, changed: (availability: Availability) => void) {
    this.#session = session;
    this.#changed = changed;
  }

  /** The availability as it was last set or reported. */
  get value(): Availability {
    return this.#value;
  }

  async look(): Promise<void> {
    this.see(readAvailability(await this.#session.get('availability')));
  }

  /** Looks from time to time, unless `streamed` by a stream. */
  async watch(streamed: () => boolean): Promise<void> {
    const { http, signal } = this.#session;
    for (;;) {
      await sleep(http.clock, LOOK_MS, signal);
      if (!streamed()) await this.look();
    }
  }

  /** Sets what the program wants to be. */
  async want(chat: Presence, reasonId?: number, signal?: AbortSignal): Promise<void> {
    this.#wanted = chat;
    await this.#put(chat, reasonId, signal);
  }

  /** A new session is Online: makes it what it was. */
  async restore(): Promise<void> {
    // What another tab wanted is known by what it was.
    const was = this.#session.tabsName === null ? this.#wanted : this.#value.chat;
    if (was !== 'Online') await this.#put(was as Presence);
  }

  /** A loop begins to take offers. @returns what says that it is over */
  takes(): () => void {
    this.#taking += 1;
    return () => {
      this.#taking -= 1;
    };
  }

  /** Nobody takes offers at the moment. */
  async busy(): Promise<void> {
    if (this.#wanted !== 'Online') return;
    await this.#put('Occupied').catch(() => {});
  }

  /** Somebody takes offers again. */
  async free(): Promise<void> {
    if (this.#wanted !== 'Online' || this.#value.chat === 'Online') return;
    await this.#put('Online').catch((error: unknown) => {
      if (!this.#session.signal.aborted) throw error;
    });
  }

  see(availability: Availability): void {
    const before = JSON.stringify(this.#value);
    this.#value = availability;
    if (before !== JSON.stringify(availability)) this.#changed(availability);
    // Missed rings turned it Away: a program that takes offers is back by now.
    if (this.#taking > 0 && availability.chat === 'Away' && this.#wanted !== 'Away') {
      void this.#put(this.#wanted).catch(() => {});
    }
  }

  async #put(chat: Presence, reasonId?: number, signal?: AbortSignal): Promise<void> {
    const session = this.#session;
    const body = {
      availability: { chat, ...(reasonId === undefined ? {} : { chatReasonId: reasonId }) },
    };
    const reply = await session.request(() => ({
      method: 'PUT',
      url: session.address(session.link('availability')),
      body,
      signal,
    }));
    this.see(readAvailability(reply.body));
  }
}
