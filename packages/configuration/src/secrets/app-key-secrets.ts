/** App keys that users act by: how they are made, and what is kept of their secrets. */
import type { NewRecord, Stored } from '../records/records.js';
import type { SecretBox } from './secret-box.js';
import { hashToken, newKey, newToken } from './tokens.js';

/** A new bot key with its secrets, which are given only here. */
export interface BotKeySecrets {
  readonly appKey: string;
  readonly secret: string;
  /** Null for an OAuth 2 client, which has a secret only. */
  readonly accessToken: string | null;
  readonly accessTokenSecret: string | null;
}

/** The two secrets that a request is signed with. */
export interface SigningSecrets {
  readonly secret: string;
  readonly tokenSecret: string;
}

/** `tokens`: app key, access token and their secrets; `client`: OAuth 2 client id and secret. */
export type BotKeyForm = 'tokens' | 'client';

/** New key, tokens and secrets, at random. */
export function newBotKeySecrets(form: BotKeyForm): BotKeySecrets {
  const withTokens = form === 'tokens';
  return {
    appKey: newKey(),
    secret: newToken(),
    accessToken: withTokens ? newKey() : null,
    accessTokenSecret: withTokens ? newToken() : null,
  };
}

/** The fields of a key's record that stand for its secrets. */
export type StoredSecrets = Pick<
  NewRecord<'appKey'>,
  | 'key'
  | 'secretHash'
  | 'accessToken'
  | 'accessTokenSecretHash'
  | 'sealedSecret'
  | 'sealedAccessTokenSecret'
>;

/**
 * What is kept of a key's secrets: their hashes, for logins, and, where requests can be signed with
 * them, the secrets themselves, sealed.
 * @param accountId the key's account: sealed secrets are worth nothing in another one
 */
export function keptSecrets(
  box: SecretBox,
  accountId: string,
  secrets: BotKeySecrets,
): StoredSecrets {
  const { appKey, secret, accessToken, accessTokenSecret } = secrets;
  const kept = { key: appKey, secretHash: hashToken(secret), accessToken };
  // A client's secret never signs: its hash is enough.
  if (accessTokenSecret === null) {
    return {
      ...kept,
      accessTokenSecretHash: null,
      sealedSecret: null,
      sealedAccessTokenSecret: null,
    };
  }
  return {
    ...kept,
    accessTokenSecretHash: hashToken(accessTokenSecret),
    sealedSecret: box.seal(secret, placeOf(accountId, appKey, 'secret')),
    sealedAccessTokenSecret: box.seal(accessTokenSecret, placeOf(accountId, appKey, 'token')),
  };
}

/**
 * The secrets that the key's requests are signed with; null for a key that signs none, and when the
 * box does not open them.
 */
export function signingSecrets(
  box: SecretBox,
  accountId: string,
  { key, sealedSecret, sealedAccessTokenSecret }: Stored<'appKey'>,
): SigningSecrets | null {
  if (sealedSecret === null || sealedAccessTokenSecret === null) return null;
  const secret = box.open(sealedSecret, placeOf(accountId, key, 'secret'));
  const tokenSecret = box.open(sealedAccessTokenSecret, placeOf(accountId, key, 'token'));
  return secret === null || tokenSecret === null ? null : { secret, tokenSecret };
}

/** Does what opening a key's two secrets takes, for keys there are not, and for those that have none. */
export function openNobodys(box: SecretBox): void {
  box.openNobodys();
  box.openNobodys();
}

/** Whether the key has secrets that were sealed with another key than the box's. */
export function sealedElsewhere(
  box: SecretBox,
  { sealedSecret, sealedAccessTokenSecret }: Stored<'appKey'>,
): boolean {
  return [sealedSecret, sealedAccessTokenSecret].some(
    (sealed) => sealed !== null && !box.fits(sealed),
  );
}

function placeOf(accountId: string, appKey: string, which: 'secret' | 'token'): string {
  return `${accountId}/${appKey}/${which}`;
}
