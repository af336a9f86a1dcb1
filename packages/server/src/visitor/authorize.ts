/** What a visitor's call goes through: the app key, and the chat, whose URI is the capability. */
import type { UnprovenCall, VisitorContext } from './context.js';
import { type Actor, access, type Chat } from '@parley/engine';
import { WireError } from '@parley/protocol';
import { appKeyOf, broughtAppKey } from '../auth/visitor-auth.js';
import { asksForCollaboration } from '../chat/event-ids.js';
import type { ChatView } from '../chat/documents.js';
import type { Stored } from '@parley/configuration/records/records';
import { AccountCall } from '../http/call.js';
import type { Answer } from '../http/answer.js';
import { CHAT_GONE } from '../http/errors.js';

/** A call with a visitor app key. */
export class VisitorCall extends AccountCall<VisitorContext> {
  readonly appKey: Stored<'appKey'>;

  constructor(call: UnprovenCall, appKey: Stored<'appKey'>) {
    super(call, call.account);
    this.appKey = appKey;
  }

  override get actor(): Actor {
    return { by: 'appKey', keyId: this.appKey.id };
  }
}

/** A call on the visitor's own chat; it is a heartbeat of the visitor. */
export class VisitorChatCall extends VisitorCall implements ChatView {
  readonly chat: Chat;
  readonly reader = 'visitor';
  readonly session = null;
  readonly uri: string;

  get collaboration(): boolean {
    return asksForCollaboration(this);
  }

  constructor(call: UnprovenCall, appKey: Stored<'appKey'>, chat: Chat) {
    super(call, appKey);
    this.chat = chat;
    this.uri = `${this.base}/chat/${chat.id}`;
  }

  override get actor(): Actor {
    return { by: 'visitor' };
  }
}

/** A call by which a page or app reports a visit; it needs no app key. */
export class ReportCall extends AccountCall<VisitorContext> {
  /** Whether a trusted app key came along: it may speak for other addresses than its own. */
  readonly trusted: boolean;

  constructor(call: UnprovenCall, appKey: Stored<'appKey'> | null) {
    super(call, call.account);
    this.trusted = appKey?.trusted ?? false;
  }
}

/** @throws WireError 429 when too much came from there. */
export function authorizeReport(call: UnprovenCall): ReportCall {
  call.server.visitors.throttleText(call);
  return new ReportCall(call, broughtAppKey(call));
}

/** @throws WireError 401 without an app key of this account; 429 when too much came from there. */
export function authorizeVisitor(call: UnprovenCall): VisitorCall | Answer {
  const authorized = new VisitorCall(call, appKeyOf(call));
  call.server.visitors.throttleText(authorized);
  return call.attempt?.claim(call, null, { uri: call.base }) ?? authorized;
}

/** @throws WireError as `authorizeVisitor`; 404 for a chat that is not there. */
export function authorizeVisitorChat(
  call: UnprovenCall,
): VisitorChatCall | Answer | Promise<never> {
  const appKey = appKeyOf(call);
  const { host } = call.account;
  const found = access(host.state, host.config, { by: 'visitor' }, call.param('chat'));
  if (found === null) return call.refuse(new WireError('chatGone', CHAT_GONE));
  const { chat } = found;
  // A stream proves nothing of who is behind it.
  if (call.turn.kind !== 'look') host.touchVisitor(chat.id);
  const authorized = new VisitorChatCall(call, appKey, chat);
  call.server.visitors.throttleText(authorized, chat.visitor.ip);
  const { id: chatId } = chat;
  return call.attempt?.claim(call, chatId, { chatId, uri: authorized.uri }) ?? authorized;
}
