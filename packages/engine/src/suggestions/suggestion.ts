/** What somebody beside the agent suggests to them, and what became of it. */

/** How a suggestion is written: as a line of the agent would be. */
export type SuggestedType = 'plain' | 'html';

/** What an agent does with a suggestion. */
export type SuggestionOutcome = 'accepted' | 'edited' | 'dismissed';

/**
 * Where a suggestion is: `open` until the agent decides, its author replaces it, or its time is over.
 * In a chat that is over it stays what it was.
 */
export type SuggestionState = 'open' | SuggestionOutcome | 'replaced' | 'expired';

export interface Suggestion {
  /** 1, 2, 3 … per chat. */
  readonly id: number;
  readonly byUserId: number;
  /** The program that suggests in their session, by what they call it; absent for who does themselves. */
  readonly program?: string;
  /** Epoch ms. */
  readonly at: number;
  readonly text: string;
  readonly textType: SuggestedType;
  /** Where the text is from, as its author says. */
  readonly source?: string;
  /** How sure its author is, 0 to 1. */
  readonly confidence?: number;
  /** The suggestion of the same author whose place it takes. */
  readonly replacesId?: number;
  /** Until when it is open, epoch ms; absent: until the chat is over. */
  readonly expiresAt?: number;
  readonly state: SuggestionState;
  /** Since when it is not open any more, epoch ms. */
  readonly closedAt?: number;
  /** The event by which the agent said it, or something like it. */
  readonly lineId?: number;
  /** Journal position of its last change. */
  readonly seq: number;
}

/** The suggestions of one chat: all that are open, and the latest of the others. */
export interface ChatSuggestions {
  /** How many there ever were: the id of the last one. */
  readonly count: number;
  /** In the order of their ids. */
  readonly list: readonly Suggestion[];
  /** Journal position of the last change of any of them. */
  readonly seq: number;
}

/** What became of all that one user suggested, in all chats there ever were. */
export interface SuggestionFigures extends Readonly<Record<SuggestionOutcome, number>> {
  readonly suggested: number;
  readonly replaced: number;
  readonly expired: number;
}

export const NO_FIGURES: SuggestionFigures = {
  ...{ suggested: 0, accepted: 0, edited: 0, dismissed: 0 },
  ...{ replaced: 0, expired: 0 },
};
