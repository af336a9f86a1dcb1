/** A request and its answer, from when its call is made until the answer is sent. */
import { Readable } from 'node:stream';
import { CONTENT_TYPES, LINES } from '@parley/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerKeyOf } from './caller-key.js';
import { answerFrame } from './inner-requests.js';
import { SseTransport, STREAM_HEADERS } from './sse.js';
import type { HttpContext } from './context.js';
import type { Answer, Outcome } from './answer.js';
import type { AskedRequest } from './asked.js';
import { isLargeText } from './body.js';
import type { OpenStream } from './waiters.js';
import { openWebSocket, WebSocketTransport } from './web-socket.js';
import { idsOf } from './correlation.js';
import { ALWAYS, sendError } from './errors.js';
import { limitHeadersOf } from './limit-headers.js';
import { noteHeld } from './measured.js';
import { requireRoom, SMALL_ANSWER } from './room.js';
import type { StreamAnswer } from './stream.js';
import type { PushedBy, Woken } from './tracing.js';
import { handOver } from './upgrade.js';
import { FIRST_TURN, type Turn, type Wait } from './wait.js';

/** What the requests of one method of a resource have in common. */
export interface Route {
  readonly server: HttpContext;
  /**
   * Makes the call that a request is for, with all its checks.
   * @throws WireError, and whatever else `sendError` knows
   */
  ask(request: AskedRequest, turn: Turn): Outcome | Promise<Outcome>;
}

export class Exchange {
  readonly #route: Route;
  readonly #request: FastifyRequest;
  readonly #reply: FastifyReply;
  /** What ended its wait, where that is recorded. */
  #woken: Woken | null = null;

  constructor(route: Route, request: FastifyRequest, reply: FastifyReply) {
    this.#route = route;
    this.#request = request;
    this.#reply = reply;
  }

  /** The account that the path names. */
  get accountId(): string {
    return (this.#request.params as { account?: string }).account ?? '';
  }

  get network(): string {
    return this.#route.server.proxies.network(this.#request.raw);
  }

  /** Calls back once, when the answer is sent or the client is gone. */
  onClosed(callback: () => void): void {
    this.#reply.raw.once('close', callback);
  }

  /** Whether nobody is there any more to be answered. */
  get isClosed(): boolean {
    return this.#reply.raw.closed || this.#request.raw.socket.destroyed;
  }

  /** Makes the call. @throws as `Route.ask` */
  ask(turn: Turn): Outcome | Promise<Outcome> {
    return this.#route.ask(this.#request, turn);
  }

  /**
   * Makes the call for the first time and answers it.
   * @param done called when the answer is handed over, or waits for news
   */
  serve(done: () => void): void {
    let outcome: Outcome | Promise<Outcome>;
    try {
      outcome = this.ask(FIRST_TURN);
    } catch (error) {
      done();
      this.fail(error);
      return;
    }
    if (
      outcome instanceof Promise ||
      (outcome.kind === 'document' && outcome.durable !== undefined)
    ) {
      this.#later(outcome, done);
      return;
    }
    done();
    if (outcome.kind === 'document') this.#send(outcome);
    else this.#goOn(outcome);
  }

  /**
   * Sends the answer, as soon as all that it says is on disk.
   * @param woken what ended the wait for it
   */
  answer(answer: Answer, woken: Woken | null = null): void {
    this.#woken = woken;
    if (answer.durable === undefined) this.#send(answer);
    else this.#later(answer, () => {});
  }

  /** Sends the error. */
  fail(error: unknown): void {
    try {
      sendError(this.#route.server, this.#request, this.#reply, error);
    } catch (cause) {
      this.#cutOff(cause);
    }
  }

  #later(outcome: Outcome | Promise<Outcome>, done: () => void): void {
    this.#sendLater(outcome)
      .catch((error) => this.#cutOff(error))
      .finally(done);
  }

  /** Sends an answer that is still being made, or that says what is not on disk yet. */
  async #sendLater(outcome: Outcome | Promise<Outcome>): Promise<void> {
    const { server } = this.#route;
    try {
      const made = await outcome;
      if (made.kind === 'wait') {
        this.#hold(made, 'earlier');
        return;
      }
      if (made.kind === 'stream') {
        this.#stream(made);
        return;
      }
      if (made.durable !== undefined) await this.#durable(made, made.durable);
      await this.#inTurn(() => this.#send(made), false, true);
    } catch (error) {
      sendError(server, this.#request, this.#reply, error);
    }
  }

  /** Does something when it is the caller's turn: the disk is done with what many brought at once. */
  #inTurn(work: () => void, isLarge: boolean, isBegun: boolean): Promise<void> {
    const { turns } = this.#route.server;
    return new Promise((resolve, reject) => {
      const task = () => {
        try {
          work();
          resolve();
        } catch (error) {
          reject(error);
        }
      };
      turns.add(this.network, task, callerKeyOf(this.#request.raw), isLarge, isBegun);
    });
  }

  #goOn(outcome: Wait | StreamAnswer): void {
    try {
      if (outcome.kind === 'wait') this.#hold(outcome, 'now');
      else this.#stream(outcome);
    } catch (error) {
      this.fail(error);
    }
  }

  #hold(wait: Wait, when: 'now' | 'earlier'): void {
    noteHeld(this.#request.raw, 'long-poll');
    this.#route.server.polls.begin(this, wait, when);
  }

  /** @throws WireError when there is no place for another stream. */
  #stream(answer: StreamAnswer): void {
    const { streams } = this.#route.server;
    if (this.isClosed) return;
    streams.requirePlace(this, answer);
    noteHeld(this.#request.raw, 'stream');
    if (answer.over === 'websocket') this.#webSocket(answer);
    else this.#serverSentEvents(answer);
  }

  #serverSentEvents(answer: StreamAnswer): void {
    const reply = this.#reply;
    const { raw } = reply;
    // Whatever lets a page of another origin read it is there already.
    const headers = Object.entries(reply.headers({ ...ALWAYS, ...STREAM_HEADERS }).getHeaders());
    reply.hijack();
    raw.writeHead(
      200,
      headers.flatMap(([name, value]) => (value === undefined ? [] : [name, String(value)])),
    );
    if (this.#request.method === 'HEAD') {
      raw.end();
      return;
    }
    const stream = this.#route.server.streams.begin(this, new SseTransport(raw), answer);
    this.onClosed(() => stream.gone());
  }

  #webSocket(answer: StreamAnswer): void {
    const { server } = this.#route;
    this.#reply.hijack();
    const upgrade = handOver(this.#request.raw);
    if (upgrade === undefined) return;
    openWebSocket(this.#request.raw, upgrade.socket, upgrade.head, (webSocket) => {
      const transport = new WebSocketTransport(webSocket);
      const stream = server.streams.begin(this, transport, answer);
      transport.listen({
        alive: () => server.streams.alive(stream),
        frame: (text) => this.#frame(stream, transport, text),
        closed: () => stream.gone(),
      });
    });
  }

  /** Carries out what came within a WebSocket. */
  async #frame(stream: OpenStream, transport: WebSocketTransport, text: string): Promise<void> {
    const { server } = this.#route;
    const isOver = () => stream.phase === 'over';
    const carriedOut: { answer: Promise<string | null> | null } = { answer: null };
    const carryOut = () => {
      if (!isOver()) carriedOut.answer = answerFrame(server, this.#request, stream.place, text);
    };
    await this.#inTurn(carryOut, isLargeText(text), false);
    const answer = await carriedOut.answer;
    if (isOver()) return;
    if (answer === null) {
      transport.refuse();
      return;
    }
    transport.respond(answer);
    server.streams.sent(stream);
  }

  /** A frame of the stream reported what woke it. */
  pushed(woken: Woken): void {
    this.#tracePush(woken, 'stream');
  }

  #tracePush(woken: Woken, by: PushedBy): void {
    this.#route.server.tracing?.pushed(woken, this.#request.raw, by);
  }

  /** Waits until what an answer says is on disk; a large one counts as held meanwhile. */
  async #durable({ body }: Answer, durable: Promise<void>): Promise<void> {
    const { server } = this.#route;
    const bytes = body?.length ?? 0;
    if (bytes <= SMALL_ANSWER) return durable;
    // Whatever becomes of it, it was waited for.
    durable.catch(() => {});
    requireRoom(server, this.#request.raw, bytes);
    const holding = server.held.hold(this.network, bytes, null);
    try {
      await durable;
    } finally {
      server.held.release(holding);
    }
  }

  #send(answer: Answer): void {
    try {
      this.#write(answer);
    } catch (error) {
      this.fail(error);
    }
  }

  #write(answer: Answer): void {
    const reply = this.#reply;
    if (this.#woken !== null) this.#tracePush(this.#woken, 'long-poll');
    reply.code(answer.status);
    if (answer.headers !== undefined) reply.headers(answer.headers);
    const limits = limitHeadersOf(this.#request);
    if (limits !== null) reply.headers(limits);
    if (answer.lines !== undefined) {
      reply.header('content-type', LINES);
      reply.send(Readable.from(answer.lines, { objectMode: false }));
      return;
    }
    if (answer.body === null) {
      reply.send();
      return;
    }
    reply.header('content-type', CONTENT_TYPES[answer.representation]);
    reply.send(answer.body);
  }

  /** An answer, or an error's document, could not be sent: the connection says so by its end. */
  #cutOff(error: unknown): void {
    const { failures } = this.#route.server;
    const route = this.#request.routeOptions.url;
    const ids = idsOf(this.#request.raw);
    failures.lines.error({ err: error, route, ...ids }, 'an answer could not be sent');
    this.#request.raw.socket.destroy();
  }
}
