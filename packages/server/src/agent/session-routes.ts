/** Agent sessions: opening, the resource, availability, info, incoming requests (agent.md, 1 to 10). */
import {
  agentInfoDocument,
  agentSessionDocument,
  agentSessionLocationDocument,
  availabilityDocument,
  chatLocationDocument,
  chatSessionsDocument,
  incomingRequestsDocument,
  newAvailabilityDocument,
  REL,
  WireError,
} from '@parley/protocol';
import { setCookie } from '../auth/cookies.js';
import { hashToken, newToken, randomDigits } from '../auth/tokens.js';
import type { Answer } from '../http/call.js';
import { SESSION_COOKIE, type SessionCall, type UserCall } from './admit.js';

/** Digits of an agent session id: clients match `[0-9]*$`. */
const SESSION_ID_DIGITS = 18;

export async function openSession(call: UserCall): Promise<Answer> {
  const { account, user } = call;
  if (!user.roles.includes('agent')) {
    throw new WireError(
      'forbidden',
      `${user.loginName} has no right to take chats: an administrator can give the role "agent".`,
    );
  }
  const cookie = call.query('NC')?.toLowerCase() === 'true' ? null : newToken();
  const sessionId = randomDigits(SESSION_ID_DIGITS);
  await account.host.execute<'session.open'>({
    type: 'session.open',
    sessionId,
    userId: user.id,
    cookieHash: cookie === null ? null : hashToken(cookie),
  });
  const href = `${call.base}/agentSession/${sessionId}`;
  const path = new URL(href).pathname;
  return call.answer(agentSessionLocationDocument, { link: { href, rel: REL.location } }, 201, {
    location: href,
    ...(cookie === null
      ? {}
      : { 'set-cookie': setCookie(SESSION_COOKIE, cookie, path, { sameSite: 'None' }) }),
  });
}

export function getSession(call: SessionCall): Answer {
  const { uri } = call;
  return call.answer(agentSessionDocument, {
    link: [
      { href: uri, rel: REL.self },
      { href: `${uri}/availability`, rel: REL.availability },
      { href: `${uri}/info`, rel: REL.info },
      { href: `${uri}/incomingRequests`, rel: REL.incomingRequests },
      { href: `${uri}/availableAgents`, rel: REL.availableAgents },
      { href: `${uri}/chat/availableSlots`, rel: REL.availableSlots },
      { href: `${uri}/chatSessions`, rel: REL.chatSessions },
      { href: `${uri}/skills`, rel: REL.skills },
    ],
  });
}

export async function deleteSession(call: SessionCall): Promise<Answer> {
  await call.account.host.execute<'session.close'>({
    type: 'session.close',
    sessionId: call.session.id,
    reason: 'deleted',
  });
  return call.empty();
}

export function getAvailability(call: SessionCall): Answer {
  return call.answer(availabilityDocument, { chat: call.session.availability, voice: 'Offline' });
}

export async function putAvailability(call: SessionCall): Promise<Answer> {
  const { chat } = call.read(newAvailabilityDocument);
  const { availability } = await call.account.host.execute<'session.setAvailability'>({
    type: 'session.setAvailability',
    sessionId: call.session.id,
    availability: chat,
  });
  return call.answer(availabilityDocument, { chat: availability, voice: 'Offline' });
}

export function getAgentInfo(call: SessionCall): Answer {
  const { user, account } = call;
  const { skills } = account.setup.engine;
  return call.answer(agentInfoDocument, {
    link: { href: `${call.uri}/info`, rel: REL.self },
    agentName: user.fullName,
    displayName: user.nickname,
    loginName: user.loginName,
    id: user.id,
    maxChats: user.maxChats,
    availability: { chat: call.session.availability, voice: 'Offline' },
    skillsInfo: user.skillIds.flatMap((id) => {
      const skill = skills.get(id);
      return skill === undefined ? [] : [{ id, name: skill.name }];
    }),
  });
}

export function getIncomingRequests(call: SessionCall): Answer {
  const ringingCount = call.session.ringing.length;
  const href = `${call.uri}/incomingRequests`;
  return call.answer(
    incomingRequestsDocument,
    ringingCount === 0
      ? { ringingCount }
      : { ringingCount, link: { href, rel: REL.acceptNextChat } },
  );
}

/** Whatever the body says: there is only one thing to ask for here. */
export async function acceptNextChat(call: SessionCall): Promise<Answer> {
  const { chatId } = await call.account.host.execute<'session.accept'>({
    type: 'session.accept',
    sessionId: call.session.id,
  });
  const href = `${call.uri}/chat/${chatId}`;
  return call.created(chatLocationDocument, { link: { href, rel: REL.location } }, href);
}

/** Chats taken over from the agent's previous session, as far as they are still theirs. */
export function getChatSessions(call: SessionCall): Answer {
  const { session, account } = call;
  const taken = session.takenOver.filter((chatId) => session.chatting.includes(chatId));
  return call.answer(chatSessionsDocument, {
    chatSession: taken.flatMap((chatId) => {
      const chat = account.host.state.chats.get(chatId);
      if (chat === undefined) return [];
      const link = { href: `${call.uri}/chat/${chatId}`, rel: REL.chatSession };
      return [{ link, chatSessionKey: chatId, startTime: chat.requestedAt }];
    }),
  });
}
