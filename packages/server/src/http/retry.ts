/**
 * Requests that may come again: `Idempotency-Key` (rules IDEM…). A call that heeds it
 * says on admission, as soon as it is known who calls, whose request it is: when that was answered
 * before, it gets the first answer again, whatever has become of chat and session since.
 */
import {
  answeredBefore,
  type CommandType,
  type Idempotency,
  MIN_RETRY_LIFE_MS,
  RETRY_LIFE_MS,
  type Replies,
  type RetryCaller,
} from '@parley/engine';
import { WireError } from '@parley/protocol';
import type { AnswerToStore } from '@parley/store';
import type { AskedRequest } from './asked.js';
import type { LiveAccount } from '@parley/runtime/accounts/accounts';
import type { RetryDescription } from '@parley/protocol';
import type { HttpContext } from './context.js';
import type { Answer, Outcome } from './answer.js';
import { rejectionToWire } from './errors.js';
import { requireUnguessable } from './unguessable.js';

/** A call, as far as it matters whether it came before. */
export interface RetriedCall {
  readonly account: LiveAccount;
  readonly server: HttpContext;
  readonly request: AskedRequest;
}

/** How an operation heeds the header. */
export interface RetryRule<C extends RetriedCall> extends RetryDescription {
  /**
   * Writes the first answer again; null when it cannot, since what it described is gone. Absent where the
   * handler does it, since something has to be done for it, or where it is not kept in the account's
   * state.
   * @param uri the session or chat that is addressed, as this caller has it now
   */
  readonly again?: (call: C, reply: Replies[CommandType], uri: string) => Answer | null;
}

/** Visible characters: what may stand in a header without being mistaken for anything else. */
const KEY = /^[\x21-\x7e]{1,128}$/;

/** Answers to changes of the configuration that are kept of one user: they may be large. */
export const MAX_STORED = 1_000;

/** Bytes of a print. */
const PRINT_BYTES = 16;

/** Seconds after which whoever asked again too early may ask again. */
const RETRY_SOON = '1';

/** What marks an answer as a first answer sent again. */
const REPLAYED = { 'idempotency-replayed': 'true' } as const;

/** Requests with a key that are being answered, by account and print. */
const inFlight = new WeakMap<HttpContext, Set<string>>();

/** One request that may come again. */
export class Attempt<C extends RetriedCall> {
  readonly rule: RetryRule<C>;
  readonly #key: string;
  readonly #operation: string;
  #idempotency: Idempotency | undefined;
  #release = () => {};
  /** Set when what was done was done before: then the answer is the first one. */
  replayed = false;

  /**
   * @returns null for a request without the header
   * @throws WireError 400 for a key that cannot be one
   */
  static of<C extends RetriedCall>(
    { headers, method }: AskedRequest,
    rule: RetryRule<C>,
  ): Attempt<C> | null {
    const key = headers['idempotency-key'];
    if (key === undefined) return null;
    if (typeof key !== 'string' || !KEY.test(key)) {
      throw new WireError(
        'badIdempotencyKey',
        `Idempotency-Key must be 1 to 128 visible ASCII characters without spaces, got ${key.length}: use a new random one for each new request.`,
      );
    }
    if (rule.caller === 'key') requireUnguessable(key);
    return new Attempt(key, `${method} ${rule.name}`, rule);
  }

  private constructor(key: string, operation: string, rule: RetryRule<C>) {
    this.#key = key;
    this.#operation = operation;
    this.rule = rule;
  }

  /** What the account knows the request by, once it was claimed. */
  get idempotency(): Idempotency | undefined {
    return this.#idempotency;
  }

  /**
   * Says whose request it is. Until `run` is over nobody else can claim the same.
   * @returns the first answer, if there was one and it can be written from what is kept
   * @throws WireError 409 while the first request is being answered, 422 for another body
   */
  claim(
    call: C,
    caller: RetryCaller,
    { chatId = null, uri }: { readonly chatId?: string | null; readonly uri: string },
  ): Answer | null {
    const { host } = call.account;
    const { key, body } = this.#claim(call, caller, chatId);
    const before = answeredBefore(host.state, { key, body }, chatId, host.now());
    if (before === null) return null;
    if ('rejected' in before) throw rejectionToWire(before);
    if (this.rule.again === undefined) return null;
    const answer = this.rule.again(call, before.reply, uri);
    this.replayed = answer !== null;
    return answer;
  }

  /**
   * As `claim`, for a request that changes the configuration: what it was answered is kept in the store.
   * @throws WireError as `claim`
   */
  async claimStored(call: C, caller: number): Promise<Answer | null> {
    const { key, body } = this.#claim(call, caller, null);
    const { account, server } = call;
    const before = await server.store.config.answered(account.id, key);
    if (before === null || before.at + RETRY_LIFE_MS <= server.clock.now()) return null;
    if (before.body !== body) throw rejectionToWire({ rejected: 'key-reused' });
    this.replayed = true;
    return readAnswer(before.answer);
  }

  /** What the store is to keep of the request and its answer. */
  kept(answer: Answer, at: number): AnswerToStore {
    const { key, body, caller } = this.#idempotency ?? {};
    if (key === undefined || body === undefined || typeof caller !== 'number') {
      throw new Error('the request was not claimed by a user');
    }
    return {
      ...{ key, body, caller, at, answer: JSON.stringify(answer) },
      ...{ most: MAX_STORED, lifeMs: RETRY_LIFE_MS, minLifeMs: MIN_RETRY_LIFE_MS },
    };
  }

  #claim(call: C, caller: RetryCaller, chatId: string | null): Idempotency {
    const { account, server, request } = call;
    const print = (...parts: readonly unknown[]) =>
      server.secrets
        .stamp(`idempotency/${account.id}\n${JSON.stringify(parts)}`)
        .subarray(0, PRINT_BYTES)
        .toString('base64url');
    const key = print('key', caller, this.#operation, chatId, this.#key);
    const body = print('body', key, typeof request.body === 'string' ? request.body : '');
    this.#hold(server, `${account.id}/${key}`);
    const claimed = { key, body, caller };
    this.#idempotency = claimed;
    return claimed;
  }

  /**
   * Makes the call and answers it; until then nobody else can claim the same request. An answer that is
   * the first one again says so.
   */
  async run(make: () => Outcome | Promise<Outcome>): Promise<Outcome> {
    try {
      const outcome = await make();
      if (!this.replayed || outcome.kind !== 'document') return outcome;
      return { ...outcome, headers: { ...outcome.headers, ...REPLAYED } };
    } finally {
      this.#release();
    }
  }

  #hold(server: HttpContext, print: string): void {
    const ofServer = inFlight.get(server) ?? new Set<string>();
    inFlight.set(server, ofServer);
    if (ofServer.has(print)) {
      throw new WireError(
        'requestInFlight',
        'The first request with this Idempotency-Key is still being answered: wait, and send it again.',
        { 'retry-after': RETRY_SOON },
      );
    }
    ofServer.add(print);
    this.#release = () => ofServer.delete(print);
  }
}

/** An answer as it is stored; earlier ones have their representation under another name. */
type StoredAnswer =
  | Answer
  | (Omit<Answer, 'representation'> & { readonly spelling: Answer['representation'] });

/** An answer as it was stored, by whichever version. */
export function readAnswer(text: string): Answer {
  const stored = JSON.parse(text) as StoredAnswer;
  if (!('spelling' in stored)) return stored;
  const { spelling: representation, ...rest } = stored;
  return { ...rest, representation };
}
