/** Suggestions: what somebody beside the agent of a chat would have them say, and what became of it. */
import Type from 'typebox';
import { annotate, id, instant, Link, list, named, text } from '../annotations.js';
import { defineDocument, type DocumentValue } from '../document.js';
import { LINE_MAX } from './chat.js';

/** Longest name of where a suggestion is from, in characters. */
export const SUGGESTION_SOURCE_MAX = 500;

/** How long a suggestion may be open at most, where it says, in seconds. */
export const SUGGESTION_LIFE_MAX = 86_400;

const SuggestedType = Type.Enum(['plain', 'html']);

const Outcome = Type.Enum(['accepted', 'edited', 'dismissed']);

const confidence = () =>
  Type.Number({ minimum: 0, maximum: 1, description: 'How sure its author is, 0 to 1.' });

/** A suggestion, as documents and frames have it. */
export const Suggestion = named(
  'Suggestion',
  Type.Object({
    link: list(Link, { always: true }),
    id: Type.Integer({ description: '1, 2, 3 … in each chat.' }),
    agentId: Type.Integer({ description: 'Its author: the id of an agent or a bot.' }),
    name: Type.String({ description: 'The nickname of its author.' }),
    program: Type.Optional(
      Type.String({ description: 'The program that suggests it in the session of its author.' }),
    ),
    time: instant('When it was suggested.'),
    text: Type.String(),
    textType: SuggestedType,
    source: Type.Optional(Type.String({ description: 'Where the text is from.' })),
    confidence: Type.Optional(confidence()),
    replacesId: Type.Optional(
      Type.Integer({ description: 'The suggestion of the same author whose place it takes.' }),
    ),
    expiresAt: Type.Optional(instant('Until when it is open; absent: until the chat is over.')),
    state: Type.Enum(['open', 'accepted', 'edited', 'dismissed', 'replaced', 'expired'], {
      description:
        'open: the agent has not decided. In a chat that is over it stays what it was then.',
    }),
    closedAt: Type.Optional(instant('Since when it is not open any more.')),
    lineId: Type.Optional(Type.Integer({ description: 'The event that the agent said for it.' })),
  }),
);
export type Suggestion = Type.Static<typeof Suggestion>;

export const suggestionsDocument = defineDocument({
  name: 'suggestions',
  root: 'suggestions',
  style: 'plain',
  description: 'Suggestions of a chat: all that are open, and the latest of the others.',
  schema: Type.Object({ link: list(Link, { always: true }), suggestion: list(Suggestion) }),
});

export const suggestionDocument = defineDocument({
  name: 'suggestion',
  root: 'suggestion',
  style: 'plain',
  description: 'One suggestion.',
  schema: Suggestion,
});

export const newSuggestionDocument = defineDocument({
  name: 'newSuggestion',
  root: 'suggestion',
  style: 'plain',
  description: 'What the agent may say next.',
  schema: Type.Object({
    text: Type.String({ minLength: 1, maxLength: LINE_MAX }),
    textType: annotate(SuggestedType, { default: 'plain' }),
    source: Type.Optional(
      text(SUGGESTION_SOURCE_MAX, 'Where the text is from: an article, a rule.'),
    ),
    confidence: Type.Optional(confidence()),
    replacesId: Type.Optional(id('An own open suggestion of this chat, whose place it takes.')),
    expiresIn: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: SUGGESTION_LIFE_MAX,
        description: 'Seconds that it is open; left out: until the chat is over.',
      }),
    ),
  }),
});
export type NewSuggestion = DocumentValue<typeof newSuggestionDocument>;

export const suggestionLocationDocument = defineDocument({
  name: 'suggestionLocation',
  root: 'suggestionLocation',
  style: 'attributes',
  description: 'Where the suggestion is.',
  schema: Type.Object({ link: Link }),
});

export const suggestionOutcomeDocument = defineDocument({
  name: 'suggestionOutcome',
  root: null,
  xmlRoot: 'suggestionOutcome',
  style: 'plain',
  description: 'What the agent did with a suggestion.',
  schema: Type.Refine(
    Type.Object({
      outcome: Outcome,
      lineId: Type.Optional(
        Type.Integer({ minimum: 0, description: 'The event by which the agent said it.' }),
      ),
    }),
    ({ outcome, lineId }) => outcome !== 'dismissed' || lineId === undefined,
    () => 'has a line only when it was said: leave lineId out, or send accepted or edited',
  ),
});
export type NewSuggestionOutcome = DocumentValue<typeof suggestionOutcomeDocument>;

const count = (description: string) => Type.Integer({ minimum: 0, description });

export const suggestionFiguresDocument = defineDocument({
  name: 'suggestionFigures',
  root: 'figures',
  style: 'plain',
  description: 'What became of all that a user suggested, in all chats there ever were.',
  schema: Type.Object({
    link: list(Link, { always: true }),
    userId: Type.Integer(),
    suggested: count('All of them.'),
    accepted: count('Said as they were.'),
    edited: count('Said with changes.'),
    dismissed: count('Not wanted.'),
    replaced: count('Their author suggested something better.'),
    expired: count('Nobody decided in time.'),
    undecided: count('Still open, or open when their chats ended.'),
  }),
});
export type SuggestionFigures = DocumentValue<typeof suggestionFiguresDocument>;
