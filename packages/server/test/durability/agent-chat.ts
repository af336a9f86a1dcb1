/** What an agent does in chats: accepts them, writes, reads, gives them away, ends them. */
import { DEMO_USERS } from '../../src/index.js';
import { at, textAt } from '../harness.js';
import type { AgentActor, LoggedIn, Workplace } from './agent.js';
import { isGood, isUnsure, type Line, type Outcome, pathOf } from './line.js';
import type { ToldChat } from './told.js';

/** A chat that the agent is in. */
export interface ChatAtWork {
  readonly chat: ToldChat;
  /** The id to ask from next. */
  next: number;
  /** Set when the agent gave it away and had no answer. */
  leaving: boolean;
}

const SKILL_IDS = [11, 12];

function uri(place: Workplace, chatId: string): string {
  return `${place.path}/chat/${chatId}`;
}

/** Looks whether chats ring, and accepts one. */
export async function takeIncoming(
  actor: AgentActor,
  line: Line,
  login: LoggedIn,
  place: Workplace,
): Promise<void> {
  const path = `${place.path}/incomingRequests?v=1`;
  const incoming = await line.send('GET', path, login);
  if (!isGood(incoming)) return actor.expect('incoming requests', incoming, []);
  const link = at(incoming.body, 'incomingRequests.link');
  if (link === undefined) return;
  const accepted = await line.send('POST', path, { ...login, body: {} });
  if (isUnsure(accepted)) place.unsure = 'accepting';
  // The visitor may have left meanwhile, or another transfer have been faster.
  actor.expect('accepting', accepted, [404]);
  if (!isGood(accepted) || accepted.location === null) return;
  actor.ledger.counts.accepts += 1;
  const chatId = accepted.location.slice(accepted.location.lastIndexOf('/') + 1);
  const work = await meet(actor, line, login, place, chatId);
  if (work === null) place.unsure = 'accepting';
}

/** Makes the acquaintance of a chat that came to the agent; null when there was no whole answer. */
async function meet(
  actor: AgentActor,
  line: Line,
  login: LoggedIn,
  place: Workplace,
  chatId: string,
): Promise<ChatAtWork | null> {
  const { ledger } = actor;
  const outcome = await line.send('GET', `${uri(place, chatId)}/info?v=1`, login);
  if (!isGood(outcome) || outcome.body === undefined) {
    actor.expect(`a new chat ${chatId}`, outcome, []);
    return null;
  }
  const chat = ledger.chat(chatId, textAt(outcome.body, 'info.visitorName'));
  const { holder } = chat;
  if (holder !== null && holder !== actor.user && !chat.released && chat.endedAt === null) {
    actor.wrong(`has chat ${chat.name}, which ${holder} has too`);
  }
  chat.holder = actor.user;
  chat.released = false;
  const work: ChatAtWork = { chat, next: 0, leaving: false };
  place.chats.set(chatId, work);
  return work;
}

/**
 * Looks which chats came along from the session that was taken over.
 * @param before the session before, when the agent knew one
 * @param surprises whether chats may come along that the agent does not know of
 * @returns false when that could not be found out
 */
export async function adoptTakenOver(
  actor: AgentActor,
  line: Line,
  login: LoggedIn,
  place: Workplace,
  before: Workplace | null,
  surprises: boolean,
): Promise<boolean> {
  for (const [id, work] of before?.chats ?? []) place.chats.set(id, work);
  const outcome = await line.send('GET', `${place.path}/chatSessions?v=1`, login);
  actor.expect('taken-over chats', outcome, []);
  if (!isGood(outcome) || outcome.body === undefined) return false;
  const listed = at(outcome.body, 'chatSessions.chatSession');
  const keys = (Array.isArray(listed) ? listed : []).map((each) => textAt(each, 'chatSessionKey'));
  for (const key of keys) {
    const work = place.chats.get(key);
    if (work !== undefined) {
      work.leaving = false;
      work.chat.released = false;
      continue;
    }
    if (!surprises) actor.wrong(`the new session brings chat ${key}, which the old one had not`);
    if ((await meet(actor, line, login, place, key)) === null) return false;
  }
  for (const [key, work] of place.chats) {
    if (keys.includes(key)) continue;
    if (!work.leaving && before?.unsure !== 'closing') {
      if ((await readAsAgent(actor, line, login, place, work, 0)) === null) return false;
      if (work.chat.endedAt === null) {
        actor.wrong(`chat ${work.chat.name} did not come along into the new session`);
      }
    }
    place.chats.delete(key);
  }
  return true;
}

/** Does something in one of the agent's chats. */
export async function workOnChat(
  actor: AgentActor,
  line: Line,
  login: LoggedIn,
  place: Workplace,
): Promise<void> {
  for (const [id, { chat }] of place.chats) {
    if (chat.endedAt === null) continue;
    place.chats.delete(id);
    actor.finished = chat;
  }
  const works = [...place.chats.values()].filter(({ leaving }) => !leaving);
  if (works.length === 0) return takeIncoming(actor, line, login, place);
  const work = actor.random.of(works);
  const say = (kind: 'line' | 'hidden') => write(actor, line, login, place, work, kind);
  const choice = actor.random.weighted({
    line: 40,
    hidden: 10,
    burst: 6,
    news: 25,
    all: 4,
    end: 6,
    transfer: 5,
    note: 2,
  });
  switch (choice) {
    case 'line':
    case 'hidden':
      return say(choice);
    case 'burst':
      await Promise.all([say('line'), say('hidden'), say('line')]);
      return;
    case 'news':
      await readAsAgent(actor, line, login, place, work, work.next);
      return;
    case 'all':
      await readAsAgent(actor, line, login, place, work, 0);
      return;
    case 'end':
      return end(actor, line, login, place, work);
    case 'transfer':
      return transfer(actor, line, login, place, work);
    case 'note':
      return writeNote(actor, line, login, place);
    default:
      return choice satisfies never;
  }
}

async function write(
  actor: AgentActor,
  line: Line,
  login: LoggedIn,
  place: Workplace,
  { chat }: ChatAtWork,
  what: 'line' | 'hidden',
): Promise<void> {
  const text = actor.ledger.text(what);
  const subType = what === 'hidden' ? { subType: 'ONLY_TO_REP' } : {};
  const told = chat.asking(what, actor.user, text);
  const outcome = await post(line, login, place, chat, { '@type': 'line', text, ...subType });
  told(outcome);
  actor.expect(`a line in ${chat.name}`, outcome, [409]);
}

/** The last agent of a chat may still write a note into it. */
async function writeNote(
  actor: AgentActor,
  line: Line,
  login: LoggedIn,
  place: Workplace,
): Promise<void> {
  const { finished } = actor;
  if (finished === null) return;
  const work: ChatAtWork = { chat: finished, next: 0, leaving: false };
  await write(actor, line, login, place, work, 'hidden');
}

/** Ends a chat as its agent. */
export async function end(
  actor: AgentActor,
  line: Line,
  login: LoggedIn,
  place: Workplace,
  { chat }: ChatAtWork,
): Promise<void> {
  const told = chat.asking('end', actor.user, '');
  const outcome = await post(line, login, place, chat, { '@type': 'state', state: 'ended' });
  told(outcome);
  actor.expect(`ending ${chat.name}`, outcome, [409]);
}

async function transfer(
  actor: AgentActor,
  line: Line,
  login: LoggedIn,
  place: Workplace,
  work: ChatAtWork,
): Promise<void> {
  const { chat } = work;
  const text = actor.ledger.text('hidden');
  const others = DEMO_USERS.filter(({ loginName }) => loginName !== actor.user);
  const to = actor.random.oneIn(2)
    ? { skill: { id: actor.random.of(SKILL_IDS) } }
    : { agent: { id: actor.random.of(others).id } };
  chat.released = true;
  const told = chat.asking('aside', actor.user, text);
  const path = uri(place, chat.id);
  const body = { transfer: { ...to, text } };
  const outcome = await line.send('POST', `${path}/transfer?v=1`, { ...login, body });
  told(outcome);
  actor.expect(`transferring ${chat.name}`, outcome, [409]);
  if (isUnsure(outcome)) work.leaving = true;
  else if (!isGood(outcome)) chat.released = false;
  if (isUnsure(outcome) || isGood(outcome)) chat.giver = actor.user;
  if (!isGood(outcome)) return;
  actor.ledger.counts.transfers += 1;
  place.chats.delete(chat.id);
  const gone = await line.send('GET', `${path}/events?v=1`, login);
  if (isGood(gone)) actor.wrong(`can still read ${chat.name} after giving it away`);
}

function post(
  line: Line,
  login: LoggedIn,
  place: Workplace,
  chat: ToldChat,
  event: unknown,
): Promise<Outcome> {
  const path = `${uri(place, chat.id)}/events?v=1`;
  return line.send('POST', path, { ...login, body: { event } });
}

/** Reads a chat from an event on; null when there was no whole answer. */
export async function readAsAgent(
  actor: AgentActor,
  line: Line,
  login: LoggedIn,
  place: Workplace,
  work: ChatAtWork,
  from: number,
) {
  const { chat } = work;
  const known = chat.known('agent', from);
  const path = `${uri(place, chat.id)}/events?from=${from}&v=1`;
  const outcome = await line.send('GET', path, login);
  if (!isGood(outcome) || outcome.body === undefined) {
    actor.expect(`reading ${chat.name}`, outcome, []);
    return null;
  }
  const shown = chat.shown('agent', from, outcome.body, known);
  work.next = shown.next;
  return shown.events;
}

/** Whether the agent's session has the chat, and is chatting in it. */
export async function isChatting(
  line: Line,
  login: LoggedIn,
  place: Workplace,
  chatId: string,
): Promise<boolean> {
  const outcome = await line.send('GET', `${uri(place, chatId)}/info?v=1`, login);
  return isGood(outcome) && at(outcome.body, 'info.state') === 'chatting';
}

/** How many chats ring at the session; null when there was no whole answer. */
export async function ringing(
  line: Line,
  login: LoggedIn,
  place: Workplace,
): Promise<number | null> {
  const outcome = await line.send('GET', `${place.path}/incomingRequests?v=1`, login);
  const count = at(outcome.body, 'incomingRequests.ringingCount');
  const link = at(at(outcome.body, 'incomingRequests.link'), '@href');
  if (typeof link === 'string' && pathOf(link) !== `${place.path}/incomingRequests`) return null;
  return typeof count === 'string' ? Number(count) : null;
}
