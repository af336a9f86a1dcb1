/** HTTP as clients under faults need it: an answer counts from its head on, and no answer is an outcome. */
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { problemWith } from '../../described.js';
import { DEMO_ACCOUNT } from '../../harness.js';

/** What a client knows of a request. */
export interface Reply {
  /** 0 when there was no answer: the request may have been carried out or not. */
  readonly status: number;
  /** `Location` below the account, without the query. */
  readonly location: string | null;
  /** The login cookie that was set, ready to be sent. */
  readonly cookie: string | null;
  /** The collection's revision. */
  readonly revision: number | null;
  readonly text: string;
  /** The parsed body; undefined when it is none or was cut off. */
  readonly body: unknown;
}

const UNANSWERED: Reply = {
  status: 0,
  location: null,
  cookie: null,
  revision: null,
  text: '',
  body: undefined,
};

export interface Sent {
  readonly bearer?: string;
  readonly appKey?: string;
  readonly cookie?: string;
  readonly ifMatch?: string;
  readonly body?: unknown;
}

/** Far beyond what any answer takes, ms: who waits longer waits for something that never comes. */
const HANG_MS = 30_000;

/** The connections of all clients to one server. */
export class Line {
  readonly #origin: string;
  readonly #complain: (what: string) => void;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });

  /** @param complain called with an answer that never comes, or is none that there may be */
  constructor(origin: string, complain: (what: string) => void) {
    this.#origin = origin;
    this.#complain = complain;
  }

  /** @param path below the account */
  send(method: string, path: string, sent: Sent): Promise<Reply> {
    const url = `${this.#origin}/api/account/${DEMO_ACCOUNT}${path}`;
    const text = sent.body === undefined ? undefined : JSON.stringify(sent.body);
    return new Promise((resolve) => {
      const request = httpRequest(url, { method, headers: headersOf(sent), agent: this.#agent });
      request.setTimeout(HANG_MS, () => {
        this.#complain(`${method} ${path} had no answer after ${HANG_MS} ms`);
        request.destroy();
      });
      request.on('error', () => resolve(UNANSWERED));
      request.on('response', async (response) => {
        const reply = await read(response);
        if (response.complete) this.#check(method, url, sent, response, reply);
        resolve(reply);
      });
      request.end(text);
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  #check(
    method: string,
    url: string,
    sent: Sent,
    { headers: answered }: IncomingMessage,
    { status, text }: Reply,
  ): void {
    const headers = headersOf(sent);
    const problem = problemWith({ method, url, headers, status, answered, text });
    if (problem !== null) this.#complain(`${method} ${url} is not as described: ${problem}`);
    else if (status >= 500 && status !== 503) {
      this.#complain(`${method} ${url} was answered ${status}: ${text}`);
    }
  }
}

function headersOf({ bearer, appKey, cookie, ifMatch, body }: Sent): Record<string, string> {
  return {
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    ...(appKey === undefined ? {} : { authorization: `LivePerson appKey=${appKey}` }),
    ...(cookie === undefined ? {} : { cookie }),
    ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
  };
}

/** Whatever arrived of an answer: a good status was promised, even if the body was cut off. */
async function read(response: IncomingMessage): Promise<Reply> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response) chunks.push(chunk as Buffer);
  } catch {
    // The server died while answering.
  }
  const text = Buffer.concat(chunks).toString('utf8');
  const { location, 'ac-revision': revision } = response.headers;
  const cookies = response.headers['set-cookie'] ?? [];
  return {
    status: response.statusCode ?? 0,
    location: location === undefined ? null : pathOf(location),
    cookie: cookies.find((each) => each.startsWith('session_id='))?.split(';', 1)[0] ?? null,
    revision: typeof revision === 'string' ? Number(revision) : null,
    text,
    body: response.complete ? parsed(text) : undefined,
  };
}

/** A link, as a path below the account on whichever port. */
function pathOf(link: string): string {
  return new URL(link).pathname.replace(/^\/api\/account\/\w+/, '');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
