/** One chat as it stands in the journal, live or over: who said what when, and to whom it went. */
import type { Store } from '@parley/store';
import { loadSetup } from '@parley/configuration/changes/change';
import { AdministrationError } from '@parley/configuration/administration-error';
import { readEntry } from '../accounts/read-entry.js';

/** Something that happened in a chat. */
export type RecordedEvent =
  | {
      readonly what: 'line';
      /** Epoch ms. */
      readonly at: number;
      readonly source: 'visitor' | 'agent' | 'system';
      readonly text: string;
      /** Of an agent's line: whether a bot said it. */
      readonly byBot: boolean;
      /** Whether the visitor cannot read it. */
      readonly hidden: boolean;
    }
  | {
      readonly what: 'transfer';
      readonly at: number;
      readonly byBot: boolean;
      /** Name of the skill; null for a transfer to one agent. */
      readonly skill: string | null;
    }
  | { readonly what: 'end'; readonly at: number; readonly by: 'visitor' | 'agent' | 'system' };

export interface RecordedChat {
  readonly accountId: string;
  readonly chatId: string;
  readonly startedAt: number;
  readonly visitorName: string | null;
  readonly language: string | null;
  readonly skill: string | null;
  readonly events: readonly RecordedEvent[];
  /** What people who were in the chat are called; not the visitor, and not bots. */
  readonly people: readonly string[];
}

/** Who reads a chat, for the audit log, and where it is looked for. */
export interface RecordedFor {
  /** `cli:root` … */
  readonly actor: string;
  /** Host name. */
  readonly from: string;
  /** Epoch ms. */
  readonly at: number;
  /** The only account that is looked in; all of them by default. */
  readonly accountId?: string | undefined;
}

/**
 * Gives a chat with its words, once it is written down in its account's audit log who read it.
 * @throws AdministrationError when there is no such chat, or no longer; StoreDamage.
 */
export async function findRecordedChat(
  store: Store,
  chatId: string,
  { accountId, ...reader }: RecordedFor,
): Promise<RecordedChat> {
  for (const each of await store.accounts.list()) {
    if (accountId !== undefined && each !== accountId) continue;
    const chat = await readRecordedChat(store, each, chatId);
    if (chat === null) continue;
    const entry = { ...reader, action: 'chat.read', target: `chat:${chatId}`, detail: '{}' };
    await store.config.write(each, { changes: [], audit: [entry] });
    return chat;
  }
  const where = accountId === undefined ? 'in this data' : `in an account ${accountId}`;
  throw new AdministrationError(
    `There is no chat ${chatId} ${where}, or not any more: "parley chat list" shows those that go on.`,
  );
}

/** @returns null where the journal has no such chat, or no longer; @throws StoreDamage. */
async function readRecordedChat(
  store: Store,
  accountId: string,
  chatId: string,
): Promise<RecordedChat | null> {
  const { entries } = await store.journal.readChat(accountId, chatId);
  const { engine } = await loadSetup(store, accountId);
  const isBot = (userId: unknown) =>
    typeof userId === 'number' && engine.users.get(userId)?.kind === 'bot';
  const people = new Set<string>();
  const skillName = (id: number | null) =>
    id === null ? null : (engine.skills.get(id)?.name ?? null);
  let begun: Omit<RecordedChat, 'events' | 'people'> | null = null;
  const events: RecordedEvent[] = [];
  for (const entry of entries) {
    const event = readEntry(accountId, entry);
    if (event.type === 'chat.requested') {
      const { name, language } = event.visitor;
      const skill = skillName(event.skillId);
      begun = { accountId, chatId, startedAt: entry.at, visitorName: name, language, skill };
    }
    if (event.type === 'chat.visitorNamed' && begun !== null) {
      begun = { ...begun, visitorName: event.name };
    }
    const { feed = [] } = event as { readonly feed?: readonly FeedPart[] };
    for (const part of feed) {
      if (part.type !== 'line') continue;
      const byBot = isBot(part.author);
      if (part.source === 'agent' && !byBot && part.by !== null) people.add(part.by);
      const hidden = part.subType !== 'REGULAR';
      const { at, source, text } = part;
      events.push({ what: 'line', at, source, text, byBot, hidden });
    }
    if (event.type === 'chat.transferred') {
      const skill = 'skillId' in event.to ? skillName(event.to.skillId) : null;
      const byBot = event.byUserId === undefined && isBot(event.fromUserId);
      events.push({ what: 'transfer', at: entry.at, byBot, skill });
    }
    if (event.type === 'chat.escalated') {
      // A bot that did not answer has done nothing.
      const byBot = isBot(event.fromUserId) && event.reason !== 'unanswered';
      events.push({ what: 'transfer', at: entry.at, byBot, skill: skillName(event.skillId) });
    }
    if (event.type === 'chat.ended') events.push({ what: 'end', at: entry.at, by: event.by });
    for (const id of userIdsOf(event)) {
      const user = engine.users.get(id);
      if (user === undefined || user.kind === 'bot') continue;
      people.add(user.nickname);
    }
  }
  return begun === null ? null : { ...begun, events, people: [...people] };
}

/** What of a feed's entries is read here. */
interface FeedPart {
  readonly type: string;
  readonly at: number;
  readonly text: string;
  readonly by: string | null;
  readonly source: 'visitor' | 'agent' | 'system';
  readonly subType: string;
  readonly author?: unknown;
}

/** Users that an event names. */
function userIdsOf(event: object): readonly number[] {
  const { userId, fromUserId } = event as {
    readonly userId?: unknown;
    readonly fromUserId?: unknown;
  };
  return [userId, fromUserId].filter((id): id is number => typeof id === 'number');
}
