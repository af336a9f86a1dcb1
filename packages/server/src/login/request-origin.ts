/** Keeps other sites' pages from riding on a cookie that the browser sends along by itself. */
import type { LoginCall } from './context.js';
import { lists } from '@parley/configuration/origin-list';

/** Values of `Sec-Fetch-Site` that no other site's page can cause. */
const OWN_SITES = ['same-origin', 'none'];

/**
 * Whether a state-changing request came from a page of this server, from an origin that the account
 * allows, or from no browser at all.
 */
export function originIsOurs(call: LoginCall): boolean {
  const { origin, 'sec-fetch-site': site } = call.request.headers;
  if (origin !== undefined) {
    // The host alone is compared: behind a proxy the scheme may be known to the browser only.
    const own = [hostOf(call.origin), hostOf(call.askedOrigin)];
    return own.includes(hostOf(origin)) || lists(call.account.setup.agentOrigins, origin);
  }
  return site === undefined || OWN_SITES.includes(String(site));
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
