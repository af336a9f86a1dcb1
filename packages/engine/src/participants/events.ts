/** What happens to authenticated visitors. */
import type { ParticipantProfile } from './participant.js';

export type ParticipantEvent = {
  readonly type: 'participant.identified';
  readonly conversationId: string;
  readonly participantId: string;
  readonly connectorId: number;
  readonly visitorId: string | null;
  /** Of the token that said so, which is not taken again until then, epoch ms. */
  readonly tokenHash: string;
  readonly tokenUntil: number;
  readonly profile: ParticipantProfile;
};
