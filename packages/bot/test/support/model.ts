/** An OpenAI-compatible endpoint on loopback that answers by script, as real ones do and fail. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a request was: messages, tools, headers. */
export interface Asked {
  readonly authorization: string | undefined;
  readonly model: string;
  readonly stream: boolean;
  readonly messages: readonly {
    readonly role: string;
    readonly content: string | null;
    readonly tool_calls?: readonly { readonly function: { readonly name: string } }[];
    readonly tool_call_id?: string;
  }[];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
}

/** One answer. */
export type Turn =
  | { readonly says: string; readonly tokens?: number; readonly calls?: readonly [string, string] }
  /** Answers with a status, and says when to come back. */
  | { readonly status: number; readonly retryAfter?: number }
  /** Begins to answer, and closes the connection, or says no more. */
  | { readonly cuts: string }
  | { readonly stalls: string }
  /** An error in the middle of a stream. */
  | { readonly fails: string };

export class ModelServer {
  readonly asked: Asked[] = [];
  #turns: Turn[] = [];
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  static async start(): Promise<ModelServer> {
    const model = new ModelServer();
    await new Promise<void>((resolve) => model.#server.listen(0, '127.0.0.1', resolve));
    return model;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  /** What it answers from now on, one after another. */
  script(...turns: Turn[]): void {
    this.#turns = turns;
    this.asked.length = 0;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { authorization } = request.headers;
    this.asked.push({ authorization, ...JSON.parse(body) });
    const turn = this.#turns.shift();
    if (turn === undefined || request.url !== '/v1/chat/completions') {
      response.writeHead(404).end('{"error":{"message":"nothing more in the script"}}');
      return;
    }
    if ('status' in turn) {
      const { status, retryAfter } = turn;
      response.writeHead(
        status,
        retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) },
      );
      response.end(`{"error":{"message":"scripted ${status}"}}`);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (value: unknown) => response.write(`data: ${JSON.stringify(value)}\r\n\r\n`);
    const delta = (value: object) => send({ choices: [{ index: 0, delta: value }] });
    const text =
      'says' in turn ? turn.says : 'cuts' in turn ? turn.cuts : 'stalls' in turn ? turn.stalls : '';
    delta({ role: 'assistant', content: '' });
    for (const part of text.match(/.{1,7}/gsu) ?? []) delta({ content: part });
    if ('cuts' in turn) response.destroy();
    if ('fails' in turn) send({ error: { message: turn.fails } });
    if ('cuts' in turn || 'stalls' in turn) return;
    if ('says' in turn) {
      if (turn.calls !== undefined) {
        const [name, args] = turn.calls;
        const call = (part: object) => delta({ tool_calls: [{ index: 0, ...part }] });
        call({ id: 'call_1', type: 'function', function: { name, arguments: '' } });
        for (const part of args.match(/.{1,5}/gs) ?? []) call({ function: { arguments: part } });
      }
      const finish = turn.calls === undefined ? 'stop' : 'tool_calls';
      send({ choices: [{ index: 0, delta: {}, finish_reason: finish }] });
      if (turn.tokens !== undefined) send({ choices: [], usage: { total_tokens: turn.tokens } });
    }
    response.end('data: [DONE]\r\n\r\n');
  }
}
