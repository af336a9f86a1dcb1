/** A transcript that is to be sent. */

export interface TranscriptMail {
  readonly id: string;
  readonly chatId: string;
  readonly email: string;
  /** Null for the account's usual subject. */
  readonly subject: string | null;
  /** Epoch ms. */
  readonly requestedAt: number;
  /** Address of the chat's visitor; absent from snapshots of before it was kept. */
  readonly ip?: string | null;
}

/** What became of a mail. */
export type MailOutcome =
  | { readonly became: 'sent' }
  | { readonly became: 'failed'; readonly reason: string };
