/** Status reasons: why an agent is in a state (rules REASON…). */
import Type from 'typebox';
import { id, list, optional, text } from '../annotations.js';
import { defineDocument, type DocumentValue } from '../document.js';
import { CONFIG_NAME_MAX } from './configuration.js';

const reasonFields = {
  id: id('The value used as chatReasonId.'),
  text: text(CONFIG_NAME_MAX, 'Unique, ignoring case.'),
  state: Type.Enum(['Online', 'Occupied', 'Away'], {
    description: 'The state that it is a reason for.',
  }),
  enabled: Type.Boolean({ description: 'A reason that is not enabled can no longer be chosen.' }),
  order: Type.Integer({
    minimum: 0,
    maximum: 1_000_000,
    description: 'Its place in lists of reasons. A new one comes last.',
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
  description: 'A status reason, or a list of them, to create or change.',
  schema: list(optional(reasonFields), { always: true, xmlItem: 'statusReason', maxItems: 1_000 }),
});
/** What is sent to make or change a status reason. */
export type ReasonChange = DocumentValue<typeof statusReasonChangeDocument>[number];
