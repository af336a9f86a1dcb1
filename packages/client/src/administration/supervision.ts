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

/** Which chats to list, and how many per request. */
export interface SupervisionFilter {
  /** Only chats that wait, ring, or have an agent. */
  readonly phase?: 'waiting' | 'ringing' | 'chatting';
  /** Only chats of this skill. */
  readonly skillId?: number;
  /** Only chats that this agent has, that ring for this agent, or that wait for this agent. */
  readonly agentId?: number;
  /** Maximum number of chats per request, 1 to 200; 50 by default. */
  readonly limit?: number;
  /** Ends the iteration, which throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Which agents to list, and how many per request. */
export interface AgentFilter {
  /** Only agents in this state. */
  readonly availability?: SupervisedAgent['availability'];
  /** Only agents who have this skill. */
  readonly skillId?: number;
  /** Only agents of this group, not of its subgroups. */
  readonly groupId?: number;
  /** Maximum number of agents per request, 1 to 1,000; 200 by default. */
  readonly limit?: number;
  /** Ends the iteration, which throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Current figures of each skill and of all skills together. */
export interface Board {
  /** The period that `accepted` and `acceptedIn30` cover, in seconds. */
  readonly windowSeconds: number;
  readonly total: SupervisionFigures;
  readonly skill: readonly SupervisedSkill[];
}

/** Calls with the login of whoever supervises. */
interface Calls {
  send(request: HttpRequest): Promise<Reply>;
}

/** Live and waiting chats. Those who are responsible for them can move and end them. */
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

  /** All chats that are not over, longest-waiting first; fetched page by page while you read. */
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

  /** All agents, online or not, by nickname; fetched page by page while you read. */
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
   * @param reasonId a status reason that the account has for that state
   * @throws RefusedError 404 for an agent who does not exist or is not yours, 409 for one who is Offline
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

  /**
   * Current figures of each skill and of all skills together: waiting chats, agents online, how soon chats are
   * accepted.
   */
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
   * Moves a chat to the queue of a skill, or to an agent, for whom it rings at once.
   * @returns where the chat is now
   * @throws RefusedError 404 for a chat that does not exist or is not yours, 409 when nobody online can take it
   */
  async assign(
    chat: SupervisedChat,
    to: { readonly skillId: number } | { readonly agentId: number },
    signal?: AbortSignal,
  ): Promise<SupervisedChat> {
    return this.#change({ method: 'PUT', url: linkOf(chat, 'assignment'), body: to, signal });
  }

  /** Ends a chat. @throws RefusedError 404; 409 when the chat was already over */
  async end(chat: SupervisedChat, signal?: AbortSignal): Promise<SupervisedChat> {
    return this.#change({ method: 'POST', url: linkOf(chat, 'end'), key: newKey(), signal });
  }

  /**
   * Joins a chat to watch it, in this user's agent session: `agent.on('chat')` reports the chat. From then on
   * the session receives all its events and can whisper. The visitor does not notice.
   * @throws RefusedError 404 for a chat that does not exist or is not yours; UnexpectedAnswerError while this
   * user has no session: `connectAgent({ role: 'supervisor' })` opens one.
   */
  async watch(chat: SupervisedChat, signal?: AbortSignal): Promise<void> {
    const body = { channel: { role: 'supervisor' } };
    const url = beside(chat, 'collaboration-channels');
    await this.#calls.send({ method: 'POST', url, body, key: newKey(), signal });
  }

  /**
   * Takes a chat over in this user's agent session, whether or not the user watched it before:
   * `agent.on('chat')` reports the chat.
   * @throws as `watch`; RefusedError 409 when the chat was already over
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
