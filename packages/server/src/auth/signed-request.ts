/**
 * Signed requests: OAuth 1.0a (RFC 5849) with an app key, an access token and the secrets of both.
 * Here is what is trusted, and when; how a signature is made is in oauth-signature.ts.
 */
import { timingSafeEqual } from 'node:crypto';
import { WireError } from '@parley/protocol';
import type { Stored } from '@parley/configuration/records/records';
import type { AuthCall } from './context.js';
import { rawFacts, sentTarget } from '../http/raw-request.js';
import {
  openNobodys,
  sealedElsewhere,
  signingSecrets,
  type SigningSecrets,
} from '@parley/configuration/secrets/app-key-secrets';
import { type OAuthHeader, readOAuthHeader } from './oauth-header.js';
import {
  oauthSignature,
  SIGNATURE_METHODS,
  type SignatureMethod,
  type SignedParts,
} from './oauth-signature.js';
import { wrongCredential } from './wrong-credential.js';

/** Stand in for the secrets of a key that there is not: the work is the same then. */
const NOBODYS: SigningSecrets = { secret: '0'.repeat(64), tokenSecret: '0'.repeat(64) };

/** Longest nonce, characters: every one used is remembered for minutes. */
const MAX_NONCE = 256;

/**
 * The app key that signed the request. Its nonce is used up.
 * @throws WireError 401 when the signature is not valid, its time is off, or it was used before;
 *   429 after too many of them.
 */
export function signerOf(call: AuthCall, authorization: string): Stored<'appKey'> {
  const header = readOAuthHeader(authorization);
  if ('problem' in header) throw malformed(call, header.problem);
  const { method } = header;
  if (!isSignatureMethod(method)) {
    const known = Object.keys(SIGNATURE_METHODS).join(' or ');
    throw malformed(call, `oauth_signature_method must be ${known}, got "${method.slice(0, 40)}".`);
  }
  const parts = signedPartsOf(call, header, call.origin);
  // A proxy may have been asked by the public domain, and the server behind it by another name.
  const asked = { ...parts, url: signedPartsOf(call, header, call.askedOrigin).url };
  const key =
    keyThatSigned(call, header, parts, method) ??
    (asked.url === parts.url ? null : keyThatSigned(call, header, asked, method));
  if (key === null) {
    const error = refused(
      `The signature does not fit: check app key, access token and both secrets, and that you signed ${parts.method} ${parts.url}. If that is not the address you used, its proxy must be one of the server's trusted proxies.`,
    );
    throw wrongCredential(call, error, 'wrong-signature');
  }
  // A request that waited was carried out once, and is looked at again.
  if (call.turn.kind === 'first' && call.proof === call.request) useUp(call, header, key);
  return key;
}

function isSignatureMethod(method: string): method is SignatureMethod {
  return Object.hasOwn(SIGNATURE_METHODS, method);
}

/** An unknown key and a wrong signature take the same work and get the same answer. */
function keyThatSigned(
  call: AuthCall,
  header: OAuthHeader,
  parts: SignedParts,
  method: SignatureMethod,
): Stored<'appKey'> | null {
  const key = call.account.setup.appKeys.get(header.consumerKey);
  const secrets = key === undefined ? null : secretsOf(call, key);
  if (secrets === null) openNobodys(call.server.secrets);
  const expected = Buffer.from(oauthSignature(parts, secrets ?? NOBODYS, method));
  const given = Buffer.from(header.signature);
  const fits = expected.length === given.length && timingSafeEqual(expected, given);
  if (!fits || key === undefined || secrets === null) return null;
  return key.accessToken === header.token ? key : null;
}

function secretsOf(call: AuthCall, key: Stored<'appKey'>): SigningSecrets | null {
  const { server, account } = call;
  const secrets = signingSecrets(server.secrets, account.id, key);
  if (secrets === null && sealedElsewhere(server.secrets, key)) {
    // Made by a command that used another secret key: only the operator can set that right.
    const facts = { account: account.id, appKeyId: key.id };
    server.failures.lines.error(facts, 'the secret key does not open the secrets of this app key');
  }
  return secrets;
}

function useUp(call: AuthCall, { nonce, timestamp }: OAuthHeader, key: Stored<'appKey'>): void {
  const { server, account } = call;
  if (nonce.length > MAX_NONCE) {
    throw malformed(call, `oauth_nonce has ${nonce.length} characters; use at most ${MAX_NONCE}.`);
  }
  const now = server.clock.machineNow();
  const verdict = /^\d{1,12}$/.test(timestamp)
    ? server.nonces.use(`${account.id}/${key.key}`, nonce, Number(timestamp))
    : 'out-of-time';
  if (verdict === 'out-of-time') {
    server.refusals.note(call, 'credential.refused', 'stale-signature');
    throw refused(
      `oauth_timestamp ${timestamp.slice(0, 20)} is not accepted: it must be within 5 minutes of ${Math.floor(now / 1000)}, the time here, and not before the server's start. Set the clock and sign anew.`,
    );
  }
  if (verdict === 'replayed') {
    server.refusals.note(call, 'credential.refused', 'repeated-signature');
    throw refused(
      'A request with this nonce was carried out already: sign each request anew, also when it is sent again.',
    );
  }
}

/** Method and address as the client sent them, before any rewriting of ours. */
function signedPartsOf(call: AuthCall, header: OAuthHeader, origin: string): SignedParts {
  // Scheme and host, where the target has them, are the call's already.
  const target = sentTarget(call.proof.raw);
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? '' : target.slice(mark);
  return {
    method: rawFacts(call.proof.raw).method,
    url: plainOrigin(origin) + path,
    parameters: [
      ...header.signed,
      ...new URLSearchParams(query),
      ...new URLSearchParams(formOf(call)),
    ],
  };
}

/** In lower case, and without the port that the scheme has anyway. */
function plainOrigin(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).origin : origin.toLowerCase();
}

/**
 * The body, when it is a form: its fields are signed with the rest (RFC 5849, 3.4.1.3.1), other
 * bodies are not. As everywhere, JSON and XML are what they are, whatever they are called.
 */
function formOf({ proof: request }: AuthCall): string {
  const { contentType = '' } = rawFacts(request.raw);
  const { body } = request;
  if (typeof body !== 'string' || /^\s*[{[<]/.test(body)) return '';
  return /^application\/x-www-form-urlencoded(?:\s*;|\s*$)/i.test(contentType) ? body : '';
}

function malformed(call: AuthCall, message: string): WireError {
  call.server.refusals.note(call, 'credential.refused', 'malformed');
  return refused(message);
}

function refused(message: string): WireError {
  return new WireError('badSignature', message, { 'www-authenticate': 'OAuth' });
}
