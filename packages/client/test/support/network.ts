/** A network between client and server that can be cut. */
import type { Fetch } from '../../src/agent/index.js';

export class Network {
  /** What went over it: `POST http://…/events`, without the query. */
  readonly sent: string[] = [];
  #state: 'up' | 'down' | 'answers are lost' = 'up';
  readonly #cut = new Set<AbortController>();
  readonly #others: (() => void)[] = [];
  /** Requests that are to be answered at once, and are not yet. */
  #owed = 0;

  /** No request arrives, and what waits breaks. */
  down(): void {
    this.#state = 'down';
    this.cut();
  }

  /** What is open breaks; what comes after it arrives. */
  cut(): void {
    for (const each of this.#cut) each.abort();
    this.#cut.clear();
    for (const cut of this.#others) cut();
  }

  /** Whatever else goes over it and breaks with it. */
  onCut(cut: () => void): void {
    this.#others.push(cut);
  }

  /** Requests arrive, but their answers do not. */
  loseAnswers(): void {
    this.#state = 'answers are lost';
  }

  up(): void {
    this.#state = 'up';
  }

  /** Settles when nothing is under way but what is held. */
  async settled(): Promise<void> {
    do await new Promise((resolve) => setTimeout(resolve, 2));
    while (this.#owed > 0);
  }

  readonly fetch: Fetch = async (url, init) => {
    if (this.#state === 'down') throw new TypeError('fetch failed');
    this.sent.push(`${init.method} ${url.replace(/\?.*/, '')}`);
    const cut = new AbortController();
    this.#cut.add(cut);
    const isHeld = /[?&]wait=|\/stream\?/.test(url);
    if (!isHeld) this.#owed += 1;
    try {
      const signal = AbortSignal.any([cut.signal, ...(init.signal ? [init.signal] : [])]);
      const response = await fetch(url, { ...init, signal });
      if (this.#state !== 'up' && init.method !== 'GET') throw new TypeError('fetch failed');
      return response;
    } catch (error) {
      throw cut.signal.aborted ? new TypeError('fetch failed') : error;
    } finally {
      if (!isHeld) this.#owed -= 1;
    }
  };
}
