/** Status reasons: why an agent is in a state (rules REASON…). */
import Type from 'typebox';
import { id, list, optional, text } from '../annotations.js';
import { defineDocument, type DocumentValue } from '../document.js';
import { CONFIG_NAME_MAX } from './configuration.js';

const reasonFields = {
  id: id('What chatReasonId names.'),
  text: text(CONFIG_NAME_MAX, 'Unique; upper and lower case are the same.'),
  state: Type.Enum(['Online', 'Occupied', 'Away'], { description: 'What it is a reason for.' }),
  enabled: Type.Boolean({ description: 'One that is not cannot be chosen any more.' }),
  order: Type.Integer({
    minimum: 0,
    maximum: 1_000_000,
    description: 'Its place where reasons are listed; a new one comes last.',
  }),
};

const StatusReason = optional({ ...reasonFields, deleted: Type.Boolean() });
/** A status reason as it is answered. */
export type ConfiguredReason = Type.Static<typeof StatusReason>;

const common = { root: null, style: 'plain' } as const;

export const statusReasonDocument = defineDocument({
  ...common,
  name: 'statusReason',
  description: 'A reason for being in a state.',
  schema: StatusReason,
});

export const statusReasonsDocument = defineDocument({
  ...common,
  name: 'statusReasons',
  description: 'The reasons for being in a state.',
  schema: list(StatusReason, { always: true, xmlItem: 'statusReason' }),
});

export const statusReasonChangeDocument = defineDocument({
  ...common,
  name: 'statusReasonChange',
  xmlRoot: 'statusReasons',
  description: 'A status reason, or a list of them, to be made or changed.',
  schema: list(optional(reasonFields), { always: true, xmlItem: 'statusReason', maxItems: 1_000 }),
});
/** What is sent to make or change a status reason. */
export type ReasonChange = DocumentValue<typeof statusReasonChangeDocument>[number];
