/** Which errors an operation may answer, and how the description shows them. */
import {
  bareErrorDocumentType,
  codeIn,
  ERRORS,
  type ErrorCode,
  type ErrorForm,
  errorDocument,
  errorDocumentType,
  errorFormOf,
  isVisitorsChat,
  type RegisteredOperation,
} from '@parley/protocol';
import { ACCESS_ERRORS, placeOf } from './chapters.js';
import type { ComponentsBuilder } from './components.js';
import type { MediaType, Ref } from './openapi.js';

/** Every request may meet these. */
const ALWAYS: readonly ErrorCode[] = [
  // A Host that is none, an address that is not properly encoded.
  'invalidField',
  'unsupportedVersion',
  'notAcceptable',
  'headersTooLarge',
  'internal',
  'starting',
  'stopping',
  'storeFailure',
];
const OF_AN_ACCOUNT: readonly ErrorCode[] = [
  'badAccountId',
  'unknownAccount',
  'accountMoving',
  'dataDamaged',
];
/** What an account takes from a request has a bound. */
const ADDS_TO_AN_ACCOUNT: readonly ErrorCode[] = ['accountFull'];
/**
 * A body is decoded and decompressed before it is known whether anybody reads it, and what it
 * takes until the answer has a bound.
 */
const WITH_A_BODY: readonly ErrorCode[] = [
  'malformedBody',
  'requestTimeout',
  'tooLarge',
  'unsupportedMediaType',
  'tooManyRequests',
  'busy',
];

/** What an idempotency key may be met with. */
const WITH_A_KEY: readonly ErrorCode[] = [
  'badIdempotencyKey',
  'requestInFlight',
  'idempotencyMismatch',
  'tooManyRequests',
];

/** A chat as its agent has it: whoever had it before and writes to it learns where it is. */
const AGENTS_CHAT = /\/agentSession\/:session\/chat\/:chat\//;

/** The errors that an operation may answer, by status; the table's order within each. */
export function errorsOf({
  method,
  url,
  operation,
}: RegisteredOperation): Map<number, ErrorCode[]> {
  const { access } = placeOf(url);
  const may = new Set<ErrorCode>([
    ...ALWAYS,
    ...(url.includes(':account') ? OF_AN_ACCOUNT : []),
    ...(url.includes(':account') && method !== 'GET' ? ADDS_TO_AN_ACCOUNT : []),
    ...ACCESS_ERRORS[access],
    // What a path names may not be there, or be longer than any name.
    ...(url.includes(':') ? (['notFound'] as const) : []),
    ...(method !== 'GET' && AGENTS_CHAT.test(url) ? (['chatElsewhere'] as const) : []),
    ...(isVisitorsChat(url) ? (['chatGone'] as const) : []),
    ...(method === 'GET' ? [] : WITH_A_BODY),
    ...(operation.retry === undefined ? [] : WITH_A_KEY),
    ...(operation.errors ?? []),
  ]);
  const byStatus = new Map<number, ErrorCode[]>();
  const form = errorFormOf(url);
  const answered = new Set([...may].map((code) => codeIn(form, code)));
  for (const code of Object.keys(ERRORS) as ErrorCode[]) {
    if (!answered.has(code)) continue;
    const { status } = ERRORS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return byStatus;
}

/** What is said of the errors of one status. */
export function describeErrors(codes: readonly ErrorCode[]): string {
  return codes
    .map((code) => {
      const { internalCode, title, remedy } = ERRORS[code];
      return `${code} (${internalCode}): ${title}. ${remedy}`;
    })
    .join('\n\n');
}

/** How they are answered, in each representation. Each example is named by the error's code. */
export function errorContent(
  codes: readonly ErrorCode[],
  form: ErrorForm,
  components: ComponentsBuilder,
): Record<string, MediaType> {
  const examples = (as: 'error' | 'bareError' | 'problem') =>
    Object.fromEntries(codes.map((code) => [code, exampleOf(code, as, components)]));
  const document = form === 'bare' ? bareErrorDocumentType : errorDocumentType;
  return {
    'application/json': {
      schema: { ...components.document(document, 'json') },
      examples: examples(form === 'bare' ? 'bareError' : 'error'),
    },
    'application/xml': { schema: { ...components.document(document, 'xml') } },
    'application/problem+json': {
      schema: { ...components.schema('Problem', PROBLEM) },
      examples: examples('problem'),
    },
  };
}

/** An instant for examples, epoch ms. */
const SOME_TIME = Date.UTC(2024, 6, 1, 12);

function exampleOf(
  code: ErrorCode,
  as: 'error' | 'bareError' | 'problem',
  components: ComponentsBuilder,
): Ref {
  return components.example(`${as}.${code}`, () => {
    const form = as === 'bareError' ? 'bare' : 'wrapped';
    const document = errorDocument({ code, time: SOME_TIME, timeZone: 'UTC', form });
    const value: unknown = JSON.parse(document.write(as === 'problem' ? 'hal' : 'json'));
    return { summary: ERRORS[code].title, value };
  });
}

/** RFC 9457 problem details, as the callers of HAL get errors. */
const PROBLEM = {
  type: 'object',
  description: 'What was wrong and what to do (RFC 9457).',
  properties: {
    type: { type: 'string', description: 'Where the error is explained, on this server.' },
    title: { type: 'string', description: 'What happened, in a few words.' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What was wrong, with which value, and what to do.' },
    internalCode: { type: 'integer', description: 'Stable number of the error.' },
    reason: { type: 'string', description: 'For some errors: the reason, in one word.' },
    time: { type: 'string', format: 'date-time' },
    requestId: { type: 'string', description: 'X-Request-Id of the response.' },
  },
  required: ['type', 'title', 'status', 'detail', 'internalCode', 'time'],
} as const;
