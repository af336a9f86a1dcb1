/**
 * One stream. It is not sent what happens: it is woken, makes its whole call again and then sends
 * its reader what is new for whoever may still read it.
 *
 * 1. Nothing is sent that is not on disk. Entries of a chat are sent as their batches were committed; of
 *    anything else that is sent, the last change is on disk, or it is sent with a later batch.
 * 2. A position is sent along with the last thing that it covers, never before.
 * 3. What was suggested is sent before the position that covers it: cut in between, a reader gets it
 *    again, and knows it by its id.
 * 4. What was sent of a chat is known by `next`, so nothing of it is sent twice or left out.
 *
 * One file, though it is long: these hold only as long as all that is sent goes one way.
 */
import {
  access,
  type AgentSession,
  type Chat,
  type FeedReader,
  maySupervise,
  type Topic,
} from '@parley/engine';
import {
  type Bye,
  type FrameData,
  type FrameType,
  type StreamedInfo,
  WireError,
} from '@parley/protocol';
import type { AccountHost } from '@parley/runtime/accounts/account-host';
import type { LiveAccount } from '@parley/runtime/accounts/accounts';
import type { Outcome } from '../http/answer.js';
import type { StreamAnswer, StreamReader } from '../http/stream.js';
import { LOOK } from '../http/wait.js';
import { type Woken, wokenNow } from '../http/tracing.js';
import { offersSeq, ringingKey } from '../agent/offers.js';
import { ApprovalNews } from './approval-news.js';
import type { AccountStreams } from './account-streams.js';
import type { Follower } from './follower.js';
import { changesOf, factsOf } from './facts.js';
import { WHOLE_BATCH, type Position, readerMark, type ReaderMark } from './positions.js';
import { chatsEnded, chatsOf, nameOf, ownChats, placeOf, topicsOf } from './reader.js';
import { NOTHING, Pending } from './pending.js';
import type { Arrival, Missed } from './recent.js';
import { SessionNews } from './session-news.js';
import type { StreamRequest } from '../http/waiters.js';
import type { StreamKeeper } from './stream-keeper.js';
import {
  availabilityData,
  chatUriOf,
  eventsData,
  incomingData,
  leftChat,
  stateKey,
  streamedChat,
  whyLeft,
} from './frame-data.js';
import { followedChat, type OwnChat, suggestionsIn } from './own-chat.js';
import type { Transport } from '../http/transport.js';

/** Events in one frame. */
const MAX_IN_FRAME = 32;

export class Stream implements Follower {
  readonly request: StreamRequest;
  readonly transport: Transport;
  readonly by: StreamReader['by'];
  /** Who reads: one agent session, or the visitor of one chat. Streams of one reader are counted together. */
  readonly place: string;
  readonly userId: number | null;
  readonly over: StreamAnswer['over'];
  topics: readonly Topic[];
  phase: 'starting' | 'open' | 'over' = 'starting';
  /** It waits for its network's turn. */
  isQueued = false;
  /** Entries in own chats that the reader was not sent yet, in the order of commit. */
  #pending = NOTHING;
  /** The visitor's place in the queue, as it was sent. */
  waits: { readonly queuePosition: number; readonly estimatedWait: number } | null = null;
  readonly chats = new Map<string, OwnChat>();
  readonly #keeper: StreamKeeper;
  readonly #account: AccountStreams;
  readonly #mark: ReaderMark;
  readonly #given: string | undefined;
  #host: AccountHost;
  #at: Position;
  /** Of an agent's stream alone. */
  readonly news: SessionNews | null;
  /** What woke it since it sent something, where that is recorded. */
  #woken: Woken | null = null;
  readonly #approvals = new ApprovalNews();
  #ringing = '';
  #state = '';

  constructor(
    keeper: StreamKeeper,
    account: AccountStreams,
    request: StreamRequest,
    transport: Transport,
    answer: StreamAnswer,
  ) {
    const { reader } = answer;
    this.#keeper = keeper;
    this.#account = account;
    this.request = request;
    this.transport = transport;
    this.by = reader.by;
    this.over = answer.over;
    this.place = placeOf(reader);
    this.userId = reader.by === 'agent' ? reader.session.userId : null;
    this.news = reader.by === 'agent' ? new SessionNews() : null;
    this.#mark = readerMark(`${request.accountId}/${nameOf(reader)}`);
    this.#given = answer.position;
    this.#host = answer.account.host;
    this.#at = { seq: 0, sent: WHOLE_BATCH };
    this.topics = topicsOf(answer.reader, this.chats.keys());
  }

  wake(cause?: string): void {
    if (cause !== undefined) this.#woken ??= wokenNow(cause);
    this.#keeper.due(this);
  }

  /** Something came into one of its chats. */
  arrived(arrival: Arrival): void {
    if (this.#pending === NOTHING) this.#pending = new Pending();
    this.#pending.add(arrival);
  }

  /** Makes the call again, and sends what is new. */
  look(): void {
    if (this.phase === 'over') return;
    let outcome: Outcome | Promise<Outcome>;
    try {
      outcome = this.request.ask(LOOK);
    } catch (error) {
      this.#refused(error);
      return;
    }
    if (outcome instanceof Promise) {
      outcome.then(
        (made) => this.looked(made),
        (error) => this.#refused(error),
      );
    } else this.looked(outcome);
  }

  /** Sends what is new, for a call that was made just now. */
  looked(outcome: Outcome): void {
    if (this.phase === 'over') return;
    if (outcome.kind !== 'stream') throw new Error('a stream was answered by something else');
    const { account } = outcome;
    if (account.host !== this.#host) this.#reloaded(account);
    if (this.phase === 'starting') this.#start(outcome);
    else this.#sendNews(outcome);
    // What comes later is somebody else's doing.
    this.#woken = null;
  }

  /** Ends it with a last frame. */
  end(why: Bye): void {
    if (this.phase === 'over') return;
    this.phase = 'over';
    this.transport.end(why);
    this.#keeper.ended(this);
  }

  /** The connection is gone. */
  gone(): void {
    if (this.phase === 'over') return;
    this.phase = 'over';
    this.#keeper.ended(this);
  }

  /** The reader lost access: why, as far as that is anybody's business. */
  #refused(error: unknown): void {
    if (this.phase === 'over') return;
    const status = error instanceof WireError ? error.status : 503;
    // The account is being loaded again, or the server is busy: it looks again when that is over.
    if (status >= 500 || status === 429) return;
    if (status !== 404) this.end('logout');
    else if (this.userId === null) this.end('session-ended');
    else this.end(this.#host.state.sessionOfUser.has(this.userId) ? 'takeover' : 'session-ended');
  }

  #start(answer: StreamAnswer): void {
    const { account, reader } = answer;
    const { host } = account;
    const durable = host.durableSeq;
    const missed = this.#missed();
    const chats = [...chatsOf(answer), ...chatsEnded(answer, missed?.arrivals ?? [])];
    const unknown = chats.find((chat) => this.#account.endOf(chat, durable) === null);
    const seq = reader.by === 'agent' ? offersSeq(account, reader.session) : 0;
    const needed = Math.max(seq, unknown?.seq ?? 0);
    if (needed > durable) {
      const again = () => this.#keeper.due(this);
      host.whenDurable(needed)?.then(again, again);
      return;
    }
    this.#at = missed?.position ?? { seq: durable, sent: WHOLE_BATCH };
    for (const chat of chats) this.#take(account, chat, reader, missed?.arrivals ?? null);
    this.phase = 'open';
    const own = missed?.arrivals.filter(({ chatId }) => this.chats.has(chatId)) ?? [];
    this.#pending = own.length === 0 ? NOTHING : new Pending(own);
    const chat = chats.map((each) => this.#streamed(account, each, reader));
    const isFresh = this.#given === undefined;
    if (reader.by === 'agent') {
      const { session, uri } = reader;
      this.#ringing = ringingKey(account, session);
      this.#state = stateKey(session);
      const agentSession = {
        link: [{ '@href': uri, '@rel': 'self' }],
        agentId: session.userId,
      };
      const availability = availabilityData(account, session);
      const incomingRequests = incomingData(account, session, uri);
      this.#send('hello', { agentSession, availability, incomingRequests, chat }, isFresh);
    } else this.#send('hello', { chat }, isFresh);
    if (!isFresh && missed === null) this.#send('resync', { chat }, true);
    this.#watch(answer);
    this.#sendNews(answer);
  }

  /** What came since the position that the reader gave; null when that is not known. */
  #missed(): { readonly position: Position; readonly arrivals: readonly Arrival[] } | null {
    if (this.#given === undefined) return null;
    const position = this.#keeper.open(this.#given, this.#mark);
    const arrivals = position === null ? null : this.#account.recent.after(position);
    return position === null || arrivals === null ? null : { position, arrivals };
  }

  #take(account: LiveAccount, chat: Chat, reader: StreamReader, missed: Missed): void {
    const durable = account.host.durableSeq;
    const first = missed?.find(({ chatId }) => chatId === chat.id);
    const own = {
      uri: reader.by === 'agent' ? chatUriOf(reader.uri, chat.id) : reader.uri,
      next: first?.from ?? this.#account.endOf(chat, durable) ?? chat.feed.length,
      facts: chat.seq <= durable ? factsOf(account, chat, reader.by) : null,
    };
    this.chats.set(chat.id, followedChat(own, missed === null ? null : this.#at.seq));
    this.#account.follow(chat.id, this);
  }

  #streamed(account: LiveAccount, chat: Chat, reader: StreamReader) {
    const own = this.chats.get(chat.id);
    const sessionId = reader.by === 'agent' ? reader.session.id : null;
    return streamedChat(account, chat, own?.uri ?? '', own?.next ?? 0, sessionId);
  }

  /** Rule 1: what is not on disk yet comes with a later batch, which wakes the stream again. */
  #sendNews(answer: StreamAnswer): void {
    const { account, reader } = answer;
    const { host } = account;
    const durable = host.durableSeq;
    const left: { chatId: string; own: OwnChat }[] = [];
    if (reader.by === 'agent' && reader.session.seq <= durable) {
      const now = new Set(ownChats(reader.session));
      for (const chat of chatsOf(answer)) {
        if (this.chats.has(chat.id)) continue;
        this.#take(account, chat, reader, null);
        const streamed = this.#streamed(account, chat, reader);
        this.#send('chat', { change: 'came', why: 'accept', chat: streamed }, false);
      }
      for (const [chatId, own] of this.chats) if (!now.has(chatId)) left.push({ chatId, own });
    }
    const chatOf = (id: string) => this.#chat(answer, id);
    for (const data of suggestionsIn(this.chats, chatOf, answer, durable)) {
      this.#send('suggestion', data, false);
    }
    this.#sendPending(answer);
    this.#at = { seq: durable, sent: WHOLE_BATCH };
    for (const [chatId, own] of this.chats) {
      const chat = this.#chat(answer, chatId);
      if (chat !== null) this.#sendInfo(account, chat, reader.by, own, durable);
    }
    for (const { chatId, own } of left) this.#sendLeft(account, chatId, own);
    if (reader.by === 'agent' && reader.session.seq <= durable) {
      this.#sendSession(account, reader.session, reader.uri);
    }
    if (this.phase === 'open') this.#watch(answer);
  }

  #sendPending(answer: StreamAnswer): void {
    const { arrivals: pending, isMerged } = this.#pending.take();
    this.#pending = NOTHING;
    let index = 0;
    while (index < pending.length && this.phase === 'open') {
      const first = pending[index];
      if (first === undefined) break;
      let last = first;
      // What came into one chat in a row goes into one frame.
      do {
        last = pending[index] ?? last;
        index += 1;
      } while (pending[index]?.chatId === first.chatId && last.to - first.from < MAX_IN_FRAME);
      const own = this.chats.get(first.chatId);
      const chat = this.#chat(answer, first.chatId);
      if (own === undefined || chat === null || last.to <= own.next) continue;
      // Rule 2: of what was merged, only the last is behind all that came before its position.
      const moves = !isMerged || index === pending.length;
      if (moves) this.#at = last.position;
      this.#sendEvents(answer.account, chat, own, last.to, moves);
    }
  }

  /** @param moves whether the reader has everything up to here with the last of them */
  #sendEvents(account: LiveAccount, chat: Chat, own: OwnChat, to: number, moves: boolean): void {
    while (own.next < to && this.phase === 'open') {
      const end = Math.min(own.next + MAX_IN_FRAME, to);
      const data = eventsData(account, chat, this.by, own.uri, own.next, end);
      own.next = end;
      if (data !== null) this.#sendText('events', data, moves && end === to);
    }
  }

  #sendInfo(
    account: LiveAccount,
    chat: Chat,
    reader: FeedReader,
    own: OwnChat,
    durable: number,
  ): void {
    let changes: StreamedInfo | null = null;
    if (chat.seq <= durable) {
      const facts = factsOf(account, chat, reader);
      changes = changesOf(own.facts ?? {}, facts);
      own.facts = facts;
    }
    const typing = this.#account.typingIn(chat.id);
    if (typing !== own.typing) {
      changes = { ...changes, ...typing.changesFrom(own.typing, reader) };
      own.typing = typing;
    }
    if (reader === 'visitor' && own.facts !== null) {
      const waits = this.#account.queuePlaceOf(this, chat, own.facts['state'] === 'waiting');
      const sent = this.waits;
      if (
        waits?.queuePosition !== sent?.queuePosition ||
        waits?.estimatedWait !== sent?.estimatedWait
      ) {
        this.waits = waits;
        changes = { ...changes, ...(waits ?? { queuePosition: null, estimatedWait: null }) };
      }
    }
    if (changes !== null && Object.keys(changes).length > 0) {
      this.#send('info', { uri: own.uri, info: changes }, true);
    }
  }

  #sendLeft({ host }: LiveAccount, chatId: string, own: OwnChat): void {
    this.#account.unfollow(chatId, this);
    this.chats.delete(chatId);
    const chat = host.state.chats.get(chatId);
    const why = whyLeft(chat, this.userId);
    this.#send('chat', { change: 'left', why, chat: leftChat(chatId, own.uri) }, true);
  }

  #sendSession(account: LiveAccount, session: AgentSession, uri: string): void {
    const ringing = ringingKey(account, session);
    if (ringing !== this.#ringing && offersSeq(account, session) <= account.host.durableSeq) {
      this.#ringing = ringing;
      this.#send('incoming', { incomingRequests: incomingData(account, session, uri) }, true);
    }
    for (const data of this.#approvals.news(account, session, uri)) {
      this.#send('approval', data, false);
    }
    const state = stateKey(session);
    if (state !== this.#state) {
      this.#state = state;
      this.#send('availability', { availability: availabilityData(account, session) }, true);
    }
    const roster = this.news?.takeRoster() ?? null;
    if (roster !== null) this.#sendText('roster', roster, true);
    const boardAt = this.news?.takeBoard() ?? null;
    // Whoever supervises nobody any more is sent nothing.
    if (boardAt !== null && maySupervise(account.host.config, session.userId)) {
      this.#send('supervision', { at: boardAt }, true);
    }
  }

  /** The account was loaded again: what is on disk of own chats may be more than was sent. */
  #reloaded(account: LiveAccount): void {
    this.#host = account.host;
    this.#pending = NOTHING;
    if (this.phase !== 'open') return;
    for (const [chatId, own] of this.chats) {
      const chat = account.host.state.chats.get(chatId);
      if (chat === undefined || !this.#mayRead(account, chatId)) continue;
      // Rule 2: cut in the midst of this, a reader gives the position before, and gets a `resync`.
      const end = this.#account.endOf(chat, account.host.durableSeq) ?? own.next;
      this.#sendEvents(account, chat, own, end, false);
      own.facts = null;
    }
  }

  /** An own chat that the reader may read at this moment. */
  #chat({ account }: StreamAnswer, chatId: string): Chat | null {
    const chat = account.host.state.chats.get(chatId);
    return chat !== undefined && this.#mayRead(account, chatId) ? chat : null;
  }

  #mayRead(account: LiveAccount, chatId: string): boolean {
    // The visitor's own chat was looked for by the call itself.
    if (this.by === 'visitor') return true;
    const reader = { by: 'session', sessionId: this.place } as const;
    return access(account.host.state, account.host.config, reader, chatId) !== null;
  }

  #watch(answer: StreamAnswer): void {
    const topics = topicsOf(answer.reader, this.chats.keys());
    if (
      topics.length === this.topics.length &&
      topics.every((each, at) => each === this.topics[at])
    )
      return;
    this.#account.unwatch(this);
    this.topics = topics;
    this.#account.watch(this);
  }

  #send<T extends FrameType>(type: T, data: FrameData<T>, moves: boolean): void {
    this.#sendText(type, JSON.stringify(data), moves);
  }

  #sendText(type: FrameType, data: string, moves: boolean): void {
    if (this.phase !== 'open') return;
    this.transport.send(type, data, moves ? this.#keeper.seal(this.#at, this.#mark) : null);
    this.#keeper.sent(this);
    if (this.#woken === null) return;
    this.request.pushed(this.#woken);
    this.#woken = null;
  }
}
