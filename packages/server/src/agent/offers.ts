/** What rings for an agent: who waits, and for how long it still rings. */
import type { AgentSession, Chat, Offer as OpenOffer } from '@parley/engine';
import type { Offer } from '@parley/protocol';
import type { LiveAccount } from '@parley/runtime/accounts/accounts';
import { visitorNameFor } from '../chat/documents.js';

/** Open offers to the session, the longest-ringing first, each with its chat. */
export function openOffers(
  { host }: LiveAccount,
  session: AgentSession,
): readonly (readonly [OpenOffer, Chat])[] {
  return session.ringing.flatMap((chatId) => {
    const chat = host.state.chats.get(chatId);
    const offer = chat?.offers.find(({ userId }) => userId === session.userId);
    return chat === undefined || offer === undefined ? [] : [[offer, chat] as const];
  });
}

/** The same as documents and frames have them. */
export function offersTo(account: LiveAccount, session: AgentSession): Offer[] {
  return openOffers(account, session).map(([offer, chat]) => offerOf(account, offer, chat));
}

/** Journal position of the last change of what is shown of what rings. */
export function offersSeq({ host }: LiveAccount, { seq, ringing }: AgentSession): number {
  const { chats } = host.state;
  return ringing.reduce((last, chatId) => Math.max(last, chats.get(chatId)?.seq ?? 0), seq);
}

function offerOf(account: LiveAccount, offer: OpenOffer, chat: Chat): Offer {
  const { host } = account;
  const now = host.now();
  const skill = chat.skillId === null ? undefined : host.config.skills.get(chat.skillId);
  const since = chat.phase.name === 'waiting' ? chat.phase.waiting.since : chat.requestedAt;
  const seconds = (ms: number) => Math.max(0, Math.round(ms / 1000));
  return {
    id: String(offer.id),
    role: offer.role,
    ...(skill === undefined ? {} : { skillId: skill.id, skillName: skill.name }),
    visitorName: visitorNameFor({ account, chat, reader: 'agent', uri: '' }),
    waited: seconds(now - since),
    remaining: seconds(offer.until - now),
  };
}

/** What rings: another text when something else does, or for another time. */
export function ringingKey(account: LiveAccount, session: AgentSession): string {
  return openOffers(account, session)
    .map(([{ id, until }]) => `${id}@${until}`)
    .join();
}
