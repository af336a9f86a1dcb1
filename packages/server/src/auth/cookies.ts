/** Cookies, as far as this API uses them: one value by name, and how it is set. */
import type { IncomingMessage } from 'node:http';

/** The values of a cookie: one jar may send several of the same name, the longest path first. */
export function cookieValues(raw: IncomingMessage, name: string): string[] {
  const header = raw.headers.cookie;
  if (header === undefined) return [];
  const values: string[] = [];
  for (const part of header.split(';')) {
    const equals = part.indexOf('=');
    if (equals > 0 && part.slice(0, equals).trim() === name) {
      values.push(part.slice(equals + 1).trim());
    }
  }
  return values;
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
