/** Whose visit it is: that of a chat which the agent session may read. */
import { agentAccess, type Chat, type Visit, visitOfChat } from '@parley/engine';
import { WireError } from '@parley/protocol';
import { admitSession, SessionCall } from '../agent/admit.js';
import { visitIdOf } from '../chat/documents.js';
import type { AccountCall } from '../http/call.js';

/** A call on the visit of one of the session's chats. */
export class VisitCall extends SessionCall {
  readonly chat: Chat;
  /** What was tracked of the visit, if anything. */
  readonly visit: Visit | null;
  readonly uri: string;
  /** Journal position of the last event that the visit's documents tell of. */
  readonly seq: number;

  constructor(call: SessionCall, chat: Chat, visit: Visit | null) {
    super(call, call.caller, call.session);
    this.chat = chat;
    this.visit = visit;
    this.uri = `${this.sessionUri}/visits/visit/${visitIdOf(chat.id)}`;
    this.seq = Math.max(chat.seq, visit?.seq ?? 0);
  }
}

/**
 * @throws WireError as for the session; 404 for a visit of a chat that is not this session's, or that
 *   is not there.
 */
export async function admitVisit(call: AccountCall): Promise<VisitCall> {
  const admitted = await admitSession(call);
  const { state } = call.account.host;
  const visitId = call.param('visit');
  const mark = visitId.indexOf('K');
  const [start, end] = [`${visitId.slice(0, mark)}-`, visitId.slice(mark)];
  for (const chat of mark < 0 ? [] : state.chats.values()) {
    if (!chat.id.startsWith(start) || !chat.id.endsWith(end)) continue;
    if (visitIdOf(chat.id) !== visitId) continue;
    if (agentAccess(state, admitted.session.id, chat.id) === null) continue;
    return new VisitCall(admitted, chat, visitOfChat(state, chat));
  }
  return call.refuse(
    new WireError(
      'notFound',
      'There is no such visit in this agent session: follow the link of one of its chats.',
    ),
  );
}
