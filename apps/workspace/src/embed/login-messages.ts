/**
 * What the login window says to the workspace that opened it, and is answered. Both are pages of one origin:
 * nothing is taken from, or sent to, another one.
 */

export interface TypedLogin {
  readonly parley: 'login';
  readonly username: string;
  readonly password: string;
}

export type LoginAnswer =
  | { readonly is: 'done' }
  | { readonly is: 'refused'; readonly message: string };

/** What was typed; null when the message is something else. */
export function readTypedLogin(value: unknown): TypedLogin | null {
  if (typeof value !== 'object' || value === null) return null;
  const { parley, username, password } = value as Readonly<Record<string, unknown>>;
  return parley === 'login' && typeof username === 'string' && typeof password === 'string'
    ? { parley, username, password }
    : null;
}
