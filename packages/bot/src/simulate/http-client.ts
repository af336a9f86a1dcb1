/**
 * HTTP/1.1 as a client speaks it, over connections in memory. The server's side is Node's own; Node's client
 * would take a third of a simulated day for what can never happen here: half a head, a slow reader, a proxy.
 */
import type { ClientEnd, VirtualSocket } from './connection.js';

/** What is asked; the text of a body is sent as UTF-8. */
export interface HttpQuestion {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly host: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

/** Head of an answer; names of headers are in lower case. */
export interface HttpHead {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The first value of a header. */
  header(name: string): string | undefined;
}

/** Who hears an answer: the head, its body in pieces, then one of the last two. */
export interface HttpListener {
  head(head: HttpHead): void;
  piece(piece: Buffer): void;
  end(): void;
  /** The connection broke before its end. @param code as Node names it */
  broken(code: string): void;
}

/** The connections of one client: they are used again, one question at a time. */
export class HttpConnections {
  readonly #connect: (client: ClientEnd) => VirtualSocket | null;
  readonly #idle: HttpConnection[] = [];
  readonly #inUse = new Set<HttpConnection>();

  /** @param connect opens a connection; null where nobody listens */
  constructor(connect: (client: ClientEnd) => VirtualSocket | null) {
    this.#connect = connect;
  }

  /** @returns what cuts its connection, unless the answer is there already */
  ask(question: HttpQuestion, listener: HttpListener): () => void {
    const connection = this.#free();
    if (connection === null) {
      queueMicrotask(() => listener.broken('ECONNREFUSED'));
      return () => {};
    }
    this.#inUse.add(connection);
    connection.ask(question, listener);
    return () => connection.cutFor(listener);
  }

  /** Cuts those on which an answer is awaited, or comes. */
  cutInUse(): void {
    for (const connection of [...this.#inUse]) connection.cut();
  }

  cutAll(): void {
    this.cutInUse();
    for (const connection of this.#idle.splice(0)) connection.cut();
  }

  #free(): HttpConnection | null {
    for (let last = this.#idle.pop(); last !== undefined; last = this.#idle.pop()) {
      if (last.isOpen) return last;
    }
    const connection = new HttpConnection((over, isUsable) => {
      this.#inUse.delete(over);
      if (isUsable) this.#idle.push(over);
    });
    const socket = this.#connect(connection);
    if (socket === null) return null;
    connection.socket = socket;
    return connection;
  }
}

/** How the end of a body is found. */
type Framing =
  | { readonly by: 'length'; left: number }
  /** `left` of the chunk that comes; null: its size comes next. */
  | { readonly by: 'chunks'; left: number | null }
  | { readonly by: 'close' };

class HttpConnection implements ClientEnd {
  socket: VirtualSocket | null = null;
  readonly #over: (connection: HttpConnection, isUsable: boolean) => void;
  #listener: HttpListener | null = null;
  /** null: a head comes. */
  #framing: Framing | null = null;
  #keepsOpen = true;
  #rest: Buffer = EMPTY;

  constructor(over: (connection: HttpConnection, isUsable: boolean) => void) {
    this.#over = over;
  }

  get isOpen(): boolean {
    return this.socket !== null && !this.socket.destroyed;
  }

  ask({ method, path, host, headers, body }: HttpQuestion, listener: HttpListener): void {
    this.#listener = listener;
    let text = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\n`;
    for (const [name, value] of Object.entries(headers)) text += `${name}: ${value}\r\n`;
    if (body !== undefined) text += `content-length: ${Buffer.byteLength(body)}\r\n`;
    else if (method !== 'GET') text += 'content-length: 0\r\n';
    this.socket?.push(Buffer.from(`${text}\r\n${body ?? ''}`));
  }

  cutFor(listener: HttpListener): void {
    if (this.#listener === listener) this.cut();
  }

  cut(): void {
    this.#broken('ECONNRESET');
    this.socket?.destroy();
  }

  data(chunk: Buffer): void {
    if (this.#listener === null) return;
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (this.#listener !== null && this.#read());
  }

  end(): void {
    if (this.#framing?.by === 'close') this.#done(false);
    else this.#broken('ECONNRESET');
    this.socket?.destroy();
  }

  closed(): void {
    this.#broken('ECONNRESET');
  }

  #broken(code: string): void {
    const listener = this.#listener;
    this.#listener = null;
    this.#over(this, false);
    listener?.broken(code);
  }

  #done(isUsable: boolean): void {
    const listener = this.#listener;
    this.#listener = null;
    this.#framing = null;
    this.#over(this, isUsable && this.isOpen);
    listener?.end();
  }

  /** Reads what is next of what came. @returns false when there is not enough of it yet */
  #read(): boolean {
    const framing = this.#framing;
    if (framing === null) return this.#readHead();
    if (framing.by === 'close') {
      this.#piece(this.#rest.length);
      return false;
    }
    if (framing.by === 'length') {
      const length = Math.min(framing.left, this.#rest.length);
      framing.left -= length;
      this.#piece(length);
      if (framing.left > 0) return false;
      this.#done(this.#keepsOpen);
      return true;
    }
    return this.#readChunk(framing);
  }

  #readHead(): boolean {
    const end = this.#rest.indexOf('\r\n\r\n');
    if (end === -1) return false;
    const [first = '', ...lines] = this.#rest.toString('latin1', 0, end).split('\r\n');
    this.#rest = this.#rest.subarray(end + 4);
    const status = Number(first.slice(9, 12));
    const headers = lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    });
    const header = (name: string) => headers.find(([each]) => each === name)?.[1];
    // Something will follow: 100, 103.
    if (status < 200) return true;
    this.#keepsOpen = header('connection') !== 'close';
    const length = header('content-length');
    if (status === 204 || status === 304) this.#framing = { by: 'length', left: 0 };
    else if (length !== undefined) this.#framing = { by: 'length', left: Number(length) };
    else if (header('transfer-encoding') === 'chunked')
      this.#framing = { by: 'chunks', left: null };
    else this.#framing = { by: 'close' };
    this.#listener?.head({ status, headers, header });
    return true;
  }

  #readChunk(framing: Extract<Framing, { by: 'chunks' }>): boolean {
    if (framing.left === null) {
      const end = this.#rest.indexOf('\r\n');
      if (end === -1) return false;
      framing.left = Number.parseInt(this.#rest.toString('latin1', 0, end), 16);
      this.#rest = this.#rest.subarray(end + 2);
    }
    // Behind each chunk, and behind the last size, stands a line's end.
    if (this.#rest.length < framing.left + 2) return false;
    const isLast = framing.left === 0;
    this.#piece(framing.left);
    this.#rest = this.#rest.subarray(2);
    framing.left = null;
    if (isLast) this.#done(this.#keepsOpen);
    return true;
  }

  #piece(length: number): void {
    if (length === 0) return;
    const piece = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    this.#listener?.piece(piece);
  }
}

const EMPTY = Buffer.alloc(0);
