/**
 * Lists of origins that browsers may come from: `https://shop.example.com`, and with `*` in place of
 * the first label every subdomain, however deep: `https://*.example.com`.
 */

/** `*` in front of at least two labels, so that it never stands for every site of a top-level domain. */
const WILDCARD = /^(https?:\/\/)\*(\.[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.[a-z][a-z0-9_-]*(?::\d+)?)$/;

/** What may stand in place of `*`: one label or several. */
const LABELS = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;

/** Whether an entry of a list stands for the subdomains of a site. */
export function isWildcard(entry: string): boolean {
  return WILDCARD.test(entry);
}

/**
 * Whether a list names the origin, itself or by a wildcard. `*` alone is not looked at: what it means
 * depends on where it stands.
 * @param origin as a browser sends it: lower case, without a port that the scheme has anyway
 */
export function lists(entries: readonly string[], origin: string): boolean {
  return entries.some((entry) => entry === origin || covers(entry, origin));
}

function covers(entry: string, origin: string): boolean {
  const [, scheme = '', site = ''] = WILDCARD.exec(entry) ?? [];
  if (site === '' || !origin.startsWith(scheme) || !origin.endsWith(site)) return false;
  // Scheme, port and every label of the site are the entry's: only what is before them is free.
  return LABELS.test(origin.slice(scheme.length, -site.length));
}
