/**
 * Following a document: by long polls where the server can hold a request, else every 2 seconds.
 *
 * A server that can hold one gives its documents an `ETag`; then the request is sent with that tag and
 * `wait`, and is answered when the document is another. One that cannot is asked every 2 seconds, as
 * the documentation of the Chat Agent API says.
 */
import { sleep } from './clock.js';
import type { Http, HttpRequest, Reply } from './http.js';

/** The documented pause between polls, milliseconds. */
export const POLL_MS = 2_000;

/** How long a request is held, seconds: below the time-outs of usual proxies, and of silent visitors. */
export const HOLD_SECONDS = 25;

/** A held request that comes back empty sooner than this was not held, milliseconds. */
const TOO_SOON_MS = 500;

export interface Followed {
  /** The address to ask now: the last document's `next`. */
  address(): string;
  /** Asks there, with that query beside its own; it must throw for errors, and for an aborted signal. */
  send(query: string, request: Omit<HttpRequest, 'url'>): Promise<Reply>;
  /** Takes in what came; true when there was something new in it. */
  take(reply: Reply): boolean;
  /** False: ask no more. */
  goesOn(): boolean;
  /** Called with how news comes. */
  heard?(by: 'long-poll' | 'polling'): void;
}

/** Follows until `goesOn` says no. @throws what `send` throws */
export async function follow(http: Http, followed: Followed, signal: AbortSignal): Promise<void> {
  let seen = null as { readonly address: string; readonly tag: string | null } | null;
  while (followed.goesOn()) {
    const address = followed.address();
    // A tag stands for what that address answered: at another one everything is new.
    const tag: string | null = seen?.address === address ? seen.tag : null;
    const held = tag !== null;
    const started = http.clock.now();
    const reply: Reply = await followed.send(held ? `wait=${HOLD_SECONDS}` : '', {
      tag,
      timeout: (HOLD_SECONDS + 20) * 1_000,
      signal,
    });
    const unchanged = reply.status === 304;
    const news = !unchanged && followed.take(reply);
    seen = { address, tag: reply.headers.get('etag') ?? (unchanged ? tag : null) };
    const canHold = seen.tag !== null;
    followed.heard?.(canHold ? 'long-poll' : 'polling');
    if (!followed.goesOn()) return;
    const took = http.clock.now() - started;
    if (!canHold) await sleep(http.clock, POLL_MS, signal);
    else if (held && !news && took < TOO_SOON_MS) {
      await sleep(http.clock, unchanged ? POLL_MS : TOO_SOON_MS, signal);
    }
  }
}
