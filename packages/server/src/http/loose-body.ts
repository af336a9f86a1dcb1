/** Bodies that may be anything or nothing, and mean something only where they say it. */
import { parseJson, WireError } from '@parley/protocol';
import type { Call } from './call.js';

/**
 * A member of the body, where that is a JSON object that has it, or XML with such an element; else
 * undefined. In XML it may stand within others.
 */
export function looseField({ request }: Pick<Call, 'request'>, name: string): unknown {
  const text = typeof request.body === 'string' ? request.body.trim() : '';
  if (text.startsWith('<')) {
    return new RegExp(`<${name}>([^<]{0,64})</${name}>`).exec(text)?.[1]?.trim();
  }
  return memberOf(text.startsWith('{') ? parseJson(text) : undefined, name);
}

function memberOf(parsed: ReturnType<typeof parseJson> | undefined, name: string): unknown {
  const value = parsed?.ok ? parsed.value : undefined;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name);
}

/**
 * What a session is opened as; null where the body says nothing of it.
 * @throws WireError 400 for a role that sessions do not have: a misspelt one must not ring.
 */
export function readLoginData(call: Pick<Call, 'request'>): { readonly role: 'supervisor' } | null {
  const data = looseField(call, 'loginData');
  const isObject = typeof data === 'object' && data !== null && Object.hasOwn(data, 'role');
  const isXml = typeof call.request.body === 'string' && call.request.body.includes('<loginData>');
  const role: unknown = isObject
    ? Reflect.get(data, 'role')
    : isXml
      ? looseField(call, 'role')
      : undefined;
  if (role === undefined || role === '' || role === 'agent') return null;
  if (role === 'supervisor') return { role };
  throw new WireError(
    'invalidField',
    `loginData.role must be agent or supervisor, got ${JSON.stringify(role)?.slice(0, 40)}.`,
  );
}

/**
 * The text of a number or a string from outside; empty for anything else. `String` of an object calls
 * what its own members say, such as a `toString` that is no function.
 */
export function plainText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}
