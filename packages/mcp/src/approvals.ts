/** Writes that wait until a person approves them: for as long as one call of a tool may take, and longer. */
import type { Agent, DelegatedRight } from '@parley/client/agent';

/** What can be set to wait for a person, by the right that it takes. */
const RIGHTS = {
  accept: 'accept',
  availability: 'availability',
  end: 'end',
  reply: 'speak',
  suggest: 'suggest',
  transfer: 'transfer',
  whisper: 'whisper',
} as const satisfies Readonly<Record<string, DelegatedRight>>;

export type Approvable = keyof typeof RIGHTS;

/** Their names; `accept` is declining, too. */
export const APPROVABLE = Object.keys(RIGHTS) as readonly Approvable[];

/** From now on these wait for a person, whoever works with the agent. */
export function askFor(agent: Agent, what: readonly Approvable[]): void {
  agent.programs.askFor(what.map((name) => RIGHTS[name]));
}

/** How long one call of a tool waits, ms: below the time-outs of usual clients. */
const PATIENCE_MS = 50_000;

/** Writes that were left waiting, at most; what became of earlier ones is forgotten. */
const MAX_LEFT = 50;

/** What a tool answers while nobody has decided. */
export interface StillWaits {
  readonly waitsForApproval: string;
  readonly hint: string;
}

/** Writes that tools have begun and that may wait for a person. One for all programs of an agent. */
export class Writes {
  readonly #patience: number;
  readonly #left = new Map<string, Promise<object>>();
  #made = 0;

  /** @param patience how long one call of a tool waits, ms */
  constructor(patience = PATIENCE_MS) {
    this.#patience = patience;
  }

  /**
   * Begins a write. A program that gives up while it waits takes it back.
   * @param signal of the call
   * @returns what it brings, or that it still waits: `wait` goes on with that
   */
  async begin(
    act: (signal: AbortSignal) => Promise<object>,
    signal: AbortSignal,
  ): Promise<object | StillWaits> {
    const given = new AbortController();
    const stop = () => given.abort(signal.reason);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    const write = act(given.signal);
    const done = await this.#atMost(write).finally(() => signal.removeEventListener('abort', stop));
    if (done !== null) return done;
    this.#made += 1;
    const id = `write-${this.#made}`;
    // Whoever does not ask for it any more does not hear how it failed.
    write.catch(() => {});
    this.#left.set(id, write);
    for (const [oldest] of this.#left) {
      if (this.#left.size <= MAX_LEFT) break;
      this.#left.delete(oldest);
    }
    return stillWaits(id);
  }

  /** Waits on. @returns as `begin`; null for an id that there is not, or not any more */
  async wait(id: string): Promise<object | StillWaits | null> {
    const write = this.#left.get(id);
    if (write === undefined) return null;
    let done: object | null;
    try {
      done = await this.#atMost(write);
    } catch (error) {
      this.#left.delete(id);
      throw error;
    }
    if (done === null) return stillWaits(id);
    this.#left.delete(id);
    return done;
  }

  async #atMost(write: Promise<object>): Promise<object | null> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), this.#patience);
    });
    try {
      return await Promise.race([write, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function stillWaits(id: string): StillWaits {
  return {
    waitsForApproval: id,
    hint: 'A person has not decided yet. It is not done. Call wait_for_approval with this id; do not send it again.',
  };
}
