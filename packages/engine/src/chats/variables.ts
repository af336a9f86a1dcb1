/** Custom variables: what the visitor's page or app says of the chat, by name. */
import type { Decision } from '../decision.js';
import { bytesOf } from '../memory/bytes.js';
import { MAX_VARIABLES_BYTES } from '../memory/limits.js';
import { refusalFor, standingOf } from '../memory/room.js';
import type { DecisionContext } from '../context.js';
import type { Chat } from './chat.js';
import type { VariableInput, StoredVariable } from './variable.js';

/** Most variables of a chat, as far as MAX_VARIABLES_BYTES goes; beyond this the oldest go. */
export const MAX_VARIABLES = 100;

export function setVariables(
  { state, room }: DecisionContext,
  chatId: string,
  variables: readonly VariableInput[],
): Decision<Record<never, never>> {
  const chat = state.chats.get(chatId);
  if (chat === undefined) return { rejected: 'unknown-chat', chatId };
  if (chat.phase.name === 'ended') return { rejected: 'chat-ended', chatId };
  const news = variables.filter((given) => valueIn(chat, given.name) !== given.value);
  if (news.length === 0) return { events: [], reply: {} };
  const standing = standingOf(chat);
  const { ip } = chat.visitor;
  const refusal = refusalFor(state, room, { ip, standing, bytes: bytesOf(news) });
  if (refusal !== null) return refusal;
  return { events: [{ type: 'chat.variables', chatId, variables: news }], reply: {} };
}

function valueIn(chat: Chat, name: string): string | undefined {
  return chat.variables?.find((kept) => kept.name === name)?.value;
}

/** The variables with new values: of a name given twice the last counts. */
export function withVariables(
  before: readonly StoredVariable[] | null,
  given: readonly VariableInput[],
  at: number,
): readonly StoredVariable[] | null {
  if (given.length === 0) return before;
  const byName = new Map((before ?? []).map((kept) => [kept.name, kept]));
  for (const { name, value } of given) {
    byName.delete(name);
    byName.set(name, { name, value, at });
  }
  let bytes = 0;
  const kept: StoredVariable[] = [];
  for (const variable of [...byName.values()].reverse()) {
    bytes += bytesOf(variable);
    if (kept.length === MAX_VARIABLES || bytes > MAX_VARIABLES_BYTES) break;
    kept.push(variable);
  }
  return kept.reverse();
}
