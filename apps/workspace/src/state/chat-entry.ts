/** What the workspace keeps of a chat when it comes, or comes back with another session. */
import type { AgentChat } from '@parley/client/agent';
import { speaks } from './chats.js';
import type { Drafts } from './drafts.js';
import type { ChatEntry } from './model.js';
import { withPending } from './underway.js';

/**
 * @param before what was kept of it already
 * @param now epoch ms
 */
export function entryOf(
  chat: AgentChat,
  before: ChatEntry | undefined,
  drafts: Drafts,
  now: number,
): ChatEntry {
  const mode = speaks(chat.role) ? (before?.mode ?? 'reply') : 'note';
  return {
    id: chat.id,
    chat,
    events: chat.history,
    length: chat.history.length,
    info: chat.info,
    pending: chat.pending,
    underway: withPending(before?.underway ?? [], chat.pending, lastOf(chat)),
    failed: before?.failed ?? [],
    over: chat.over,
    role: chat.role,
    people: before?.people ?? [],
    suggestions: before?.suggestions ?? [],
    card: before?.card ?? null,
    readTo: before?.readTo ?? chat.info.agentRead ?? -1,
    typingSince: chat.visitor.typing ? now : null,
    mode,
    draft: drafts.get(chat.id, mode),
    since: before?.since ?? now,
  };
}

/** Id of a chat's last event; -1 while there is none. */
export function lastOf({ history }: AgentChat): number {
  return history.at(-1)?.id ?? -1;
}
