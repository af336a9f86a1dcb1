/** Escalation: a chat that its agent, mostly a program, gives up for people. */
import Type from 'typebox';
import { id, text } from '../annotations.js';
import { defineDocument, type DocumentValue } from '../document.js';

/** Longest note, in characters. */
export const ESCALATION_NOTE_MAX = 2_000;

export const escalationDocument = defineDocument({
  name: 'escalation',
  root: 'escalation',
  style: 'plain',
  description: 'Gives a chat up for people: it goes to the head of a queue.',
  schema: Type.Object({
    reason: Type.Optional(
      Type.Enum(['handed-over', 'error'], {
        description: 'error: the program failed. Without one it hands over as it was meant to.',
      }),
    ),
    skillId: Type.Optional(id('The skill that it is to wait for; the one it has without it.')),
    text: Type.Optional(
      text(ESCALATION_NOTE_MAX, 'For whoever takes it; the visitor never sees it.'),
    ),
  }),
});
export type Escalation = DocumentValue<typeof escalationDocument>;
