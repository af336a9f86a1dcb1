/** An agent who works at random. */
import { setTimeout } from 'node:timers/promises';
import type { Asker } from '../history/format.js';
import type { Random } from '../random.js';
import type { Api } from './api.js';
import type { Chats } from './chats.js';

const SKILL_IDS = [11, 12];

/** Those who can be given chats. */
export const AGENT_NAMES = ['agent1', 'agent2', 'bot1'] as const;

/**
 * Logins that an agent who was disabled tries in a row, and how long they wait from then on before
 * they think of it again, ms: a few more would hold up the right password too (LOGIN15).
 */
const MAX_TRIES = 2;
const PATIENCE_MS = 5;

/** How any call ended. */
type Ending =
  | { readonly ok: unknown }
  | { readonly refused: number }
  | { readonly unknown: number };

/** Where an agent stands. */
export type Standing =
  | { readonly at: 'logged-out' }
  | { readonly at: 'logged-in'; readonly login: string }
  | { readonly at: 'in-session'; readonly login: string; readonly session: Asker };

export class Agent {
  readonly user: string;
  readonly #api: Api;
  readonly #chats: Chats;
  readonly #random: Random;
  standing: Standing = { at: 'logged-out' };
  /** The chats that the agent is in, with the id to ask from next. */
  readonly has = new Map<string, number>();
  /** Set when something was not answered after which there may be a session or a chat more or less. */
  unsure = false;
  /** Logins that were refused since the last one that was not. */
  #turnedAway = 0;
  /** A chat that ended in this agent's hands. */
  #finished: string | null = null;

  constructor(user: string, api: Api, chats: Chats, random: Random) {
    this.user = user;
    this.#api = api;
    this.#chats = chats;
    this.#random = random;
  }

  /** Does one thing, or a few at once. */
  async step(): Promise<void> {
    const { standing } = this;
    if (standing.at === 'logged-out') {
      return this.isTurnedAway ? setTimeout(PATIENCE_MS) : this.logIn();
    }
    if (standing.at === 'logged-in' || this.unsure) return this.open();
    const { session, login } = standing;
    const choice = this.#random.weighted({
      incoming: 30,
      chat: 60,
      availability: 4,
      look: 3,
      takeover: 2,
      refresh: 1,
      logout: 2,
      close: 1,
    });
    switch (choice) {
      case 'incoming':
        return this.takeIncoming(session);
      case 'chat':
        return this.#workOnChat(session);
      case 'availability': {
        const what = this.#random.weighted({ Online: 5, Occupied: 1, Away: 1 });
        return this.#note(await this.#api.become(this.user, session, what));
      }
      case 'look':
        return this.#note(await this.#api.availability(this.user, session));
      case 'takeover':
        return this.open();
      case 'refresh':
        return this.#note(await this.#api.refresh(this.user, login));
      case 'logout':
      case 'close':
        return this.#leave(choice, login, session);
      default:
        choice satisfies never;
    }
  }

  /** Whether the agent does not log in before somebody says that they may again (`logIn`). */
  get isTurnedAway(): boolean {
    return this.#turnedAway >= MAX_TRIES;
  }

  async logIn(): Promise<void> {
    const outcome = await this.#api.login(this.user, this.user);
    if ('refused' in outcome) this.#turnedAway += 1;
    if (!('ok' in outcome)) return;
    this.#turnedAway = 0;
    this.standing = { at: 'logged-in', login: outcome.ok.login };
  }

  /** Opens a session; one that is still live is taken over, with its chats. */
  async open(): Promise<void> {
    const { standing } = this;
    if (standing.at === 'logged-out') return;
    const { login } = standing;
    const outcome = await this.#api.open(this.user, login);
    if (!('ok' in outcome)) {
      this.unsure = true;
      return this.#note(outcome);
    }
    const session = outcome.ok.session as Asker;
    this.standing = { at: 'in-session', login, session };
    this.has.clear();
    const brought = await this.#api.brought(this.user, session);
    this.unsure = !('ok' in brought);
    for (const chat of 'ok' in brought ? brought.ok.chats : []) await this.#meet(session, chat);
  }

  /** Looks whether chats ring, and accepts one. */
  async takeIncoming(session: Asker): Promise<void> {
    const ringing = await this.#api.ringing(this.user, session);
    if (!('ok' in ringing)) return this.#note(ringing);
    if (ringing.ok.count === 0) return;
    const accepted = await this.#api.accept(this.user, session);
    if ('ok' in accepted) await this.#meet(session, accepted.ok.chat);
    // The visitor may have left meanwhile.
    else if (!('refused' in accepted && accepted.refused === 404)) this.#note(accepted);
    if ('unknown' in accepted) this.unsure = true;
  }

  async #meet(session: Asker, chat: string): Promise<void> {
    this.#chats.met(chat);
    this.has.set(chat, 0);
    await this.#api.info(this.user, chat, session);
  }

  async #workOnChat(session: Asker): Promise<void> {
    for (const chat of this.has.keys()) {
      if (this.#chats.live.has(chat)) continue;
      this.has.delete(chat);
      this.#finished = chat;
    }
    if (this.has.size === 0) return this.takeIncoming(session);
    const chat = this.#random.of([...this.has.keys()]);
    const choice = this.#random.weighted({
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
        return this.#say(session, chat, choice);
      case 'burst':
        await Promise.all(
          (['line', 'hidden', 'line'] as const).map((kind) => this.#say(session, chat, kind)),
        );
        return;
      case 'news':
        return this.read(session, chat, this.has.get(chat) ?? 0);
      case 'all':
        return this.read(session, chat, 0);
      case 'end':
        return this.end(session, chat);
      case 'transfer':
        return this.#transfer(session, chat);
      case 'note':
        // The last agent of a chat may still write a note into it.
        return this.#finished === null ? undefined : this.#say(session, this.#finished, 'hidden');
      default:
        choice satisfies never;
    }
  }

  async #say(session: Asker, chat: string, kind: 'line' | 'hidden'): Promise<void> {
    const text = this.#api.name(kind);
    const answered = this.#chats.writing(text);
    this.#noteChat(chat, await this.#api.say(this.user, chat, session, text, kind === 'hidden'));
    answered();
  }

  async read(session: Asker, chat: string, from: number): Promise<void> {
    const read = await this.#api.read(this.user, chat, session, from);
    const next = this.#chats.seen(chat, read);
    if (next !== null && this.has.has(chat)) this.has.set(chat, next);
    this.#noteChat(chat, read);
  }

  async end(session: Asker, chat: string): Promise<void> {
    const outcome = await this.#api.end(this.user, chat, session);
    if ('ok' in outcome) this.#chats.ended(chat);
    this.#noteChat(chat, outcome);
  }

  async #transfer(session: Asker, chat: string): Promise<void> {
    const others = AGENT_NAMES.filter((name) => name !== this.user);
    const to = this.#random.oneIn(2)
      ? { skill: this.#random.of(SKILL_IDS) }
      : { agent: this.#random.of(others) };
    const text = this.#api.name('hidden');
    const outcome = await this.#api.transfer(this.user, chat, session, to, text);
    if ('ok' in outcome) {
      this.has.delete(chat);
      // It is not there any more for whoever gave it away.
      await this.read(session, chat, 0);
    } else if ('unknown' in outcome) await this.#api.info(this.user, chat, session);
    // Nobody else may be there to take it: that leaves it here.
    else if (outcome.refused !== 409) this.#note(outcome);
  }

  async #leave(how: 'logout' | 'close', login: string, session: Asker): Promise<void> {
    const outcome =
      how === 'close'
        ? await this.#api.close(this.user, session)
        : await this.#api.logout(this.user, login);
    if ('ok' in outcome) {
      this.has.clear();
      this.standing = how === 'logout' ? { at: 'logged-out' } : { at: 'logged-in', login };
      return;
    }
    this.unsure = true;
    this.#note(outcome);
  }

  /** Who learns that the login or the session is gone starts anew. */
  #note(outcome: Ending): void {
    if (!('refused' in outcome) || this.standing.at === 'logged-out') return;
    this.has.clear();
    const { login } = this.standing;
    this.standing = outcome.refused === 401 ? { at: 'logged-out' } : { at: 'logged-in', login };
  }

  #noteChat(chat: string, outcome: Ending): void {
    if (!('refused' in outcome)) return;
    if (outcome.refused === 401) this.#note(outcome);
    else this.has.delete(chat);
  }
}
