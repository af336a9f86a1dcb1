/** A collector of spans: takes OTLP over HTTP, in JSON, and keeps what came. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Span {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: unknown }[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status: { readonly code?: number };
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: Span['attributes'] };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

export class OtlpReceiver {
  /** Bodies as they came. */
  readonly bodies: string[] = [];
  readonly headers: IncomingMessage['headers'][] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      request.on('end', () => {
        const isRight = request.method === 'POST' && request.url === '/v1/traces';
        if (isRight) {
          this.bodies.push(body);
          this.headers.push(request.headers);
        }
        response.writeHead(isRight ? 200 : 404, { 'content-type': 'application/json' }).end('{}');
      });
    });
  }

  static async start(): Promise<OtlpReceiver> {
    const receiver = new OtlpReceiver();
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get spans(): readonly Span[] {
    return this.#exports.flatMap(({ resourceSpans }) =>
      resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
    );
  }

  /** What the spans are said to come from. */
  get resource(): Readonly<Record<string, unknown>> {
    const [first] = this.#exports.flatMap(({ resourceSpans }) => resourceSpans);
    return valuesOf(first?.resource.attributes ?? []);
  }

  get #exports(): readonly Export[] {
    return this.bodies.map((body) => JSON.parse(body) as Export);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Attributes by name. */
export function valuesOf(attributes: Span['attributes']): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, Object.values(value as object)[0]]),
  );
}
