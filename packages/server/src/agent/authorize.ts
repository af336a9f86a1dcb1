/** What an agent's call goes through: who calls, which of their sessions, which of its chats. */
import { pathParam } from '../http/query.js';
import { refuseCall } from '../http/reply.js';
import type { AuthCall, AuthContext } from '../auth/context.js';
import {
  type AgentSession,
  access,
  type Chat,
  type ChatRole,
  type ChatReader,
  chatForWriting,
  type Delegation,
} from '@parley/engine';
import { WireError } from '@parley/protocol';
import { type Principal, principalOf } from '../auth/agent-auth.js';
import { cookieValues } from '../auth/cookies.js';
import { matchesHash } from '@parley/configuration/secrets/tokens';
import type { Stored } from '@parley/configuration/records/records';
import { type AccountCall, authorizedCall } from '../http/call.js';
import type { Answer } from '../http/answer.js';
import { rejectionToWire } from '../http/errors.js';
import type { Wait } from '../http/wait.js';
import { dropApproval, waitForApproval } from './approval.js';
import { delegatedPrincipalOf, type SessionPrincipal } from './delegated.js';

/** Name of an agent session's security cookie; its path distinguishes several. */
export const SESSION_COOKIE = 'parley_agent_session';

/** A call by a user. */
export interface UserCall extends AccountCall<AuthContext> {
  /** The user, and how they proved it. */
  readonly caller: SessionPrincipal;
  readonly user: Stored<'user'>;
}

/** A call on one of the user's agent sessions; it is a heartbeat of that session. */
export interface SessionCall extends UserCall {
  readonly session: AgentSession;
  /** `…/agentSession/{id}` */
  readonly sessionUri: string;
  /** Whose heartbeat the call is while it waits: a program's is nobody's. */
  readonly alive: string;
}

/** By which a program calls; null for the agent. */
export function delegationOf({ caller }: Pick<SessionCall, 'caller'>): Delegation | null {
  return caller.by === 'delegation' ? caller.delegation : null;
}

function aliveOf(caller: SessionPrincipal, session: AgentSession): string {
  return caller.by === 'delegation' ? `program ${caller.delegation.id}` : session.id;
}

/** A call on a chat of the session. */
export interface AgentChatCall extends SessionCall {
  readonly chat: Chat;
  readonly reader: 'agent';
  readonly uri: string;
  /** What the caller is in it. */
  readonly role: ChatRole;
}

/** The call, by this user. */
function byUser(call: AuthCall, caller: Principal): UserCall {
  const { user } = caller;
  return authorizedCall(call, { by: 'user', userId: user.id }, { caller, user });
}

function onSession(call: AuthCall, caller: SessionPrincipal, session: AgentSession): SessionCall {
  const { user } = caller;
  const sessionUri = sessionUriOf(call, session);
  const alive = aliveOf(caller, session);
  const found = { caller, user, session, sessionUri, alive };
  return authorizedCall(call, { by: 'user', userId: user.id }, found);
}

function onChat(
  call: AuthCall,
  caller: SessionPrincipal,
  session: AgentSession,
  { chat, role }: { readonly chat: Chat; readonly role: ChatRole },
): AgentChatCall {
  const { user } = caller;
  const sessionUri = sessionUriOf(call, session);
  const uri = chatUri(sessionUri, chat.id);
  const alive = aliveOf(caller, session);
  const reader = 'agent';
  const found = { caller, user, session, sessionUri, alive, chat, reader, uri, role } as const;
  return authorizedCall(call, { by: 'user', userId: user.id }, found);
}

function sessionUriOf({ base }: AuthCall, { id }: AgentSession): string {
  return `${base}/agentSession/${id}`;
}

/** Where a chat stands for the agent session that has it. */
export function chatUri(sessionUri: string, chatId: string): string {
  return `${sessionUri}/chat/${chatId}`;
}

export function authorizeUser(call: AuthCall): UserCall | Answer {
  const caller = principalOf(call);
  const again = call.attempt?.claim(call, caller.user.id, { uri: call.base });
  return again ?? byUser(call, caller);
}

/**
 * @throws WireError 401 without a credential or without the session's cookie; 404 for a session that
 *   is not the caller's, whether it exists or not.
 */
export function sessionCallOf(call: AuthCall): SessionCall | Promise<never> {
  const caller = callerOf(call);
  const session = sessionOf(call, caller);
  return session === null ? noSession(call) : onSession(call, caller, session);
}

/** @throws WireError as `sessionCallOf` */
export function authorizeSession(call: AuthCall): SessionCall | Answer | Wait | Promise<never> {
  const authorized = sessionCallOf(call);
  if (authorized instanceof Promise) return authorized;
  const { user, sessionUri, session, caller } = authorized;
  return (
    call.attempt?.claim(call, user.id, { uri: sessionUri }) ??
    approved(call, caller, session, null) ??
    authorized
  );
}

/**
 * @throws WireError as `authorizeSession`; 404 for a chat that is not this session's, or not there; 409 for
 *   writing to one that the agent had and another has now.
 */
export function authorizeChat(call: AuthCall): AgentChatCall | Answer | Wait | Promise<never> {
  return chatCallOf(call, false);
}

/**
 * As `authorizeChat`, for what who supervises the chat may do without being in it.
 * @throws WireError as `authorizeChat`
 */
export function authorizeSupervisedChat(
  call: AuthCall,
): AgentChatCall | Answer | Wait | Promise<never> {
  return chatCallOf(call, true);
}

function chatCallOf(
  call: AuthCall,
  supervisorsToo: boolean,
): AgentChatCall | Answer | Wait | Promise<never> {
  const caller = callerOf(call);
  const session = sessionOf(call, caller);
  if (session === null) return noSession(call);
  const { state, config } = call.account.host;
  const chatId = pathParam(call, 'chat');
  const uri = chatUri(sessionUriOf(call, session), chatId);
  // What was done in a chat was done, whoever has it now.
  const again = call.attempt?.claim(call, caller.user.id, { chatId, uri });
  if (again) return again;
  const { id: sessionId, userId } = session;
  const readers: readonly ChatReader[] = [
    { by: 'session', sessionId },
    ...(supervisorsToo ? [{ by: 'supervisor', userId } as const] : []),
  ];
  for (const reader of readers) {
    const found = access(state, config, reader, chatId);
    if (found === null || found.role === 'visitor') continue;
    const { chat, role } = found;
    return approved(call, caller, session, chatId) ?? onChat(call, caller, session, { chat, role });
  }
  return READING.has(call.request.method) ? noChat(call) : noLongerTheirs(call, session.id, chatId);
}

/** @throws WireError as `principalOf`; 403 for what was not delegated to a program */
function callerOf(call: AuthCall): SessionPrincipal {
  try {
    return delegatedPrincipalOf(call) ?? principalOf(call);
  } catch (error) {
    dropApproval(call);
    throw error;
  }
}

/** Null for what may go on: it needs nobody's approval, or has it. */
function approved(
  call: AuthCall,
  caller: SessionPrincipal,
  session: AgentSession,
  chatId: string | null,
): Wait | null {
  return waitForApproval(call, caller, session.id, chatId);
}

const READING: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** The session in the path if it is the user's; null when it is not, or not there. */
function sessionOf(call: AuthCall, caller: SessionPrincipal): AgentSession | null {
  const { host } = call.account;
  const session = host.state.sessions.get(pathParam(call, 'session'));
  if (session === undefined || session.userId !== caller.user.id) return null;
  // Neither whoever signs each request needs a cookie to show that it is them, nor a program.
  if (session.cookieHash !== null && caller.by !== 'signature' && caller.by !== 'delegation') {
    checkCookie(call, session.cookieHash);
  }
  // A stream proves nothing of who is behind it, and a program nothing of its agent.
  if (call.turn.kind !== 'look' && caller.by !== 'delegation') host.touchSession(session.id);
  return session;
}

function noSession(call: AuthCall): Promise<never> {
  dropApproval(call);
  return refuseCall(
    call,
    new WireError('notFound', 'There is no such agent session: open one and follow its links.'),
  );
}

function noChat(call: AuthCall): Promise<never> {
  dropApproval(call);
  return refuseCall(
    call,
    new WireError(
      'notFound',
      'There is no such chat in this agent session: accept one and follow its links.',
    ),
  );
}

function noLongerTheirs(call: AuthCall, sessionId: string, chatId: string): Promise<never> {
  dropApproval(call);
  const { host } = call.account;
  const context = { state: host.state, config: host.config, now: host.now() };
  const found = chatForWriting(context, sessionId, chatId);
  return 'rejected' in found && found.rejected === 'chat-elsewhere'
    ? refuseCall(call, rejectionToWire(found))
    : noChat(call);
}

function checkCookie(call: AuthCall, cookieHash: string): void {
  const given = cookieValues(call.proof.raw, SESSION_COOKIE);
  if (given.some((value) => matchesHash(value, cookieHash))) return;
  throw new WireError(
    'cookieRequired',
    'This agent session was opened with a security cookie, which the request does not bring: send it, or open the session with NC=true.',
  );
}
