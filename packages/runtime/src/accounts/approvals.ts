/**
 * Writes of programs that wait for the agent in whose session they are, or, where a program has a session of
 * its own, for whoever supervises it. They are kept in memory alone: each
 * belongs to a request that waits for it, and is gone with it, after a restart too.
 */

export type ApprovalState =
  /** Nobody has decided. */
  | 'pending'
  | 'approved'
  | 'refused'
  /** Nobody decided in time, or the program did not wait any longer. */
  | 'gone';

/** What a program wants to do. */
export interface ApprovalRequest {
  readonly sessionId: string;
  /** Whose session it is. */
  readonly userId: number;
  /** By which it works in the session of its agent, who decides; null in a session of its own. */
  readonly delegationId: string | null;
  /** What the agent calls the program; else its nickname. */
  readonly program: string;
  readonly right: string;
  readonly method: string;
  /** Below the session. */
  readonly path: string;
  readonly chatId: string | null;
  /** As it was sent, where it is JSON. */
  readonly body: unknown;
  /** Epoch ms. */
  readonly since: number;
  readonly until: number;
}

export interface Approval extends ApprovalRequest {
  readonly id: string;
  readonly state: ApprovalState;
  /** Goes up with each change of any approval. */
  readonly version: number;
}

/** Approvals that may wait at once in one session. */
export const MAX_APPROVALS = 10;

/** Decided ones that are remembered, for streams to report. */
const MAX_CLOSED = 50;

export class Approvals {
  readonly #all = new Map<string, Approval>();
  /** Called with the end of the wait. */
  readonly #closed = new Map<string, () => void>();
  #version = 0;

  get(id: string): Approval | undefined {
    return this.#all.get(id);
  }

  /** Those that wait in a session, oldest first. */
  pending(sessionId: string): readonly Approval[] {
    return this.#of(sessionId).filter(({ state }) => state === 'pending');
  }

  /** All that wait, oldest first. */
  allPending(): readonly Approval[] {
    return [...this.#all.values()].filter(({ state }) => state === 'pending');
  }

  /** Those of some sessions that changed since a version; with the version to go on from. */
  since(
    isTheirs: (approval: Approval) => boolean,
    version: number,
  ): { readonly changed: readonly Approval[]; readonly version: number } {
    if (version === this.#version) return { changed: [], version };
    const changed = [...this.#all.values()]
      .filter((each) => each.version > version && isTheirs(each))
      .sort((a, b) => a.version - b.version);
    return { changed, version: this.#version };
  }

  /**
   * @param closed called once it does not wait any more
   * @returns false when as many wait in the session as may
   */
  ask(id: string, request: ApprovalRequest, closed: () => void): boolean {
    if (this.pending(request.sessionId).length >= MAX_APPROVALS) return false;
    this.#closed.set(id, closed);
    this.#set({ ...request, id, state: 'pending', version: 0 });
    return true;
  }

  /** @returns false when it does not wait any more */
  close(id: string, state: Exclude<ApprovalState, 'pending'>): boolean {
    const approval = this.#all.get(id);
    if (approval?.state !== 'pending') return false;
    this.#set({ ...approval, state });
    this.#closed.get(id)?.();
    this.#closed.delete(id);
    return true;
  }

  #of(sessionId: string): Approval[] {
    return [...this.#all.values()].filter((each) => each.sessionId === sessionId);
  }

  #set(approval: Approval): void {
    this.#version += 1;
    this.#all.delete(approval.id);
    this.#all.set(approval.id, { ...approval, version: this.#version });
    const closed = [...this.#all.values()].filter(({ state }) => state !== 'pending');
    for (const { id } of closed.slice(0, -MAX_CLOSED)) this.#all.delete(id);
  }
}
