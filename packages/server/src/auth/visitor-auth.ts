/** Which app key a visitor-side request brings. */
import { WireError } from '@parley/protocol';
import type { Stored } from '../config/records.js';
import type { AccountCall } from '../http/call.js';
import { wrongCredential } from './wrong-credentials.js';

const HEADER = /^livepersons? +appkey *= *"?([^"\s,]{1,256})"? *$/i;

/**
 * The visitor app key of the request, from the header or the query.
 * @throws WireError 401 when there is none, or none of this account; 403 when a page of an origin
 *   that the key is not for sent it; 429 after too many unknown ones.
 */
export function appKeyOf(call: AccountCall): Stored<'appKey'> {
  const { authorization } = call.request.headers;
  const key = HEADER.exec(authorization ?? '')?.[1] ?? call.query('appKey');
  if (key === undefined || key === '') {
    throw new WireError(
      'unauthorized',
      'The app key is missing: send "Authorization: LivePerson appKey={key}" or ?appKey={key}.',
    );
  }
  const record = call.account.setup.appKeys.get(key);
  if (record?.kind !== 'visitor') {
    const error = new WireError(
      'unauthorized',
      'The app key is not one of this account for visitors: check the key and the account.',
    );
    throw wrongCredential(call, error, 'unknown-app-key');
  }
  checkOrigin(call, record);
  return record;
}

/**
 * A key may be for the pages of some origins only. Whoever sends no `Origin` is no page of another
 * origin: browsers always send it there, and what is no browser could send any.
 */
function checkOrigin(call: AccountCall, { origins }: Stored<'appKey'>): void {
  const { origin } = call.request.headers;
  if (origin === undefined || origins.length === 0) return;
  if (origins.includes(origin) || origins.includes('*')) return;
  throw new WireError(
    'originNotAllowed',
    `A page of ${origin.slice(0, 80)} may not use this app key: add that origin to the key, or use another key there.`,
  );
}
