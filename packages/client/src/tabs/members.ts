/** Which tabs work in a session: each is a member of its name. */
import { onAbort } from '../core/clock.js';
import { messageLocks, webLocks } from './locks.js';

const memberOf = (name: string) => `${name}:member`;

/** Counts among the members of a name until the signal is aborted; resolves once it does. */
export async function enter(name: string, signal: AbortSignal): Promise<void> {
  const locks = webLocks();
  if (locks === undefined) {
    (await messageLocks())?.enter(memberOf(name), signal);
    return;
  }
  await new Promise<void>((entered) => {
    const stay = () => {
      entered();
      return new Promise<void>((leave) => {
        onAbort(signal, leave);
      });
    };
    locks.request(memberOf(name), { mode: 'shared', signal }, stay).catch(() => entered());
  });
}

/** How many members a name has. */
export async function membersOf(name: string): Promise<number> {
  const locks = webLocks();
  if (locks === undefined) return (await messageLocks())?.members(memberOf(name)) ?? 0;
  // Pages without an origin of their own (a sandbox) have no locks: none works beside them.
  const { held = [] } = await locks.query().catch(() => ({ held: [] }));
  return held.filter((lock) => lock.name === memberOf(name)).length;
}
