/**
 * Devices from which a user has logged in by password: each keeps a cookie that says so, so that
 * guesses from elsewhere never slow it down. The cookie opens nothing by itself. Nothing is kept of
 * it here: it carries a stamp that only this server can make, so it outlives a restart and is good on
 * every node.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Stored } from '@parley/configuration/records/records';
import type { AuthCall } from './context.js';
import { cookiesOf, setCookie } from './cookies.js';

/** How long a device is known after its last login, ms. */
export const DEVICE_TTL_MS = 180 * 24 * 60 * 60_000;

/** Several people may use one browser: each has a cookie of its own, named by the user's id. */
const NAME = /^parley_device_([1-9]\d{0,14})$/;

/** `{issued, epoch ms in base 36}.{128 random bits}.{stamp}` */
const VALUE = /^([0-9a-z]{1,11})\.([\w-]{22})\.([\w-]{43})$/;

/** Cookies looked at in one request: a browser that many people use sends some, an attacker thousands. */
const MAX_LOOKED_AT = 20;

/** The cookie by which this browser is known as the user's from now on. */
export function deviceCookie({ server, account }: AuthCall, user: Stored<'user'>): string {
  const issued = server.clock.now().toString(36);
  const random = randomBytes(16).toString('base64url');
  const stamp = server.secrets.stamp(stamped(account.id, user, issued, random));
  const value = [issued, random, stamp.toString('base64url')].join('.');
  const path = `/api/account/${account.id}`;
  const maxAge = DEVICE_TTL_MS / 1000;
  return setCookie(`parley_device_${user.id}`, value, path, { maxAge, sameSite: 'None' });
}

/**
 * Which known device of the user the request comes from; null for none. Every device cookie is
 * verified, whoever is asked about, so that the work reveals nothing about the user.
 */
export function knownDevice(call: AuthCall, user: Stored<'user'> | undefined): string | null {
  let found: string | null = null;
  let looked = 0;
  for (const [name, value] of cookiesOf(call.request.raw)) {
    const id = NAME.exec(name)?.[1];
    if (id === undefined) continue;
    looked += 1;
    if (looked > MAX_LOOKED_AT) break;
    const device = verified(call, Number(id), value);
    if (device !== null && user?.id === Number(id)) found = device;
  }
  return found;
}

/** What is random in the cookie of a device that is known as the user's; null for any other. */
function verified({ server, account }: AuthCall, userId: number, value: string): string | null {
  const user = { id: userId, signedOutAt: account.setup.users.get(userId)?.signedOutAt ?? 0 };
  const [, issued = '', random = '', stamp = ''] = VALUE.exec(value) ?? [];
  const expected = server.secrets.stamp(stamped(account.id, user, issued, random));
  const given = Buffer.from(stamp, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  const age = server.clock.passedSince(Number.parseInt(issued, 36));
  return age < DEVICE_TTL_MS ? random : null;
}

/** After a sign-out of the user it is another: no time is compared, for clocks are set. */
function stamped(
  accountId: string,
  { id, signedOutAt }: Pick<Stored<'user'>, 'id' | 'signedOutAt'>,
  issued: string,
  random: string,
): string {
  const after = signedOutAt === 0 ? [] : [signedOutAt];
  return JSON.stringify(['device', accountId, id, issued, random, ...after]);
}
