/** Whether a token says who somebody is: checked by a kept library, with our bounds around it. */
import { createHash, createPublicKey } from 'node:crypto';
import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Stored } from '@parley/configuration/records/records';
import { ALGORITHMS, algorithmOf } from './key.js';
import type { KeySets } from './key-sets.js';

/** How far clocks may differ, seconds (IDENT3). */
const SKEW_SECONDS = 60;

/** Older tokens are not taken, so that no used one must be remembered for longer, seconds. */
const MAX_AGE_SECONDS = 86_400;

/** The token or code is not accepted; the reason names neither the token nor what it says. */
export class IdentityRefused extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'IdentityRefused';
  }
}

/** What a good token says. */
export interface VerifiedToken {
  readonly claims: JWTPayload & { readonly sub: string; readonly iss: string };
  /** Of the token, so that it is taken once. */
  readonly hash: string;
  /** When it could not be used any more, epoch ms. */
  readonly until: number;
}

/**
 * Checks a token.
 * @param now epoch ms
 * @throws IdentityRefused saying why; OutgoingFailure when the keys cannot be had.
 */
export async function verifyToken(
  token: string,
  connection: Stored<'visitorIdentity'>,
  keySets: KeySets,
  now: number,
): Promise<VerifiedToken> {
  const { issuer, publicKey, jwksUrl } = connection;
  const audience = audienceOf(connection);
  const key = publicKey === '' ? null : createPublicKey(publicKey);
  const getKey: JWTVerifyGetKey =
    key === null ? keySets.keyFor(jwksUrl) : () => Promise.resolve(key);
  const options = {
    issuer,
    // A key is for one algorithm: what the token says of it must not choose another.
    algorithms: key === null ? [...ALGORITHMS] : [algorithmOf(key)],
    clockTolerance: SKEW_SECONDS,
    currentDate: new Date(now),
    requiredClaims: ['sub', 'exp', 'iss'],
    ...(audience === '' ? {} : { audience }),
  };
  try {
    const { payload } = await verifyWithAny(token, getKey, options);
    return checked(payload, issuer, token, now);
  } catch (error) {
    throw error instanceof errors.JOSEError ? new IdentityRefused(reasonOf(error)) : error;
  }
}

type Options = Parameters<typeof jwtVerify>[2];

/** A key set may hold several keys that fit a token without a key id: one of them must be it. */
async function verifyWithAny(token: string, getKey: JWTVerifyGetKey, options: Options) {
  try {
    return await jwtVerify(token, getKey, options);
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      try {
        return await jwtVerify(token, key, options);
      } catch (inner) {
        if (!(inner instanceof errors.JWSSignatureVerificationFailed)) throw inner;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

function audienceOf({ kind, audience, clientId }: Stored<'visitorIdentity'>): string {
  return kind === 'code' && audience === '' ? clientId : audience;
}

function checked(payload: JWTPayload, iss: string, token: string, now: number): VerifiedToken {
  const { sub = '', exp = 0, iat, jti } = payload;
  if (sub === '') throw new IdentityRefused('it does not say whom it is about (sub)');
  const seconds = now / 1000;
  const begins = iat ?? seconds;
  if (iat !== undefined && seconds > iat + MAX_AGE_SECONDS + SKEW_SECONDS) {
    throw new IdentityRefused('it was issued more than a day ago');
  }
  if (iat === undefined && exp > seconds + MAX_AGE_SECONDS) {
    throw new IdentityRefused(
      'it is good for more than a day and does not say since when (iat): let it expire sooner',
    );
  }
  const end = Math.min(exp, begins + MAX_AGE_SECONDS) + SKEW_SECONDS;
  // An id is unique for its issuer; without one the token itself is. Its signature is not looked at:
  // some can be written in several ways.
  const unique = jti === undefined ? token.slice(0, token.lastIndexOf('.')) : `${iss}\n${jti}`;
  const hash = createHash('sha256').update(unique).digest('base64url').slice(0, 22);
  return { claims: { ...payload, sub, iss }, hash, until: Math.ceil(end * 1000) };
}

/** Why jose refuses a token, in our words: its own may repeat what the token says. */
function reasonOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    return (
      CLAIMS[error.claim] ??
      (error.reason === 'missing' ? `it has no ${error.claim}` : `its ${error.claim} is wrong`)
    );
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature is wrong';
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return `its signature is not one of ${ALGORITHMS.join(' or ')}`;
  }
  if (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys
  ) {
    return "it is signed with a key that is not among the identity provider's";
  }
  return 'it is no token (JWT) that can be read';
}

const CLAIMS: Readonly<Record<string, string>> = {
  iss: 'it is of another issuer',
  aud: 'it is for somebody else (aud)',
  nbf: 'it is not good yet (nbf)',
  sub: 'it does not say whom it is about (sub)',
  exp: 'it does not say until when it is good (exp)',
};
