/** The streams of one account, and what they share: what came lately, who types, who is there, who waits. */
import { type Chat, maySupervise, queuePlace, type Topic } from '@parley/engine';
import type { LiveAccount } from '@parley/runtime/accounts/accounts';
import type { Clock } from '@parley/runtime/clock/clock';
import type { Batch, Hub, Watch } from '@parley/runtime/hub';
import { Recent } from './recent.js';
import type { Follower } from './follower.js';
import { rosterOf, type Roster } from './frame-data.js';
import { NOBODY_TYPES, TypingSnapshot } from './typing-snapshot.js';

/** How often typing in a chat is sent, ms. */
const TYPING_EVERY_MS = 500;
/** How often the roster, and where waiting chats stand, is sent, ms. */
const ROSTER_EVERY_MS = 1_000;

interface TypingIn {
  sent: TypingSnapshot;
  /** When it was sent last, and when it is looked at again. */
  at: number;
  cancel: (() => void) | null;
}

export class AccountStreams {
  readonly accountId: string;
  readonly #hub: Hub;
  readonly #clock: Clock;
  readonly #accountOf: (accountId: string) => LiveAccount | undefined;
  readonly #streams = new Set<Follower>();
  readonly #followers = new Map<string, Follower | Set<Follower>>();
  readonly #typing = new Map<string, TypingIn>();
  /** Visitors' streams whose chats wait. */
  readonly #waiting = new Set<Follower>();
  readonly #rosterWatch: Watch = {
    topics: ['roster', 'queue'] satisfies readonly Topic[],
    wake: () => {
      this.#boardChanged = true;
      this.#rosterChanged();
    },
  };
  #roster: Roster = new Map();
  /** Whether chats or agents changed and those who supervise them have not been notified. */
  #boardChanged = false;
  #rosterAt = Number.NEGATIVE_INFINITY;
  #rosterDue: (() => void) | null = null;
  recent: Recent;
  /** When its last stream ended; null while there are any. */
  emptySince: number | null = null;

  constructor(
    account: LiveAccount,
    hub: Hub,
    clock: Clock,
    accountOf: (accountId: string) => LiveAccount | undefined,
  ) {
    this.accountId = account.id;
    this.#hub = hub;
    this.#clock = clock;
    this.#accountOf = accountOf;
    this.recent = new Recent(account.host.durableSeq);
  }

  get streams(): ReadonlySet<Follower> {
    return this.#streams;
  }

  add(stream: Follower): void {
    if (this.#streams.size === 0) {
      const account = this.#accountOf(this.accountId);
      this.#roster = account === undefined ? new Map() : rosterOf(account);
      this.#hub.watch(this.accountId, this.#rosterWatch);
    }
    this.#streams.add(stream);
    this.emptySince = null;
    this.watch(stream);
  }

  remove(stream: Follower): void {
    if (!this.#streams.delete(stream)) return;
    this.unwatch(stream);
    this.#waiting.delete(stream);
    for (const chatId of stream.chats.keys()) this.unfollow(chatId, stream);
    if (this.#streams.size > 0) return;
    this.#hub.unwatch(this.accountId, this.#rosterWatch);
    this.#rosterDue?.();
    this.#rosterDue = null;
    this.emptySince = this.#clock.elapsed();
  }

  watch(stream: Follower): void {
    this.#hub.watch(this.accountId, stream);
  }

  unwatch(stream: Follower): void {
    this.#hub.unwatch(this.accountId, stream);
  }

  /** From now on the stream is given what comes into the chat. */
  follow(chatId: string, stream: Follower): void {
    const others = this.#followers.get(chatId);
    if (others === undefined) this.#followers.set(chatId, stream);
    else if (others instanceof Set) others.add(stream);
    else this.#followers.set(chatId, new Set([others, stream]));
  }

  unfollow(chatId: string, stream: Follower): void {
    const others = this.#followers.get(chatId);
    if (others === stream) this.#followers.delete(chatId);
    else if (others instanceof Set && others.delete(stream) && others.size === 0) {
      this.#followers.delete(chatId);
    }
  }

  /** What the account committed; whoever watches it is woken afterwards. */
  committed(batch: Batch): void {
    for (const arrival of this.recent.append(batch)) {
      const { chatId } = arrival;
      for (const stream of this.#followersOf(chatId)) {
        stream.arrived(arrival);
      }
      if (this.#typing.has(chatId)) this.typed(chatId);
    }
  }

  /** The account was loaded again: what came while it was not is on disk, and not remembered here. */
  loaded(account: LiveAccount): void {
    this.recent = new Recent(account.host.durableSeq);
    for (const chatId of [...this.#typing.keys()]) this.typed(chatId);
  }

  /** Id behind the last entry of a chat that is on disk; null when that is not known. */
  endOf(chat: Chat, durable: number): number | null {
    return chat.seq <= durable ? chat.feed.length : this.recent.endOf(chat.id);
  }

  typingIn(chatId: string): TypingSnapshot {
    return this.#typing.get(chatId)?.sent ?? NOBODY_TYPES;
  }

  /** Somebody began or stopped to type in a chat, or types something else. */
  typed(chatId: string): void {
    const known = this.#typing.get(chatId);
    if (known === undefined && !this.#followers.has(chatId)) return;
    const typing = known ?? { sent: NOBODY_TYPES, at: Number.NEGATIVE_INFINITY, cancel: null };
    this.#typing.set(chatId, typing);
    typing.cancel?.();
    typing.cancel = null;
    const wait = typing.at + TYPING_EVERY_MS - this.#clock.elapsed();
    if (wait > 0) typing.cancel = this.#clock.after(wait, () => this.#sendTyping(chatId, typing));
    else this.#sendTyping(chatId, typing);
  }

  #sendTyping(chatId: string, typing: TypingIn): void {
    typing.cancel = null;
    const host = this.#accountOf(this.accountId)?.host;
    const now = this.#clock.elapsed();
    const state = host?.typing.look(chatId, host.elapsed()) ?? {
      facts: NOBODY_TYPES.facts,
      next: null,
    };
    const isNews = !typing.sent.isSame(state.facts);
    if (isNews) {
      typing.sent = NOBODY_TYPES.isSame(state.facts)
        ? NOBODY_TYPES
        : new TypingSnapshot(state.facts);
      typing.at = now;
      for (const stream of this.#followersOf(chatId)) stream.wake();
    }
    if (state.next !== null && host !== undefined) {
      const wait = Math.max(state.next - host.elapsed(), typing.at + TYPING_EVERY_MS - now);
      typing.cancel = this.#clock.after(wait, () => this.#sendTyping(chatId, typing));
    } else if (typing.at + TYPING_EVERY_MS > now) {
      const wait = typing.at + TYPING_EVERY_MS - now;
      typing.cancel = this.#clock.after(wait, () => this.#sendTyping(chatId, typing));
    } else this.#typing.delete(chatId);
  }

  /** Where the visitor's chat stands; null when it does not wait. */
  queuePlaceOf(stream: Follower, chat: Chat, waits: boolean): Follower['waits'] {
    const host = this.#accountOf(this.accountId)?.host;
    if (!waits || host === undefined) {
      this.#waiting.delete(stream);
      return null;
    }
    this.#waiting.add(stream);
    // What is not on disk yet is sent a little later.
    if (host.state.rosterSeq > host.durableSeq) {
      this.#rosterChanged();
      return stream.waits;
    }
    const place = queuePlace(host.state, host.config, chat, host.now());
    if (place === null) return null;
    return { queuePosition: place.position, estimatedWait: place.estimatedWait };
  }

  /** Looks at whom time alone brings on, such as those who wait. */
  timePassed(): void {
    if (this.#waiting.size > 0) this.#rosterChanged();
  }

  #rosterChanged(): void {
    if (this.#rosterDue !== null || this.#streams.size === 0) return;
    const wait = Math.max(0, this.#rosterAt + ROSTER_EVERY_MS - this.#clock.elapsed());
    this.#rosterDue = this.#clock.after(wait, () => {
      this.#rosterDue = null;
      this.#rosterAt = this.#clock.elapsed();
      this.#sendRoster();
    });
  }

  #sendRoster(): void {
    const account = this.#accountOf(this.accountId);
    if (account === undefined) return;
    const { host } = account;
    const durable =
      host.state.rosterSeq > host.durableSeq ? host.whenDurable(host.state.rosterSeq) : undefined;
    if (durable !== undefined) {
      const again = () => this.#sendRoster();
      durable.then(again, () => {});
      return;
    }
    for (const stream of this.#waiting) stream.wake();
    if (this.#boardChanged) this.#sendBoard(account);
    const before = this.#roster;
    const now = rosterOf(account);
    this.#roster = now;
    const changed = [...now.values()].filter((each) => !isSameAgent(before.get(each.id), each));
    if (changed.length === 0) return;
    const data = JSON.stringify({ agent: changed });
    for (const stream of this.#streams) {
      if (stream.by !== 'agent' || stream.phase !== 'open') continue;
      const others = changed.filter(({ id }) => id !== stream.userId);
      if (others.length === 0) continue;
      const own = others.length === changed.length ? data : JSON.stringify({ agent: others });
      stream.news?.updateRoster(own, others);
      stream.wake();
    }
  }

  #sendBoard({ host }: LiveAccount): void {
    this.#boardChanged = false;
    const at = host.now();
    for (const stream of this.#streams) {
      if (stream.phase !== 'open' || stream.userId === null) continue;
      if (!maySupervise(host.config, stream.userId)) continue;
      stream.news?.updateBoard(at);
      stream.wake();
    }
  }

  #followersOf(chatId: string): readonly Follower[] {
    const followers = this.#followers.get(chatId);
    if (followers === undefined) return [];
    return followers instanceof Set ? [...followers] : [followers];
  }
}

function isSameAgent(
  before:
    | { readonly availability: string; readonly since?: string; readonly chatReasonId?: number }
    | undefined,
  now: { readonly availability: string; readonly since?: string; readonly chatReasonId?: number },
): boolean {
  return (
    before?.availability === now.availability &&
    before.since === now.since &&
    before.chatReasonId === now.chatReasonId
  );
}
