/** What an OAuth 2 client asks with: a form or JSON, and its id and secret there or in the header. */
import {
  describeProblems,
  parseJson,
  type TokenRequest,
  tokenRequestDocument,
} from '@parley/protocol';
import type { Call } from '../http/call.js';

/** Who asks for a bearer. */
export interface ClientCredentials {
  readonly id: string;
  readonly secret: string;
}

/** Why there is no bearer, in the words of RFC 6749, 5.2. */
export interface Refusal {
  readonly refused: 'invalid_request' | 'invalid_client' | 'unsupported_grant_type';
  readonly message: string;
}

/** The client's credentials, once all that the request says is understood. */
export function credentialsOf(call: Call): ClientCredentials | Refusal {
  const request = requestOf(call);
  if ('refused' in request) return request;
  if (request.grant_type !== 'client_credentials') {
    return {
      refused: 'unsupported_grant_type',
      message: `grant_type must be client_credentials, got "${request.grant_type.slice(0, 40)}".`,
    };
  }
  const { authorization } = call.request.headers;
  const { client_id: id, client_secret: secret } = request;
  if (authorization === undefined) {
    if (id !== undefined && secret !== undefined) return { id, secret };
    return {
      refused: 'invalid_client',
      message: 'client_id and client_secret are missing: send them in the body or as Basic.',
    };
  }
  const basic = basicOf(authorization);
  if (basic === null) {
    return invalid('Authorization must be "Basic" with client id and secret, or be left out.');
  }
  if (secret !== undefined || (id !== undefined && id !== basic.id)) {
    return invalid('The client is named twice: in Authorization and in the body. Leave one out.');
  }
  return basic;
}

function invalid(message: string): Refusal {
  return { refused: 'invalid_request', message };
}

function requestOf(call: Call): TokenRequest | Refusal {
  const { body } = call.request;
  const text = typeof body === 'string' ? body : '';
  const fields = text.trimStart().startsWith('{') ? jsonOf(text) : formOf(text);
  if (typeof fields === 'string') return invalid(fields);
  const read = tokenRequestDocument.read(fields);
  return read.ok ? read.value : invalid(describeProblems(read.problems));
}

/** The fields, or what is wrong. */
function jsonOf(text: string): object | string {
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed.message;
  return typeof parsed.value === 'object' && parsed.value !== null ? parsed.value : {};
}

function formOf(text: string): object | string {
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (fields.has(name)) return `${name.slice(0, 40)} is given twice.`;
    // A field without a value counts as left out (RFC 6749, 3.2).
    if (value !== '') fields.set(name, value);
  }
  return Object.fromEntries(fields);
}

/** Client id and secret of the header, each encoded as in a form (RFC 6749, 2.3.1). */
function basicOf(authorization: string): ClientCredentials | null {
  const encoded = /^basic +([A-Za-z0-9+/_-]+=*) *$/i.exec(authorization)?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return null;
  return { id: formDecoded(text.slice(0, colon)), secret: formDecoded(text.slice(colon + 1)) };
}

function formDecoded(text: string): string {
  // Separators stay what they are: clients that do not encode mean them so.
  const escaped = text.replaceAll('&', '%26').replaceAll('=', '%3D');
  return new URLSearchParams(`v=${escaped}`).get('v') ?? '';
}
