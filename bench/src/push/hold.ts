/** Connections on which a request waits, and nothing happens. */
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { PushJob } from './messages.js';

type HoldJob = Extract<PushJob, { kind: 'hold' }>;

/** Connections that are opened at once. */
const AT_ONCE = 50;
/** The first frame of a stream is whole by then: it names the chat, and frames of SSE end so. */
const FRAME_END = '\n\n\r\n';
const HELLO = '"chat"';
/** How long that may take, ms. */
const FRAME_MS = 20_000;

export class Held {
  readonly #sockets: Socket[] = [];
  /** What the first answer ends with; null where there is to be none. */
  readonly #begin: string | null;
  #answered = 0;

  private constructor(begin: string | null) {
    this.#begin = begin;
  }

  /** Opens a connection for each request and sends it. */
  static async open({ port, tls, requests, begins }: HoldJob): Promise<Held> {
    const held = new Held(begins === 'with-frame' ? FRAME_END : null);
    const left = [...requests];
    const workers = Array.from({ length: AT_ONCE }, async () => {
      for (let request = left.pop(); request !== undefined; request = left.pop()) {
        await held.#one(port, tls, request);
      }
    });
    await Promise.all(workers);
    return held;
  }

  /** Closes them all; gives how many were answered meanwhile. */
  release(): number {
    for (const socket of this.#sockets) socket.destroy();
    return this.#answered;
  }

  async #one(port: number, tls: boolean, request: string): Promise<void> {
    const host = '127.0.0.1';
    // The server's own certificate: nothing is to be proved here.
    const socket = tls
      ? connectTls({ host, port, rejectUnauthorized: false })
      : connect({ host, port });
    await new Promise<void>((resolve, reject) => {
      socket.once(tls ? 'secureConnect' : 'connect', resolve);
      socket.once('error', reject);
    });
    socket.on('error', () => {});
    const begun = this.#begin === null ? null : firstFrame(socket, this.#begin);
    socket.write(request);
    await begun;
    if (begun === null) {
      socket.on('data', () => {
        this.#answered += 1;
      });
    }
    this.#sockets.push(socket);
  }
}

/** Resolves when a stream has begun; what comes later is read and dropped. */
function firstFrame(socket: Socket, end: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(
      () => reject(new Error(`A stream did not begin: ${text.slice(0, 300)}`)),
      FRAME_MS,
    );
    const take = (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (!text.includes(HELLO) || !text.endsWith(end)) return;
      clearTimeout(timer);
      socket.off('data', take);
      socket.resume();
      resolve();
    };
    socket.on('data', take);
  });
}
