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
  description: 'Hands a chat to people: it goes to the head of a queue.',
  schema: Type.Object({
    reason: Type.Optional(
      Type.Enum(['handed-over', 'error'], {
        description: 'error: the program failed. If omitted: a regular handover.',
      }),
    ),
    skillId: Type.Optional(
      id('The skill that it waits for. If omitted: the chat’s current skill.'),
    ),
    text: Type.Optional(
      text(ESCALATION_NOTE_MAX, 'A note for whoever takes the chat. The visitor never sees it.'),
    ),
  }),
});
export type Escalation = DocumentValue<typeof escalationDocument>;
