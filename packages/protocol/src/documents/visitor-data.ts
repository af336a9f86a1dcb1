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
      'What it is about: chat.requested, chat.line, chat.surveyAnswered, offline.surveyLeft, visit.seen, participant.identified …',
  }),
  chatSessionKey: Type.Optional(Type.String({ description: 'The chat, if it is of one.' })),
  data: free('What was kept of it.'),
});

const records = list(DataRecord, { always: true, xmlItem: 'record' });

export const visitorDataDocument = defineDocument({
  ...common,
  name: 'visitorData',
  description: 'Everything that is stored of a visitor, in the order it came, or a page of it.',
  schema: Type.Object({
    link: list(Link, { always: true }),
    record: records,
  }),
});

export const visitorErasureDocument = defineDocument({
  ...common,
  name: 'visitorErasure',
  description: 'What was erased of a visitor.',
  schema: Type.Object({
    erased: Type.Object({
      chats: count('Chats; that they were stays known.'),
      lines: count("Lines in them, the agents' included."),
      surveys: count('Filled surveys.'),
      visits: count('Visits of the page or app.'),
      identifications: count('Times an identity provider said who it was.'),
    }),
    record: Type.Optional(records),
  }),
});
