/** A connection without a network: two ends, each of which reads what the other writes. */
import { Duplex } from 'node:stream';

/** What Node's HTTP asks of a socket besides. */
export class VirtualSocket extends Duplex {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly remoteFamily = 'IPv4';
  #other: VirtualSocket | null = null;
  /** Called when the other end can take more. */
  #taken: (() => void) | null = null;

  private constructor(address: string, port: number) {
    super({ highWaterMark: 1 << 20, allowHalfOpen: true });
    this.remoteAddress = address;
    this.remotePort = port;
  }

  /** @param address of the client, as the server sees it */
  static pair(address: string, port: number): { client: VirtualSocket; server: VirtualSocket } {
    const client = new VirtualSocket('127.0.0.1', 80);
    const server = new VirtualSocket(address, port);
    client.#other = server;
    server.#other = client;
    return { client, server };
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  setTimeout(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  override _read(): void {
    const taken = this.#taken;
    this.#taken = null;
    taken?.();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const other = this.#other;
    if (other === null || other.destroyed) {
      done();
      return;
    }
    if (other.push(chunk)) done();
    else other.#taken = done;
  }

  override _final(done: () => void): void {
    const other = this.#other;
    if (other !== null && !other.destroyed) other.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const other = this.#other;
    this.#other = null;
    this.#taken = null;
    if (other !== null && !other.destroyed) {
      queueMicrotask(() => other.destroy());
    }
    done(error);
  }
}
