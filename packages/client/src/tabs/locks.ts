/** Which tab does something for all: by Web Locks, or by messages where there are none. */
import type { Hold } from './hold.js';

/** What of a browser is needed: `navigator.locks`. */
export interface WebLocks {
  request<T>(
    name: string,
    options: { readonly signal?: AbortSignal | undefined; readonly mode?: 'shared' },
    act: () => Promise<T>,
  ): Promise<T>;
  query(): Promise<{ readonly held?: readonly { readonly name?: string }[] }>;
}

/** Undefined on pages that came by plain HTTP from another machine: browsers have them in secure contexts alone. */
export function webLocks(): WebLocks | undefined {
  return (globalThis as { readonly navigator?: { readonly locks?: WebLocks } }).navigator?.locks;
}

/** What takes the place of Web Locks; few pages load it. Null where the browser keeps what it needs from the page. */
export async function messageLocks() {
  return (await import('./message-locks.js')).messageLocks();
}

/** How tabs hold locks; null where each tab is for itself. */
export async function holdOf(): Promise<Hold | null> {
  if (!('BroadcastChannel' in globalThis)) return null;
  const locks = webLocks();
  return locks === undefined
    ? ((await messageLocks())?.hold ?? null)
    : (name, act, signal) => locks.request(name, { signal }, () => act(signal));
}
