/** Typing of either side: not an event, gone by itself when not renewed. */
import type { Chat, TypingParty } from '@parley/engine';
import { agentTypingDocument, visitorTypingDocument, WireError } from '@parley/protocol';
import type { AccountCall, Answer } from '../http/call.js';

const DOCUMENTS = { agent: agentTypingDocument, visitor: visitorTypingDocument } as const;

export function getTyping(call: AccountCall, chatId: string, party: TypingParty): Answer {
  const { host } = call.account;
  return call.answer(DOCUMENTS[party], host.typing.get(chatId, party, host.now()));
}

/**
 * `unknown` is taken as not typing: it says as much.
 * @throws WireError 409 when the chat has ended.
 */
export function putTyping(call: AccountCall, chat: Chat, party: TypingParty): Answer {
  const { host } = call.account;
  if (chat.stage.name === 'ended') {
    throw new WireError('chatEnded', 'The chat has ended: nobody types in it any more.');
  }
  const typing = call.read(DOCUMENTS[party]) === 'typing' ? 'typing' : 'not-typing';
  const until = host.now() + host.config.settings.typingSeconds * 1000;
  host.typing.set(chat.id, party, typing, until);
  return call.answer(DOCUMENTS[party], typing);
}
