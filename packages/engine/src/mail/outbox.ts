/** Transcripts on their way by mail: asked for, and neither sent nor given up yet. */
import { requireNewId } from '../actor.js';
import type { Decision } from '../decision.js';
import type { AccountEvent } from '../events.js';
import { bytesOfMail } from '../memory/memory.js';
import { refusalFor, standingOf } from '../memory/room.js';
import type { DecisionContext } from '../context.js';
import type { AccountState } from '../state.js';
import type { MailOutcome, TranscriptMail } from './mail.js';

/** Most transcripts that can be asked for in one chat: the address is the visitor's word only. */
export const MAX_TRANSCRIPTS = 5;

type OutboxEvent = Extract<
  AccountEvent,
  { type: 'transcript.requested' | 'transcript.sent' | 'transcript.failed' }
>;

export function requestTranscript(
  context: DecisionContext,
  request: Pick<TranscriptMail, 'chatId' | 'email' | 'subject'>,
): Decision<Record<never, never>> {
  const { state, room } = context;
  const { chatId, email, subject } = request;
  const mailId = requireNewId(context);
  const chat = state.chats.get(chatId);
  if (chat === undefined) return { rejected: 'unknown-chat', chatId };
  if (chat.transcripts >= MAX_TRANSCRIPTS) return { rejected: 'too-many-transcripts', chatId };
  const bytes = bytesOfMail({ email, subject });
  const refusal = refusalFor(state, room, {
    ip: chat.visitor.ip,
    standing: standingOf(chat),
    bytes,
  });
  if (refusal !== null) return refusal;
  return {
    events: [{ type: 'transcript.requested', mailId, chatId, email, subject }],
    reply: {},
  };
}

/** A mail that is not in the outbox any more was settled before; that changes nothing. */
export function settleTranscript(
  { state }: DecisionContext,
  mailId: string,
  outcome: MailOutcome,
): Decision<Record<never, never>> {
  const mail = state.outbox.get(mailId);
  if (mail === undefined) return { events: [], reply: {} };
  const { chatId } = mail;
  return {
    events: [
      outcome.became === 'sent'
        ? { type: 'transcript.sent', mailId, chatId }
        : { type: 'transcript.failed', mailId, chatId, reason: outcome.reason },
    ],
    reply: {},
  };
}

/** Folds an event about transcripts into the state. */
export function evolveOutbox(state: AccountState, event: OutboxEvent, at: number): void {
  if (event.type !== 'transcript.requested') {
    state.outbox.delete(event.mailId);
    state.memory.forgetMail(event.mailId);
    return;
  }
  const { mailId, chatId, email, subject } = event;
  const chat = state.chats.get(chatId);
  if (chat === undefined) throw new Error(`no chat ${chatId}`);
  const { ip } = chat.visitor;
  const mail = { id: mailId, chatId, email, subject, requestedAt: at, ip };
  state.outbox.set(mailId, mail);
  state.memory.addMail(mail);
  chat.transcripts += 1;
}
