/** How one tab of a browser at a time does something. */

/**
 * Acts while no other tab has the lock of that name; waits for it as long as it takes.
 * @param act is to stop when its signal is aborted: the caller's, or that the lock was lost to another tab, which
 *   Web Locks are not. When it throws then, the lock is waited for and `act` called again.
 * @throws the signal's reason when it is aborted first; what `act` throws
 */
export type Hold = <T>(
  name: string,
  act: (stop?: AbortSignal) => Promise<T>,
  signal?: AbortSignal,
) => Promise<T>;
