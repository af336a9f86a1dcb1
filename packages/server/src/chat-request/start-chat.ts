/** POST …/chat/request: a visitor asks for a chat. */
import { readBody } from '../http/read-body.js';
import { execute } from '../http/execute.js';
import { answerCreated } from '../http/reply.js';
import {
  type ChatRequest,
  chatLocationDocument,
  chatRequestDocument,
  REL,
  WireError,
} from '@parley/protocol';
import type { Submission } from '@parley/runtime/accounts/submission';
import { newChatId, randomDigits } from '@parley/configuration/secrets/tokens';
import { agentNamed, skillIdOf } from '../chat/audience.js';
import { languageKey } from '@parley/configuration/records/names';
import type { AccountCall } from '../http/call.js';
import type { Answer } from '../http/answer.js';
import type { Operation } from '../http/operation.js';
import { preChatSurvey } from '../surveys/visitor-routes.js';
import { visitorAddress } from '../visitor/address.js';
import type { VisitorCall } from '../visitor/authorize.js';

/** Beyond this a user agent says nothing more, characters. */
const MAX_USER_AGENT = 1_000;

/** Bounds of a visitor's silence that a chat request may ask for, seconds. */
const TIMEOUT = { shortest: 10, longest: 600 } as const;

/** Digits of a visitor id made here: a number that every client can hold exactly. */
const VISITOR_ID_DIGITS = 15;

export const startChat: Operation<VisitorCall> = {
  summary: 'Requests a chat.',
  description:
    'All fields are optional. Location is the address of the chat. Keep it: it is the visitor’s only way to the chat. An account setting decides whether a chat waits or is refused while nobody is online.',
  body: chatRequestDocument,
  answers: { 201: chatLocationDocument },
  gives: ['Location'],
  retry: {
    name: 'chat request',
    caller: 'key',
    again(call, reply) {
      if (!('chatId' in reply)) throw new Error('no chat was answered to this request');
      return requested(call, reply.chatId);
    },
  },
  errors: [
    'unknownSkill',
    'unknownAgent',
    'invalidField',
    'invalidAnswer',
    'nobodyOnline',
    'tooManyRequests',
  ],
  handle,
};

async function handle(call: VisitorCall): Promise<Answer> {
  const request = readBody(call, chatRequestDocument);
  const { headers } = call.request;
  const { skillId: id, skill, serviceQueue } = request;
  const participant = participantOf(request);
  const skillId = skillIdOf(call, { id, name: skill || serviceQueue });
  const preChat = preChatSurvey(call.account.setup, skillId, request.survey);
  const ip = visitorAddress(call, request.visitorIp, 'request.visitorIp');
  call.server.visitors.authorizeChat(call, ip);
  const command: Submission<'chat.request'>['command'] = {
    type: 'chat.request',
    skillId,
    forUserId: request.agent ? agentNamed(call, request.agent) : null,
    maxWait: request.maxWaitTime ?? null,
    timeout: timeoutOf(request),
    preChatLines: request.preChatLines,
    variables: request.customVariables,
    ...(preChat === null ? {} : { preChat }),
    ...(participant === null ? {} : { participant }),
    visitor: {
      name: request.visitorName || null,
      visitorId: request.visitorId || randomDigits(VISITOR_ID_DIGITS),
      ip,
      userAgent: (request.userAgent || headers['user-agent'])?.slice(0, MAX_USER_AGENT) || null,
      referrer: request.chatReferrer || null,
      language: request.language ? languageKey(request.language) : null,
      engagementId: request.engagementId || null,
      campaignId: request.campaignId || null,
      sharkVisitorId: request.LETagVisitorId || null,
      sharkSessionId: request.LETagSessionId || null,
      sharkContextId: request.LETagContextId || null,
    },
  };
  const { chatId } = await execute<'chat.request'>(call, command, newChatId());
  return requested(call, chatId);
}

function requested(call: AccountCall, chatId: string): Answer {
  const href = `${call.base}/chat/${chatId}`;
  return answerCreated(call, chatLocationDocument, { link: { href, rel: REL.location } }, href);
}

/** What is asked for, within what is possible; null for the account's own. */
function timeoutOf({ interactionTimeout: wanted }: ChatRequest): number | null {
  if (wanted === undefined) return null;
  return Math.round(Math.min(Math.max(wanted, TIMEOUT.shortest), TIMEOUT.longest));
}

/** @throws WireError 400 for one of the two ids without the other. */
function participantOf({ participantId, conversationId }: ChatRequest) {
  if (!participantId && !conversationId) return null;
  if (participantId && conversationId) return { participantId, conversationId };
  const missing = participantId ? 'conversationId' : 'participantId';
  throw new WireError(
    'invalidField',
    `request.${missing} is required with the other: an authenticated visitor is named by both, as conversation gave them.`,
  );
}
