/** Who logs in here: as the address names them, else as before. */
import { storage } from './storage.js';

const KEY = 'parley:login';

interface Login {
  readonly account: string;
  readonly username: string;
}

/** What the address names (`?account=…&user=…`), else who logged in here before. */
export function remembered(): Login {
  const query = new URLSearchParams(location.search);
  let kept: Record<string, unknown> = {};
  try {
    kept = JSON.parse(storage?.getItem(KEY) ?? '{}') as Record<string, unknown>;
  } catch {
    // Nothing that can be read is remembered.
  }
  const text = (name: string, value: unknown) =>
    query.get(name) ?? (typeof value === 'string' ? value : '');
  return { account: text('account', kept['account']), username: text('user', kept['username']) };
}

export function remember({ account, username }: Login): void {
  try {
    storage?.setItem(KEY, JSON.stringify({ account, username }));
  } catch {
    // A full storage: the next login is typed whole.
  }
}
