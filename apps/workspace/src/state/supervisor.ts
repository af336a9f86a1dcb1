/** What supervisors do with chats of others: by the agent's login, and in its session. */
import type {
  Administration,
  SupervisedAgent,
  SupervisedChat,
} from '@parley/client/administration';
import type { Presence } from '@parley/client/agent';
import type { WorkspaceStore } from './model.js';

/** How long a chat that was joined may take until the session hears of it, milliseconds. */
const COMES_MS = 5_000;

export class Supervisor {
  readonly #open: () => Promise<Administration>;
  readonly #store: WorkspaceStore;

  constructor(open: () => Promise<Administration>, store: WorkspaceStore) {
    this.#open = open;
    this.#store = store;
  }

  /** Comes in unseen. @returns when the chat can be shown */
  async watch(chat: SupervisedChat): Promise<void> {
    if (this.#has(chat.id)) return;
    await (await this.#open()).supervision.watch(chat);
    await this.#comes(chat.id);
  }

  /** @returns when the chat can be shown */
  async takeOver(chat: SupervisedChat): Promise<void> {
    await (await this.#open()).supervision.takeOver(chat);
    await this.#comes(chat.id);
  }

  async move(
    chat: SupervisedChat,
    to: { readonly skillId: number } | { readonly agentId: number },
  ): Promise<void> {
    await (await this.#open()).supervision.assign(chat, to);
  }

  /** @throws RefusedError 409 for who is Offline */
  async setAvailability(agent: SupervisedAgent, to: Presence, reasonId?: number): Promise<void> {
    const { supervision } = await this.#open();
    await supervision.setAvailability(agent, to, reasonId === undefined ? {} : { reasonId });
  }

  async end(chat: SupervisedChat): Promise<void> {
    await (await this.#open()).supervision.end(chat);
  }

  #has(id: string): boolean {
    return this.#store.getState().chats[id]?.over === null;
  }

  /** The session's stream brings the chat. */
  #comes(id: string): Promise<void> {
    if (this.#has(id)) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        off();
        resolve();
      };
      const off = this.#store.subscribe(() => this.#has(id) && done());
      const timer = setTimeout(done, COMES_MS);
    });
  }
}
