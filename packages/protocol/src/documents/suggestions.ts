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
  Type.Number({ minimum: 0, maximum: 1, description: 'How confident its author is, from 0 to 1.' });

/** A suggestion, as documents and frames have it. */
export const Suggestion = named(
  'Suggestion',
  Type.Object({
    link: list(Link, { always: true }),
    id: Type.Integer({ description: '1, 2, 3 … in each chat.' }),
    agentId: Type.Integer({ description: 'The agent or bot that made the suggestion.' }),
    name: Type.String({ description: 'The nickname of its author.' }),
    program: Type.Optional(
      Type.String({ description: 'The program that made the suggestion in its author’s session.' }),
    ),
    time: instant('When it was suggested.'),
    text: Type.String(),
    textType: SuggestedType,
    source: Type.Optional(Type.String({ description: 'Where the text comes from.' })),
    confidence: Type.Optional(confidence()),
    replacesId: Type.Optional(
      Type.Integer({ description: 'The suggestion of the same author that this one replaces.' }),
    ),
    expiresAt: Type.Optional(
      instant('When it expires. Absent: it stays open until the chat is over.'),
    ),
    state: Type.Enum(['open', 'accepted', 'edited', 'dismissed', 'replaced', 'expired'], {
      description:
        'open: the agent has not decided. Once the chat is over, the state no longer changes.',
    }),
    closedAt: Type.Optional(instant('When it stopped being open.')),
    lineId: Type.Optional(Type.Integer({ description: 'The event in which the agent used it.' })),
  }),
);
export type Suggestion = Type.Static<typeof Suggestion>;

export const suggestionsDocument = defineDocument({
  name: 'suggestions',
  root: 'suggestions',
  style: 'plain',
  description: 'Suggestions in a chat: all open ones, and the latest of the others.',
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
  description: 'A suggestion of what to say next.',
  schema: Type.Object({
    text: Type.String({ minLength: 1, maxLength: LINE_MAX }),
    textType: annotate(SuggestedType, { default: 'plain' }),
    source: Type.Optional(
      text(SUGGESTION_SOURCE_MAX, 'Where the text comes from, such as an article or a rule.'),
    ),
    confidence: Type.Optional(confidence()),
    replacesId: Type.Optional(
      id('An open suggestion of the same author in this chat, which this one replaces.'),
    ),
    expiresIn: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: SUGGESTION_LIFE_MAX,
        description: 'How many seconds it stays open. If omitted: until the chat is over.',
      }),
    ),
  }),
});
export type NewSuggestion = DocumentValue<typeof newSuggestionDocument>;

export const suggestionLocationDocument = defineDocument({
  name: 'suggestionLocation',
  root: 'suggestionLocation',
  style: 'attributes',
  description: 'The address of the suggestion.',
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
        Type.Integer({ minimum: 0, description: 'The event in which the agent used it.' }),
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
  description: 'The outcomes of everything that a user has suggested, over all chats.',
  schema: Type.Object({
    link: list(Link, { always: true }),
    userId: Type.Integer(),
    suggested: count('The total.'),
    accepted: count('Used unchanged.'),
    edited: count('Used with changes.'),
    dismissed: count('Rejected by the agent.'),
    replaced: count('Their author suggested something better.'),
    expired: count('Nobody decided in time.'),
    undecided: count('Still open, or open when their chats ended.'),
  }),
});
export type SuggestionFigures = DocumentValue<typeof suggestionFiguresDocument>;
