/** What refusals say of a chat. */
import { RefusedError } from '../core/errors.js';
import type { ChatEnd } from './chat-types.js';

const CHAT_ENDED = 1501;
const CHAT_FULL = 1509;
const CHAT_ELSEWHERE = 1510;

/**
 * What a refusal says of the chat; null when it is about something else.
 * @param posting whether it was a line or the end: other servers say 409 alone when the chat has ended
 */
export function overBy(error: unknown, posting: boolean): ChatEnd | null {
  if (!(error instanceof RefusedError)) return null;
  const { status, code } = error;
  if (status === 404 || code === CHAT_ELSEWHERE) return 'gone';
  if (code === CHAT_ENDED) return 'ended';
  return posting && status === 409 && code !== CHAT_FULL ? 'ended' : null;
}

/** null for what is not there. @throws any other error */
export function noneFor404(error: unknown): null {
  if (error instanceof RefusedError && error.status === 404) return null;
  throw error;
}
