/**
 * The cookies of one agent session, where `fetch` keeps none (Node). Browsers keep their own: there
 * `Set-Cookie` cannot be read, nothing lands in here, and nothing is sent from here.
 */
interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly host: string;
  readonly path: string;
  readonly secure: boolean;
  /** Epoch ms; null: as long as the jar. */
  readonly expires: number | null;
}

export class CookieJar {
  #cookies: readonly Cookie[] = [];

  /** Keeps what an answer sets. @param now epoch ms */
  take(url: string, response: Response, now: number): void {
    const lines = response.headers.getSetCookie?.() ?? [];
    for (const line of lines) {
      const cookie = read(line, new URL(url), now);
      if (cookie === null) continue;
      const others = this.#cookies.filter((kept) => !sameCookie(kept, cookie));
      const gone = cookie.expires !== null && cookie.expires <= now;
      this.#cookies = gone ? others : [...others, cookie];
    }
  }

  /** The `Cookie` header for an address; null for none. The longest path stands first. */
  header(url: string, now: number): string | null {
    const { hostname, pathname, protocol } = new URL(url);
    const open = protocol === 'https:' || isLoopback(hostname);
    const sent = this.#cookies
      .filter(({ host, path, secure, expires }) => {
        const fits = host === hostname && covers(path, pathname) && (open || !secure);
        return fits && (expires === null || expires > now);
      })
      .toSorted((a, b) => b.path.length - a.path.length);
    return sent.length === 0 ? null : sent.map(({ name, value }) => `${name}=${value}`).join('; ');
  }
}

function read(line: string, { hostname, pathname }: URL, now: number): Cookie | null {
  const [pair = '', ...attributes] = line.split(';');
  const equals = pair.indexOf('=');
  if (equals <= 0) return null;
  const known = new Map(
    attributes.map((attribute) => {
      const [name = '', ...value] = attribute.split('=');
      return [name.trim().toLowerCase(), value.join('=').trim()] as const;
    }),
  );
  const age = known.get('max-age');
  const date = known.get('expires');
  const until = age === undefined ? Date.parse(date ?? '') : now + Number(age) * 1_000;
  const path = known.get('path');
  return {
    name: pair.slice(0, equals).trim(),
    value: pair.slice(equals + 1).trim(),
    host: hostname,
    path: path?.startsWith('/') ? path : pathname.slice(0, Math.max(1, pathname.lastIndexOf('/'))),
    secure: known.has('secure'),
    expires: Number.isNaN(until) ? null : until,
  };
}

function sameCookie(a: Cookie, b: Cookie): boolean {
  return a.name === b.name && a.path === b.path && a.host === b.host;
}

/** RFC 6265, 5.1.4. */
function covers(path: string, asked: string): boolean {
  return (
    asked === path || (asked.startsWith(path) && (path.endsWith('/') || asked[path.length] === '/'))
  );
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
