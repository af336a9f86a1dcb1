/** Whose visit it is: that of a chat which the agent session may read. */
import { pathParam } from '../http/query.js';
import { refuseCall } from '../http/reply.js';
import { access, type Chat, type Visit, visitOfChat } from '@parley/engine';
import { WireError } from '@parley/protocol';
import { type SessionCall, sessionCallOf } from '../agent/authorize.js';
import { visitIdOf } from '@parley/runtime/accounts/visit-id';
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
  return {
    server: call.server,
    request: call.request,
    proof: call.proof,
    representation: call.representation,
    origin: call.origin,
    askedOrigin: call.askedOrigin,
    turn: call.turn,
    attempt: call.attempt,
    account: call.account,
    base: call.base,
    actor: call.actor,
    caller: call.caller,
    user: call.user,
    session: call.session,
    sessionUri: call.sessionUri,
    alive: call.alive,
    chat,
    visit,
    uri: `${call.sessionUri}/visits/visit/${visitIdOf(chat.id)}`,
    seq: Math.max(chat.seq, visit?.seq ?? 0),
  };
}

/**
 * @throws WireError as for the session; 404 for a visit of a chat that is not this session's, or that
 *   is not there.
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
