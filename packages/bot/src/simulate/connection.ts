/** A connection without a network: the server's end is a stream, the client's end what it calls back. */
import { Duplex } from 'node:stream';

/** What the client's end of a connection hears. */
export interface ClientEnd {
  /** The server wrote that. */
  data(chunk: Buffer): void;
  /** The server will write nothing more. */
  end(): void;
  /** Nothing more goes either way. */
  closed(): void;
}

/** The server's end, with what Node's HTTP asks of a socket besides. */
export class VirtualSocket extends Duplex {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly remoteFamily = 'IPv4';
  readonly #client: ClientEnd;

  /** @param address, port of the client, as the server sees it */
  constructor(address: string, port: number, client: ClientEnd) {
    super({ highWaterMark: 1 << 20, allowHalfOpen: true });
    this.remoteAddress = address;
    this.remotePort = port;
    this.#client = client;
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

  /** The client's bytes are pushed: there is nothing to ask for. */
  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#client.data(chunk);
    done();
  }

  /** Head and body of an answer come together. */
  override _writev(
    chunks: { readonly chunk: Buffer; readonly encoding: BufferEncoding }[],
    done: () => void,
  ): void {
    this.#client.data(Buffer.concat(chunks.map(({ chunk }) => chunk)));
    done();
  }

  override _final(done: () => void): void {
    this.#client.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    queueMicrotask(() => this.#client.closed());
    done(error);
  }
}
