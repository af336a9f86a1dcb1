/** The document that every error is answered with. */
import Type from 'typebox';
import { defineDocument } from './document.js';
import { ERRORS, type ErrorCode } from './errors.js';
import { CONTENT_TYPES, PROBLEM_CONTENT_TYPE, type Spelling } from './negotiate.js';
import { formatErrorTime } from './time.js';

/** The error document of JSON and XML callers. */
export const errorDocumentType = defineDocument({
  name: 'error',
  root: 'error',
  spelling: 'attributes',
  description: 'What was wrong and what to do.',
  schema: Type.Object({
    time: Type.String({ description: "When, in the account's time zone." }),
    message: Type.String({ description: 'What was wrong, and what to do.' }),
    internalCode: Type.Integer({ description: 'Stable number of the error.' }),
    responseStatus: Type.String({ description: 'The status in words.' }),
  }),
});

/** What an error answer is made from. */
export interface ErrorOccurrence {
  readonly code: ErrorCode;
  /** What was wrong, with which value; left out, the table's words. */
  readonly message?: string;
  /** Epoch milliseconds. */
  readonly time: number;
  /** IANA name of the account's zone; `UTC` where there is no account. */
  readonly timeZone: string;
}

/** An error, ready to be answered in any spelling. */
export interface ErrorAnswer {
  readonly status: number;
  write(spelling: Spelling): string;
  contentType(spelling: Spelling): string;
}

/** The answer to an error: `{"error": …}`, the same as XML, or RFC 9457 problem details for HAL. */
export function errorDocument(occurrence: ErrorOccurrence): ErrorAnswer {
  const { status, responseStatus, internalCode, title, remedy } = ERRORS[occurrence.code];
  const message = occurrence.message ?? `${title}. ${remedy}`;
  return {
    status,
    contentType: (spelling) =>
      spelling === 'hal' ? PROBLEM_CONTENT_TYPE : CONTENT_TYPES[spelling],
    write(spelling) {
      if (spelling === 'hal') {
        const type = `/docs/errors#${occurrence.code}`;
        const time = new Date(occurrence.time).toISOString();
        return JSON.stringify({ type, title, status, detail: message, internalCode, time });
      }
      const time = formatErrorTime(occurrence.time, occurrence.timeZone);
      return errorDocumentType.write({ time, message, internalCode, responseStatus }, spelling);
    },
  };
}
