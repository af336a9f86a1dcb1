/** A chat as rules look at it. */
import type { Chat } from '../chats/chat.js';
import type { RuledChat } from './matching.js';

export function ruled({ skillId, visitor, surveys }: Chat): RuledChat {
  return { skillId, language: visitor.language, answers: surveys?.preChat?.answers ?? [] };
}
