/** What there is of a visitor, and what was erased of it. */
import Type from 'typebox';
import { free, instant, Link, list } from '../annotations.js';
import { defineDocument } from '../document.js';

const common = { root: null, style: 'plain' } as const;

const count = (description: string) => Type.Integer({ minimum: 0, description });

const DataRecord = Type.Object({
  time: instant(),
  type: Type.String({
    description:
      'What happened: chat.requested, chat.line, chat.surveyAnswered, offline.surveyLeft, visit.seen, participant.identified …',
  }),
  chatSessionKey: Type.Optional(
    Type.String({ description: 'The chat that it belongs to, if any.' }),
  ),
  data: free('The stored data.'),
});

const records = list(DataRecord, { always: true, xmlItem: 'record' });

export const visitorDataDocument = defineDocument({
  ...common,
  name: 'visitorData',
  description:
    'Everything stored about a visitor in the order in which it was stored, or one page of it.',
  schema: Type.Object({
    link: list(Link, { always: true }),
    record: records,
  }),
});

export const visitorErasureDocument = defineDocument({
  ...common,
  name: 'visitorErasure',
  description: 'What was erased about a visitor.',
  schema: Type.Object({
    erased: Type.Object({
      chats: count('Chats. The fact that they took place is kept.'),
      lines: count('Lines in them, including those of agents.'),
      surveys: count('Filled surveys.'),
      visits: count('Visits of the page or app.'),
      identifications: count('How often an identity provider said who the visitor was.'),
    }),
    record: Type.Optional(records),
  }),
});
