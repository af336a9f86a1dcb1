/** Calls to the server by the retry policy of the Chat Agent API. */

/** The server said no; the message is its own: what was wrong, and what to do. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export class Principal {
  readonly headers: Record<string, string> = { 'content-type': 'application/json' };
  readonly #pause: (seconds: number, why: string) => Promise<void>;

  /** @param pause Waits that long and shows people why; throws to give up. */
  constructor(pause: (seconds: number, why: string) => Promise<void>) {
    this.#pause = pause;
  }

  /**
   * Calls until there is an answer: after a 429 when `Retry-After` allows, after a 5xx or none in
   * 5, 10 and 15 s, then in 2, 4, 8 … minutes.
   * @throws Refused for every other 4xx, at once.
   */
  async call<T>(method: 'GET' | 'POST' | 'PUT', url: string, body?: unknown): Promise<T> {
    const { origin, pathname } = new URL(url);
    for (let failures = 0; ; failures += 1) {
      let seconds = [5, 10, 15][failures] ?? 120 * 2 ** (failures - 3);
      let why = `${origin} does not answer; is the server running there?`;
      const init = { method, headers: this.headers, body: JSON.stringify(body) ?? null };
      const answer = await fetch(url, init).catch(checkCertificate);
      if (answer !== null) {
        const text = await answer.text();
        // Refresh and logout ask for the login's cookie.
        const [cookie] = answer.headers.getSetCookie().filter((each) => /^session_id=/.test(each));
        if (cookie !== undefined) this.headers['cookie'] = cookie.replace(/;.*/, '');
        if (answer.ok) return (text === '' ? null : JSON.parse(text)) as T;
        const [, message] = /"message":("(?:[^"\\]|\\.)*")/.exec(text) ?? [];
        why = message
          ? JSON.parse(message)
          : `${method} ${pathname} was answered ${answer.status}.`;
        if (answer.status === 429) {
          const shortest = pathname.endsWith('/login') ? 5 : 1;
          seconds = Math.max(shortest, Number(answer.headers.get('retry-after')));
        } else if (answer.status < 500) throw new Refused(answer.status, why);
      }
      await this.#pause(seconds, why);
    }
  }
}

/** No answer is worth another try, but a certificate that is not trusted now will not be then. */
function checkCertificate(error: Error): null {
  const { code = '' } = (error.cause ?? {}) as { code?: string };
  if (!/CERT|SIGNATURE/.test(code)) return null;
  const remedy = 'set NODE_EXTRA_CA_CERTS to the certificate file that it names when it starts';
  throw new Error(`The server's certificate is not trusted here (${code}): ${remedy}.`);
}
