/** What of a chat is asked for by its links, and answered by a document. */
import {
  type Doc,
  docOf,
  findLink,
  linkOf,
  queryOf,
  type Relation,
  withQuery,
} from '../core/document.js';
import { type ChatEvent, Feed } from '../core/feed.js';
import type { HttpRequest, Reply } from '../core/http.js';
import { newKey } from '../core/keys.js';
import { type Answers, readSurvey, type Survey, writeAnswers } from '../core/survey.js';
import { noneFor404 } from './chat-end.js';
import type { ChatPage, PageOptions } from './chat-types.js';
import {
  type Answered,
  type CustomVariable,
  readAnswered,
  readTransferTargets,
  readVariables,
  readVisitInfo,
  type TransferTarget,
  type VisitInfo,
} from './documents.js';
import { type EarlierChat, readEarlierChats, readPages, type VisitPage } from './visit.js';
import {
  type Invitation,
  type Invited,
  type InviteOptions,
  type Participant,
  readParticipants,
} from './participants.js';
import { type ChatRouting, readRouting } from './routing.js';
import type { Session } from './session.js';

/** Events that are asked for at once, to go on in a chat that is read slowly. */
const PAGE = 100;

/** The greatest that a server takes as a position. */
const MAX_EVENT_ID = 1_000_000_000;

export abstract class ChatDocuments {
  readonly #session: Session;
  /** The chat's own, as it was last read. @internal */
  protected document: Doc;

  /** @internal */
  constructor(session: Session, document: Doc) {
    this.#session = session;
    this.document = document;
  }

  /** The document that a link of the chat leads to, for resources that have no method here. */
  async get(rel: Relation, signal?: AbortSignal): Promise<unknown> {
    return (await this.request(() => ({ url: linkOf(this.document, rel), signal }))).body;
  }

  /** Why the chat was routed as it was. */
  async routing(signal?: AbortSignal): Promise<ChatRouting> {
    return readRouting(await this.get('routing', signal));
  }

  /**
   * A page of the transcript, read backwards: for long transcripts that should not be read all at once.
   * @returns the events in order, and whether there are earlier ones; a server without pages returns all events
   */
  async page({ before = MAX_EVENT_ID, limit = 50, signal }: PageOptions = {}): Promise<ChatPage> {
    const query = queryOf({ before, limit });
    const url = () => withQuery(linkOf(this.document, 'events'), query);
    const { body } = await this.request(() => ({ url: url(), signal }));
    const page = docOf(body, 'events');
    return { events: new Feed().add(page), hasEarlier: findLink(page, 'prev') !== undefined };
  }

  /** Where the chat can be transferred to. */
  async transferTargets(signal?: AbortSignal): Promise<readonly TransferTarget[]> {
    return readTransferTargets(await this.get('transfer', signal));
  }

  /** The visit: browser, place, times. */
  async visit(signal?: AbortSignal): Promise<VisitInfo> {
    return readVisitInfo(await this.#visit('info', signal));
  }

  /** The variables that the page or the visitor's app sent. */
  async customVariables(signal?: AbortSignal): Promise<readonly CustomVariable[]> {
    return readVariables(await this.#visit('custom-variables', signal));
  }

  /** What the visitor answered before the chat. */
  async preChat(signal?: AbortSignal): Promise<readonly Answered[]> {
    return readAnswered(await this.#visit('surveys', signal));
  }

  /** The pages of the visit, newest first. */
  async pages(signal?: AbortSignal): Promise<readonly VisitPage[]> {
    return readPages(await this.#visit('pages', signal));
  }

  /** The visitor's earlier chats that have ended, newest first, each with its transcript. */
  async earlierChats(signal?: AbortSignal): Promise<readonly EarlierChat[]> {
    return readEarlierChats(
      await this.#visit('earlier-chats', signal),
      async (url, until) => (await this.request(() => ({ url, signal: until }))).body,
    );
  }

  /** The agent's own survey; null when there is none. */
  async survey(signal?: AbortSignal): Promise<Survey | null> {
    const found = await this.get('agent-survey', signal).catch(noneFor404);
    return found === null ? null : readSurvey(found);
  }

  /** @throws RefusedError 400, naming the question with a missing or wrong answer. */
  async submitSurvey(answers: Answers, signal?: AbortSignal): Promise<void> {
    const key = newKey();
    await this.request(() => ({
      method: 'PUT',
      url: linkOf(this.document, 'agent-survey'),
      body: writeAnswers(answers),
      key,
      signal,
    }));
  }

  /** The account's users in the chat, the agent first, and those who are invited. */
  async participants(signal?: AbortSignal): Promise<readonly Participant[]> {
    const body = docOf(await this.get('collaboration-channels', signal), 'collaborationChannels');
    return readParticipants(body['channel'], (href, until) => this.#close(href, until));
  }

  /**
   * Invites an agent, a bot, or anybody free who has a skill, to join beside the agent.
   * @returns when the invitation rings; `participants` shows whether somebody joined
   * @throws RefusedError 409 when nobody can be invited, 403 for a role that may not invite
   */
  async invite(to: Invited, { signal, ...options }: InviteOptions): Promise<Invitation> {
    const key = newKey();
    const { body } = await this.request(() => ({
      method: 'POST',
      url: linkOf(this.document, 'collaboration-channels'),
      body: { channel: { ...to, ...options } },
      key,
      signal,
    }));
    const href = linkOf(docOf(body, 'channelLocation'), 'location');
    return {
      id: href.slice(href.lastIndexOf('/') + 1),
      withdraw: (until) => this.#close(href, until),
    };
  }

  /** Events from an id on, as many as come at once. @internal */
  protected async pageFrom(from: number, signal?: AbortSignal): Promise<readonly ChatEvent[]> {
    const query = queryOf({ from, limit: PAGE, collaboration: 'true' });
    const url = () => withQuery(linkOf(this.document, 'events'), query);
    const { body } = await this.request(() => ({ url: url(), signal }));
    return new Feed().add(docOf(body, 'events'));
  }

  /** @internal */
  protected request(make: () => HttpRequest): Promise<Reply> {
    const session = this.#session;
    return session.request(() => {
      const request = make();
      return { ...request, url: session.address(request.url) };
    });
  }

  async #visit(rel: Relation, signal?: AbortSignal): Promise<unknown> {
    const visit = docOf(await this.get('visit-id', signal), 'visitId');
    return (await this.request(() => ({ url: linkOf(visit, rel), signal }))).body;
  }

  /** Closes a collaboration channel. @returns false when it is not there any more */
  async #close(url: string, signal?: AbortSignal): Promise<boolean> {
    const request = { method: 'DELETE', url, signal } as const;
    return (await this.request(() => request).catch(noneFor404)) !== null;
  }
}
