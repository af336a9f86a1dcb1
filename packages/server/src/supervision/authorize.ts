/** Whose chats a supervisor may see, move and end. */
import { pathParam } from '../http/query.js';
import { refuseCall } from '../http/reply.js';
import { access, type Chat } from '@parley/engine';
import { WireError } from '@parley/protocol';
import { type ReadScope, readScopeOf } from '../configuration/call.js';
import type { UserCall } from '../agent/authorize.js';
import { principalOf } from '../auth/agent-auth.js';
import { type AccountCall, authorizedCall } from '../http/call.js';
import type { AuthCall } from '../auth/context.js';
import type { Answer } from '../http/answer.js';

type Reach = Exclude<ReadScope, { readonly of: 'self' }>;

/** A call by an administrator or a manager. */
export interface SupervisionCall extends UserCall {
  readonly reach: Reach;
}

/** A call on one chat. */
export interface SupervisedChatCall extends SupervisionCall {
  readonly chat: Chat;
}

/** Whether a call is one of a supervisor. */
export function isSupervision(call: AccountCall): call is SupervisionCall {
  return 'reach' in call;
}

/** Whether the chat is one that the caller supervises. */
export function supervises({ account, user }: SupervisionCall, chat: Chat): boolean {
  const { state, config } = account.host;
  return access(state, config, { by: 'supervisor', userId: user.id }, chat.id) !== null;
}

/** @throws WireError 401 without a credential, 403 for who is neither administrator nor manager. */
export function authorizeSupervisor(call: AuthCall): SupervisionCall {
  const caller = principalOf(call);
  const reach = readScopeOf(call, caller.user);
  if (reach.of === 'self') {
    throw new WireError(
      'forbidden',
      `${caller.user.loginName} supervises nobody: ask an administrator, or a manager of the group.`,
    );
  }
  const { user } = caller;
  return authorizedCall(call, { by: 'user', userId: user.id }, { caller, user, reach });
}

/**
 * @throws WireError as `authorizeSupervisor`; 404 for a chat that is not there, or of agents whom the
 *   caller does not manage.
 */
export function authorizeSupervisedChat(
  call: AuthCall,
): SupervisedChatCall | Answer | Promise<never> {
  const supervisor = authorizeSupervisor(call);
  const chatId = pathParam(call, 'chat');
  const chat = call.account.host.state.chats.get(chatId);
  const { id: userId } = supervisor.user;
  const again = call.attempt?.claim(supervisor, userId, { chatId, uri: call.base });
  if (again) return again;
  if (chat !== undefined && supervises(supervisor, chat)) {
    const { actor, caller, user, reach } = supervisor;
    return authorizedCall(supervisor, actor, { caller, user, reach, chat });
  }
  return refuseCall(
    call,
    new WireError('notFound', 'There is no such chat among those you supervise: list them first.'),
  );
}
