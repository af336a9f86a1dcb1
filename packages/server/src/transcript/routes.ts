/** A visitor asks for the transcript of their chat by mail (rules MAIL…). */
import { answerWith } from '../http/reply.js';
import { readBody } from '../http/read-body.js';
import { execute } from '../http/execute.js';
import type { TranscriptThrottle } from './throttle.js';
import { randomUUID } from 'node:crypto';
import {
  transcriptRequestDocument,
  transcriptWithSubjectRequestDocument,
  WireError,
} from '@parley/protocol';
import { noteLimit } from '../http/limit-headers.js';
import type { Operation } from '../http/operation.js';
import type { VisitorChatCall } from '../visitor/authorize.js';

const ERRORS = ['invalidField', 'conflict', 'tooManyRequests', 'mailNotConfigured'] as const;

/** @param throttle how many may be asked for */
export function requestTranscript(throttle: TranscriptThrottle): Operation<VisitorChatCall> {
  return {
    summary: 'Mails the transcript of the chat so far.',
    description:
      '200 means that the mail is stored for sending. If the mail server does not take it, the server retries for a day. If the account has no mail server in its settings, the response is 409.',
    body: transcriptRequestDocument,
    answers: { 200: transcriptRequestDocument },
    retry: {
      name: 'transcript',
      caller: 'chat',
      again: (call) =>
        answerWith(call, transcriptRequestDocument, readBody(call, transcriptRequestDocument)),
    },
    errors: ERRORS,
    async handle(call) {
      const request = readBody(call, transcriptRequestDocument);
      await putIntoOutbox(call, throttle, request.email, null);
      return answerWith(call, transcriptRequestDocument, request);
    },
  };
}

/** @param throttle how many may be asked for */
export function requestTranscriptWithSubject(
  throttle: TranscriptThrottle,
): Operation<VisitorChatCall> {
  return {
    summary: 'Mails the transcript of the chat with a subject chosen by the visitor.',
    body: transcriptWithSubjectRequestDocument,
    answers: { 200: transcriptWithSubjectRequestDocument },
    retry: {
      name: 'transcript with subject',
      caller: 'chat',
      again: (call) =>
        answerWith(
          call,
          transcriptWithSubjectRequestDocument,
          readBody(call, transcriptWithSubjectRequestDocument),
        ),
    },
    errors: ERRORS,
    async handle(call) {
      const request = readBody(call, transcriptWithSubjectRequestDocument);
      await putIntoOutbox(call, throttle, request.email, request.subject);
      return answerWith(call, transcriptWithSubjectRequestDocument, request);
    },
  };
}

/**
 * Resolves when the mail is in the outbox on disk.
 * @throws WireError 409 when no mail server is configured; 429 when too many were asked for lately.
 */
async function putIntoOutbox(
  call: VisitorChatCall,
  throttle: TranscriptThrottle,
  email: string,
  subject: string | null,
): Promise<void> {
  const { account, chat, request, server } = call;
  if (account.setup.settings.mail === null) {
    throw new WireError(
      'mailNotConfigured',
      "Transcripts cannot be sent: no mail server is configured. An administrator can set one in the account's settings.",
    );
  }
  // A server that speaks for its visitors sent their addresses with the chats.
  const address = chat.visitor.ip ?? server.proxies.clientAddress(request.raw);
  noteLimit(request, await throttle.authorize(address, email));
  await execute<'transcript.request'>(
    call,
    { type: 'transcript.request', chatId: chat.id, email, subject },
    randomUUID(),
  );
}
