/** Which app key a visitor-side request brings. */
import { queryParam } from '../http/query.js';
import { WireError } from '@parley/protocol';
import type { Stored } from '@parley/configuration/records/records';
import type { AuthCall } from './context.js';
import { pageOriginOf } from '../http/cors.js';
import { lists } from '@parley/configuration/origin-list';
import { wrongCredential } from './wrong-credential.js';

const HEADER = /^livepersons? +appkey *= *"?([^"\s,]{1,256})"? *$/i;

/**
 * The visitor app key of the request, from the header or the query.
 * @throws WireError 401 when there is none, or none of this account; 403 when a page of an origin
 *   that the key is not for sent it; 429 after too many unknown ones.
 */
export function appKeyOf(call: AuthCall): Stored<'appKey'> {
  const key = keyIn(call);
  if (key === '') {
    throw new WireError(
      'unauthorized',
      'The app key is missing: send "Authorization: LivePerson appKey={key}" or ?appKey={key}.',
    );
  }
  const record = visitorKey(call, key);
  if (record === null) {
    const error = new WireError(
      'unauthorized',
      'The app key is not one of this account for visitors: check the key and the account.',
    );
    throw wrongCredential(call, error, 'unknown-app-key');
  }
  if (!isForOrigin(call, record)) {
    const origin = pageOriginOf(call.proof.raw, call.origin) ?? '';
    throw new WireError(
      'originNotAllowed',
      `A page of ${origin.slice(0, 80)} may not use this app key: add that origin to the key, or use another key there.`,
    );
  }
  return record;
}

/**
 * The visitor app key that came along where none is asked for; null without one, and for one that
 * would be refused elsewhere.
 */
export function broughtAppKey(call: AuthCall): Stored<'appKey'> | null {
  const record = visitorKey(call, keyIn(call));
  return record !== null && isForOrigin(call, record) ? record : null;
}

/** @throws WireError 400 when it is not properly encoded */
function keyInQuery(call: AuthCall): string {
  if (call.proof === call.request) return queryParam(call, 'appKey') ?? '';
  // It was read before, when its request came.
  const { appKey } = call.proof.query as Readonly<Record<string, string | string[]>>;
  return [appKey].flat()[0] ?? '';
}

/** The key in the request's header or query; empty for none. */
function keyIn(call: AuthCall): string {
  const { authorization } = call.proof.headers;
  return HEADER.exec(authorization ?? '')?.[1] ?? keyInQuery(call);
}

function visitorKey({ account }: AuthCall, key: string): Stored<'appKey'> | null {
  const record = account.setup.appKeys.get(key);
  return record?.kind === 'visitor' ? record : null;
}

/**
 * A key may be for the pages of some origins only. Whoever sends no `Origin` is no page of another
 * origin: browsers always send it there, and what is no browser could send any.
 */
function isForOrigin(call: AuthCall, { origins }: Stored<'appKey'>): boolean {
  const origin = pageOriginOf(call.proof.raw, call.origin);
  return (
    origin === undefined || origins.length === 0 || lists(origins, origin) || origins.includes('*')
  );
}
