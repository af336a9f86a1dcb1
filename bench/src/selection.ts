/** Which measurements are wanted: all, or those that were named. */
import type { Plan } from './plan.js';

/** Measurements beside the loads of lines and polls, each short enough for a run of its own. */
const OTHERS = [
  'memory',
  ...['push-lines', 'push-waiters-plain', 'push-waiters-tls'],
  ...['streams-sse', 'streams-websocket', 'streams-pairs-sse', 'streams-pairs-websocket'],
  ...['streams-idle-plain', 'streams-idle-tls'],
] as const;

export type OtherId = (typeof OTHERS)[number];

export class Selection {
  readonly #loads: readonly string[];
  readonly #only: readonly string[] | null;

  /**
   * @param only ids, or what ids begin with up to a hyphen (`streams`, `streams-idle`); null for all
   * @throws Error for a name that none has
   */
  constructor(plan: Plan, only: readonly string[] | null) {
    const lines = plan.busyChats.map((chats) => `lines-${chats}`);
    this.#loads = ['idle-next', 'incoming', `steady-${plan.steadyChats}`, ...lines];
    this.#only = only;
    const all = [...this.#loads, ...OTHERS];
    for (const name of only ?? []) {
      if (all.some((id) => isNamed(id, name))) continue;
      throw new Error(`There is no load "${name}"; there are ${all.join(', ')}.`);
    }
  }

  /** Whether a load of lines or polls is wanted. */
  hasLoad(id: string): boolean {
    return this.#has(id);
  }

  get hasLoads(): boolean {
    return this.#loads.some((id) => this.#has(id));
  }

  has(id: OtherId): boolean {
    return this.#has(id);
  }

  #has(id: string): boolean {
    return this.#only === null || this.#only.some((name) => isNamed(id, name));
  }
}

function isNamed(id: string, name: string): boolean {
  return id === name || id.startsWith(`${name}-`);
}
