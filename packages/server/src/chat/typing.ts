/** Typing of either side: not an event, gone by itself when not renewed. */
import { readBody } from '../http/read-body.js';
import type { Typing, TypingBy, TypingParty } from '@parley/engine';
import { typingPreviewDocument, WireError } from '@parley/protocol';
import type { ChatCall } from './documents.js';

/** Whether that side is typing now. */
export function typingOf({ account, chat }: ChatCall, party: TypingParty): Typing {
  const { host } = account;
  return host.typing.get(chat.id, party, host.elapsed());
}

/** How long what somebody is about to say is shown when it is not said again, ms. */
const PREVIEW_MS = 10_000;

/** What the body says beside the typing; XML has no place for it. */
export function previewIn(call: ChatCall): string | undefined {
  const { body } = call.request;
  if (typeof body !== 'string' || body.trimStart().startsWith('<')) return undefined;
  return readBody(call, typingPreviewDocument).preview;
}

/**
 * Notes what somebody said about their typing, and gives it back.
 * @throws WireError 409 when the chat has ended.
 */
export function noteTyping(
  { account, chat, server }: ChatCall,
  by: TypingBy,
  typing: Typing,
  preview?: string,
): Typing {
  if (chat.phase.name === 'ended') {
    throw new WireError('chatEnded', 'The chat has ended: nobody types in it any more.');
  }
  const { host } = account;
  const now = host.elapsed();
  const until = now + host.config.settings.typingSeconds * 1000;
  const shown = preview === undefined ? undefined : { text: preview, until: now + PREVIEW_MS };
  host.typing.set(chat.id, by, typing, until, shown);
  server.streams.typed(account.id, chat.id);
  return typing;
}
