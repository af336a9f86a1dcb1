/** The answers to a call. */
import type { DocumentType, WireError } from '@parley/protocol';
import type { Answer, AnswerHeaders } from './answer.js';
import type { AccountCall, Call } from './call.js';
import { isKnownTag, strongTag, weakTag } from './entity-tag.js';

/**
 * An answer with a document, sent at once: what it says must be on disk, or be nothing that is
 * ever kept. For what is read from an account's live state see `answerLive`.
 */
export function answerWith<T>(
  call: Call,
  document: DocumentType<T>,
  value: T,
  status = 200,
  headers?: AnswerHeaders,
): Answer {
  const body = document.write(value, call.representation);
  const answer = { kind: 'document', status, body, representation: call.representation } as const;
  return headers === undefined ? answer : { ...answer, headers };
}

/** An answer without a body. */
export function answerEmpty(call: Call, status = 200, headers: AnswerHeaders = {}): Answer {
  return { kind: 'document', status, body: null, representation: call.representation, headers };
}

/** 201 with `Location`. */
export function answerCreated<T>(
  call: Call,
  document: DocumentType<T>,
  value: T,
  location: string,
): Answer {
  return answerWith(call, document, value, 201, { location });
}

/**
 * An answer with a document read from the account's live state just now. It is sent when
 * everything up to journal position `seq`, the last that the document reflects, is on disk.
 */
export function answerLive<T>(
  call: AccountCall,
  document: DocumentType<T>,
  value: T,
  seq: number,
): Answer {
  const { representation } = call;
  const body = document.write(value, representation);
  return afterCommit(call, { kind: 'document', status: 200, body, representation }, seq);
}

/**
 * As `answerLive`, with a strong entity tag: 304 for who has the very same already.
 */
export function answerTagged<T>(
  call: AccountCall,
  document: DocumentType<T>,
  value: T,
  seq: number,
): Answer {
  const body = document.write(value, call.representation);
  return answerVersion(call, strongTag(body), () => body, seq);
}

/**
 * As `answerLive`, with a weak entity tag: 304 for who has one that means the same.
 * @param means what counts of the document
 */
export function answerByMeaning<T>(
  call: AccountCall,
  document: DocumentType<T>,
  value: T,
  seq: number,
  means: unknown,
): Answer {
  const tag = weakTag([call.representation, means]);
  return answerVersion(call, tag, () => document.write(value, call.representation), seq);
}

/**
 * As `answerLive`, of a document whose tag is known.
 * @param write makes the document, where it is not known already
 */
export function answerVersion(
  call: AccountCall,
  etag: string,
  write: () => string,
  seq: number,
): Answer {
  const { representation, request } = call;
  const known = isKnownTag(request.headers['if-none-match'], etag);
  const [status, body] = known ? [304, null] : [200, write()];
  // That nothing changed says something of the state as well.
  return afterCommit(
    call,
    { kind: 'document', status, body, representation, headers: { etag } },
    seq,
  );
}

/**
 * Refuses the call because of the account's live state, once that state is on disk.
 * @throws WireError always; at once when nothing is under way.
 */
export function refuseCall(call: AccountCall, error: WireError): Promise<never> {
  const { host } = call.account;
  const durable = host.whenDurable(host.state.seq);
  if (durable === undefined) throw error;
  return durable.then(() => Promise.reject(error));
}

/** The answer, to be sent when everything up to a journal position is on disk. */
function afterCommit({ account }: AccountCall, answer: Answer, seq: number): Answer {
  const durable = account.host.whenDurable(seq);
  return durable === undefined ? answer : { ...answer, durable };
}
