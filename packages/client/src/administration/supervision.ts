/** The live and waiting chats of an account, for administrators, and for managers those of their groups. */
import type {
  SupervisedAgent,
  SupervisedChat,
  SupervisedSkill,
  SupervisionFigures,
} from '@parley/protocol/types';
import {
  type Doc,
  docOf,
  findLink,
  linkOf,
  listOf,
  queryOf,
  type Relation,
  withQuery,
} from '../core/document.js';
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

/** Which agents, and how many with each request. */
export interface AgentFilter {
  /** Only agents in this state. */
  readonly availability?: SupervisedAgent['availability'];
  /** Only agents that hold this skill. */
  readonly skillId?: number;
  /** Only agents of this group itself. */
  readonly groupId?: number;
  /** Most agents in one request, 1 to 1,000; 200 by default. */
  readonly limit?: number;
  /** Ends the iteration, with its reason. */
  readonly signal?: AbortSignal;
}

/** How it goes, of each skill and of all. */
export interface Board {
  /** What `accepted` and `acceptedIn30` look back, seconds. */
  readonly windowSeconds: number;
  readonly total: SupervisionFigures;
  readonly skill: readonly SupervisedSkill[];
}

/** Calls with the login of whoever supervises. */
interface Calls {
  send(request: HttpRequest): Promise<Reply>;
}

/** What is live and what waits, moved and ended by who is responsible. */
export class Supervision {
  readonly #calls: Calls;
  readonly #url: string;
  /** The document of the chats, for its links; null before it was asked for. */
  #links: unknown = null;

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

  /** The agents, whether they are there or not, by nickname; asked for page by page, as they are read. */
  async *agents({ signal, ...filter }: AgentFilter = {}): AsyncGenerator<SupervisedAgent, void> {
    let url: string | undefined = withQuery(await this.#link('agents', signal), queryOf(filter));
    while (url !== undefined) {
      const { body } = await this.#calls.send({ url: withQuery(url, 'v=1'), signal });
      const page: Doc = docOf(body, 'agents');
      yield* listOf(page['agent']) as unknown as readonly SupervisedAgent[];
      url = findLink(page, 'next');
    }
  }

  /**
   * Sets whether an agent takes chats.
   * @param reasonId a status reason of the account, for that state
   * @throws RefusedError 404 for an agent who is not there or not yours, 409 for one who is Offline
   */
  async setAvailability(
    agent: SupervisedAgent,
    chat: 'Online' | 'Occupied' | 'Away',
    { reasonId, signal }: { readonly reasonId?: number; readonly signal?: AbortSignal } = {},
  ): Promise<SupervisedAgent> {
    const reason = reasonId === undefined ? {} : { chatReasonId: reasonId };
    const { body } = await this.#calls.send({
      method: 'PUT',
      url: withQuery(linkOf(agent, 'availability'), 'v=1'),
      body: { availability: { chat, ...reason } },
      signal,
    });
    return docOf(body, 'agent') as unknown as SupervisedAgent;
  }

  /** How it goes, of each skill and of all: what waits, who is there, how soon chats are accepted. */
  async board(signal?: AbortSignal): Promise<Board> {
    const url = withQuery(await this.#link('skills', signal), 'v=1');
    const { body } = await this.#calls.send({ url, signal });
    const { link: _, ...board } = docOf(body, 'skills');
    return board as unknown as Board;
  }

  /** Where a link of the chats leads: found once. */
  async #link(rel: 'agents' | 'skills', signal?: AbortSignal): Promise<string> {
    const known = findLink(this.#links, rel);
    if (known !== undefined) return known;
    const url = withQuery(this.#url, 'limit=1&v=1');
    this.#links = docOf((await this.#calls.send({ url, signal })).body, 'chats');
    return linkOf(this.#links, rel);
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

  /**
   * Comes into a chat to watch it, in this user's agent session, which hears all of it from then on and whispers:
   * `agent.on('chat')`. The visitor sees nothing of it.
   * @throws RefusedError 404 for a chat that is not there or not yours; UnexpectedAnswerError while this user has
   *   no session: `connectAgent({ role: 'supervisor' })` opens one.
   */
  async watch(chat: SupervisedChat, signal?: AbortSignal): Promise<void> {
    const body = { channel: { role: 'supervisor' } };
    const url = beside(chat, 'collaboration-channels');
    await this.#calls.send({ method: 'POST', url, body, key: newKey(), signal });
  }

  /**
   * Takes a chat over in this user's agent session, watched before or not: `agent.on('chat')`.
   * @throws as `watch`; RefusedError 409 when it was over already
   */
  async takeOver(chat: SupervisedChat, signal?: AbortSignal): Promise<void> {
    const url = beside(chat, 'take-over');
    await this.#calls.send({ method: 'POST', url, key: newKey(), signal });
  }

  async #change({ url, ...request }: HttpRequest): Promise<SupervisedChat> {
    const { body } = await this.#calls.send({ ...request, url: withQuery(url, 'v=1') });
    return docOf(body, 'chat') as unknown as SupervisedChat;
  }
}

/** An address in the session of whoever watches, which needs no cookie. */
function beside(chat: SupervisedChat, rel: Relation): string {
  return withQuery(linkOf(chat, rel), 'v=1&NC=true');
}
