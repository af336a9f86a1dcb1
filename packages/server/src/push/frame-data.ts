/** The data of frames. */
import {
  access,
  type AgentSession,
  type Chat,
  type FeedEntry,
  type FeedReader,
  isVisibleTo,
  lastVisible,
  presenceOf,
} from '@parley/engine';
import {
  type ChatEvent,
  type DocumentType,
  eventDocument,
  type FrameData,
  formatTime,
  REL,
  type StreamedChat,
  visitorEventDocument,
} from '@parley/protocol';
import type { LiveAccount } from '@parley/runtime/accounts/accounts';
import { chatUri } from '../agent/authorize.js';
import { offersTo } from '../agent/offers.js';
import { eventValue } from '../chat/documents.js';

const link = (href: string, rel: string) => ({ '@href': href, '@rel': rel });

/** A chat and where its events go on. */
export function streamedChat(
  account: LiveAccount,
  chat: Chat,
  uri: string,
  from: number,
  sessionId: string | null,
): StreamedChat {
  const next = nextFor(chat, sessionId === null ? 'visitor' : 'agent', from);
  const role =
    sessionId === null
      ? undefined
      : access(account.host.state, account.host.config, { by: 'session', sessionId }, chat.id)
          ?.role;
  return {
    link: [link(uri, REL.self), link(`${uri}/events?from=${next}`, REL.next)],
    chatSessionKey: chat.id,
    ...(role === undefined || role === 'visitor' ? {} : { role }),
    next,
  };
}

/** The id to read on from: what is hidden from a reader does not show in it either. */
function nextFor(chat: Chat, reader: FeedReader, end: number): number {
  return (lastVisible(chat, reader, end - 1, true) ?? -1) + 1;
}

export function leftChat(chatId: string, uri: string): StreamedChat {
  return { link: [link(uri, REL.self)], chatSessionKey: chatId };
}

export function availabilityData(
  account: LiveAccount,
  { availability, reasonId, availabilitySince }: AgentSession,
): FrameData<'availability'>['availability'] {
  return {
    chat: availability,
    voice: 'Offline',
    ...(reasonId === null ? {} : { chatReasonId: String(reasonId) }),
    since: formatTime(availabilitySince, account.setup.engine.settings.timeZone),
  };
}

export function incomingData(
  account: LiveAccount,
  session: AgentSession,
  uri: string,
): FrameData<'incoming'>['incomingRequests'] {
  const offer = offersTo(account, session);
  return {
    ringingCount: String(offer.length),
    ...(offer.length === 0 ? {} : { link: link(`${uri}/incomingRequests`, REL.acceptNextChat) }),
    offer,
  };
}

export type Roster = ReadonlyMap<number, FrameData<'roster'>['agent'][number]>;

/** The agents of the account, each in its state. */
export function rosterOf({ host, setup }: LiveAccount): Roster {
  const agents = new Map<number, FrameData<'roster'>['agent'][number]>();
  for (const user of setup.users.values()) {
    if (!user.enabled || !user.roles.includes('agent')) continue;
    const { availability, reasonId, since } = presenceOf(host.state, user.id);
    agents.set(user.id, {
      id: user.id,
      nickname: user.nickname,
      availability,
      ...(reasonId === null ? {} : { chatReasonId: reasonId }),
      ...(since === null ? {} : { since: formatTime(since, setup.engine.settings.timeZone) }),
    });
  }
  return agents;
}

interface Written {
  readonly from: number;
  readonly to: number;
  /** The events as JSON, separated by commas, and how many; for each kind of reader once known. */
  readonly events: { [R in FeedReader]?: { readonly text: string; readonly count: number } };
}

/** What was written last of each chat: its other readers get the same. */
const written = new WeakMap<Chat, Written>();

const DOCUMENTS: Readonly<Record<FeedReader, DocumentType<ChatEvent>>> = {
  agent: eventDocument,
  visitor: visitorEventDocument as DocumentType<ChatEvent>,
};

/** The data of an `events` frame, as JSON; null when the reader may see none of these entries. */
export function eventsData(
  account: LiveAccount,
  chat: Chat,
  reader: FeedReader,
  uri: string,
  from: number,
  to: number,
): string | null {
  const { text, count } = eventsText(account, chat, reader, from, to);
  if (count === 0) return null;
  const events = JSON.stringify(`${uri}/events`);
  const next = JSON.stringify(`${uri}/events?from=${nextFor(chat, reader, to)}`);
  const event = count === 1 ? text : `[${text}]`;
  return `{"uri":${JSON.stringify(uri)},"events":{"link":[{"@href":${events},"@rel":"self"},{"@href":${next},"@rel":"next"}],"event":${event}}}`;
}

function eventsText(
  account: LiveAccount,
  chat: Chat,
  reader: FeedReader,
  from: number,
  to: number,
): { readonly text: string; readonly count: number } {
  let last = written.get(chat);
  if (last?.from !== from || last.to !== to) {
    last = { from, to, events: {} };
    written.set(chat, last);
  }
  const done = last.events[reader];
  if (done !== undefined) return done;
  const view = { account, chat, reader, uri: '' };
  const entries = chat.feed.slice(from, to);
  const seen = entries.filter((entry) => isVisibleTo(entry, reader));
  const document = DOCUMENTS[reader];
  const each = seen.map((entry) => {
    const spelled = document.write(eventValue(view, entry), 'json');
    return spelled.slice(`{"event":`.length, -1);
  });
  const found = { text: each.join(','), count: each.length };
  last.events[reader] = found;
  if (entries.every(isAlikeForAll)) {
    last.events.agent = found;
    last.events.visitor = found;
  }
  return found;
}

/** Whether agents and visitors read the entry in the same words. */
function isAlikeForAll(entry: FeedEntry): boolean {
  if (entry.type === 'state') return true;
  if (entry.type === 'collaboration') return entry.role === 'assistant';
  return entry.subType === 'REGULAR' && entry.by !== null && entry.systemMessageId === undefined;
}

/** Where a chat of the session stands. */
export function chatUriOf(sessionUri: string, chatId: string): string {
  return chatUri(sessionUri, chatId);
}

/** Another text when the availability is another. */
export function stateKey({ availability, availabilitySince, reasonId }: AgentSession): string {
  return `${availability} ${availabilitySince} ${reasonId}`;
}

/** Why a chat is not its reader’s any more. */
export function whyLeft(chat: Chat | undefined, userId: number | null): FrameData<'chat'>['why'] {
  if (chat === undefined || chat.phase.name === 'ended') return 'end';
  // Who was beside its agent was never among those who had it.
  if (!chat.formerAgents.some((former) => former.userId === userId)) return 'leave';
  if (chat.phase.name === 'active') return 'takeover';
  return chat.phase.waiting.transferredBy === userId ? 'transfer' : 'requeue';
}
