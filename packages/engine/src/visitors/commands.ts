/** What is asked of visitors. */
import type { VisitorTraces } from './traces.js';

export type VisitorCommand =
  /** Their data is about to be erased. */
  {
    readonly type: 'visitor.forget';
    readonly visitorId: string;
    readonly traces: VisitorTraces;
  };

/** What these commands answer, by type. */
export interface VisitorReplies {
  'visitor.forget': {
    /** The journal position up to which nothing live comes from the visitor's data. */
    readonly until: number;
    /** Sessions of the visitor's visits that somebody else's chat goes on in: these stay. */
    readonly kept: readonly string[];
  };
}
