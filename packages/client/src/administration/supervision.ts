/** The live and waiting chats of an account, for administrators, and for managers those of their groups. */
import type { SupervisedChat } from '@parley/protocol/types';
import { type Doc, docOf, findLink, linkOf, listOf, queryOf, withQuery } from '../core/document.js';
import { newKey } from '../core/keys.js';
import type { HttpRequest, Reply } from '../core/http.js';

/** Which chats, and how many with each request. */
export interface SupervisionFilter {
  /** Only chats that wait, ring, or have an agent. */
  readonly phase?: 'waiting' | 'ringing' | 'chatting';
  /** Only chats of this skill. */
  readonly skillId?: number;
  /** Only chats that this agent has, is rung with, or is waited for with. */
  readonly agentId?: number;
  /** Most chats in one request, 1 to 200; 50 by default. */
  readonly limit?: number;
  /** Ends the iteration, with its reason. */
  readonly signal?: AbortSignal;
}

/** Calls with the login of whoever supervises. */
interface Calls {
  send(request: HttpRequest): Promise<Reply>;
}

/** What is live and what waits, moved and ended by who is responsible. */
export class Supervision {
  readonly #calls: Calls;
  readonly #url: string;

  /** @param url of `supervision/chats` */
  constructor(calls: Calls, url: string) {
    this.#calls = calls;
    this.#url = url;
  }

  /** All chats that are not over, the longest-waiting first; asked for page by page, as they are read. */
  async *chats({
    signal,
    ...filter
  }: SupervisionFilter = {}): AsyncGenerator<SupervisedChat, void> {
    let url: string | undefined = withQuery(this.#url, queryOf(filter));
    while (url !== undefined) {
      const { body } = await this.#calls.send({ url: withQuery(url, 'v=1'), signal });
      const page: Doc = docOf(body, 'chats');
      yield* listOf(page['chat']) as unknown as readonly SupervisedChat[];
      url = findLink(page, 'next');
    }
  }

  /**
   * Moves a chat to the queue of a skill, or to an agent, who is rung at once.
   * @returns where it is now
   * @throws RefusedError 404 for a chat that is not there or not yours, 409 when nobody there can take it
   */
  async assign(
    chat: SupervisedChat,
    to: { readonly skillId: number } | { readonly agentId: number },
    signal?: AbortSignal,
  ): Promise<SupervisedChat> {
    return this.#change({ method: 'PUT', url: linkOf(chat, 'assignment'), body: to, signal });
  }

  /** Ends a chat. @throws RefusedError 404, 409 when it was over already */
  async end(chat: SupervisedChat, signal?: AbortSignal): Promise<SupervisedChat> {
    return this.#change({ method: 'POST', url: linkOf(chat, 'end'), key: newKey(), signal });
  }

  async #change({ url, ...request }: HttpRequest): Promise<SupervisedChat> {
    const { body } = await this.#calls.send({ ...request, url: withQuery(url, 'v=1') });
    return docOf(body, 'chat') as unknown as SupervisedChat;
  }
}
