/** Header names as they are usually written: there are clients that look for them so. */

/**
 * Those that are not written with a capital at each part: `ac-revision` as the original API has it,
 * `traceparent` as Trace Context does.
 */
const ODD: ReadonlyMap<string, string> = new Map([
  ['etag', 'ETag'],
  ['www-authenticate', 'WWW-Authenticate'],
  ['ratelimit', 'RateLimit'],
  ['ratelimit-policy', 'RateLimit-Policy'],
  ['ac-revision', 'ac-revision'],
  ['traceparent', 'traceparent'],
]);

const known = new Map<string, string>();
/** Names come from the sources only, so there are never many. */
const MAX_KNOWN = 1_000;

/** `Content-Type` for `content-type`, `ETag` for `etag`. */
export function usualName(name: string): string {
  const found = known.get(name);
  if (found !== undefined) return found;
  const lower = name.toLowerCase();
  const usual = ODD.get(lower) ?? lower.replace(/(?:^|-)[a-z]/g, (first) => first.toUpperCase());
  if (known.size < MAX_KNOWN) known.set(name, usual);
  return usual;
}
