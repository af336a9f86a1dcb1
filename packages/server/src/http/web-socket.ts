/** WebSockets: frames out, requests in. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Bye, CLOSE_CODES, CLOSE_NOT_UNDERSTOOD, type FrameType } from '@parley/protocol';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { Transport } from './transport.js';

/** Largest frame of a client, bytes: the largest body, and what stands around it. */
const MAX_PAYLOAD = 96 * 1024;

/** Requests of a client that may wait before no more are read. */
const READ_AHEAD = 32;

const server = new WebSocketServer({
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: MAX_PAYLOAD,
});

/** Goes on with a connection as a WebSocket; a handshake that is none is refused. */
export function openWebSocket(
  raw: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  opened: (webSocket: WebSocket) => void,
): void {
  server.handleUpgrade(raw, socket, head, opened);
}

export interface WebSocketEvents {
  /** Somebody lives at the other end. */
  alive(): void;
  /** A frame of the client came; resolves when the next one may be looked at. */
  frame(text: string): Promise<void>;
  closed(): void;
}

export class WebSocketTransport implements Transport {
  readonly #webSocket: WebSocket;
  readonly #waiting: string[] = [];
  /** Whether something came back since the last beat. */
  #heard = true;
  #busy = false;

  constructor(webSocket: WebSocket) {
    this.#webSocket = webSocket;
  }

  /** From now on what comes is taken. */
  listen(events: WebSocketEvents): void {
    const webSocket = this.#webSocket;
    webSocket.on('pong', () => {
      this.#heard = true;
      events.alive();
    });
    webSocket.on('message', (data, isBinary) => {
      if (isBinary) this.refuse();
      else this.#take(textOf(data), events);
    });
    // What is no frame closes it by itself, with the code for that.
    webSocket.on('error', () => {});
    webSocket.on('close', () => events.closed());
  }

  get buffered(): number {
    return this.#webSocket.bufferedAmount;
  }

  send(type: FrameType, data: string, position: string | null): void {
    const at = position === null ? '' : `"position":"${position}",`;
    this.#webSocket.send(`{"type":"${type}",${at}"data":${data}}`);
  }

  /** Answers a request that came within. */
  respond(text: string): void {
    this.#webSocket.send(text);
  }

  beat(): boolean {
    if (!this.#heard) return false;
    this.#heard = false;
    this.#webSocket.ping();
    return true;
  }

  end(why: Bye): void {
    this.send('bye', `{"why":"${why}"}`, null);
    this.#webSocket.close(CLOSE_CODES[why], why);
  }

  /** Closes it for a frame that is not understood. */
  refuse(): void {
    this.#webSocket.close(CLOSE_NOT_UNDERSTOOD, 'not understood');
  }

  cut(): void {
    this.#webSocket.terminate();
  }

  /** One after the other: lines stand in the order in which they were sent. */
  #take(text: string, events: WebSocketEvents): void {
    this.#waiting.push(text);
    if (this.#waiting.length >= READ_AHEAD) this.#webSocket.pause();
    if (!this.#busy) void this.#work(events);
  }

  async #work(events: WebSocketEvents): Promise<void> {
    this.#busy = true;
    for (let text = this.#waiting.shift(); text !== undefined; text = this.#waiting.shift()) {
      await events.frame(text);
      if (this.#waiting.length === READ_AHEAD - 1 || this.#waiting.length === 0) {
        this.#webSocket.resume();
      }
    }
    this.#busy = false;
  }
}

function textOf(data: RawData): string {
  return Array.isArray(data) ? Buffer.concat(data).toString() : data.toString();
}
