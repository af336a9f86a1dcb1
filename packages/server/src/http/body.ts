/** Reads the body of a request: bounded, decompressed, and as text. */
import type { Readable } from 'node:stream';
import { WireError } from '@parley/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { decoded, decompressed, tooLarge } from './body-text.js';
import { rawFacts } from './raw-request.js';

/**
 * Gives every request its body as text, whatever type it says it has: what it is, is seen when it is
 * read as a document.
 * @param limit bytes that a body may have, compressed and decompressed
 */
export function readBodies(app: FastifyInstance, limit: number): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (request, payload, done) => {
    const { raw } = request;
    if (Number(raw.headers['content-length'] ?? 0) > limit) {
      done(tooLarge(limit));
      return;
    }
    const receive = new Reception(limit, (outcome) => {
      if (outcome instanceof WireError) done(outcome);
      else finish(request, outcome, limit, done);
    });
    receive.from(payload as unknown as Readable);
  });
}

type Done = (error: Error | null, body?: string) => void;

/** A body without a content coding, as nearly all are, is ready at once. */
function finish(request: FastifyRequest, bytes: Buffer, limit: number, done: Done): void {
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
  decompressed(bytes, coding, limit)
    .then((plain) => decoded(plain, contentType))
    .then((text) => done(null, text), done)
    .catch(() => request.raw.socket.destroy());
}

/** Takes in what comes, up to a limit. */
class Reception {
  readonly #limit: number;
  readonly #done: (outcome: Buffer | WireError) => void;
  readonly #chunks: Buffer[] = [];
  #length = 0;
  #over = false;

  /** @param done called once, with all of it or with what went wrong */
  constructor(limit: number, done: (outcome: Buffer | WireError) => void) {
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
    if (this.#length > this.#limit) this.#end(tooLarge(this.#limit));
    else this.#chunks.push(chunk);
  }

  #end(outcome: Buffer | WireError): void {
    if (this.#over) return;
    this.#over = true;
    this.#chunks.length = 0;
    this.#done(outcome);
  }
}
