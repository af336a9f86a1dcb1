/**
 * Bearers of OAuth 2 clients. Nothing is kept of them: each names its app key and carries a stamp
 * that only this server can make, over the key's record as it is now. So a bearer is void as soon
 * as its key is revoked or gets another secret or user, on every node and also after a restart.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { SteadyClock } from '@parley/runtime/clock/steady-clock';
import type { AccountConfiguration, Stored } from '@parley/configuration/records/records';
import type { SecretBox } from '@parley/configuration/secrets/secret-box';

/** How long such a bearer is good for, ms. */
export const CLIENT_TOKEN_TTL_MS = 60 * 60_000;

/** `client.{app key}.{issued, epoch ms in base 36}.{256 random bits}.{stamp}` */
const TOKEN = /^client\.([\w-]{1,300})\.([0-9a-z]{1,11})\.([\w-]{43})\.([\w-]{43})$/;

/** A new bearer for the key, good from now (epoch ms) on. */
export function newClientToken(
  box: SecretBox,
  setup: AccountConfiguration,
  key: Stored<'appKey'>,
  now: number,
): string {
  const name = Buffer.from(key.key).toString('base64url');
  const issued = now.toString(36);
  const random = randomBytes(32).toString('base64url');
  const stamp = box.stamp(stamped(setup, key, issued, random));
  return ['client', name, issued, random, stamp.toString('base64url')].join('.');
}

/** The key whose bearer this is; null for anything else, and when it has expired. */
export function keyOfClientToken(
  box: SecretBox,
  setup: AccountConfiguration,
  token: string,
  clock: SteadyClock,
): Stored<'appKey'> | null {
  const [, name, issued, random, stamp] = TOKEN.exec(token) ?? [];
  if (name === undefined || issued === undefined || random === undefined || stamp === undefined) {
    return null;
  }
  const issuedAt = Number.parseInt(issued, 36);
  if (clock.passedSince(issuedAt) >= CLIENT_TOKEN_TTL_MS) return null;
  const key = setup.appKeys.get(Buffer.from(name, 'base64url').toString());
  if (key === undefined) return null;
  const expected = box.stamp(stamped(setup, key, issued, random));
  const given = Buffer.from(stamp, 'base64url');
  return given.length === expected.length && timingSafeEqual(given, expected) ? key : null;
}

/** A key that was made anew, got another secret or user, or whose user was signed out, is stamped otherwise. */
function stamped(
  { accountId, users }: AccountConfiguration,
  { id, key, secretHash, userId }: Stored<'appKey'>,
  issued: string,
  random: string,
): string {
  const of = [accountId, id, key, secretHash, userId, issued, random];
  const signedOutAt = users.get(userId ?? 0)?.signedOutAt ?? 0;
  // Without a sign-out it is what it was before sign-outs were part of it.
  return JSON.stringify(['client bearer', ...of, ...(signedOutAt === 0 ? [] : [signedOutAt])]);
}
