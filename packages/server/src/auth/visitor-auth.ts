/** Which app key a visitor-side request brings. */
import { WireError } from '@parley/protocol';
import type { Stored } from '../config/records.js';
import type { AccountCall } from '../http/call.js';

const HEADER = /^livepersons? +appkey *= *"?([^"\s,]{1,256})"? *$/i;

/**
 * The visitor app key of the request, from the header or the query.
 * @throws WireError 401 when there is none, or none of this account.
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
    throw new WireError(
      'unauthorized',
      'The app key is not one of this account for visitors: check the key and the account.',
    );
  }
  return record;
}
