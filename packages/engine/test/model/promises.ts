/** What is promised of an account whatever happens, and how often each promise was looked at. */

export type Promised =
  | 'access'
  | 'agents'
  | 'answers'
  | 'answered first'
  | 'asked by rules'
  | 'all that was erased'
  | 'all that wakes'
  | 'caps'
  | 'changed configuration'
  | 'deadlines'
  | 'feeds'
  | 'held chats'
  | 'journal'
  | 'gone with the agent'
  | 'kept chats'
  | 'memory'
  | 'places'
  | 'programs'
  | 'queues'
  | 'refusals'
  | 'restarts'
  | 'retries'
  | 'rings'
  | 'shown feeds'
  | 'slots'
  | 'snapshots'
  | 'stranded chats'
  | 'time that was set'
  | 'visits'
  | 'words';

/** A promise that did not hold. */
export class Broken extends Error {
  readonly promised: Promised;

  constructor(promised: Promised, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.promised = promised;
  }
}

const looks = new Map<Promised, number>();

/**
 * Looks at a promise.
 * @throws Broken when it does not hold.
 */
export function looking<T>(promised: Promised, look: () => T): T {
  looks.set(promised, looksAt(promised) + 1);
  try {
    return look();
  } catch (error) {
    throw error instanceof Broken ? error : new Broken(promised, error);
  }
}

/** How often a promise was looked at. */
export function looksAt(promised: Promised): number {
  return looks.get(promised) ?? 0;
}
