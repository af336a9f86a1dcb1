/** HTTP as the kill test needs it: an answer counts from its head on, and no answer is an outcome. */
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { problemWith } from '../described.js';
import { DEMO_ACCOUNT } from '../harness.js';

/** What a client knows of a request. */
export interface Outcome {
  /** 0 when there was no answer: the request may have been carried out or not. */
  readonly status: number;
  /** `Location` below the account, without the query. */
  readonly location: string | null;
  /** The login cookie that was set, ready to be sent. */
  readonly cookie: string | null;
  readonly text: string;
  /** The parsed body; undefined when it is none or was cut off. */
  readonly body: unknown;
}

const UNANSWERED: Outcome = { status: 0, location: null, cookie: null, text: '', body: undefined };

/** Whether the client cannot know if it was carried out. */
export function isUnsure({ status }: Outcome): boolean {
  return status === 0 || status >= 500;
}

export function isGood({ status }: Outcome): boolean {
  return status >= 200 && status < 300;
}

export interface Sent {
  readonly bearer?: string;
  readonly appKey?: string;
  readonly cookie?: string;
  readonly body?: unknown;
}

export const KINDS = [
  'login',
  'logout',
  'refresh',
  'open',
  'close',
  'availability',
  'accept',
  'request',
  'write',
  'transfer',
  'read',
] as const;

/** What a request is for. */
export type Kind = (typeof KINDS)[number];

function kindOf(method: string, path: string): Kind {
  if (method === 'GET') return 'read';
  if (method === 'DELETE') return 'close';
  const last = /\/(\w+)\?/.exec(path)?.[1] ?? '';
  if (last === 'agentSession') return 'open';
  if (last === 'incomingRequests') return 'accept';
  return KINDS.find((kind) => kind === last) ?? 'write';
}

/** Who hears of all requests and answers. */
export interface Listener {
  /** A request was sent. */
  sent(): void;
  /** It was answered well. */
  answered(kind: Kind): void;
}

/** Far beyond what any answer takes, ms: who waits longer waits for something that never comes. */
const HANG_MS = 30_000;

/** The connections of all clients to one life of the server. */
export class Line {
  readonly #origin: string;
  /** Hears of what happens; nobody at first. */
  listener: Listener | null = null;
  readonly #wrong: (what: string) => void;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });

  /** @param wrong told of a request that the server never answered, or failed to carry out */
  constructor(origin: string, wrong: (what: string) => void) {
    this.#origin = origin;
    this.#wrong = wrong;
  }

  /** @param path below the account */
  send(method: string, path: string, sent: Sent): Promise<Outcome> {
    const url = `${this.#origin}/api/account/${DEMO_ACCOUNT}${path}`;
    const text = sent.body === undefined ? undefined : JSON.stringify(sent.body);
    return new Promise((resolve) => {
      const request = httpRequest(url, { method, headers: headersOf(sent), agent: this.#agent });
      request.setTimeout(HANG_MS, () => {
        this.#wrong(`${method} ${path} had no answer after ${HANG_MS} ms`);
        request.destroy();
      });
      request.on('error', () => resolve(UNANSWERED));
      request.on('response', async (response) => {
        const outcome = await read(response);
        if (response.complete) this.#mustBeDescribed(method, url, sent, response, outcome);
        if (outcome.status >= 500 && outcome.status !== 503) {
          this.#wrong(`${method} ${path} was answered ${outcome.status}: ${outcome.text}`);
        }
        if (isGood(outcome)) this.listener?.answered(kindOf(method, path));
        resolve(outcome);
      });
      request.end(text);
      this.listener?.sent();
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  #mustBeDescribed(
    method: string,
    url: string,
    sent: Sent,
    { headers: answered }: IncomingMessage,
    { status, text }: Outcome,
  ): void {
    const headers = headersOf(sent);
    const problem = problemWith({ method, url, headers, status, answered, text });
    if (problem !== null) this.#wrong(`${method} ${url} is not as described: ${problem}`);
  }
}

function headersOf({ bearer, appKey, cookie, body }: Sent): Record<string, string> {
  return {
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    ...(appKey === undefined ? {} : { authorization: `LivePerson appKey=${appKey}` }),
    ...(cookie === undefined ? {} : { cookie }),
  };
}

/** Whatever arrived of an answer: a good status was promised, even if the body was cut off. */
async function read(response: IncomingMessage): Promise<Outcome> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response) chunks.push(chunk as Buffer);
  } catch {
    // The server died while answering.
  }
  const text = Buffer.concat(chunks).toString('utf8');
  const { location } = response.headers;
  const cookies = response.headers['set-cookie'] ?? [];
  return {
    status: response.statusCode ?? 0,
    location: location === undefined ? null : pathOf(location),
    cookie: cookies.find((each) => each.startsWith('session_id='))?.split(';', 1)[0] ?? null,
    text,
    body: response.complete ? parsed(text) : undefined,
  };
}

/** A link, as a path below the account on whichever port. */
export function pathOf(link: string): string {
  return new URL(link).pathname.replace(/^\/api\/account\/\w+/, '');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
