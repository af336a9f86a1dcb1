/** What is asked of suggestions. */
import type { SuggestedType, SuggestionOutcome, SuggestionState } from './suggestion.js';

export type SuggestionCommand =
  | {
      readonly type: 'chat.suggest';
      readonly chatId: string;
      readonly sessionId: string;
      /** The delegation by which a program suggests: to the chat's own agent, too. */
      readonly delegationId?: string;
      readonly text: string;
      readonly textType: SuggestedType;
      readonly source?: string;
      /** 0 to 1. */
      readonly confidence?: number;
      /** An open suggestion of the same author, which this one takes the place of. */
      readonly replacesId?: number;
      /** Seconds. */
      readonly expiresIn?: number;
    }
  | {
      readonly type: 'chat.decideSuggestion';
      readonly chatId: string;
      readonly sessionId: string;
      readonly suggestionId: number;
      readonly outcome: SuggestionOutcome;
      /** The line that the agent said for it. */
      readonly lineId?: number;
    };

/** What these commands answer, by type. */
export interface SuggestionReplies {
  'chat.suggest': { readonly suggestionId: number };
  'chat.decideSuggestion': Record<never, never>;
}

export type SuggestionRefused =
  /** There is none of this id in the chat, or it is somebody else's. */
  | { readonly rejected: 'unknown-suggestion'; readonly suggestionId: number }
  /** It is not open any more. */
  | {
      readonly rejected: 'suggestion-closed';
      readonly suggestionId: number;
      readonly state: SuggestionState;
    }
  /** `open`: the author has as many open ones as may be; `bytes`: so have all; `chat`: no more come in. */
  | { readonly rejected: 'too-many-suggestions'; readonly of: 'open' | 'bytes' | 'chat' }
  /** The event is no line that the agent said to the visitor. */
  | { readonly rejected: 'not-own-line'; readonly eventId: number };
