/** What is asked of transcripts. */
import type { MailOutcome, TranscriptMail } from './mail.js';

export type TranscriptCommand =
  | ({ readonly type: 'transcript.request' } & Pick<TranscriptMail, 'chatId' | 'email' | 'subject'>)
  | {
      readonly type: 'transcript.settle';
      readonly mailId: string;
      readonly outcome: MailOutcome;
    };

/** What these commands answer, by type. */
export interface TranscriptReplies {
  'transcript.request': Record<never, never>;
  'transcript.settle': Record<never, never>;
}
