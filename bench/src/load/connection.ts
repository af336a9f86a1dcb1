/** A keep-alive connection, with as little as possible between the load and the socket. */
import { connect, type Socket } from 'node:net';
import { ResponseReader } from './response.js';

export interface ConnectionEvents {
  readonly onAnswer: (status: number) => void;
  /** The connection is of no use any more: it failed, or the server closed it. */
  readonly onBroken: (reason: string) => void;
}

/** Reads land here on all connections alike: each is looked at before the next one happens. */
const shared = Buffer.allocUnsafe(64 * 1024);

export class Connection {
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Connects to a port of this machine. */
  static open(port: number, events: ConnectionEvents): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const reader = new ResponseReader();
      const socket = connect({
        host: '127.0.0.1',
        port,
        noDelay: true,
        onread: {
          buffer: shared,
          callback(length, buffer) {
            try {
              const status = reader.push(Buffer.from(buffer.buffer, buffer.byteOffset, length));
              if (status !== null) events.onAnswer(status);
            } catch (error) {
              events.onBroken(error instanceof Error ? error.message : String(error));
              socket.destroy();
            }
            return true;
          },
        },
      });
      socket.once('connect', () => resolve(new Connection(socket)));
      socket.once('error', (error) => {
        reject(error);
        events.onBroken(error.message);
      });
      socket.once('end', () => events.onBroken('the server closed the connection'));
    });
  }

  send(request: Buffer): void {
    this.#socket.write(request);
  }

  close(): void {
    this.#socket.removeAllListeners('end');
    this.#socket.destroy();
  }
}
