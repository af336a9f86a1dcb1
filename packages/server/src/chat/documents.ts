/** A chat as documents: the same for agents and visitors, but for what each may see. */
import {
  type AgentSession,
  agentOf,
  type Chat,
  durationMs,
  type FeedBudget,
  type FeedEntry,
  type FeedReader,
  feedState,
  isVisibleTo,
  queuePlace,
  readEarlier,
  readFeed,
  readPosition,
} from '@parley/engine';
import {
  type ChatDocument,
  type ChatEvent,
  type ChatInfo,
  type EventsDocument,
  formatTime,
  type Link,
  REL,
  knownFields,
} from '@parley/protocol';
import type { LiveAccount } from '@parley/runtime/accounts/accounts';
import type { AccountCall } from '../http/call.js';

/** Whose view it is, and where the chat stands for them. */
export interface ChatView {
  readonly account: LiveAccount;
  readonly chat: Chat;
  readonly reader: FeedReader;
  /** The chat's URI for this reader. */
  readonly uri: string;
  /** Whether they asked for entries that say who came and went; older clients do not know them. */
  readonly collaboration?: boolean;
}

/** A call on a chat that its caller may read. */
export type ChatCall = AccountCall &
  Omit<ChatView, 'collaboration'> & {
    /** The agent session that calls; null for the visitor. */
    readonly session: AgentSession | null;
    /** Whose heartbeat the call is while it waits. */
    readonly alive: string;
  };

/** What an unnamed visitor is called, by who reads it. */
const UNNAMED: Readonly<Record<FeedReader, string>> = { agent: 'visitor', visitor: 'You' };

export function eventValue(view: ChatView, entry: FeedEntry): ChatEvent {
  const time = formatTime(entry.at, view.account.setup.engine.settings.timeZone);
  if (entry.type === 'state') return { id: entry.id, type: 'state', time, state: entry.state };
  if (entry.type === 'collaboration') {
    const { id, action, role, by, userId } = entry;
    return { id, type: 'collaboration', time, action, role, by, agentId: userId };
  }
  return {
    id: entry.id,
    type: 'line',
    time,
    textType: entry.textType,
    text: entry.text,
    by: entry.by ?? UNNAMED[view.reader],
    source: entry.source,
    ...(entry.systemMessageId === undefined ? {} : { systemMessageId: entry.systemMessageId }),
    subType: entry.subType,
    ...(entry.json === undefined ? {} : { json: entry.json }),
  };
}

/**
 * The events with id ≥ `from`, with the links to ask again and to go on: after a long time, or in a
 * long chat, with the next page.
 */
export function eventsValue(view: ChatView, from: number, budget?: FeedBudget): EventsDocument {
  const { collaboration = false } = view;
  const { entries, next } = readFeed(view.chat, view.reader, from, budget, collaboration);
  const uri = `${view.uri}/events`;
  return {
    link: [
      { href: uri, rel: REL.self },
      { href: `${uri}?from=${next}${asAsked(view)}`, rel: REL.next },
    ],
    event: entries.map((entry) => eventValue(view, entry)),
  };
}

/** What a link that goes on must ask for as well. */
function asAsked({ collaboration }: ChatView): string {
  return collaboration === true ? '&collaboration=true' : '';
}

/**
 * The last events before one, with the links to go on after them and, where there are any, to those
 * before them.
 */
export function earlierEventsValue(view: ChatView, before: number, limit: number): EventsDocument {
  const { chat, reader, collaboration = false } = view;
  const { entries, isMore } = readEarlier(chat, reader, before, limit, undefined, collaboration);
  const uri = `${view.uri}/events`;
  const first = entries[0]?.id ?? 0;
  const next = (entries.at(-1)?.id ?? -1) + 1;
  return {
    link: [
      { href: uri, rel: REL.self },
      { href: `${uri}?from=${next}${asAsked(view)}`, rel: REL.next },
      ...(isMore
        ? [{ href: `${uri}?before=${first}&limit=${limit}${asAsked(view)}`, rel: REL.previous }]
        : []),
    ],
    event: entries.map((entry) => eventValue(view, entry)),
  };
}

/** The link that goes on with the whole chat where its events go on. */
export function nextLink(uri: string, events: EventsDocument): Link {
  const next = events.link[1]?.href ?? '';
  return { href: uri + next.slice(next.lastIndexOf('?')), rel: REL.next };
}

/** The number after `K` in a chat id. */
export function rtSessionId(chatId: string): number {
  return Number(chatId.slice(chatId.lastIndexOf('K') + 1));
}

/** The name the reader sees for the visitor. */
export function visitorNameFor({ chat, reader }: ChatView): string {
  return chat.visitorName ?? UNNAMED[reader];
}

export function infoValue(view: ChatView): ChatInfo {
  const { account, chat, reader, uri } = view;
  const { config, typing } = account.host;
  const now = account.host.now();
  const time = (at: number) => formatTime(at, config.settings.timeZone);
  const agentId = agentOf(chat);
  const agent = agentId === null ? undefined : config.users.get(agentId);
  const skill = chat.skillId === null ? undefined : config.skills.get(chat.skillId);
  const { visitor, participant } = chat;
  const info = `${uri}/info`;
  const link: Link[] = [
    { href: info, rel: REL.self },
    { href: `${info}/visitorName`, rel: REL.visitorName },
    { href: `${info}/visitorTyping`, rel: REL.visitorTyping },
    { href: `${info}/agentTyping`, rel: REL.agentTyping },
    ...(participant === null ? [] : participantLinks(view, participant.participantId)),
  ];
  return {
    link,
    state: feedState(chat),
    chatSessionKey: chat.id,
    ...(skill === undefined ? {} : { skillName: skill.name, skillId: skill.id }),
    ...(agent === undefined ? {} : { agentName: agent.nickname, agentId: agent.id }),
    startTime: time(chat.requestedAt),
    duration: Math.floor(durationMs(chat, now) / 1000),
    lastUpdate: time(lastUpdateFor(view)),
    chatTimeout: chat.timeout,
    visitorId: idValue(visitor.visitorId),
    agentTyping: typing.get(chat.id, 'agent', account.host.elapsed()),
    visitorTyping: typing.get(chat.id, 'visitor', account.host.elapsed()),
    visitorName: visitorNameFor(view),
    rtSessionId: rtSessionId(chat.id),
    ...queueFields(view),
    ...knownFields({
      sharkVisitorId: visitor.sharkVisitorId,
      sharkSessionId: visitor.sharkSessionId,
      sharkContextId: broughtId(visitor.sharkContextId),
      engagementId: broughtId(visitor.engagementId),
      campaignId: broughtId(visitor.campaignId),
      language: visitor.language,
      agentRead: readPosition(chat, 'agent', reader),
      visitorRead: readPosition(chat, 'visitor', reader),
      participantId: participant?.participantId,
    }),
  };
}

/** Where a waiting chat stands: for its visitor, since others read no chat that waits. */
function queueFields({
  account,
  chat,
  reader,
}: ChatView): Pick<ChatInfo, 'estimatedWait' | 'queuePosition'> {
  if (reader !== 'visitor') return {};
  const { host } = account;
  const place = queuePlace(host.state, host.config, chat, host.now());
  if (place === null) return {};
  return { queuePosition: place.position, estimatedWait: place.estimatedWait };
}

/** Journal position of the last event that the chat's info reflects. */
export function infoSeq({ account, chat, reader }: ChatView): number {
  const waits = reader === 'visitor' && chat.phase.name === 'waiting';
  return waits ? Math.max(chat.seq, account.host.state.rosterSeq) : chat.seq;
}

/** What counts of a chat's info, for entity tags: all but what goes on by itself. */
export function lastingInfo({
  duration: _,
  estimatedWait: __,
  ...info
}: ChatInfo): Omit<ChatInfo, 'duration' | 'estimatedWait'> {
  return info;
}

/** The same of a whole chat. */
export function lastingChat({ link, events, info }: ChatDocument): unknown {
  return { link, events, info: lastingInfo(info) };
}

/** An id that came from outside, as documents write it: a number when every client can hold it exactly. */
export function idValue(id: string | number): number | string {
  const number = Number(id);
  return Number.isSafeInteger(number) && String(number) === String(id) ? number : id;
}

/** Such an id when it is known. */
function broughtId(id: string | number | null): number | string | null {
  return id === null ? null : idValue(id);
}

/** They lead into the agent session: visitors know who they are. */
function participantLinks({ uri, reader }: ChatView, participantId: string): Link[] {
  if (reader !== 'agent') return [];
  const session = uri.slice(0, uri.lastIndexOf('/chat/'));
  return [
    { href: `${session}/participantInfo/${participantId}`, rel: REL.participantInfo },
    {
      href: `${session}/participantExtendedInfo/${participantId}`,
      rel: REL.participantExtendedInfo,
    },
  ];
}

/** A line hidden from the visitor does not show as an update either. */
function lastUpdateFor({ chat, reader }: ChatView): number {
  if (reader === 'agent') return chat.lastUpdate;
  const seen = chat.feed.findLast((entry) => isVisibleTo(entry, reader));
  return seen?.at ?? chat.requestedAt;
}
