/** What happens to visits. */
import type { VisitReport } from './visit.js';

export type VisitEvent =
  | ({
      readonly type: 'visit.seen';
      /** Nothing is known of it any more: as if it had not been. */
      readonly erased?: true;
    } & VisitReport)
  | { readonly type: 'visits.forgotten'; readonly sessionIds: readonly string[] };
