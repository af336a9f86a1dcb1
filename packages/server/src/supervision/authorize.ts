/** Whose chats a supervisor may see, move and end. */
import { access, type Chat } from '@parley/engine';
import { WireError } from '@parley/protocol';
import { type ReadScope, readScopeOf } from '../configuration/call.js';
import { UserCall } from '../agent/authorize.js';
import { type Principal, principalOf } from '../auth/agent-auth.js';
import type { AuthCall } from '../auth/context.js';
import type { Answer } from '../http/answer.js';

type Reach = Exclude<ReadScope, { readonly of: 'self' }>;

/** A call by an administrator or a manager. */
export class SupervisionCall extends UserCall {
  readonly reach: Reach;

  constructor(call: AuthCall, caller: Principal, reach: Reach) {
    super(call, caller);
    this.reach = reach;
  }

  /** Whether the chat is one that the caller supervises. */
  supervises(chat: Chat): boolean {
    const { state, config } = this.account.host;
    return access(state, config, { by: 'supervisor', userId: this.user.id }, chat.id) !== null;
  }
}

/** A call on one chat. */
export class SupervisedChatCall extends SupervisionCall {
  readonly chat: Chat;

  constructor(call: SupervisionCall, chat: Chat) {
    super(call, call.caller, call.reach);
    this.chat = chat;
  }
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
  return new SupervisionCall(call, caller, reach);
}

/**
 * @throws WireError as `authorizeSupervisor`; 404 for a chat that is not there, or of agents whom the
 *   caller does not manage.
 */
export function authorizeSupervisedChat(
  call: AuthCall,
): SupervisedChatCall | Answer | Promise<never> {
  const supervisor = authorizeSupervisor(call);
  const chatId = call.param('chat');
  const chat = call.account.host.state.chats.get(chatId);
  const { id: userId } = supervisor.user;
  const again = call.attempt?.claim(supervisor, userId, { chatId, uri: call.base });
  if (again) return again;
  if (chat !== undefined && supervisor.supervises(chat)) {
    return new SupervisedChatCall(supervisor, chat);
  }
  return call.refuse(
    new WireError('notFound', 'There is no such chat among those you supervise: list them first.'),
  );
}
