/** Who of the account is in each chat, who is asked to come, and how they come and go. */
import type { AgentChat, Participant } from '@parley/client/agent';

/** How often it is asked whether who is rung has come or declined, milliseconds. */
const RINGS_MS = 3_000;

/** The chats that people are in. */
export interface PeopleChats {
  chat(id: string): AgentChat | undefined;
  /** Everybody in a chat, whenever that changed. */
  take(id: string, change: { readonly people: readonly Participant[] }): void;
  /** Takes a chat off the list. */
  dismiss(id: string): void;
}

export class People {
  readonly #chats: PeopleChats;
  /** Look again who is in a chat. */
  readonly #looks = new Map<string, () => Promise<void>>();

  constructor(chats: PeopleChats) {
    this.#chats = chats;
  }

  /** Reads who is in a chat, now and whenever somebody comes or goes, until it is over. */
  follow(chat: AgentChat): void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let known = '';
    const look = async () => {
      clearTimeout(timer);
      if (chat.over !== null) return;
      // Of a chat that has just gone nobody is shown: what went wrong is said by the chat itself.
      const people = await chat.participants().catch(() => null);
      if (people === null || chat.over !== null) return;
      const now = JSON.stringify(people);
      if (now !== known) this.#chats.take(chat.id, { people });
      known = now;
      clearTimeout(timer);
      if (people.some(({ state }) => state === 'ringing')) {
        timer = setTimeout(() => void look(), RINGS_MS);
      }
    };
    chat.on('events', (events) => {
      if (events.some(({ type }) => type !== 'line')) void look();
    });
    chat.on('role', () => void look());
    chat.on('over', () => {
      clearTimeout(timer);
      this.#looks.delete(chat.id);
    });
    this.#looks.set(chat.id, look);
    void look();
  }

  /** @throws RefusedError 409 when nobody can be asked */
  async invite(
    id: string,
    to: { readonly skillId: number } | { readonly agentId: number },
    role: 'assistant' | 'listener',
    text: string,
  ): Promise<void> {
    await this.#chats.chat(id)?.invite(to, { role, ...(text === '' ? {} : { text }) });
    await this.#looks.get(id)?.();
  }

  /** Sends somebody away, or takes an invitation back. */
  async remove(id: string, person: Participant): Promise<void> {
    await person.remove();
    await this.#looks.get(id)?.();
  }

  /** Leaves a chat that somebody else has, and takes it off the list. */
  async leave(id: string): Promise<void> {
    await this.#chats.chat(id)?.leave();
    this.#chats.dismiss(id);
  }

  /** Takes over a chat that is watched. */
  async takeOver(id: string): Promise<void> {
    await this.#chats.chat(id)?.takeOver();
  }
}
