// The transport frame of the original's browser SDK: a page of the server, embedded hidden in a
// brand's page, which carries that page's requests to the server and the answers back. Served as it
// is; it runs in browsers alone.
//
// The brand's page is not believed: what it may ask is decided by the origin that the browser itself
// names for its message, and by the server.
// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

(() => {
  /** What visitors' pages ask: everything else, above all what an agent may, is out of reach. */
  const VISITOR_PATH =
    /^\/api\/account\/(\w{1,20})(?:\.json|\.xml|\/conversation(?:\.json)?|\/chat\/.*|\/app\/engagement\/visitors(?:\/.*)?)?$/;
  const METHODS = new Set(['GET', 'POST', 'PUT', 'DELETE']);
  /** Requests under way at once, and how long one may take, ms. */
  const MAX_PENDING = 32;
  const MAX_TIMEOUT = 60_000;
  /** How long the server's word about an origin counts, ms. */
  const TRUST = 60_000;

  /** @type {Map<string, { at: number, allowed: Promise<boolean> }>} by account and origin */
  const known = new Map();
  let pending = 0;

  /**
   * @typedef {object} Asked
   * @property {string | number} callId
   * @property {string} [url]
   * @property {string} [method]
   * @property {Record<string, unknown>} [headers]
   * @property {unknown} [data]
   * @property {number} [timeout] ms
   * @property {number} [retries]
   * @property {boolean} [validation] a ping
   */

  window.addEventListener('message', (event) => {
    const asked = parse(event.data);
    const { source, origin } = event;
    // A page without an origin of its own cannot be answered so that nobody else reads it.
    if (asked === null || source === null || origin === '' || origin === 'null') return;
    /** @param {number} code @param {string} body @param {Record<string, string>} headers */
    const answer = (code, body, headers) => {
      const message = {
        callId: asked.callId,
        responseType: code >= 200 && code < 400 ? 'completeLoad' : 'errorLoad',
        responseCode: code,
        body,
        headers,
      };
      /** @type {Window} */ (source).postMessage(JSON.stringify(message), origin);
    };
    if (asked.validation === true) {
      answer(200, '{}', {});
      return;
    }
    carry(asked, origin).then(
      ({ code, body, headers }) => answer(code, body, headers),
      (error) => answer(0, refusal(`The server did not answer: ${error.message}`), {}),
    );
  });

  /** @param {unknown} data @returns {Asked | null} */
  function parse(data) {
    if (typeof data !== 'string' || data.length > 200_000) return null;
    try {
      const value = JSON.parse(data);
      const isCall = typeof value === 'object' && value !== null && value.callId !== undefined;
      return isCall ? value : null;
    } catch {
      return null;
    }
  }

  /**
   * @param {Asked} asked
   * @param {string} origin of the page that asks, as the browser names it
   */
  async function carry(asked, origin) {
    const target = URL.canParse(String(asked.url), location.origin)
      ? new URL(String(asked.url), location.origin)
      : null;
    const account = target === null ? undefined : VISITOR_PATH.exec(target.pathname)?.[1];
    const method = String(asked.method ?? 'GET').toUpperCase();
    if (target === null || target.host !== location.host || account === undefined) {
      return refused(403, 'This frame carries visitors’ requests to its own server only.');
    }
    if (!METHODS.has(method)) return refused(405, `It carries no ${method.slice(0, 20)}.`);
    if (!(await isAllowed(account, origin))) {
      return refused(403, `Account ${account} does not allow pages of ${origin}: add the origin.`);
    }
    if (pending >= MAX_PENDING) return refused(429, 'Too many requests are under way here.');
    pending += 1;
    try {
      return await send(target, method, asked, origin);
    } finally {
      pending -= 1;
    }
  }

  /** @param {string} account @param {string} origin */
  function isAllowed(account, origin) {
    const key = `${account} ${origin}`;
    const before = known.get(key);
    if (before !== undefined && Date.now() - before.at < TRUST) return before.allowed;
    const query = new URLSearchParams({ account, origin });
    const allowed = fetch(`/postmessage/origin?${query}`, { credentials: 'omit' })
      .then((response) => (response.ok ? response.json() : { allowed: false }))
      .then((answer) => answer.allowed === true);
    known.set(key, { at: Date.now(), allowed });
    // What could not be found out is asked again.
    allowed.catch(() => known.delete(key));
    return allowed;
  }

  /**
   * @param {URL} target
   * @param {string} method
   * @param {Asked} asked
   * @param {string} origin
   */
  async function send(target, method, asked, origin) {
    const headers = headersOf(asked);
    headers.set('X-Parley-Page-Origin', origin);
    const { data } = asked;
    const hasBody = method !== 'GET' && data !== undefined && data !== null;
    const body = hasBody ? (typeof data === 'string' ? data : JSON.stringify(data)) : null;
    const wanted = Number(asked.timeout);
    const timeout = wanted > 0 ? Math.min(wanted, MAX_TIMEOUT) : MAX_TIMEOUT;
    // Sending a line again could say it twice.
    let tries = method === 'GET' || method === 'PUT' ? Math.min(Number(asked.retries) || 0, 3) : 0;
    for (;;) {
      try {
        const response = await fetch(`${target.pathname}${target.search}`, {
          method,
          headers,
          body,
          credentials: 'omit',
          redirect: 'error',
          cache: 'no-store',
          signal: AbortSignal.timeout(timeout),
        });
        const text = await response.text();
        return { code: response.status, body: text, headers: usualCase(response.headers) };
      } catch (error) {
        if (tries <= 0) throw error;
        tries -= 1;
      }
    }
  }

  /** @param {Asked} asked */
  function headersOf({ headers }) {
    const found = new Headers();
    for (const [name, value] of Object.entries(headers ?? {})) {
      try {
        if (typeof value === 'string') found.set(name, value);
      } catch {
        // What cannot be a header is left out.
      }
    }
    if (!found.has('Content-Type')) found.set('Content-Type', 'application/json');
    if (!found.has('Accept')) found.set('Accept', 'application/json');
    return found;
  }

  /**
   * Names in the case that the SDK looks for: browsers lower them.
   * @param {Headers} headers
   */
  function usualCase(headers) {
    /** @type {Record<string, string>} */
    const named = {};
    for (const [name, value] of headers) {
      const usual = name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
      named[usual === 'Etag' ? 'ETag' : usual] = value;
    }
    return named;
  }

  /** @param {number} code @param {string} message */
  function refused(code, message) {
    return { code, body: refusal(message), headers: { 'Content-Type': 'application/json' } };
  }

  /** @param {string} message */
  function refusal(message) {
    return JSON.stringify({ error: { message } });
  }
})();
