/**
 * How answers are written: with what the request is known by, header names in their usual case, and
 * what is not read is accounted for.
 */
import {
  type IncomingMessage,
  type OutgoingHttpHeader,
  type OutgoingHttpHeaders,
  ServerResponse,
} from 'node:http';
import { cut } from './connection.js';
import { correlationHeaders } from './correlation.js';
import { usualName } from './header-names.js';
import type { HeldMemory, Holding } from './held-memory.js';

/** What the answers of a listener have in common. */
export interface AnswerOptions {
  readonly held: HeldMemory;
  /** The network that a request came from. */
  readonly networkOf: (raw: IncomingMessage) => string;
  /** Headers of every answer, such as `Strict-Transport-Security`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Called for each answer that was handed over, with the ms since its request came. */
  readonly answered: (raw: IncomingMessage, status: number, ms: number) => void;
}

/** A class of answers for a listener: Node makes each of them by itself. */
export function answeringClass({
  held,
  networkOf,
  headers: always,
  answered,
}: AnswerOptions): typeof ServerResponse {
  const common = Object.entries(always).flat();

  return class Answering<
    Request extends IncomingMessage = IncomingMessage,
  > extends ServerResponse<Request> {
    readonly #began = performance.now();

    override setHeader(name: string, value: number | string | readonly string[]): this {
      return super.setHeader(usualName(name), value);
    }

    override writeHead(
      status: number,
      reason?: string | OutgoingHttpHeaders | OutgoingHttpHeader[],
      headers?: OutgoingHttpHeaders | OutgoingHttpHeader[],
    ): this {
      const given = typeof reason === 'string' ? headers : reason;
      const fields: OutgoingHttpHeader[] = [...common, ...correlationHeaders(this.req)];
      if (Array.isArray(given)) fields.push(...given);
      else {
        for (const name in given) {
          const value = given[name];
          if (value !== undefined) fields.push(usualName(name), value);
        }
      }
      return typeof reason === 'string'
        ? super.writeHead(status, reason, fields)
        : super.writeHead(status, fields);
    }

    /** In any of the forms that Node has of it. */
    override end(chunk?: unknown, encoding?: unknown, callback?: unknown): this {
      const isFirst = !this.writableEnded;
      super.end(chunk, encoding as BufferEncoding, callback as () => void);
      if (isFirst) answered(this.req, this.statusCode, performance.now() - this.#began);
      const bytes = this.socket?.writableLength ?? 0;
      // What the system took at once, as it does nearly always, is nobody's memory but its own.
      if (bytes > 0) this.#hold(bytes);
      return this;
    }

    #hold(bytes: number): void {
      const holding: Holding = held.hold(networkOf(this.req), bytes, () => {
        if (this.socket !== null) cut(this.socket);
      });
      this.once('close', () => held.release(holding));
    }
  };
}
