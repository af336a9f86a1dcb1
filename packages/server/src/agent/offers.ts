/** What rings for an agent: who waits, and for how long it still rings. */
import { type AgentSession, type Chat, type Offer as OpenOffer, ringingAt } from '@parley/engine';
import type { Offer } from '@parley/protocol';
import type { LiveAccount } from '@parley/runtime/accounts/accounts';
import { visitorNameFor } from '../chat/documents.js';

/** Open offers to the session, the longest-ringing first, as documents and frames have them. */
export function offersTo(account: LiveAccount, session: AgentSession): Offer[] {
  const ringing = ringingAt(account.host.state, session);
  return ringing.map(({ offer, chat }) => offerOf(account, offer, chat));
}

/** Journal position of the last change of what is shown of what rings. */
export function offersSeq({ host }: LiveAccount, session: AgentSession): number {
  const ringing = ringingAt(host.state, session);
  return ringing.reduce((last, { chat }) => Math.max(last, chat.seq), session.seq);
}

function offerOf(account: LiveAccount, offer: OpenOffer, chat: Chat): Offer {
  const { host } = account;
  const now = host.now();
  const skill = chat.skillId === null ? undefined : host.config.skills.get(chat.skillId);
  const since = chat.phase.name === 'waiting' ? chat.phase.waiting.since : chat.requestedAt;
  const { invitation } = offer;
  const seconds = (ms: number) => Math.max(0, Math.round(ms / 1000));
  return {
    id: String(offer.id),
    role: offer.role,
    ...(skill === undefined ? {} : { skillId: skill.id, skillName: skill.name }),
    visitorName: visitorNameFor({ account, chat, reader: 'agent', uri: '' }),
    ...(invitation == null || invitation.text === null ? {} : { text: invitation.text }),
    ...(invitation == null || invitation.byUserId === null
      ? {}
      : { invitedBy: invitation.byUserId }),
    waited: seconds(now - since),
    remaining: seconds(offer.until - now),
  };
}

/** What rings: another text when something else does, or for another time. */
export function ringingKey(account: LiveAccount, session: AgentSession): string {
  return ringingAt(account.host.state, session)
    .map(({ offer: { id, until } }) => `${id}@${until}`)
    .join();
}
