/**
 * How limits are reported to clients, before and when they reach it: `RateLimit-Policy` and `RateLimit`
 * (draft-ietf-httpapi-ratelimit-headers-10).
 */
import type { AskedRequest } from './asked.js';

/** A limit, and where the caller stands in it. */
export interface LimitState {
  /** A word of the sources: `lines`. */
  readonly name: string;
  /** How much may come within the window; of what there may be at once, how many. */
  readonly quota: number;
  /** Seconds; absent where the limit is one of what there may be at once. */
  readonly window?: number;
  /** What is counted, where it is not requests. */
  readonly unit?: 'content-bytes' | 'concurrent-requests';
  readonly remaining: number;
  /** Seconds after which there is more, or all of it again; absent where that is not known. */
  readonly reset?: number;
}

const limits = Symbol('parley.limits');

interface Marked {
  [limits]?: Map<string, LimitState>;
}

/** Notes where the request's caller stands in a limit that it was counted against. */
export function noteLimit({ raw }: AskedRequest, state: LimitState): void {
  const marked = raw as Marked;
  marked[limits] ??= new Map();
  marked[limits].set(state.name, state);
}

/** Limits of what is written: reading is none of it, whatever body comes along. */
const ALSO_READS = ['requests'];

/** Headers of the limits that the request was counted against; null for none. */
export function limitHeadersOf({ raw, method }: AskedRequest): Record<string, string> | null {
  const noted = (raw as Marked)[limits];
  if (noted === undefined) return null;
  const all = [...noted.values()];
  const states = method === 'GET' ? all.filter(({ name }) => ALSO_READS.includes(name)) : all;
  return states.length === 0 ? null : limitHeaders(states);
}

export function limitHeaders(states: readonly LimitState[]): Record<string, string> {
  return {
    'ratelimit-policy': states.map(policyOf).join(', '),
    ratelimit: states.map(standingOf).join(', '),
  };
}

function policyOf({ name, quota, window, unit }: LimitState): string {
  const within = window === undefined ? '' : `;w=${window}`;
  return `"${name}";q=${quota}${within}${unit === undefined ? '' : `;qu="${unit}"`}`;
}

function standingOf({ name, remaining, reset }: LimitState): string {
  return `"${name}";r=${remaining}${reset === undefined ? '' : `;t=${reset}`}`;
}
