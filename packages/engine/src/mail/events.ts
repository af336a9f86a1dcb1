/** What happens to transcripts. */

export type TranscriptEvent =
  | {
      readonly type: 'transcript.requested';
      readonly mailId: string;
      readonly chatId: string;
      readonly email: string;
      readonly subject: string | null;
    }
  | { readonly type: 'transcript.sent'; readonly mailId: string; readonly chatId: string }
  | {
      readonly type: 'transcript.failed';
      readonly mailId: string;
      readonly chatId: string;
      readonly reason: string;
    };
