/** One request as a route sees it, and the answer it gives. */
import type { Actor, CommandType, Replies } from '@parley/engine';
import {
  type DocumentType,
  describeProblems,
  parseJson,
  type Representation,
  WireError,
} from '@parley/protocol';
import type { Submission } from '@parley/runtime/accounts/submission';
import type { LiveAccount } from '@parley/runtime/accounts/accounts';
import type { AskedRequest } from './asked.js';
import type { Answer, AnswerHeaders } from './answer.js';
import type { HttpContext } from './context.js';
import { representationOf, versionOf } from './representation.js';
import { requireReadable } from './body-text.js';
import { isKnownTag, strongTag, weakTag } from './entity-tag.js';
import type { OpenSpan } from './tracing.js';
import { originOf } from './origin.js';
import { rawFacts } from './raw-request.js';
import type { Attempt } from './retry.js';
import { proofOf } from './proof.js';
import { FIRST_TURN, type Turn } from './wait.js';

/** What every call has, worked out once per request and handed on as the call is authorized. */
export interface CallParts<X extends HttpContext = HttpContext> {
  /** What the handlers of this API work with. */
  readonly server: X;
  readonly request: AskedRequest;
  readonly representation: Representation;
  /** `https://host:port` that links are made on. */
  readonly origin: string;
  /** The same as the client used it; `origin` is the public domain's, where there is one. */
  readonly askedOrigin: string;
  /** Of a request that waits, how often its call was made. */
  readonly turn: Turn;
  /** Set when the request may come again. */
  readonly attempt: Attempt<AccountCall> | null;
}

/**
 * The parts of a request's call.
 * @throws WireError 406 when nothing acceptable can be given, 400 for a host that is none.
 */
export function partsOf<X extends HttpContext>(
  server: X,
  request: AskedRequest,
  turn: Turn = FIRST_TURN,
  attempt: Attempt<AccountCall> | null = null,
): CallParts<X> {
  const chosen = representationOf(request);
  // Lines and streams are asked for by names of their own; errors before the first of them are JSON then.
  const { lines, stream } = request.routeOptions.config ?? {};
  const isNamed = chosen === 'none' && (lines !== undefined || stream !== undefined);
  const representation = isNamed ? 'json' : chosen;
  if (representation === 'none') {
    const accept = (request.headers.accept ?? '').slice(0, 80);
    throw new WireError(
      'notAcceptable',
      `Accept "${accept}" names nothing that can be given: ask for application/json, application/xml or application/hal+json.`,
    );
  }
  const askedOrigin = originOf(request.raw, server.proxies);
  const { publicDomain } = server;
  const origin = publicDomain === null ? askedOrigin : `https://${publicDomain}`;
  return { server, request, representation, origin, askedOrigin, turn, attempt };
}

export class Call<X extends HttpContext = HttpContext> implements CallParts<X> {
  readonly server: X;
  readonly request: AskedRequest;
  /** The request that credentials are read from: nearly always this one itself. */
  readonly proof: AskedRequest;
  readonly representation: Representation;
  readonly origin: string;
  readonly askedOrigin: string;
  readonly turn: Turn;
  readonly attempt: Attempt<AccountCall> | null;

  constructor(parts: CallParts<X>) {
    this.server = parts.server;
    this.request = parts.request;
    this.proof = proofOf(parts.request);
    this.representation = parts.representation;
    this.origin = parts.origin;
    this.askedOrigin = parts.askedOrigin;
    this.turn = parts.turn;
    this.attempt = parts.attempt;
  }

  /** A part of the path. */
  param(name: string): string {
    return (this.request.params as Readonly<Record<string, string>>)[name] ?? '';
  }

  /** A query parameter; the first one when it is given several times. */
  query(name: string): string | undefined {
    return this.queryAll(name)[0];
  }

  /** The version asked for, one that is understood here; empty for none in particular. */
  get version(): string {
    return versionOf(this.request);
  }

  /**
   * Every value of a query parameter.
   * @throws WireError 400 when one of them is not properly encoded.
   */
  queryAll(name: string): readonly string[] {
    if (rawFacts(this.request.raw).unreadable.includes(name)) throw unreadableParameter(name);
    const value = (this.request.query as Readonly<Record<string, string | string[]>>)[name];
    if (value === undefined) return NO_VALUES;
    return typeof value === 'string' ? [value] : value;
  }

  /**
   * A whole number in the query.
   * @throws WireError 400 naming the parameter and its bounds.
   */
  queryInteger(
    name: string,
    bounds: { readonly min: number; readonly max: number },
  ): number | undefined {
    const text = this.query(name);
    if (text === undefined || NO_NUMBER.has(text)) return undefined;
    const value = Number(text);
    if (!/^-?\d{1,15}$/.test(text) || value < bounds.min || value > bounds.max) {
      throw new WireError(
        'invalidQuery',
        `Query parameter ${name} must be a whole number from ${bounds.min} to ${bounds.max}, got "${text.slice(0, 40)}".`,
      );
    }
    return value;
  }

  /**
   * One of some words in the query.
   * @throws WireError 400 naming the parameter and the words.
   */
  queryOneOf<const W extends string>(name: string, words: readonly W[]): W | undefined {
    const text = this.query(name);
    if (text === undefined || text === '') return undefined;
    const found = words.find((word) => word === text);
    if (found !== undefined) return found;
    throw new WireError(
      'invalidQuery',
      `Query parameter ${name} must be one of ${words.join(', ')}, got "${text.slice(0, 40)}".`,
    );
  }

  /**
   * The body as a document.
   * @throws WireError 400 naming the field and the rule, or the place where it is malformed; 415.
   */
  read<T>(document: DocumentType<T>): T {
    const text = typeof this.request.body === 'string' ? this.request.body : '';
    const start = text.trimStart();
    const result = start.startsWith('<')
      ? document.readXml(text)
      : document.read(start === '' ? undefined : parseBody(this.request, text, start));
    if (result.ok) return result.value;
    throw new WireError(result.code, describeProblems(result.problems));
  }

  /**
   * An answer with a document, sent at once: what it says must be on disk, or be nothing that is
   * ever kept. For what is read from an account's live state see `AccountCall.show`.
   */
  answer<T>(document: DocumentType<T>, value: T, status = 200, headers?: AnswerHeaders): Answer {
    const body = document.write(value, this.representation);
    const answer = { kind: 'document', status, body, representation: this.representation } as const;
    return headers === undefined ? answer : { ...answer, headers };
  }

  /** An answer without a body. */
  empty(status = 200, headers: AnswerHeaders = {}): Answer {
    return { kind: 'document', status, body: null, representation: this.representation, headers };
  }

  /** 201 with `Location`. */
  created<T>(document: DocumentType<T>, value: T, location: string): Answer {
    return this.answer(document, value, 201, { location });
  }
}

/** A call whose path names an account that exists. */
export class AccountCall<X extends HttpContext = HttpContext> extends Call<X> {
  readonly account: LiveAccount;
  /** `https://host/api/account/{account}`. */
  readonly base: string;

  constructor(parts: CallParts<X>, account: LiveAccount) {
    super(parts);
    this.account = account;
    this.base = `${this.origin}/api/account/${account.id}`;
  }

  /**
   * Who calls, as authentication found it. Whoever brings no credential is the visitor of a page;
   * calls that were authenticated say more.
   */
  get actor(): Actor {
    return VISITOR;
  }

  /**
   * Gives the account a command of this call's actor; answers when its events are on disk.
   * @param newId the id of what the command makes, if it makes something
   * @throws CommandRejected, AccountUnavailable as the host does
   */
  async execute<T extends CommandType>(
    command: Submission<T>['command'],
    newId?: string,
  ): Promise<Replies[T]> {
    const { actor, account, attempt, server, request } = this;
    const span = server.tracing?.commit(request.raw, account.id, command.type) ?? null;
    const idempotency = attempt?.idempotency;
    const submitted = account.host.submit<T>({
      command,
      actor,
      ...(span === null ? {} : { cause: span.traceparent }),
      ...(newId === undefined ? {} : { newId }),
      ...(idempotency === undefined ? {} : { idempotency }),
    });
    if (span !== null) endWith(span, submitted);
    const { reply, replayed } = await submitted;
    if (attempt !== null && replayed) attempt.replayed = true;
    return reply;
  }

  /**
   * An answer with a document read from the account's live state just now. It is sent when
   * everything up to journal position `seq`, the last that the document reflects, is on disk.
   */
  show<T>(document: DocumentType<T>, value: T, seq: number): Answer {
    const { representation } = this;
    const body = document.write(value, representation);
    return afterCommit(this, { kind: 'document', status: 200, body, representation }, seq);
  }

  /**
   * As `show`, with a strong entity tag: 304 for who has the very same already.
   */
  showTagged<T>(document: DocumentType<T>, value: T, seq: number): Answer {
    const body = document.write(value, this.representation);
    return this.showVersion(strongTag(body), () => body, seq);
  }

  /**
   * As `show`, with a weak entity tag: 304 for who has one that means the same.
   * @param means what counts of the document
   */
  showMeaning<T>(document: DocumentType<T>, value: T, seq: number, means: unknown): Answer {
    const tag = weakTag([this.representation, means]);
    return this.showVersion(tag, () => document.write(value, this.representation), seq);
  }

  /**
   * As `show`, of a document whose tag is known.
   * @param write makes the document, where it is not known already
   */
  showVersion(etag: string, write: () => string, seq: number): Answer {
    const { representation, request } = this;
    const known = isKnownTag(request.headers['if-none-match'], etag);
    const [status, body] = known ? [304, null] : [200, write()];
    // That nothing changed says something of the state as well.
    return afterCommit(
      this,
      { kind: 'document', status, body, representation, headers: { etag } },
      seq,
    );
  }

  /**
   * Refuses the call because of the account's live state, once that state is on disk.
   * @throws WireError always; at once when nothing is under way.
   */
  refuse(error: WireError): Promise<never> {
    const { host } = this.account;
    const durable = host.whenDurable(host.state.seq);
    if (durable === undefined) throw error;
    return durable.then(() => Promise.reject(error));
  }
}

const VISITOR: Actor = { by: 'visitor' };

/** Ends a span when something is over. */
function endWith(span: OpenSpan, over: Promise<unknown>): void {
  over.then(
    () => span.end(),
    (error) => span.end(error instanceof Error ? error.name : 'Error'),
  );
}

/** A number that was left blank, as pages that join their values into an address send it. */
const NO_NUMBER: ReadonlySet<string> = new Set(['', 'null', 'undefined']);

/** The answer, to be sent when everything up to a journal position is on disk. */
function afterCommit({ account }: AccountCall, answer: Answer, seq: number): Answer {
  const durable = account.host.whenDurable(seq);
  return durable === undefined ? answer : { ...answer, durable };
}

const NO_VALUES: readonly string[] = [];

function unreadableParameter(name: string): WireError {
  return new WireError(
    'invalidQuery',
    `Query parameter ${name} is not properly encoded: send UTF-8, and % as %25.`,
  );
}

/**
 * A body that does not look like XML, parsed. A function, since a private method would cost every
 * call of every request, and only some have a body.
 */
function parseBody(request: AskedRequest, text: string, start: string): unknown {
  const parsed = parseJson(text);
  if (parsed.ok) return parsed.value;
  const { contentType } = rawFacts(request.raw);
  if (!/^[[{"]/.test(start)) requireReadable(contentType);
  throw new WireError('malformedBody', parsed.message);
}
