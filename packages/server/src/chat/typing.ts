/** Typing of either side: not an event, gone by itself when not renewed. */
import type { Typing, TypingParty } from '@parley/engine';
import { WireError } from '@parley/protocol';
import type { ChatCall } from './documents.js';

/** Whether that side is typing now. */
export function typingOf({ account, chat }: ChatCall, party: TypingParty): Typing {
  const { host } = account;
  return host.typing.get(chat.id, party, host.elapsed());
}

/**
 * Notes what a side said about its typing, and gives it back.
 * @throws WireError 409 when the chat has ended.
 */
export function noteTyping(
  { account, chat, server }: ChatCall,
  party: TypingParty,
  typing: Typing,
): Typing {
  if (chat.phase.name === 'ended') {
    throw new WireError('chatEnded', 'The chat has ended: nobody types in it any more.');
  }
  const { host } = account;
  const until = host.elapsed() + host.config.settings.typingSeconds * 1000;
  host.typing.set(chat.id, party, typing, until);
  server.streams.typed(account.id, chat.id);
  return typing;
}
