/** Examples of suggestions: a bot that listens, and the agent who takes what it says. */
import {
  newSuggestionDocument,
  REL,
  type Suggestion,
  suggestionDocument,
  suggestionFiguresDocument,
  suggestionLocationDocument,
  suggestionOutcomeDocument,
  suggestionsDocument,
} from '../../index.js';
import { answered, sent } from './example.js';
import { AGENTS_CHAT, at, BASE, link } from './values.js';

const SUGGESTIONS = `${AGENTS_CHAT}/suggestions`;
const SUGGESTION = `${SUGGESTIONS}/1`;

const open: Suggestion = {
  link: [link(SUGGESTION, REL.self)],
  id: 1,
  agentId: 103,
  name: 'Bot',
  time: at(13),
  text: 'Yes: the blue one is in stock in all sizes.',
  textType: 'plain',
  source: 'Stock list',
  confidence: 0.9,
  state: 'open',
};

const accepted: Suggestion = { ...open, state: 'accepted', closedAt: at(20), lineId: 5 };

export const SUGGESTION_ANSWERS = [
  answered(suggestionsDocument, { link: [link(SUGGESTIONS, REL.self)], suggestion: [open] }),
  answered(suggestionDocument, accepted),
  answered(suggestionLocationDocument, { link: link(SUGGESTION, REL.location) }),
  answered(suggestionFiguresDocument, {
    link: [link(`${BASE}/bots/103/suggestions/figures`, REL.self)],
    ...{ userId: 103, suggested: 240, accepted: 118, edited: 41, dismissed: 52 },
    ...{ replaced: 9, expired: 4, undecided: 16 },
  }),
];

export const SUGGESTION_BODIES = [
  sent(newSuggestionDocument, 'answer', 'An answer that was found in a list.', {
    suggestion: {
      text: 'Yes: the blue one is in stock in all sizes.',
      source: 'Stock list',
      confidence: 0.9,
      expiresIn: 300,
    },
  }),
  sent(suggestionOutcomeDocument, 'dismissed', 'The agent does not want it.', {
    outcome: 'dismissed',
  }),
];
