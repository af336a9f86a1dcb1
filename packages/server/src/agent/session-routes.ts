/** Agent sessions: opening, the resource, availability, info, incoming requests. */
import { pathParam, queryParam } from '../http/query.js';
import { execute } from '../http/execute.js';
import {
  answerByMeaning,
  answerCreated,
  answerEmpty,
  answerLive,
  answerTagged,
  answerWith,
  refuseCall,
} from '../http/reply.js';
import { readBody } from '../http/read-body.js';
import {
  type AgentSession,
  maySupervise,
  agentTopic,
  chatTopic,
  type CommandType,
  type Replies,
  ringingAt,
  sessionTopic,
} from '@parley/engine';
import {
  agentInfoDocument,
  agentSessionDocument,
  agentSessionLocationDocument,
  availabilityDocument,
  chatLocationDocument,
  chatSessionsDocument,
  type DocumentValue,
  incomingRequestsDocument,
  newAvailabilityDocument,
  REL,
  WireError,
} from '@parley/protocol';
import { setCookie } from '../auth/cookies.js';
import { hashToken, newToken, randomDigits } from '@parley/configuration/secrets/tokens';
import { TAGGED } from '../http/entity-tag.js';
import type { AccountCall } from '../http/call.js';
import type { Answer } from '../http/answer.js';
import type { Operation } from '../http/operation.js';
import { looseField, plainText, readLoginData } from '../http/loose-body.js';
import { rawFacts } from '../http/raw-request.js';
import { answerOrWait, WAIT_QUERY, type Watched } from '../waits/answer-or-wait.js';
import { offersSeq, offersTo, ringingKey } from './offers.js';
import { chatUri, SESSION_COOKIE, type SessionCall, type UserCall } from './authorize.js';

/** Digits of an agent session id: clients match `[0-9]*$`. */
const SESSION_ID_DIGITS = 18;

export const openSession: Operation<UserCall> = {
  summary: 'Starts an agent session, which takes over from the agent’s previous one.',
  description:
    'The new session is Online at once. Chats of the previous session continue in it, and chatSessions lists them.\n\nThe body may be empty or anything else. Clients of the original API send {"loginData": ""}.\n\nWith {"loginData":{"role":"supervisor"}} the session is for watching only. Administrators and managers can open one whether or not they take chats. Nothing ever rings in it, and it is always Away. The link supervision lists the chats; to watch one, join it (collaboration-channels) as supervisor.',
  query: {
    NC: {
      description: 'true: calls on the session need no security cookie.',
      schema: { type: 'boolean' },
    },
  },
  answers: { 201: agentSessionLocationDocument },
  gives: ['Location', 'Set-Cookie'],
  // The cookie of the first answer may be lost, and is not known here: there is a new one.
  retry: { name: 'session', caller: 'user' },
  errors: ['forbidden', 'invalidField'],
  async handle(call) {
    const { user } = call;
    const supervises = readLoginData(call)?.role === 'supervisor';
    if (supervises && !maySupervise(call.account.host.config, user.id)) {
      throw new WireError(
        'forbidden',
        `${user.loginName} supervises nobody: ask an administrator, or a manager of the group.`,
      );
    }
    if (!supervises && !user.roles.includes('agent')) {
      throw new WireError(
        'forbidden',
        `${user.loginName} has no right to take chats: an administrator can give the role "agent".`,
      );
    }
    const withoutCookie =
      call.caller.by === 'signature' || queryParam(call, 'NC')?.toLowerCase() === 'true';
    const cookie = withoutCookie ? null : newToken();
    const cookieHash = cookie === null ? null : hashToken(cookie);
    const { sessionId } = await execute<'session.open'>(
      call,
      {
        type: 'session.open',
        userId: user.id,
        cookieHash,
        signedOutAt: user.signedOutAt,
        ...(supervises ? { supervises } : {}),
      },
      randomDigits(SESSION_ID_DIGITS),
    );
    const href = `${call.base}/agentSession/${sessionId}`;
    return answerWith(
      call,
      agentSessionLocationDocument,
      { link: { href, rel: REL.location } },
      201,
      {
        location: href,
        ...(cookie === null ? {} : { 'set-cookie': sessionCookies(call, href, cookie) }),
      },
    );
  },
};

/**
 * The security cookie of a session, for its path and all below it. Clients that write suffixes, and
 * did so at opening, get it for the session's own address with the suffix too: to a cookie jar
 * `/7.json` does not lie below `/7`.
 */
function sessionCookies({ request }: UserCall, uri: string, cookie: string): string[] {
  const { suffix } = rawFacts(request.raw);
  const { pathname } = new URL(uri);
  const paths = suffix === undefined ? [pathname] : [pathname, `${pathname}.${suffix}`];
  return paths.map((path) => setCookie(SESSION_COOKIE, cookie, path, { sameSite: 'None' }));
}

export const getSession: Operation<SessionCall> = {
  summary: 'Returns the links of the agent session.',
  answers: { 200: agentSessionDocument },
  handle(call) {
    const { sessionUri: uri } = call;
    return answerWith(call, agentSessionDocument, {
      link: [
        { href: uri, rel: REL.self },
        { href: `${uri}/availability`, rel: REL.availability },
        { href: `${uri}/info`, rel: REL.info },
        { href: `${uri}/incomingRequests`, rel: REL.incomingRequests },
        { href: `${uri}/availableAgents`, rel: REL.availableAgents },
        { href: `${uri}/chat/availableSlots`, rel: REL.availableSlots },
        { href: `${uri}/chatSessions`, rel: REL.chatSessions },
        { href: `${uri}/skills`, rel: REL.skills },
        // What Parley adds comes after the original's, in the order of the extensions.
        { href: `${uri}/stream`, rel: REL.stream },
        { href: `${uri}/ws`, rel: REL.webSocket },
        { href: `${uri}/tickets`, rel: REL.tickets },
        { href: `${uri}/chat`, rel: REL.chats },
        ...(maySupervise(call.account.host.config, call.user.id)
          ? [{ href: `${call.base}/supervision/chats`, rel: REL.supervision }]
          : []),
        { href: `${call.base}/approvals`, rel: REL.approvals },
        { href: `${uri}/delegations`, rel: REL.delegations },
        { href: `${uri}/cannedTexts`, rel: REL.cannedTexts },
      ],
    });
  },
};

export const deleteSession: Operation<SessionCall> = {
  summary: 'Ends the agent session and returns its chats to their queues.',
  answers: { 200: null },
  async handle(call) {
    await execute<'session.close'>(call, {
      type: 'session.close',
      sessionId: call.session.id,
      reason: 'deleted',
    });
    return answerEmpty(call);
  },
};

/** How the availability is answered, with its reason when the agent gave one. */
function availabilityOf({
  availability,
  reasonId,
}: Pick<AgentSession, 'availability' | 'reasonId'>): DocumentValue<typeof availabilityDocument> {
  const shown = { chat: availability, voice: 'Offline' } as const;
  return reasonId === null ? shown : { ...shown, chatReasonId: reasonId };
}

export const getAvailability: Operation<SessionCall> = {
  summary: 'Returns the agent’s availability.',
  answers: { 200: availabilityDocument },
  handle(call) {
    const { seq } = call.session;
    return answerLive(call, availabilityDocument, availabilityOf(call.session), seq);
  },
};

export const putAvailability: Operation<SessionCall> = {
  summary: 'Sets the agent’s availability.',
  description:
    'chatReasonId gives the reason: one of the account’s status reasons (configuration) for that state. If it is omitted, the state has no reason.',
  body: newAvailabilityDocument,
  answers: { 200: availabilityDocument },
  errors: ['invalidField', 'conflict'],
  async handle(call) {
    const { chat, chatReasonId } = readBody(call, newAvailabilityDocument);
    const shown = await execute<'session.setAvailability'>(call, {
      type: 'session.setAvailability',
      sessionId: call.session.id,
      availability: chat,
      ...(chatReasonId === undefined ? {} : { reasonId: chatReasonId }),
    });
    return answerWith(call, availabilityDocument, availabilityOf(shown));
  },
};

export const getAgentInfo: Operation<SessionCall> = {
  summary: 'Describes the agent.',
  answers: { 200: agentInfoDocument },
  handle(call) {
    const { user, account, session } = call;
    const { skills } = account.setup.engine;
    const value = {
      link: { href: `${call.sessionUri}/info`, rel: REL.self },
      agentName: user.nickname,
      displayName: user.fullName,
      loginName: user.loginName,
      id: user.id,
      maxChats: user.maxChats,
      availability: availabilityOf(session),
      skillsInfo: user.skillIds.flatMap((id) => {
        const skill = skills.get(id);
        return skill === undefined ? [] : [{ id, name: skill.name }];
      }),
    };
    return answerLive(call, agentInfoDocument, value, session.seq);
  },
};

export const getIncomingRequests: Operation<SessionCall> = {
  summary:
    'Returns how many chats are ringing for the agent session, who is waiting in them, and the link to accept one.',
  ...TAGGED,
  description:
    'offer is a Parley extension. It lists each ringing chat and each invitation with its id, role, skill, who is waiting and for how long, and how long it will keep ringing. An invitation also says who invites, and with which text.\n\nWith wait, and the ETag of the last response in If-None-Match, the server responds as soon as something rings or stops ringing. Without a tag it responds as soon as something rings.',
  query: WAIT_QUERY,
  answers: { 200: incomingRequestsDocument, 304: null },
  errors: ['invalidQuery', 'tooManyRequests'],
  handle(call) {
    return answerOrWait(
      call,
      () => incomingWatched(call),
      () => incomingRequests(call),
    );
  },
};

function incomingRequests(call: SessionCall): Answer {
  const { session, account } = call;
  const href = `${call.sessionUri}/incomingRequests`;
  const offer = offersTo(account, session);
  const ringingCount = offer.length;
  if (ringingCount === 0) {
    const value = { ringingCount, offer: [] };
    return answerTagged(call, incomingRequestsDocument, value, session.seq);
  }
  const link = { href, rel: REL.acceptNextChat };
  // How long it still rings counts for nothing, until when it does for all.
  const means = [
    ...[href, ringingKey(account, session)],
    ...offer.map((each) => ({ ...each, waited: 0, remaining: 0 })),
  ];
  const value = { ringingCount, link, offer };
  return answerByMeaning(call, incomingRequestsDocument, value, offersSeq(account, session), means);
}

/** There is no position to go on from: who names a tag has not got another, who names none waits for a ring. */
function incomingWatched({ session, request, account, alive }: SessionCall): Watched {
  const { id, userId } = session;
  const ringing = ringingAt(account.host.state, session).map(({ chat }) => chat.id);
  return {
    isNew: ringing.length > 0 || request.headers['if-none-match'] !== undefined,
    alive,
    place: `${id}/incomingRequests`,
    topics: [sessionTopic(id), agentTopic(userId), ...ringing.map(chatTopic)],
  };
}

export const acceptNextChat: Operation<SessionCall> = {
  summary: 'Accepts the chat that has rung longest, or a named offer.',
  description:
    'The body may be empty or anything else. {"chat":"start","offer":"…"} accepts that offer, and returns 404 if the offer has gone on to somebody else. Location is the address of the chat, whose links lead to everything you can do with it. Invitations are accepted in the same way: the chat then belongs to another agent, and the caller joins it in the role that the offer names.',
  answers: { 201: chatLocationDocument },
  gives: ['Location'],
  retry: { name: 'accept', caller: 'user', again: acceptedAgain },
  overWebSocket: true,
  errors: ['nothingRinging'],
  async handle(call) {
    const { chatId } = await execute<'session.accept'>(call, {
      type: 'session.accept',
      sessionId: call.session.id,
      ...offerIn(call),
    });
    return accepted(call, chatUri(call.sessionUri, chatId));
  },
};

/** DELETE …/incomingRequests/{offer} */
export const declineOffer: Operation<SessionCall> = {
  summary: 'Declines an offer.',
  description:
    'Declining an invitation changes nothing else; an invitation by skill goes on to the next free agent. A declined chat goes on to the next agent, and the session turns Away, just as if the chat had not been answered in time.',
  answers: { 200: null },
  errors: ['nothingRinging'],
  async handle(call) {
    const text = pathParam(call, 'offer');
    if (!OFFER_ID.test(text)) return refuseCall(call, notRinging());
    const offerId = Number(text);
    await execute<'session.decline'>(call, {
      type: 'session.decline',
      sessionId: call.session.id,
      offerId,
    });
    return answerEmpty(call);
  },
};

/** Ids are written in one way only. */
const OFFER_ID = /^[1-9]\d{0,14}$/;

function notRinging(): WireError {
  return new WireError(
    'nothingRinging',
    'There is no such offer at this agent session, or it went on: read incomingRequests for those that ring.',
  );
}

/** The offer that a body names, if it does. @throws WireError 404 for one that cannot be. */
function offerIn(call: SessionCall): { readonly offerId?: number } {
  const offer = looseField(call, 'offer');
  if (offer === undefined) return {};
  const id = plainText(offer);
  if (!OFFER_ID.test(id)) throw notRinging();
  return { offerId: Number(id) };
}

function accepted(call: AccountCall, href: string): Answer {
  return answerCreated(call, chatLocationDocument, { link: { href, rel: REL.location } }, href);
}

/** The chat as it stands for the session that asks again, which may be a newer one. */
function acceptedAgain(call: AccountCall, reply: Replies[CommandType], uri: string): Answer {
  if (!('chatId' in reply)) throw new Error('no chat was answered to this request');
  return accepted(call, chatUri(uri, reply.chatId));
}

/** As far as they are still theirs. */
export const getChatSessions: Operation<SessionCall> = {
  summary: 'Lists the chats taken over from the agent’s previous session.',
  answers: { 200: chatSessionsDocument },
  handle(call) {
    const { session, account } = call;
    const taken = session.takenOver.filter((chatId) => session.chatting.includes(chatId));
    const chatSession = taken.flatMap((chatId) => {
      const chat = account.host.state.chats.get(chatId);
      if (chat === undefined) return [];
      const link = { href: chatUri(call.sessionUri, chatId), rel: REL.chatSession };
      return [{ link, chatSessionKey: chatId, startTime: chat.requestedAt }];
    });
    return answerLive(call, chatSessionsDocument, { chatSession }, session.seq);
  },
};
