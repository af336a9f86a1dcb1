/** What is reported of visits. */
import type { VisitReport } from './visit.js';

export type VisitCommand = { readonly type: 'visit.see' } & VisitReport;

/** What these commands answer, by type. */
export interface VisitReplies {
  'visit.see': Record<never, never>;
}
