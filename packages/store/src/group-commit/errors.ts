/** Errors on their way from the engine to whoever asked. */
import { StoreDamage } from '../damage.js';
import { StoreConflict, StoreFailure } from '../port/errors.js';
import type { ErrorReport } from './messages.js';

/** The report of an error that every engine has; null for one that only the engine itself can explain. */
export function reportOf(error: unknown): ErrorReport | null {
  if (error instanceof StoreConflict) {
    return { kind: 'conflict', reason: error.reason, message: error.message };
  }
  if (error instanceof StoreDamage) return { kind: 'damage', report: error.report };
  if (error instanceof StoreFailure) {
    return { kind: 'failure', message: error.message, code: null };
  }
  return null;
}

/** The error that a caller meets. */
export function errorOf(report: ErrorReport): StoreConflict | StoreDamage | StoreFailure {
  if (report.kind === 'damage') return new StoreDamage(report.report);
  if (report.kind === 'conflict') return new StoreConflict(report.reason, report.message);
  return new StoreFailure(
    report.message,
    report.code === null ? undefined : { cause: report.code },
  );
}
