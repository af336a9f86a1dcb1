/** Where endpoints answer later: one address for each chat, with a token of its own. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BotContext } from '../context.js';
import { carryOut, readAnswer, type WebhookAnswer, WebhookAnswerError } from './answer.js';
import { isSame, keyOf, tokenOf } from './signature.js';

export interface LaterOptions {
  /** The webhook's, the newest first: tokens follow from them. */
  readonly secrets: readonly string[];
  /** Where endpoints reach `handle`, without a slash at its end: `https://bots.example.com/later`. */
  readonly url?: string;
  /** Where `listen` listens; a free port of this machine alone by default. */
  readonly port?: number;
  readonly host?: string;
}

/** What is known of a chat that can be answered. */
interface Open {
  ctx: BotContext<unknown>;
  /** Lets the handler go on that waits for the answer. */
  answered: (() => void) | null;
  /** How many answers were carried out. */
  count: number;
  /** Answers that were carried out, by their idempotency key. */
  readonly done: Map<string, Promise<void>>;
}

/** Longest body, bytes. */
const MAX_BODY = 256 * 1_024;

/** Idempotency keys that are remembered of a chat. */
const MAX_KEYS = 100;

export class LaterAnswers {
  readonly #keys: readonly Buffer[];
  readonly #options: LaterOptions;
  readonly #open = new Map<string, Open>();
  #server: Server | null = null;
  #url: string | null;

  /** @throws TypeError for a secret that is none, or no secret. */
  constructor(options: LaterOptions) {
    this.#options = options;
    this.#keys = options.secrets.map(keyOf);
    this.#url = options.url?.replace(/\/+$/, '') ?? null;
    if (this.#keys.length === 0) throw new TypeError('Later answers need a secret at least.');
  }

  /** Listens in a server of its own. @returns the port */
  async listen(): Promise<number> {
    const server = createServer((request, response) => void this.handle(request, response));
    const { port = 0, host = '127.0.0.1' } = this.#options;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    this.#server = server;
    const taken = (server.address() as AddressInfo).port;
    this.#url ??= `http://${host.includes(':') ? `[${host}]` : host}:${taken}`;
    return taken;
  }

  /** Stops listening. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  /** Where a chat is answered, for its payload. @throws Error before `listen`, without `url`. */
  of(chat: string): { readonly url: string; readonly token: string } {
    if (this.#url === null) {
      throw new Error('Later answers have no address: call listen() first, or give url.');
    }
    const token = tokenOf(this.#keys[0] as Buffer, chat);
    return { url: `${this.#url}/chats/${encodeURIComponent(chat)}`, token };
  }

  /** Takes answers in this chat from now on, in the place of this context. */
  see(ctx: BotContext<unknown>): void {
    const known = this.#open.get(ctx.chat.id);
    if (known === undefined)
      this.#open.set(ctx.chat.id, { ctx, answered: null, count: 0, done: new Map() });
    else known.ctx = ctx;
  }

  /** The chat is over for the bot. */
  forget(chat: string): void {
    this.#open.delete(chat);
  }

  /** How many answers of a chat were carried out so far. */
  count(chat: string): number {
    return this.#open.get(chat)?.count ?? 0;
  }

  /**
   * Waits until more answers of the chat were carried out than so many: one may come before it is known that it
   * comes later.
   * @throws the signal's reason.
   */
  next(chat: string, count: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const open = this.#open.get(chat);
      if (open === undefined || signal.aborted) return reject(signal.reason);
      if (open.count > count) return resolve();
      const aborted = () => {
        open.answered = null;
        reject(signal.reason);
      };
      signal.addEventListener('abort', aborted, { once: true });
      open.answered = () => {
        signal.removeEventListener('abort', aborted);
        open.answered = null;
        resolve();
      };
    });
  }

  /**
   * Handles a request of an endpoint: `POST …/chats/{id}`, for a server of your own. It answers whatever comes.
   * @returns when it is answered
   */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const say = (status: number, body?: object, headers: Record<string, string> = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    };
    const refuse = (status: number, error: string, headers?: Record<string, string>) =>
      say(status, { error }, headers);
    try {
      const [, name] = /\/chats\/([^/?]+)$/.exec(request.url ?? '') ?? [];
      if (name === undefined) return refuse(404, 'There is nothing here: use the url of the chat.');
      if (request.method !== 'POST') return refuse(405, 'Use POST.', { allow: 'POST' });
      const chat = decodeURIComponent(name);
      if (!this.#isAuthorized(request, chat)) {
        return refuse(401, 'Send the token of the chat: Authorization: Bearer <token>.', {
          'www-authenticate': 'Bearer',
        });
      }
      const text = await bodyOf(request);
      if (text === null) return refuse(413, 'The answer is larger than 256 KiB.');
      const answer = readAnswer(text);
      const open = this.#open.get(chat);
      if (open === undefined || open.ctx.chat.over !== null) {
        return refuse(410, 'The chat is over, or somebody else has it now.');
      }
      await this.#once(open, keyOfRequest(request), answer);
      say(200, {});
    } catch (error) {
      if (error instanceof WebhookAnswerError) refuse(400, error.message);
      else if (error instanceof URIError) refuse(404, 'There is nothing here.');
      else refuse(500, 'It could not be carried out; the log of the bot says why.');
    }
  }

  #isAuthorized(request: IncomingMessage, chat: string): boolean {
    const [, token = ''] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    // Of every key, so that it takes as long whichever fits.
    return this.#keys.map((key) => isSame(token, tokenOf(key, chat))).includes(true);
  }

  /** A request that is repeated with the same key does nothing more. */
  async #once(open: Open, key: string | null, answer: WebhookAnswer): Promise<void> {
    const before = key === null ? undefined : open.done.get(key);
    if (before !== undefined) return before;
    const work = this.#carryOut(open, answer);
    if (key !== null) {
      open.done.set(key, work);
      if (open.done.size > MAX_KEYS) open.done.delete([...open.done.keys()][0] as string);
      work.catch(() => open.done.delete(key));
    }
    return work;
  }

  async #carryOut(open: Open, answer: WebhookAnswer): Promise<void> {
    try {
      await carryOut(answer, open.ctx);
    } catch (error) {
      open.ctx.log.error({ err: String(error) }, 'A later answer could not be carried out.');
      throw error;
    }
    open.count += 1;
    open.answered?.();
  }
}

function keyOfRequest({ headers }: IncomingMessage): string | null {
  const key = headers['idempotency-key'];
  return typeof key === 'string' && key !== '' ? key : null;
}

/** null for one that is too large. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += (part as Buffer).byteLength;
    if (size > MAX_BODY) return null;
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString('utf8');
}
