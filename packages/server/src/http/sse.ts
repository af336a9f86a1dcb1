/** Server-sent events (the HTML standard, 9.2), over the answer to a request. */
import type { ServerResponse } from 'node:http';
import { type Bye, EVENT_STREAM, type FrameType } from '@parley/protocol';
import { cut } from './connection.js';
import type { Transport } from './transport.js';

/** A comment: readers pass it over, and proxies see that something comes. */
const COMMENT = Buffer.from(':\n\n');

/** Headers of a stream; nginx keeps answers back that do not say no. */
export const STREAM_HEADERS = {
  'content-type': `${EVENT_STREAM}; charset=utf-8`,
  'x-accel-buffering': 'no',
} as const;

/** Ms after which a browser comes again when the connection ends. */
const RETRY_MS = 2_000;

export class SseTransport implements Transport {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
    response.write(`retry: ${RETRY_MS}\n\n`);
  }

  get buffered(): number {
    return this.#response.writableLength;
  }

  send(type: FrameType, data: string, position: string | null): void {
    const id = position === null ? '' : `id: ${position}\n`;
    this.#response.write(`event: ${type}\n${id}data: ${data}\n\n`);
  }

  beat(): boolean {
    this.#response.write(COMMENT);
    return true;
  }

  end(why: Bye): void {
    this.#response.end(`event: bye\ndata: {"why":"${why}"}\n\n`);
  }

  cut(): void {
    const { socket } = this.#response;
    if (socket !== null) cut(socket);
  }
}
