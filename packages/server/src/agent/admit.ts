/** What an agent's call goes through: who calls, which of their sessions, which of its chats. */
import { type AgentSession, agentAccess, type Chat } from '@parley/engine';
import { WireError } from '@parley/protocol';
import { callerOf } from '../auth/agent-auth.js';
import { cookieValues } from '../auth/cookies.js';
import { matchesHash } from '../auth/tokens.js';
import type { ChatView } from '../chat/documents.js';
import type { Stored } from '../config/records.js';
import { AccountCall } from '../http/call.js';

/** Name of an agent session's security cookie; its path tells several apart. */
export const SESSION_COOKIE = 'parley_agent_session';

/** A call by a user who is logged in. */
export class UserCall extends AccountCall {
  readonly user: Stored<'user'>;

  constructor(call: AccountCall, user: Stored<'user'>) {
    super(call, call.account);
    this.user = user;
  }
}

/** A call on one of the user's agent sessions; it is a sign of life of that session. */
export class SessionCall extends UserCall {
  readonly session: AgentSession;
  /** `…/agentSession/{id}` */
  readonly uri: string;

  constructor(call: AccountCall, user: Stored<'user'>, session: AgentSession) {
    super(call, user);
    this.session = session;
    this.uri = `${this.base}/agentSession/${session.id}`;
  }
}

/** A call on a chat of the session. */
export class AgentChatCall extends SessionCall implements ChatView {
  readonly chat: Chat;
  readonly reader = 'agent';
  override readonly uri: string;

  constructor(call: SessionCall, chat: Chat) {
    super(call, call.user, call.session);
    this.chat = chat;
    this.uri = `${call.uri}/chat/${chat.id}`;
  }
}

export function admitUser(call: AccountCall): UserCall {
  return new UserCall(call, callerOf(call).user);
}

/**
 * @throws WireError 401 without a credential or without the session's cookie; 404 for a session that
 *   is not the caller's, whether it exists or not.
 */
export function admitSession(call: AccountCall): SessionCall | Promise<SessionCall> {
  const { user } = callerOf(call);
  const { host } = call.account;
  const session = host.state.sessions.get(call.param('session'));
  if (session === undefined || session.userId !== user.id) throw noSession();
  if (session.cookieHash !== null) checkCookie(call, session.cookieHash);
  host.touchSession(session.id);
  const admitted = new SessionCall(call, user, session);
  const settled = host.settled(session.seq);
  return settled === undefined ? admitted : settled.then(() => admitted);
}

/** @throws WireError 404 for a chat that is not this session's, whether it exists or not. */
export function admitChat(call: AccountCall): AgentChatCall | Promise<AgentChatCall> {
  const session = admitSession(call);
  return session instanceof Promise ? session.then(withChat) : withChat(session);
}

function withChat(call: SessionCall): AgentChatCall | Promise<AgentChatCall> {
  const { host } = call.account;
  const access = agentAccess(host.state, call.session.id, call.param('chat'));
  if (access === null) {
    throw new WireError('notFound', 'There is no such chat in this agent session.');
  }
  const admitted = new AgentChatCall(call, access.chat);
  const settled = host.settled(access.chat.seq);
  return settled === undefined ? admitted : settled.then(() => admitted);
}

function noSession(): WireError {
  return new WireError(
    'notFound',
    'There is no such agent session: open one and follow its links.',
  );
}

function checkCookie(call: AccountCall, cookieHash: string): void {
  const given = cookieValues(call.request.raw, SESSION_COOKIE);
  if (given.some((value) => matchesHash(value, cookieHash))) return;
  throw new WireError(
    'cookieRequired',
    'This agent session was opened with a security cookie, which the request does not bring: send it, or open the session with NC=true.',
  );
}
