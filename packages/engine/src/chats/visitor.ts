/** Whom a chat is with. */

/** What is known of the visitor when the chat is requested. */
export interface VisitorFacts {
  readonly name: string | null;
  /** The same for all chats of one visitor. */
  readonly visitorId: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly referrer: string | null;
  readonly language: string | null;
  /** A number in journals of before it could be any text. */
  readonly engagementId: string | number | null;
  readonly campaignId: string | number | null;
  readonly sharkVisitorId: string | null;
  readonly sharkSessionId: string | null;
  readonly sharkContextId: string | null;
}
