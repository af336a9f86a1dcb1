/** What is kept of requests. */
import type { RetryRecord } from './retries.js';

export type RequestEvent =
  /** What was answered to a request that may come again. */
  { readonly type: 'request.answered' } & Omit<RetryRecord, 'at'>;
