/** Signatures as https://www.standardwebhooks.com has them: HMAC-SHA256 over id, time and body. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** Bytes of a secret, at least: what is shorter can be guessed. */
const MIN_SECRET = 24;

/** How far a timestamp may be from now, seconds. */
const TOLERANCE = 300;

/** Headers of a signed request. */
export interface SignedHeaders {
  /** The same for every try of the same delivery. */
  readonly 'webhook-id': string;
  /** Of this try, seconds since 1970. */
  readonly 'webhook-timestamp': string;
  /** `v1,` and Base64; one for each secret, with a space between. */
  readonly 'webhook-signature': string;
}

/**
 * The key that a secret stands for.
 * @param secret `whsec_` and Base64
 * @throws TypeError for a text that is none, and one that is too short; it does not repeat the text.
 */
export function keyOf(secret: string): Buffer {
  const [, base64 = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? [];
  const key = Buffer.from(base64, 'base64');
  if (key.length >= MIN_SECRET) return key;
  throw new TypeError(
    `A webhook's secret must be "whsec_" and the Base64 of ${MIN_SECRET} random bytes or more: echo "whsec_$(openssl rand -base64 32)" makes one.`,
  );
}

/**
 * @param keys each signs: an endpoint that knows one of them can check it
 * @param at epoch ms
 */
export function signedHeaders(
  keys: readonly Buffer[],
  id: string,
  at: number,
  body: string,
): SignedHeaders {
  const timestamp = String(Math.floor(at / 1_000));
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': keys.map((key) => signature(key, id, timestamp, body)).join(' '),
  };
}

/**
 * Checks a request that a webhook bot sent: for endpoints in JavaScript.
 * @param headers of the request, their names in lower case
 * @param body its bytes, as they came
 * @param now epoch ms; a timestamp that is more than five minutes away from it is refused
 * @throws TypeError for a secret that is none.
 */
export function verifyWebhook(
  secret: string,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  body: string,
  now: number = Date.now(),
): boolean {
  const key = keyOf(secret);
  const { 'webhook-id': id, 'webhook-timestamp': timestamp } = headers;
  const signatures = headers['webhook-signature'];
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string') {
    return false;
  }
  if (!(Math.abs(now / 1_000 - Number(timestamp)) <= TOLERANCE)) return false;
  const expected = signature(key, id, timestamp, body);
  return signatures.split(' ').some((each) => isSame(each, expected));
}

/** The token by which an endpoint answers in a chat later. It follows from the key: a restart keeps it. */
export function tokenOf(key: Buffer, chat: string): string {
  return createHmac('sha256', key).update(`parley reply token:${chat}`).digest('base64url');
}

/** In a time that says nothing of where they differ. */
export function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function signature(key: Buffer, id: string, timestamp: string, body: string): string {
  const hmac = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`);
  return `v1,${hmac.digest('base64')}`;
}
