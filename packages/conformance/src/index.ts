/** The contract as a suite that runs against any server that speaks it. */
export { CannotRun } from './outcome.js';
export {
  type Counts,
  countResults,
  type JsonReport,
  jsonReport,
  resultLines,
  summaryLine,
} from './report.js';
export {
  type Failure,
  type Outcome,
  type Result,
  type RunOptions,
  ruleIds,
  runConformance,
} from './run.js';
export type { BotKey, Credentials, Target } from './target.js';
