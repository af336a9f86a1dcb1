/** What is asked of authenticated visitors. */
import type { Participant, ParticipantProfile } from './participant.js';

export type ParticipantCommand =
  /** An identity provider said who a visitor is; its token was checked, but for its having been used. */
  {
    readonly type: 'participant.identify';
    readonly participantId: string;
    readonly connectorId: number;
    readonly visitorId: string | null;
    readonly tokenHash: string;
    /** Epoch ms, at most a day or so from now. */
    readonly tokenUntil: number;
    readonly profile: ParticipantProfile;
  };

/** What these commands answer, by type. */
export interface ParticipantReplies {
  'participant.identify': Pick<Participant, 'conversationId' | 'participantId'>;
}
