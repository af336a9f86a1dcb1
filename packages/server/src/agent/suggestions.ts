/** What is suggested to the agent of a chat (rules SUGGEST…). */
import { execute } from '../http/execute.js';
import { pathParam } from '../http/query.js';
import { readBody } from '../http/read-body.js';
import { answerCreated, answerLive, answerTagged, refuseCall } from '../http/reply.js';
import type {
  ChatRole,
  CommandType,
  Replies,
  Suggestion as StoredSuggestion,
} from '@parley/engine';
import {
  formatTime,
  newSuggestionDocument,
  REL,
  type Suggestion,
  suggestionDocument,
  suggestionLocationDocument,
  suggestionOutcomeDocument,
  suggestionsDocument,
  WireError,
} from '@parley/protocol';
import type { LiveAccount } from '@parley/runtime/accounts/accounts';
import { cleanedText } from '../chat/new-event.js';
import type { Answer } from '../http/answer.js';
import type { AccountCall } from '../http/call.js';
import { TAGGED } from '../http/entity-tag.js';
import type { Operation } from '../http/operation.js';
import { type AgentChatCall, delegationOf } from './authorize.js';

/** Who sees all that is suggested: everybody else sees what they suggested themselves. */
const SEE_ALL: ReadonlySet<ChatRole> = new Set(['agent', 'supervisor']);

/** Whether somebody in the chat sees the suggestion. */
export function seesSuggestion(
  { role, userId }: { readonly role: ChatRole; readonly userId: number },
  { byUserId }: StoredSuggestion,
): boolean {
  return SEE_ALL.has(role) || byUserId === userId;
}

/** @param chatUri of the chat, as the reader has it */
export function suggestionValue(
  { host }: LiveAccount,
  chatUri: string,
  suggestion: StoredSuggestion,
): Suggestion {
  const { config } = host;
  const time = (at: number) => formatTime(at, config.settings.timeZone);
  const { id, byUserId, at, expiresAt, closedAt, text, textType, state } = suggestion;
  const { program, source, confidence, replacesId, lineId } = suggestion;
  return {
    link: [{ href: `${chatUri}/suggestions/${id}`, rel: REL.self }],
    id,
    agentId: byUserId,
    name: config.users.get(byUserId)?.nickname ?? '',
    ...(program === undefined ? {} : { program }),
    time: time(at),
    text,
    textType,
    ...(source === undefined ? {} : { source }),
    ...(confidence === undefined ? {} : { confidence }),
    ...(replacesId === undefined ? {} : { replacesId }),
    ...(expiresAt === undefined ? {} : { expiresAt: time(expiresAt) }),
    state,
    ...(closedAt === undefined ? {} : { closedAt: time(closedAt) }),
    ...(lineId === undefined ? {} : { lineId }),
  };
}

function seenBy({ chat, role, session }: AgentChatCall): readonly StoredSuggestion[] {
  const reader = { role, userId: session.userId };
  return chat.suggestions?.list.filter((each) => seesSuggestion(reader, each)) ?? [];
}

/** Journal position of the last change of the chat's suggestions. */
const lastChange = ({ chat }: AgentChatCall): number => chat.suggestions?.seq ?? 0;

export const getSuggestions: Operation<AgentChatCall> = {
  summary: 'Lists the suggestions to the agent: all open ones, and the latest of the others.',
  description:
    'The agent of the chat sees all suggestions, and so do those who supervise it. Everybody else in the chat sees only their own. Visitors never see any. Streams deliver the same as it happens, in frames of type `suggestion`.',
  ...TAGGED,
  answers: { 200: suggestionsDocument, 304: null },
  handle(call) {
    const link = [{ href: `${call.uri}/suggestions`, rel: REL.self }];
    const suggestion = seenBy(call).map((each) => suggestionValue(call.account, call.uri, each));
    return answerTagged(call, suggestionsDocument, { link, suggestion }, lastChange(call));
  },
};

export const getSuggestion: Operation<AgentChatCall> = {
  summary: 'Returns one suggestion and its state.',
  answers: { 200: suggestionDocument },
  handle(call) {
    const found = seenBy(call).find(({ id }) => String(id) === pathParam(call, 'suggestion'));
    if (found === undefined) return refuseCall(call, noSuggestion());
    const value = suggestionValue(call.account, call.uri, found);
    return answerLive(call, suggestionDocument, value, lastChange(call));
  },
};

export const addSuggestion: Operation<AgentChatCall> = {
  summary: 'Suggests to the agent what to say next.',
  description:
    'For assistants, listeners and supervisors. The agent accepts, edits or dismisses the suggestion; the author learns which from its `state` and from frames of type `suggestion`. `replacesId` replaces an open suggestion of the same author. Each author may have 20 open suggestions in a chat at a time.',
  body: newSuggestionDocument,
  answers: { 201: suggestionLocationDocument },
  gives: ['Location'],
  retry: { name: 'suggestion', caller: 'user', again: suggestedAgain },
  errors: ['forbidden', 'chatEnded', 'chatElsewhere', 'conflict', 'textTooLong'],
  overWebSocket: true,
  async handle(call) {
    const { chat, session } = call;
    const delegation = delegationOf(call);
    const { text, ...rest } = readBody(call, newSuggestionDocument);
    const { suggestionId } = await execute<'chat.suggest'>(call, {
      type: 'chat.suggest',
      chatId: chat.id,
      sessionId: session.id,
      ...(delegation === null ? {} : { delegationId: delegation.id }),
      ...rest,
      text: rest.textType === 'html' ? cleanedText(text, 'suggestion.text') : text,
    });
    return located(call, call.uri, suggestionId);
  },
};

export const putSuggestion: Operation<AgentChatCall> = {
  summary: 'Reports what the agent did with a suggestion.',
  description:
    'Only the agent of the chat decides: `accepted` unchanged, `edited`, or `dismissed`. lineId is the event in which the agent used it. Repeating the same decision changes nothing; a different one is refused.',
  body: suggestionOutcomeDocument,
  answers: { 200: suggestionDocument },
  errors: ['forbidden', 'chatEnded', 'chatElsewhere', 'conflict', 'invalidField'],
  overWebSocket: true,
  async handle(call) {
    const { chat, session } = call;
    const { outcome, lineId } = readBody(call, suggestionOutcomeDocument);
    const suggestionId = idIn(pathParam(call, 'suggestion'));
    await execute<'chat.decideSuggestion'>(call, {
      ...{ type: 'chat.decideSuggestion', chatId: chat.id, sessionId: session.id },
      ...{ suggestionId, outcome },
      ...(lineId === undefined ? {} : { lineId }),
    });
    const decided = chat.suggestions?.list.find(({ id }) => id === suggestionId);
    if (decided === undefined) return refuseCall(call, noSuggestion());
    const value = suggestionValue(call.account, call.uri, decided);
    return answerLive(call, suggestionDocument, value, lastChange(call));
  },
};

/** @throws WireError 404 for what is no id of a suggestion */
function idIn(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw noSuggestion();
  return Number(text);
}

function located(call: AccountCall, uri: string, suggestionId: number): Answer {
  const href = `${uri}/suggestions/${suggestionId}`;
  return answerCreated(
    call,
    suggestionLocationDocument,
    { link: { href, rel: REL.location } },
    href,
  );
}

function suggestedAgain(call: AccountCall, reply: Replies[CommandType], uri: string): Answer {
  if (!('suggestionId' in reply)) throw new Error('no suggestion was answered to this request');
  return located(call, uri, reply.suggestionId);
}

function noSuggestion(): WireError {
  return new WireError(
    'notFound',
    'There is no such suggestion in this chat: read suggestions for those there are.',
  );
}
