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
        title: Type.Optional(
          Type.String({ description: 'The title, if it differs from the name.' }),
        ),
        text: Type.String({
          description:
            'The text. {visitorName}, {agentName} and {skillName} are replaced when it is used.',
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
  description: 'Canned texts for the agent of the session.',
  schema: Type.Object({
    link: list(Link, { always: true }),
    cannedText: list(CannedText, { always: true }),
  }),
});
