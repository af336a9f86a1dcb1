/** An authenticated visitor, as an identity provider describes them. */

/** A day, as identity providers write it. */
export interface PlainDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** What the identity provider says; what it did not say is absent. */
export interface ParticipantProfile {
  readonly customerId?: string;
  readonly userName?: string;
  readonly imei?: string;
  readonly customerStatus?: string;
  readonly customerType?: string;
  readonly balance?: number;
  readonly socialId?: string;
  readonly companySize?: number;
  readonly accountName?: string;
  readonly role?: string;
  readonly registrationDate?: PlainDay;
  readonly lastPaymentDate?: PlainDay;
  readonly name?: string;
  readonly surname?: string;
  readonly contacts?: readonly { readonly email?: string; readonly phone?: string }[];
}

export interface Participant {
  /** Of this one identification; unguessable. */
  readonly conversationId: string;
  /** The same for one person of one identity provider. */
  readonly participantId: string;
  /** The connection of the configuration that it came by. */
  readonly connectorId: number;
  /** The visitor of the page it came from, where that was reported. */
  readonly visitorId: string | null;
  /** When it was identified, epoch ms. */
  readonly at: number;
  readonly profile: ParticipantProfile;
}
