/** Reads the body of a request: bounded, decompressed, and as text. */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { WireError } from '@parley/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { callerKeyOf } from './caller-key.js';
import { decoded, decompressed, tooLarge } from './body-text.js';
import type { Holding, NoRoom } from './held-memory.js';
import type { HttpContext } from './context.js';
import { rawFacts } from './raw-request.js';
import { noRoom } from './room.js';

/** Largest request body by default, bytes. */
export const DEFAULT_BODY_LIMIT = 64 * 1024;

/** A body of more characters is large: it may wait until the disk is done with what others brought. */
const LARGE = 4_096;

/** Whether what was sent is large, and takes its turn as such. */
export function isLargeText(text: string): boolean {
  return text.length > LARGE;
}

/**
 * Gives every request its body as text, whatever type it says it has: what it is, is seen when it is
 * read as a document. What is not all there yet counts as held for the client's network.
 * @param usual bytes that a body may have, compressed and decompressed, where an operation does not allow more
 */
export function readBodies(app: FastifyInstance, server: HttpContext, usual: number): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (request, payload, done) => {
    const { raw } = request;
    const limit = request.routeOptions.config?.lines?.maxBodyBytes ?? usual;
    if (Number(raw.headers['content-length'] ?? 0) > limit) {
      done(tooLarge(limit));
      return;
    }
    const reception = new Reception(server, raw, limit, (outcome) => {
      if (outcome instanceof WireError) done(outcome);
      else {
        finish(server, request, outcome, limit, (error, text = '') => {
          if (error !== null) done(error);
          else handOn(server, raw, text, done);
        });
      }
    });
    reception.from(payload as unknown as Readable);
  });
}

type Done = (error: Error | null, body?: string) => void;

/** A body without a content coding, as nearly all are, is ready at once. */
function finish(
  server: HttpContext,
  request: FastifyRequest,
  bytes: Buffer,
  limit: number,
  done: Done,
): void {
  const { contentType } = rawFacts(request.raw);
  const coding = request.headers['content-encoding'];
  if (coding === undefined) {
    let text: string;
    try {
      text = decoded(bytes, contentType);
    } catch (error) {
      done(error as WireError);
      return;
    }
    done(null, text);
    return;
  }
  // Those that wait for their turn to be decompressed can be many.
  const { held, proxies } = server;
  const network = proxies.network(request.raw);
  const lacking = held.lacks(network, bytes.length);
  if (lacking !== null) {
    done(refusal(lacking, network));
    return;
  }
  const holding = held.hold(network, bytes.length, null);
  decompressed(bytes, coding, limit)
    .then((plain) => decoded(plain, contentType))
    .finally(() => held.release(holding))
    .then((text) => done(null, text), done)
    .catch(() => request.raw.socket.destroy());
}

/**
 * Hands a body on when it is its network's turn: to read a large one and to carry out what it says takes
 * milliseconds, and many may have come at once. While it waits it is held.
 */
function handOn(server: HttpContext, raw: IncomingMessage, text: string, done: Done): void {
  const { held, proxies, turns } = server;
  const network = proxies.network(raw);
  const caller = callerKeyOf(raw);
  let holding: Holding | null = null;
  const isLarge = isLargeText(text);
  if (turns.isBusyFor(network, caller, isLarge, true)) {
    const lacking = held.lacks(network, text.length);
    if (lacking !== null) {
      done(refusal(lacking, network));
      return;
    }
    holding = held.hold(network, text.length, null);
  }
  const task = () => {
    if (holding !== null) held.release(holding);
    try {
      done(null, text);
    } catch (error) {
      // As what fails before it is routed: its connection ends, and nobody else's.
      server.failures.lines.error({ err: error }, 'a request could not be taken');
      raw.socket.destroy();
    }
  };
  turns.add(network, task, caller, isLarge, true);
}

function refusal(lacking: NoRoom, network: string): WireError {
  const { code, message, headers } = noRoom(lacking, network);
  return new WireError(code, message, headers);
}

/** Of a body that stopped coming, or came too slowly; nothing more is read on its connection. */
function tooSlow(): WireError {
  return new WireError(
    'requestTimeout',
    'The body did not arrive in time: send the request again, without pauses in it.',
    { connection: 'close' },
  );
}

/** Takes in what comes, up to a limit. */
class Reception {
  readonly #server: HttpContext;
  readonly #raw: IncomingMessage;
  readonly #limit: number;
  readonly #done: (outcome: Buffer | WireError) => void;
  readonly #chunks: Buffer[] = [];
  #length = 0;
  #over = false;
  #holding: Holding | null = null;

  /** @param done called once, with all of it or with what went wrong */
  constructor(
    server: HttpContext,
    raw: IncomingMessage,
    limit: number,
    done: (outcome: Buffer | WireError) => void,
  ) {
    this.#server = server;
    this.#raw = raw;
    this.#limit = limit;
    this.#done = done;
  }

  from(payload: Readable): void {
    payload.on('data', (chunk: Buffer) => this.#take(chunk));
    payload.on('end', () => this.#end(Buffer.concat(this.#chunks, this.#length)));
    payload.on('error', () =>
      this.#end(
        new WireError('malformedBody', 'The body broke off before its end: send it again.'),
      ),
    );
  }

  #take(chunk: Buffer): void {
    if (this.#over) return;
    this.#length += chunk.length;
    if (this.#length > this.#limit) {
      this.#end(tooLarge(this.#limit));
      return;
    }
    this.#chunks.push(chunk);
    // Most come whole, and are read at once.
    if (String(this.#length) !== this.#raw.headers['content-length']) this.#hold(chunk.length);
  }

  #hold(bytes: number): void {
    const { held, proxies } = this.#server;
    const network = proxies.network(this.#raw);
    const lacking = held.lacks(network, bytes);
    if (lacking !== null) {
      this.#end(refusal(lacking, network));
    } else if (this.#holding === null) {
      this.#holding = held.hold(network, bytes, () => this.#end(tooSlow()));
    } else held.grow(this.#holding, bytes);
  }

  #end(outcome: Buffer | WireError): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#holding !== null) this.#server.held.release(this.#holding);
    this.#chunks.length = 0;
    this.#done(outcome);
  }
}
