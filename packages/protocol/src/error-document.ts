/** The document that every error is answered with. */
import Type from 'typebox';
import { defineDocument } from './document.js';
import { ERRORS, type ErrorCode } from './errors.js';
import { CONTENT_TYPES, PROBLEM_CONTENT_TYPE, type Representation } from './negotiate.js';
import { formatErrorTime } from './time.js';
import { visible } from './visible-text.js';

const message = Type.String({ description: 'What was wrong, and what to do.' });
const internalCode = Type.Integer({ description: 'Stable number of the error.' });

/** The error document of JSON and XML callers. */
export const errorDocumentType = defineDocument({
  name: 'error',
  root: 'error',
  style: 'attributes',
  description: 'What was wrong and what to do.',
  schema: Type.Object({
    time: Type.String({ description: "When, in the account's time zone." }),
    message,
    internalCode,
    reason: Type.Optional(
      Type.String({ description: 'For some errors: the reason, in one word.' }),
    ),
    responseStatus: Type.String({ description: 'The status in words.' }),
  }),
});

/** The error document of engagement, visit information and monitoring: without a root key. */
export const bareErrorDocumentType = defineDocument({
  name: 'bareError',
  root: null,
  xmlRoot: 'error',
  style: 'attributes',
  description: 'What was wrong and what to do.',
  schema: Type.Object({
    time: Type.Integer({ description: 'When, epoch milliseconds.' }),
    message,
    internalCode,
  }),
});

/** `bare`: as engagement, visit information and monitoring answer their errors. */
export type ErrorForm = 'wrapped' | 'bare';

/** The errors that have another number, or another status, where errors are bare. */
const BARE_CODES: Readonly<Partial<Record<ErrorCode, ErrorCode>>> = {
  badAccountId: 'unknownAccount',
  unsupportedVersion: 'illegalVersion',
};

/** The code that an error has in this form. */
export function codeIn(form: ErrorForm, code: ErrorCode): ErrorCode {
  return form === 'bare' ? (BARE_CODES[code] ?? code) : code;
}

/** What an error answer is made from. */
export interface ErrorOccurrence {
  readonly code: ErrorCode;
  /** What was wrong, with which value; left out, the table's words. */
  readonly message?: string;
  /** Epoch milliseconds. */
  readonly time: number;
  /** IANA name of the account's zone; `UTC` where there is no account. */
  readonly timeZone: string;
  /** `wrapped` when left out. */
  readonly form?: ErrorForm;
  /** What the request is known by in the log; the original's error documents have no place for it. */
  readonly requestId?: string;
}

/** An error, ready to be answered in any representation. */
export interface ErrorAnswer {
  readonly status: number;
  write(representation: Representation): string;
  contentType(representation: Representation): string;
}

/**
 * The answer to an error: `{"error": …}` or its content alone, the same as XML, or RFC 9457 problem
 * details for HAL.
 */
export function errorDocument(occurrence: ErrorOccurrence): ErrorAnswer {
  const { form = 'wrapped' } = occurrence;
  const code = codeIn(form, occurrence.code);
  const { status, responseStatus, internalCode, title, remedy, reason } = ERRORS[code];
  // A message may repeat a piece of what was sent.
  const message = visible(occurrence.message ?? `${title}. ${remedy}`);
  const why = reason === undefined ? {} : { reason };
  return {
    status,
    contentType: (representation) =>
      representation === 'hal' ? PROBLEM_CONTENT_TYPE : CONTENT_TYPES[representation],
    write(representation) {
      if (representation === 'hal') {
        const type = `/docs/errors#${code}`;
        const time = new Date(occurrence.time).toISOString();
        const { requestId } = occurrence;
        const known = requestId === undefined ? {} : { requestId };
        const own = { type, title, status, detail: message, internalCode, ...why, time };
        const problem = { ...own, ...known };
        return JSON.stringify(problem);
      }
      if (form === 'bare') {
        return bareErrorDocumentType.write(
          { time: occurrence.time, message, internalCode },
          representation,
        );
      }
      const time = formatErrorTime(occurrence.time, occurrence.timeZone);
      const value = { time, message, internalCode, ...why, responseStatus };
      return errorDocumentType.write(value, representation);
    },
  };
}
