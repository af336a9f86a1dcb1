/** What of a chat's info streams follow: found once for all readers of a kind, as long as nothing changes. */
import {
  agentOf,
  type Chat,
  type FeedReader,
  feedState,
  readPosition,
  type ChatRole,
} from '@parley/engine';
import type { StreamedInfo } from '@parley/protocol';
import type { LiveAccount } from '@parley/runtime/accounts/accounts';
import { visitorNameFor } from '../chat/documents.js';

/** All fields there are; null for what is not there. */
export type Facts = Readonly<Record<string, unknown>>;

interface Known {
  seq: number;
  config: unknown;
  facts: Facts;
}

const known: Readonly<Record<FeedReader, WeakMap<Chat, Known>>> = {
  agent: new WeakMap(),
  visitor: new WeakMap(),
};

/** Roles that visitors hear of. */
const HEARD: ReadonlySet<ChatRole> = new Set(['agent', 'assistant']);

/** The same object as before when nothing of it changed. */
export function factsOf(account: LiveAccount, chat: Chat, reader: FeedReader): Facts {
  const { config } = account.host;
  const last = known[reader].get(chat);
  if (last !== undefined && last.seq === chat.seq && last.config === config) return last.facts;
  const found = look(account, chat, reader);
  const facts = last !== undefined && changesOf(last.facts, found) === null ? last.facts : found;
  known[reader].set(chat, { seq: chat.seq, config, facts });
  return facts;
}

function look(account: LiveAccount, chat: Chat, reader: FeedReader): Facts {
  const { config } = account.host;
  const agentId = agentOf(chat);
  const agent = agentId === null ? undefined : config.users.get(agentId);
  const skill = chat.skillId === null ? undefined : config.skills.get(chat.skillId);
  const isOver = chat.phase.name === 'ended';
  return {
    state: feedState(chat),
    skillId: skill?.id ?? null,
    skillName: skill?.name ?? null,
    agentId: agent?.id ?? null,
    agentName: agent?.nickname ?? null,
    visitorName: visitorNameFor({ account, chat, reader, uri: '' }),
    participant: isOver
      ? []
      : chat.participants
          .filter(({ role }) => reader === 'agent' || HEARD.has(role))
          .map(({ userId, role }) => ({
            agentId: userId,
            name: config.users.get(userId)?.nickname ?? '',
            role,
          })),
    agentRead: readPosition(chat, 'agent', reader),
    visitorRead: readPosition(chat, 'visitor', reader),
  };
}

/** What is otherwise now; null when nothing is. */
export function changesOf(before: Facts, now: Facts): StreamedInfo | null {
  if (before === now) return null;
  let changes: Record<string, unknown> | null = null;
  for (const [name, value] of Object.entries(now)) {
    if (isSame(before[name], value)) continue;
    changes ??= {};
    changes[name] = value;
  }
  return changes;
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || (Array.isArray(a) && JSON.stringify(a) === JSON.stringify(b));
}
