/** Reading positions: up to which event a side has read the chat (rules READ…). */
import { readBody } from '../http/read-body.js';
import { answerWith } from '../http/reply.js';
import { execute } from '../http/execute.js';
import { lastVisible, type Party } from '@parley/engine';
import { readDocument, WireError } from '@parley/protocol';
import type { Operation } from '../http/operation.js';
import type { ChatCall } from './documents.js';

/** PUT …/read by one of the parties. */
export function markReadBy<C extends ChatCall>(party: (call: C) => Party): Operation<C> {
  return {
    summary: 'Reports up to which event the chat was read.',
    description:
      'Both sides find the positions in the info of the chat, as agentRead and visitorRead. A position only moves forward: an earlier one changes nothing, and the response has the current position. The positions reveal nothing about events that are hidden from the visitor.',
    body: readDocument,
    answers: { 200: readDocument },
    errors: ['invalidField'],
    overWebSocket: true,
    async handle(call) {
      const read = readBody(call, readDocument);
      // The same for hidden events and for those that are yet to come.
      const last = lastVisible(call.chat, call.reader, Number.POSITIVE_INFINITY, true) ?? 0;
      if (read > last) {
        throw new WireError(
          'invalidField',
          `read must be the id of an event of this chat, ${last} at most, got ${read}.`,
        );
      }
      return answerWith(call, readDocument, await markRead(call, party(call), read));
    },
  };
}

/**
 * Notes that one side has read up to an event; resolves with the position that counts, once it is on
 * disk.
 */
export async function markRead(call: ChatCall, from: Party, upTo: number): Promise<number> {
  const command = { type: 'chat.read', chatId: call.chat.id, from, read: upTo } as const;
  const { read } = await execute<'chat.read'>(call, command);
  return read;
}
