/** What a session's stream has to send of others, and has not sent: who is in which state, that a board changed. */
import type { FrameData } from '@parley/protocol';

/** An agent whose state is reported. */
export type RosterEntry = FrameData<'roster'>['agent'][number];

export class SessionNews {
  #roster: Map<number, RosterEntry> | null = null;
  /** The data of the roster as long as nothing was added. */
  #data: string | null = null;
  #boardAt: number | null = null;

  /** @param data of these agents alone */
  updateRoster(data: string, agents: readonly RosterEntry[]): void {
    this.#data = this.#roster === null ? data : null;
    this.#roster ??= new Map();
    for (const agent of agents) this.#roster.set(agent.id, agent);
  }

  /** What its reader supervises has changed. @param at epoch ms */
  updateBoard(at: number): void {
    this.#boardAt = at;
  }

  /** The data of a frame `roster`, which is forgotten; null for nothing. */
  takeRoster(): string | null {
    if (this.#roster === null) return null;
    const data = this.#data ?? JSON.stringify({ agent: [...this.#roster.values()] });
    this.#roster = null;
    return data;
  }

  /** When the board changed, which is forgotten; null for not since. */
  takeBoard(): number | null {
    const at = this.#boardAt;
    this.#boardAt = null;
    return at;
  }
}
