/** Exchanges an authorization code for the token that says who somebody is (OAuth 2, OpenID Connect). */
import type { Stored } from '@parley/configuration/records/records';
import { type Outgoing, OutgoingFailure } from '@parley/runtime/outgoing/request';
import { IdentityRefused } from './verify.js';

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 65_536;

/**
 * @param clientSecret opened
 * @returns the `id_token`, not checked yet
 * @throws IdentityRefused when the identity provider does not take the code; OutgoingFailure when it
 *   cannot be asked, or answers what is none.
 */
export async function exchangeCode(
  outgoing: Outgoing,
  { tokenEndpoint, clientId, redirectUri }: Stored<'visitorIdentity'>,
  clientSecret: string,
  asked: { readonly code: string; readonly redirectUri: string | undefined },
): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    code: asked.code,
    redirect_uri: asked.redirectUri || redirectUri,
  });
  // RFC 6749, 2.3.1: both are form-encoded before they are put together.
  const credentials = [clientId, clientSecret].map(formEncoded).join(':');
  const { status, text } = await outgoing.request({
    url: tokenEndpoint,
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    },
    body: form.toString(),
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_BYTES,
  });
  const { host } = new URL(tokenEndpoint);
  const answer = parsed(text);
  if (status === 401 || answer['error'] === 'invalid_client') {
    throw new OutgoingFailure(host, 'does not accept the client id and secret of the connection');
  }
  if (status === 400) throw new IdentityRefused('the identity provider does not take the code');
  if (status !== 200) throw new OutgoingFailure(host, `answered ${status} instead of a token`);
  const { id_token: token } = answer;
  if (typeof token === 'string') return token;
  throw new OutgoingFailure(host, 'answered without an id_token: ask it for the scope openid');
}

function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
