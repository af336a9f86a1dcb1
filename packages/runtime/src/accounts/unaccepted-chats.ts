/**
 * Chats that no agent has accepted yet, counted by the address that asked for them. An accepted chat
 * shows that somebody wanted it; until then it is a stranger's word, and costs memory all the same.
 */
import { type AccountEvent, type Chat, networkOf } from '@parley/engine';

/** What one address has. */
interface Count {
  /** Chats that wait or ring. */
  waiting: number;
  /** Those, and the ones that ended without an agent and can still be read. */
  kept: number;
}

export class UnacceptedChats {
  readonly #addressOf = new Map<string, string>();
  readonly #counts = new Map<string, Count>();

  /** Counts a chat that there is already. */
  add(chat: Chat): void {
    if (chat.acceptedAt !== null) return;
    this.#add(chat.id, chat.visitor.ip);
    if (chat.phase.name === 'ended') this.#change(chat.id, { waiting: -1, kept: 0 });
  }

  /** All of the account, ended ones that can still be read included. */
  get kept(): number {
    return this.#addressOf.size;
  }

  /** Those of one address; null for chats of which no address is known. */
  of(address: string | null): Readonly<Count> {
    return this.#counts.get(groupOf(address)) ?? { waiting: 0, kept: 0 };
  }

  observe(event: AccountEvent): void {
    switch (event.type) {
      case 'chat.requested':
        this.#add(event.chatId, event.visitor.ip);
        return;
      case 'chat.accepted':
        this.#change(event.chatId, { waiting: -1, kept: -1 });
        this.#addressOf.delete(event.chatId);
        return;
      case 'chat.ended':
        this.#change(event.chatId, { waiting: -1, kept: 0 });
        return;
      case 'chats.forgotten':
        for (const chatId of event.chatIds) {
          this.#change(chatId, { waiting: 0, kept: -1 });
          this.#addressOf.delete(chatId);
        }
        return;
      default:
    }
  }

  #add(chatId: string, address: string | null): void {
    this.#addressOf.set(chatId, groupOf(address));
    this.#change(chatId, { waiting: 1, kept: 1 });
  }

  /** Nothing happens to chats that were accepted: they are not counted any more. */
  #change(chatId: string, by: Readonly<Count>): void {
    const address = this.#addressOf.get(chatId);
    if (address === undefined) return;
    const count = this.#counts.get(address) ?? { waiting: 0, kept: 0 };
    count.waiting += by.waiting;
    count.kept += by.kept;
    if (count.kept === 0) this.#counts.delete(address);
    else this.#counts.set(address, count);
  }
}

function groupOf(address: string | null): string {
  return address === null ? '' : networkOf(address);
}
