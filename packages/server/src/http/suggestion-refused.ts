/** Why nothing becomes of a suggestion, in the words of the wire. */
import { MAX_OPEN_SUGGESTIONS, MAX_SUGGESTIONS, type SuggestionRefused } from '@parley/engine';
import { WireError } from '@parley/protocol';

/** Why nothing more is suggested. */
const TOO_MANY = {
  open: `${MAX_OPEN_SUGGESTIONS} of your suggestions are open in this chat: wait until the agent decides, or replace one with replacesId.`,
  bytes:
    'The open suggestions of this chat hold as much text as they may: wait until the agent decides, or replace one with replacesId.',
  chat: `A chat takes ${MAX_SUGGESTIONS.toLocaleString('en')} suggestions at most, and this one has had them.`,
} as const satisfies Record<
  Extract<SuggestionRefused, { readonly rejected: 'too-many-suggestions' }>['of'],
  string
>;

export function suggestionRefused(refused: SuggestionRefused): WireError {
  switch (refused.rejected) {
    case 'unknown-suggestion':
      return new WireError(
        'notFound',
        "There is no such suggestion in this chat, or it is somebody else's: read suggestions for those there are.",
      );
    case 'suggestion-closed':
      return new WireError(
        'conflict',
        `Suggestion ${refused.suggestionId} is not open any more: it is ${refused.state}.`,
      );
    case 'too-many-suggestions':
      return new WireError('conflict', TOO_MANY[refused.of]);
    case 'not-own-line':
      return new WireError(
        'invalidField',
        `lineId: event ${refused.eventId} is no line that you said to the visitor of this chat; name the one by which you said it, or leave lineId out.`,
      );
    default:
      return refused satisfies never;
  }
}
