/** Connections on which a request waits, and nothing happens. */
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** Connections that are opened at once. */
const AT_ONCE = 50;

export class Held {
  readonly #sockets: Socket[] = [];
  #answered = 0;

  /** Opens a connection for each request and sends it. */
  static async open(port: number, tls: boolean, requests: readonly string[]): Promise<Held> {
    const held = new Held();
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
    socket.on('data', () => {
      this.#answered += 1;
    });
    socket.write(request);
    this.#sockets.push(socket);
  }
}
