/** What became of a test mail. */
import Type from 'typebox';
import { defineDocument, type DocumentValue } from '../document.js';

export const mailTestDocument = defineDocument({
  root: null,
  style: 'plain',
  name: 'mailTest',
  description: 'What the mail server said about a test mail.',
  schema: Type.Object({
    to: Type.String({ description: "The caller's own address." }),
    outcome: Type.Enum(['accepted', 'refused', 'not-now'], {
      description: 'refused: for good. not-now: a real mail would be tried again.',
    }),
    reason: Type.Optional(
      Type.String({ description: 'Why it was not accepted, without addresses or content.' }),
    ),
  }),
});
/** What the mail server said about a test mail. */
export type MailTestDocument = DocumentValue<typeof mailTestDocument>;
