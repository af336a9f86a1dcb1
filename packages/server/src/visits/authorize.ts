/** Whose visit it is: that of a chat which the agent session may read. */
import { pathParam } from '../http/query.js';
import { refuseCall } from '../http/reply.js';
import { access, type Chat, type Visit, visitOfChat } from '@parley/engine';
import { WireError } from '@parley/protocol';
import { type SessionCall, sessionCallOf } from '../agent/authorize.js';
import { visitIdOf } from '@parley/runtime/accounts/visit-id';
import { authorizedCall } from '../http/call.js';
import type { AuthCall } from '../auth/context.js';

/** A call on the visit of one of the session's chats. */
export interface VisitCall extends SessionCall {
  readonly chat: Chat;
  /** What was tracked of the visit, if anything. */
  readonly visit: Visit | null;
  readonly uri: string;
  /** Journal position of the last event that the visit's documents reflect. */
  readonly seq: number;
}

function visitCall(call: SessionCall, chat: Chat, visit: Visit | null): VisitCall {
  const { actor, caller, user, session, sessionUri, alive } = call;
  const uri = `${sessionUri}/visits/visit/${visitIdOf(chat.id)}`;
  const seq = Math.max(chat.seq, visit?.seq ?? 0);
  const found = { caller, user, session, sessionUri, alive, chat, visit, uri, seq };
  return authorizedCall(call, actor, found);
}

/**
 * @throws WireError as for the session; 404 for a visit of a chat that the agent is not in, or that is
 *   not there.
 */
export async function authorizeVisit(call: AuthCall): Promise<VisitCall> {
  const authorized = await sessionCallOf(call);
  const { state, config, chats } = call.account.host;
  for (const chatId of chats.byVisitId(pathParam(call, 'visit'))) {
    const found = access(
      state,
      config,
      { by: 'session', sessionId: authorized.session.id },
      chatId,
    );
    if (found === null) continue;
    return visitCall(authorized, found.chat, visitOfChat(state, found.chat));
  }
  return refuseCall(
    call,
    new WireError(
      'notFound',
      'There is no such visit in this agent session: follow the link of one of its chats.',
    ),
  );
}
