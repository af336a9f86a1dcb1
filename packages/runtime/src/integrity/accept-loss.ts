/** Gives up what a plan says, and writes it into the audit. */
import { type Journal, StoreConflict } from '@parley/store';
import { AdministrationError } from '@parley/configuration/administration-error';
import type { Examination } from './examine.js';
import type { RecoveryPlan } from './recovery.js';

/** @throws AdministrationError when the account's journal went on since it was examined. */
export async function acceptLoss(
  journal: Journal,
  { accountId, recorded, last }: Examination,
  { live, history, newEnd, losses, end, forget, records }: RecoveryPlan,
  by: { readonly at: number; readonly actor: string; readonly from: string },
): Promise<void> {
  const audit = {
    ...by,
    action: 'journal.acceptLoss',
    target: `account:${accountId}`,
    detail: JSON.stringify({ live, history, newEnd, records }),
  };
  try {
    await journal.acceptLoss(accountId, { recorded, last, losses, end, forget, records, audit });
  } catch (error) {
    if (!(error instanceof StoreConflict)) throw error;
    throw new AdministrationError(error.message);
  }
}
