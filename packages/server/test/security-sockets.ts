/** Talks to a server below HTTP: what no HTTP client would send. */
import { connect } from 'node:net';

export interface RawAnswer {
  /** Status of the first answer; 0 when there was none. */
  readonly status: number;
  /** Everything that came. */
  readonly text: string;
  /** What came behind the first answer's headers. */
  readonly body: string;
}

/**
 * Sends a text as it is, and gives what came until the server closed the connection.
 * @param lines joined by CRLF, with an empty line behind them
 */
export function exchange(port: number, lines: readonly string[], body = ''): Promise<RawAnswer> {
  return exchangeText(port, `${lines.join('\r\n')}\r\n\r\n${body}`);
}

/** The same for any text. */
export function exchangeText(port: number, text: string): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text, 'latin1'));
    let received = '';
    socket.setEncoding('latin1');
    socket.on('data', (data) => {
      received += data;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answerOf(received)));
  });
}

function answerOf(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n');
  return {
    status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1] ?? 0),
    text,
    body: end < 0 ? '' : text.slice(end + 4),
  };
}

/** A connection that sends what it is given and reads nothing unless asked. */
export class Silent {
  readonly closed: Promise<void>;
  readonly #socket;
  received = '';

  /** @param from address of this machine that it comes from */
  constructor(port: number, from = '127.0.0.1') {
    this.#socket = connect({ port, host: '127.0.0.1', localAddress: from });
    this.#socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      this.#socket.on('close', () => resolve());
    });
  }

  /** Resolves when it is open. */
  async open(): Promise<this> {
    if (this.#socket.connecting) {
      await new Promise<void>((resolve) => {
        this.#socket.once('connect', resolve).once('close', resolve);
      });
    }
    return this;
  }

  send(text: string): this {
    this.#socket.write(text);
    return this;
  }

  /** Takes from now on what the server sends. */
  read(): this {
    this.#socket.setEncoding('latin1').on('data', (data) => {
      this.received += data;
    });
    return this;
  }

  /** Takes what has come so far, up to a number of characters, and no more. */
  sip(characters: number): number {
    const data: Buffer | null = this.#socket.read(characters) ?? this.#socket.read();
    return data?.length ?? 0;
  }

  end(): void {
    this.#socket.destroy();
  }
}
