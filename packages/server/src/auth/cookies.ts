/** Cookies, as far as this API uses them: one value by name, and how it is set. */
import type { IncomingMessage } from 'node:http';

/** The values of a cookie: one jar may send several of the same name, the longest path first. */
export function cookieValues(
  raw: IncomingMessage,
  name: string,
  spelled: 'exactly' | 'in any case' = 'exactly',
): string[] {
  const plain = (text: string) => (spelled === 'exactly' ? text : text.toLowerCase());
  const sought = plain(name);
  return cookiesOf(raw).flatMap(([found, value]) => (plain(found) === sought ? [value] : []));
}

/** Name and value of every cookie, in the order sent. */
export function cookiesOf(raw: IncomingMessage): (readonly [name: string, value: string])[] {
  const header = raw.headers.cookie;
  if (header === undefined) return [];
  return header.split(';').flatMap((part) => {
    const equals = part.indexOf('=');
    if (equals <= 0) return [];
    return [[part.slice(0, equals).trim(), part.slice(equals + 1).trim()] as const];
  });
}

/** A `Set-Cookie` value: never readable by scripts, only over TLS, for this path alone. */
export function setCookie(
  name: string,
  value: string,
  path: string,
  options: { readonly maxAge?: number; readonly sameSite: 'None' | 'Lax' | 'Strict' },
): string {
  const age = options.maxAge === undefined ? '' : `; Max-Age=${options.maxAge}`;
  return `${name}=${value}; Path=${path}${age}; HttpOnly; Secure; SameSite=${options.sameSite}`;
}
