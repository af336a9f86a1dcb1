/** What happens to suggestions. */
import type { Suggestion, SuggestionOutcome } from './suggestion.js';

export type SuggestionEvent =
  /** Where it takes the place of another, that one is `replaced`. */
  | {
      readonly type: 'chat.suggested';
      readonly chatId: string;
      readonly suggestion: Omit<Suggestion, 'at' | 'state' | 'closedAt' | 'lineId' | 'seq'>;
    }
  | {
      readonly type: 'chat.suggestionClosed';
      readonly chatId: string;
      readonly suggestionId: number;
      /** Its author. */
      readonly authorId: number;
      readonly outcome: SuggestionOutcome | 'expired';
      /** The agent who decided; null where time did. */
      readonly byUserId: number | null;
      readonly lineId?: number;
    };
