/** The workspace within a page of others: what its address says of that page. */

/** The pages around the workspace. */
export interface Embedded {
  /** The account that the page embeds; nobody of another one logs in here. */
  readonly account: string;
  /** Of the pages around. The browser has compared them with those that the server allows. */
  readonly origins: readonly string[];
}

/** Who embeds the workspace; null when it stands by itself. */
export function embeddedIn(
  page: Pick<Window, 'location' | 'parent' | 'self'> = window,
): Embedded | null {
  const query = new URLSearchParams(page.location.search);
  if (query.get('embed') !== '1' || page.parent === page.self) return null;
  return { account: query.get('account') ?? '', origins: query.getAll('origin') };
}

/** The page that embeds this one; it is the same as long as the page is there. */
export const embedded: Embedded | null = typeof window === 'undefined' ? null : embeddedIn();

/** Whether this window was opened to log in for a workspace within another page. */
export function isLoginWindow(): boolean {
  return new URLSearchParams(location.search).get('embed') === 'login' && window.opener !== null;
}
