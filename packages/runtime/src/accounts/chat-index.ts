/** Finds chats by what names them besides their id: an account may have very many. */
import {
  type AccountEvent,
  type Chat,
  type Visit,
  visitOfChat,
  type AccountState,
} from '@parley/engine';
import { visitIdOf } from './visit-id.js';

export class ChatIndex {
  /** Ids of chats by `v:` a visit's id as agents have it, `s:` a session, `w:` a visitor. */
  readonly #chats = new Map<string, string[]>();
  readonly #keys = new Map<string, readonly string[]>();

  observe(event: AccountEvent): void {
    if (event.type === 'chat.requested') this.add({ id: event.chatId, visitor: event.visitor });
    if (event.type !== 'chats.forgotten') return;
    for (const chatId of event.chatIds) this.#forget(chatId);
  }

  /** Chats whose visit has this id in agents' links. */
  byVisitId(visitId: string): Iterable<string> {
    return this.#chats.get(`v:${visitId}`) ?? NONE;
  }

  /** The chats that belong to a visit, ended ones included. */
  *ofVisit(state: AccountState, visit: Visit): Generator<Chat> {
    const ids = new Set([
      ...(this.#chats.get(`s:${visit.sessionId}`) ?? NONE),
      ...(this.#chats.get(`w:${visit.visitorId}`) ?? NONE),
    ]);
    for (const id of ids) {
      const chat = state.chats.get(id);
      if (chat !== undefined && visitOfChat(state, chat) === visit) yield chat;
    }
  }

  add({ id, visitor }: Pick<Chat, 'id' | 'visitor'>): void {
    const { sharkSessionId, sharkVisitorId, visitorId } = visitor;
    const keys = new Set([`v:${visitIdOf(id)}`, `w:${visitorId}`]);
    if (sharkSessionId !== null) keys.add(`s:${sharkSessionId}`);
    if (sharkVisitorId !== null) keys.add(`w:${sharkVisitorId}`);
    this.#keys.set(id, [...keys]);
    for (const key of keys) {
      const chats = this.#chats.get(key);
      if (chats === undefined) this.#chats.set(key, [id]);
      else chats.push(id);
    }
  }

  #forget(chatId: string): void {
    for (const key of this.#keys.get(chatId) ?? []) {
      const chats = this.#chats.get(key) ?? [];
      if (chats.length <= 1) this.#chats.delete(key);
      else chats.splice(chats.indexOf(chatId), 1);
    }
    this.#keys.delete(chatId);
  }
}

const NONE: readonly string[] = [];
