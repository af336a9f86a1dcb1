/**
 * A network that does what networks do: hands bytes on in pieces, cut at any byte, some of them late; cuts
 * connections in either direction; and, as a proxy does that did not hear an answer, sends all that a client
 * sent once more over a connection of its own, at the same time or later. By a seed, so that it can be repeated.
 */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

/** What becomes of one direction of a connection. */
interface Way {
  /** Bytes until it is cut. */
  readonly bytes: number;
  /** Largest piece, bytes. */
  readonly piece: number;
  /** How often a piece waits, 0 to 1, and how long at most, ms. */
  readonly late: number;
  readonly lateMs: number;
}

/** When what a client sent is sent once more, ms behind it; null: never. */
type Again = number | null;

export class HostileNetwork {
  /** How often each of what it does was done. */
  readonly did = { connections: 0, pieces: 0, late: 0, cut: 0, again: 0 };
  readonly #server: Server;
  readonly #port: number;
  readonly #random: () => number;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, port: number, random: () => number) {
    this.#server = server;
    this.#port = port;
    this.#random = random;
    server.on('connection', (client) => this.#carry(client));
  }

  /** @param origin of the server behind it, plain HTTP */
  static async before(origin: string, random: () => number): Promise<HostileNetwork> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new HostileNetwork(server, Number(new URL(origin).port), random);
  }

  /** The same address, by way of this network. */
  through(url: string): string {
    const found = new URL(url);
    found.hostname = '127.0.0.1';
    found.port = String((this.#server.address() as AddressInfo).port);
    return String(found);
  }

  async stop(): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, 'close');
  }

  #way(): Way {
    const random = this.#random;
    return {
      bytes: random() < 0.3 ? Math.floor(random() * 1_200) : Number.POSITIVE_INFINITY,
      piece: random() < 0.3 ? 1 + Math.floor(random() * 7) : 1 + Math.floor(random() * 1_500),
      late: random() < 0.5 ? 0 : random() * 0.1,
      lateMs: random() * 8,
    };
  }

  #again(): Again {
    const random = this.#random;
    if (random() < 0.6) return null;
    return random() < 0.5 ? 0 : random() * 25;
  }

  #carry(client: Socket): void {
    this.did.connections += 1;
    const server = this.#connect();
    this.#keep(client);
    const [up, down, again] = [this.#way(), this.#way(), this.#again()];
    const other = again === null ? null : new Repeated(() => this.#connect(), again);
    if (other !== null) this.did.again += 1;
    const end = () => {
      client.destroy();
      server.destroy();
      other?.end();
    };
    for (const socket of [client, server]) socket.on('error', () => {}).on('close', end);
    void this.#hand(client, server, up, (piece) => other?.take(piece)).then(end, end);
    void this.#hand(server, client, down).then(end, end);
  }

  /** Until one side ends, or it is cut. */
  async #hand(from: Socket, to: Socket, way: Way, seen?: (piece: Buffer) => void): Promise<void> {
    let left = way.bytes;
    for await (const chunk of from as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length; ) {
        const size = Math.min(1 + Math.floor(this.#random() * way.piece), left, chunk.length - at);
        if (size === 0) {
          this.did.cut += 1;
          return;
        }
        const piece = chunk.subarray(at, at + size);
        at += size;
        left -= size;
        if (this.#random() < way.late) {
          this.did.late += 1;
          await pause(this.#random() * way.lateMs);
        } else if (this.#random() < 0.05) await new Promise((resolve) => setImmediate(resolve));
        if (to.destroyed) return;
        this.did.pieces += 1;
        seen?.(piece);
        if (!to.write(piece)) await Promise.race([once(to, 'drain'), once(to, 'close')]);
      }
    }
    to.end();
  }

  #connect(): Socket {
    const socket = connect(this.#port, '127.0.0.1').setNoDelay(true);
    this.#keep(socket);
    return socket;
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
  }
}

/** How long a connection that repeats another one outlives it, ms: what it brought is answered, and not heard. */
const OUTLIVES_MS = 30;

/** Sends what a client sent once more; what is answered goes nowhere. */
class Repeated {
  #socket: Socket | null = null;
  #waiting: Buffer[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(open: () => Socket, afterMs: number) {
    this.#timer = setTimeout(() => {
      this.#socket = open();
      this.#socket.on('error', () => {}).resume();
      this.#socket.write(Buffer.concat(this.#waiting));
      this.#waiting = [];
    }, afterMs);
  }

  take(piece: Buffer): void {
    if (this.#socket === null) this.#waiting.push(Buffer.from(piece));
    else this.#socket.write(piece);
  }

  end(): void {
    setTimeout(() => {
      clearTimeout(this.#timer);
      this.#socket?.destroy();
    }, OUTLIVES_MS);
  }
}
