/** What a visitor can ask of an account before there is a chat, and how one is started. */
import type { Clock } from '../core/clock.js';
import { docOf, linkOf, queryOf, type Relation, withQuery } from '../core/document.js';
import { baseOf, type Place } from '../core/domain.js';
import { RefusedError } from '../core/errors.js';
import { type Fetch, Http, type HttpRequest } from '../core/http.js';
import { newKey } from '../core/keys.js';
import type { KeyValueStorage } from '../core/outbox.js';
import type { Listen } from '../core/stream.js';
import { type Answers, readSurvey, type Survey, writeAnswers } from '../core/survey.js';

/** The account, and the key to use. */
export interface VisitorOptions extends Place {
  /** The account's visitor key. It is public: pages contain it. */
  readonly appKey: string;
  /** Storage in which lines that wait to be stored survive a reload: `localStorage`, `sessionStorage`. */
  readonly storage?: KeyValueStorage;
  readonly fetch?: Fetch;
  /**
   * How to listen if the server has a stream; server-sent events by default. `acrossTabs()` of
   * `@parley/client/tabs` shares one stream, over a WebSocket, among the tabs of a browser.
   */
  readonly listen?: Listen;
  readonly clock?: Clock;
  /** Aborting ends everything in progress: waiting calls reject with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Whom a request or a chat is for: anybody online, a skill, or one agent. */
export interface For {
  /** The skill's name. */
  readonly skill?: string;
  /** An agent's login name; excludes skill and maxWaitTime. */
  readonly agent?: string;
  /** Seconds; 0: only if somebody can take the chat now. */
  readonly maxWaitTime?: number;
}

/** Options of a new chat; all are optional. */
export interface ChatStart extends For {
  readonly visitorName?: string;
  /** Answers to the pre-chat survey, by question id. */
  readonly preChat?: Answers;
  /** Lines that only the agent sees: the contents of a form. */
  readonly preChatLines?: readonly string[];
  /** The first line of the chat, which the visitor sees, too. */
  readonly firstLine?: string;
  /** The visitor id of an earlier chat: links the chats of one visitor. */
  readonly visitorId?: string;
  /** BCP 47 tag. */
  readonly language?: string;
  /** Seconds of silence after which the chat ends: 10 to 600; 40 by default. */
  readonly interactionTimeout?: number;
  readonly customVariables?: Readonly<Record<string, string>>;
  /** The ids that the engagement returned: they link the chat to the visit. */
  readonly engagement?: {
    readonly engagementId?: string;
    readonly campaignId?: string;
    readonly visitorId?: string;
    readonly sessionId?: string;
    readonly contextId?: string;
  };
  /** For an authenticated visitor: the ids that `conversation` returned. */
  readonly participantId?: string;
  readonly conversationId?: string;
  /** The page on which the chat was requested. */
  readonly chatReferrer?: string;
  /** An idempotency key, so that the page can retry the start after a reload: 128 random bits or more. */
  readonly key?: string;
}

/** Calls with the app key, and the account's links. */
export class VisitorCalls {
  readonly http: Http;
  readonly options: VisitorOptions;
  #links: Promise<unknown> | null = null;

  constructor(
    options: VisitorOptions,
    hooks: Pick<ConstructorParameters<typeof Http>[0] & object, 'troubled' | 'answered'> = {},
  ) {
    this.options = options;
    this.http = new Http({
      fetch: options.fetch,
      clock: options.clock,
      prepare: (_, headers) => {
        headers['authorization'] = `LivePerson appKey=${options.appKey}`;
      },
      ...hooks,
    });
  }

  /** Calls where a link leads, with the version. */
  async send(href: string, request: Omit<HttpRequest, 'url'> = {}): Promise<unknown> {
    const { signal: one } = this.options;
    const { signal: other } = request;
    const signal = one && other ? AbortSignal.any([one, other]) : (other ?? one);
    return (await this.http.send({ ...request, signal, url: addressOf(href) })).body;
  }

  /** Where a link of the account leads. */
  async link(rel: Relation): Promise<string> {
    this.#links ??= this.#account();
    // What failed is asked for anew.
    this.#links.catch(() => {
      this.#links = null;
    });
    return linkOf(await this.#links, rel);
  }

  async #account(): Promise<unknown> {
    const base = await baseOf(this.http, this.options, 'conversationVep', this.options.signal);
    return docOf(await this.send(base), 'account');
  }
}

/** A link as it is asked for: with a query, and the version. */
export const addressOf = (href: string, query = '') => withQuery(withQuery(href, query), 'v=1');

/** Seconds until an agent answers: 0: now, -1: nobody is online, -2: not known. */
export async function estimatedWait(
  calls: VisitorCalls,
  skill?: string,
  signal?: AbortSignal,
): Promise<number> {
  const body = await ask(calls, 'chat-estimatedWaitTime', { skill }, signal);
  return Number(docOf(body)['estimatedWaitTime']);
}

/** null when there is none. */
export async function surveyBefore(
  calls: VisitorCalls,
  rel: 'prechat-survey' | 'chat-offline-survey',
  skill?: string,
  signal?: AbortSignal,
): Promise<Survey | null> {
  return surveyOf(ask(calls, rel, { skill }, signal));
}

/** The survey that is asked for; null when it is not there. */
export async function surveyOf(asked: Promise<unknown>): Promise<Survey | null> {
  const body = await asked.catch(noneFor404);
  return body === null ? null : readSurvey(body);
}

/** Requests a chat. @returns its address */
export async function requestChat(
  calls: VisitorCalls,
  // The options of the visitor may stand beside.
  start: ChatStart & Partial<VisitorOptions>,
): Promise<string> {
  const {
    account: _,
    domainApi: __,
    appKey: ___,
    storage: ____,
    fetch: _____,
    clock: ______,
    listen: _______,
    signal,
    firstLine: ________,
    preChat,
    preChatLines,
    engagement = {},
    customVariables,
    key,
    ...rest
  } = start;
  const request = {
    ...rest,
    ...(preChat && writeAnswers(preChat)),
    ...(preChatLines && { preChatLines: { line: preChatLines } }),
    ...(customVariables && writeVariables(customVariables)),
    engagementId: engagement.engagementId,
    campaignId: engagement.campaignId,
    LETagVisitorId: engagement.visitorId,
    LETagSessionId: engagement.sessionId,
    LETagContextId: engagement.contextId,
  };
  const body = await calls.send(await calls.link('chat-request'), {
    method: 'POST',
    body: { request },
    key: key ?? newKey(),
    signal,
  });
  return linkOf(docOf(body, 'chatLocation'), 'location');
}

/** The document that variables are sent in. */
export function writeVariables(variables: Readonly<Record<string, string>>): object {
  const customVariable = Object.entries(variables).map(([name, value]) => ({ name, value }));
  return { customVariables: { customVariable } };
}

export function noneFor404(error: unknown): null {
  if (error instanceof RefusedError && error.status === 404) return null;
  throw error;
}

/** What a link of the account leads to, asked for whom. */
export async function ask(
  calls: VisitorCalls,
  rel: Relation,
  query: { readonly [K in keyof For]: For[K] | undefined },
  signal?: AbortSignal,
): Promise<unknown> {
  return calls.send(withQuery(await calls.link(rel), queryOf({ ...query })), { signal });
}
