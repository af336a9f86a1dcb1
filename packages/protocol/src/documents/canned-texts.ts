/** Canned texts as a session may use them. */
import Type from 'typebox';
import { Link, list, named } from '../annotations.js';
import { defineDocument } from '../document.js';

const CannedText = named(
  'CannedText',
  Type.Object({
    id: Type.Integer(),
    name: Type.String(),
    text: list(
      Type.Object({
        language: Type.String({ description: 'A BCP 47 tag.' }),
        title: Type.Optional(Type.String({ description: 'Where it is not the name.' })),
        text: Type.String({
          description: '{visitorName}, {agentName}, {skillName} stand for what is known then.',
        }),
      }),
      { always: true },
    ),
  }),
);
/** A canned text of the account. */
export type CannedText = Type.Static<typeof CannedText>;

export const cannedTextsDocument = defineDocument({
  name: 'cannedTexts',
  root: 'cannedTexts',
  style: 'plain',
  description: 'Texts that agents of the session may say.',
  schema: Type.Object({
    link: list(Link, { always: true }),
    cannedText: list(CannedText, { always: true }),
  }),
});
