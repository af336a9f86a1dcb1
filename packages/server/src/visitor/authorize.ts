/** What a visitor's call goes through: the app key, and the chat, whose URI is the capability. */
import { pathParam } from '../http/query.js';
import { refuseCall } from '../http/reply.js';
import type { UnprovenCall, VisitorContext } from './context.js';
import { type Actor, access, type Chat } from '@parley/engine';
import { WireError } from '@parley/protocol';
import { appKeyOf, broughtAppKey } from '../auth/visitor-auth.js';
import type { Stored } from '@parley/configuration/records/records';
import { type AccountCall, authorizedCall } from '../http/call.js';
import type { Answer } from '../http/answer.js';
import { CHAT_GONE } from '../http/errors.js';

/** A call with a visitor app key. */
export interface VisitorCall extends AccountCall<VisitorContext> {
  readonly appKey: Stored<'appKey'>;
}

/** A call on the visitor's own chat; it is a heartbeat of the visitor. */
export interface VisitorChatCall extends VisitorCall {
  readonly chat: Chat;
  readonly reader: 'visitor';
  readonly session: null;
  readonly uri: string;
  /** Whose heartbeat the call is while it waits: the visitor's. */
  readonly alive: string;
}

/** A call by which a page or app reports a visit; it needs no app key. */
export interface ReportCall extends AccountCall<VisitorContext> {
  /** Whether a trusted app key came along: it may speak for other addresses than its own. */
  readonly trusted: boolean;
}

const VISITOR: Actor = { by: 'visitor' };

/** @throws WireError 429 when too much came from there. */
export function authorizeReport(call: UnprovenCall): ReportCall {
  call.server.visitors.throttleText(call);
  return authorizedCall(call, call.actor, { trusted: broughtAppKey(call)?.trusted ?? false });
}

/** @throws WireError 401 without an app key of this account; 429 when too much came from there. */
export function authorizeVisitor(call: UnprovenCall): VisitorCall | Answer {
  const appKey = appKeyOf(call);
  const actor = { by: 'appKey', keyId: appKey.id } as const;
  const authorized: VisitorCall = authorizedCall(call, actor, { appKey });
  call.server.visitors.throttleText(authorized);
  return call.attempt?.claim(call, null, { uri: call.base }) ?? authorized;
}

/** @throws WireError as `authorizeVisitor`; 404 for a chat that is not there. */
export function authorizeVisitorChat(
  call: UnprovenCall,
): VisitorChatCall | Answer | Promise<never> {
  const appKey = appKeyOf(call);
  const { host } = call.account;
  const found = access(host.state, host.config, { by: 'visitor' }, pathParam(call, 'chat'));
  if (found === null) return refuseCall(call, new WireError('chatGone', CHAT_GONE));
  const { chat } = found;
  // A stream proves nothing of who is behind it.
  if (call.turn.kind !== 'look') host.touchVisitor(chat.id);
  const uri = `${call.base}/chat/${chat.id}`;
  const alive = found.chat.id;
  const own = { appKey, chat, reader: 'visitor', session: null, alive, uri } as const;
  const authorized: VisitorChatCall = authorizedCall(call, VISITOR, own);
  call.server.visitors.throttleText(authorized, chat.visitor.ip);
  const { id: chatId } = chat;
  return call.attempt?.claim(call, chatId, { chatId, uri: authorized.uri }) ?? authorized;
}
