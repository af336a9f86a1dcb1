/** A server in front of a good one that spoils one thing in its answers. */
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
} from 'node:http';

export interface Message {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** What becomes of an answer. */
export type Injection = (message: Message, asked: IncomingMessage) => Message;

export class FaultProxy {
  readonly url: string;
  readonly #server: Server;

  constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  /** @param good the good server, `http://host:port` */
  static async start(good: string, inject: Injection): Promise<FaultProxy> {
    const server = createServer((asked, reply) => {
      passOn(good, asked).then(
        (message) => {
          const { status, headers, text } = inject(message, asked);
          const { 'content-length': _, 'transfer-encoding': __, ...rest } = headers;
          reply.writeHead(status, { ...rest, 'content-length': Buffer.byteLength(text) });
          reply.end(text);
        },
        () => reply.destroy(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return new FaultProxy(server, `http://127.0.0.1:${port}`);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** The `Host` stays that of the client, so that links lead here again. */
function passOn(good: string, asked: IncomingMessage): Promise<Message> {
  const { hostname, port } = new URL(good);
  const { method, url: path, headers } = asked;
  return new Promise((resolve, reject) => {
    const passed = request({ hostname, port, method, path, headers, agent: false });
    passed.on('error', reject);
    passed.on('response', (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }),
      );
    });
    asked.pipe(passed);
  });
}

/** Changes JSON answers; others stay as they are. */
export function inJson(change: (body: unknown, asked: IncomingMessage) => unknown): Injection {
  return (message, asked) => {
    if (!String(message.headers['content-type']).includes('json')) return message;
    return { ...message, text: JSON.stringify(change(JSON.parse(message.text), asked)) };
  };
}

/** A copy of a JSON value in which every object has been changed, from the inside out. */
export function everywhere(
  value: unknown,
  change: (object: Record<string, unknown>) => Record<string, unknown>,
): unknown {
  if (Array.isArray(value)) return value.map((member) => everywhere(member, change));
  if (typeof value !== 'object' || value === null) return value;
  const inner = Object.entries(value).map(([key, each]) => [key, everywhere(each, change)]);
  return change(Object.fromEntries(inner));
}
