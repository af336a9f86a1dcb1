/** The `Authorization: OAuth …` header of a signed request (RFC 5849, 3.5.1). */

/** What the header says: every parameter of a signature, decoded. */
export interface OAuthHeader {
  readonly consumerKey: string;
  readonly token: string;
  readonly method: string;
  readonly signature: string;
  readonly timestamp: string;
  readonly nonce: string;
  /** Every parameter that is signed: all but the signature itself and the realm. */
  readonly signed: ReadonlyMap<string, string>;
}

/** The header is not to be understood; the message says what is wrong with it. */
export interface HeaderProblem {
  readonly problem: string;
}

const SCHEME = /^oauth(?:\s+|$)/i;
const PARAMETER = /[\s,]*([^=\s,"]+)\s*=\s*(?:"([^"]*)"|([^\s,"]*))\s*(?=,|$)/gy;

/** Whether the header is one of a signed request. */
export function isSigned(authorization: string): boolean {
  return SCHEME.test(authorization);
}

/** Reads the header: `OAuth realm="…", oauth_nonce="…", …`. */
export function readOAuthHeader(authorization: string): OAuthHeader | HeaderProblem {
  const parameters = parametersOf(authorization.replace(SCHEME, ''));
  if ('problem' in parameters) return parameters;
  const read = (name: string) => parameters.get(name) ?? '';
  const header = {
    consumerKey: read('oauth_consumer_key'),
    token: read('oauth_token'),
    method: read('oauth_signature_method'),
    signature: read('oauth_signature'),
    timestamp: read('oauth_timestamp'),
    nonce: read('oauth_nonce'),
  };
  const missing = [
    ['oauth_consumer_key', header.consumerKey],
    ['oauth_token', header.token],
    ['oauth_signature_method', header.method],
    ['oauth_signature', header.signature],
    ['oauth_timestamp', header.timestamp],
    ['oauth_nonce', header.nonce],
  ].filter(([, value]) => value === '');
  if (missing.length > 0) {
    return { problem: `The OAuth header lacks ${missing.map(([name]) => name).join(', ')}.` };
  }
  const version = parameters.get('oauth_version');
  if (version !== undefined && version !== '1.0') {
    return { problem: `oauth_version must be 1.0 or left out, got "${version.slice(0, 20)}".` };
  }
  parameters.delete('oauth_signature');
  parameters.delete('realm');
  return { ...header, signed: parameters };
}

function parametersOf(text: string): Map<string, string> | HeaderProblem {
  const parameters = new Map<string, string>();
  let end = 0;
  for (const match of text.matchAll(PARAMETER)) {
    const [whole, name = '', quoted, bare] = match;
    end = match.index + whole.length;
    const plainName = decode(name);
    const value = decode(quoted ?? bare ?? '');
    if (plainName === null || value === null) {
      return { problem: 'The OAuth header is not properly percent-encoded: check the % signs.' };
    }
    if (parameters.has(plainName)) {
      return { problem: `The OAuth header gives ${plainName.slice(0, 40)} twice.` };
    }
    parameters.set(plainName, value);
  }
  if (/[^\s,]/.test(text.slice(end))) {
    return { problem: 'The OAuth header is not a list of name="value", separated by commas.' };
  }
  return parameters;
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
