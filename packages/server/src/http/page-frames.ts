/**
 * The frames that the workspace shows pages of others in, `/workspace/frame/{account}/{key}`. The key is
 * made from the page's address by a secret of the server, so nobody learns from these addresses which
 * accounts there are or what they show: whoever has one was given it by the account.
 */
import { timingSafeEqual } from 'node:crypto';
import type { SecretBox } from '@parley/configuration/secrets/secret-box';

/** The address of a page's frame, below `/workspace/`. */
export function pageFrame(secrets: SecretBox, account: string, url: string): string {
  return `frame/${account}/${keyOf(secrets, account, url).toString('base64url')}`;
}

/** Whether the key is the one of this page. */
export function isFrameKey(secrets: SecretBox, account: string, url: string, key: string): boolean {
  const given = Buffer.from(key, 'base64url');
  const right = keyOf(secrets, account, url);
  return given.length === right.length && timingSafeEqual(given, right);
}

function keyOf(secrets: SecretBox, account: string, url: string): Buffer {
  return secrets.stamp(`workspace page\n${account}\n${url}`);
}
