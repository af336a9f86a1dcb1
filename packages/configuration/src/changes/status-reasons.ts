/** Status reasons: what agents choose from when they say why they are in a state. */
import type { ConfiguredReason, ReasonChange } from '@parley/protocol';
import type { AccountConfiguration, StatusReasonRecord, Stored } from '../records/records.js';
import type { Draft, RecordState } from './draft.js';
import { omitUndefined, nameOf, refuse } from './fields.js';

export function serializeReason(
  { id, text, state, enabled, order }: Stored<'statusReason'>,
  _setup: AccountConfiguration,
  recordState: RecordState,
): ConfiguredReason {
  return { id, text, state, enabled, deleted: recordState === 'deleted', order };
}

/** Adds a reason, behind the others unless asked otherwise; answers its id. */
export function addReason(draft: Draft, change: ReasonChange): number {
  const { state } = change;
  const text = nameOf('text', change.text);
  if (state === undefined) return refuse('state is required: Online, Occupied or Away.');
  const orders = [...draft.records.statusReason.values()].map(({ order }) => order);
  const order = Math.max(0, ...orders) + 1;
  const record = { enabled: true, order, ...fieldsOf(change), text, state };
  const id = draft.create('statusReason', record);
  draft.note('statusReason.create', `statusReason:${id}`, record);
  return id;
}

export function alterReason(draft: Draft, id: number, change: ReasonChange): void {
  const changed = draft.update('statusReason', id, fieldsOf(change));
  if (Object.keys(changed).length > 0) {
    draft.note('statusReason.change', `statusReason:${id}`, changed);
  }
}

/** Deletes a reason; agents who have it are in their state without one from then on. */
export function removeReason(draft: Draft, id: number): void {
  const { text } = draft.require('statusReason', id);
  draft.remove('statusReason', id);
  draft.note('statusReason.delete', `statusReason:${id}`, { text });
}

function fieldsOf({ text, state, enabled, order }: ReasonChange): Partial<StatusReasonRecord> {
  return omitUndefined({
    text: text === undefined ? undefined : nameOf('text', text),
    state,
    enabled,
    order,
  });
}
