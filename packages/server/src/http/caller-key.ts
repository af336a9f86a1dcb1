/**
 * Who asks, as far as that can be known before anybody is authenticated: enough to give callers of one
 * network fair turns, and never to be believed. Visitors share a page's app key, so theirs is the chat.
 */
import type { IncomingMessage } from 'node:http';

const BEARER = /^Bearer /i;
const CONSUMER = /oauth_consumer_key="?([\w-]{1,64})/;
const CHAT = /\/chat\/(H[\w-]{1,80})/;
/** A WebSocket may have been opened with a ticket alone. */
const SESSION = /\/agentSession\/(\d{1,40})/;

/** Longer ones are distinguished by their beginning. */
const MAX_LENGTH = 256;

/** A text that is the same for each request of a caller. */
export function callerKeyOf({ headers, url = '' }: IncomingMessage): string {
  const { authorization = '', cookie = '' } = headers;
  if (BEARER.test(authorization)) return authorization.slice(0, MAX_LENGTH);
  // A signature is another one each time.
  const key = CONSUMER.exec(authorization)?.[1] ?? CHAT.exec(url)?.[1];
  const sent = key ?? (authorization || cookie).slice(0, MAX_LENGTH);
  return sent === '' ? (SESSION.exec(url)?.[1] ?? '') : sent;
}
