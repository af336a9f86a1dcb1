/**
 * Listening to a stream: Server-Sent Events, read with `fetch`, since a browser's `EventSource` can bring
 * no credential. A stream that breaks is resumed from where it was.
 */
import { sleep } from './clock.js';
import { type Doc, plain } from './document.js';
import { ParleyError, UnexpectedAnswerError, WRONG_SERVER } from './errors.js';
import type { Http } from './http.js';
import { reconnectPause } from './retry.js';

/** One message of a stream. */
export interface Frame {
  readonly type: string;
  /** Where the stream is resumed after it; null: as before. */
  readonly position: string | null;
  readonly data: Doc;
}

/** The server sends something every 15 s: a stream that is silent for longer than this is dead. */
const SILENCE_MS = 40_000;

/** A stream that lasted so long was a good one: the next one is tried at once. */
const GOOD_MS = 5_000;

/** What a stream is listened to for. */
export interface Streamed {
  /** Opens it. @throws ParleyError when it cannot be */
  open(position: string | null, signal: AbortSignal): Promise<Response>;
  take(frame: Frame): void;
  /** Whether it is there: while it is not, news must be asked for. */
  up(is: boolean): void;
  /** False: no other one shall be opened. */
  goesOn(): boolean;
}

/** Listens until `goesOn` says no, or the server refuses the stream as such (4xx). */
export async function listenTo(http: Http, streamed: Streamed, signal: AbortSignal): Promise<void> {
  const { clock } = http;
  let position: string | null = null;
  for (let failures = 0; streamed.goesOn(); ) {
    const started = clock.now();
    const stop = new AbortController();
    const aborted = () => stop.abort(signal.reason);
    signal.addEventListener('abort', aborted);
    try {
      const response = await streamed.open(position, stop.signal);
      for await (const frame of framesOf(http, response, stop)) {
        position = frame.position ?? position;
        streamed.up(true);
        streamed.take(frame);
      }
    } catch (error) {
      signal.throwIfAborted();
      const { status } = error instanceof ParleyError ? error : { status: null };
      if (status !== null && status < 500 && status !== 429) break;
    } finally {
      stop.abort();
      signal.removeEventListener('abort', aborted);
    }
    if (clock.now() - started >= GOOD_MS) failures = 0;
    else streamed.up(false);
    // A server that stops ends all streams at once: not all shall come back at once.
    const pause =
      failures === 0 ? clock.random() * 1_000 : reconnectPause(failures - 1, clock.random());
    failures += 1;
    await sleep(clock, pause, signal);
  }
  streamed.up(false);
}

async function* framesOf(
  { clock }: Http,
  response: Response,
  stop: AbortController,
): AsyncGenerator<Frame> {
  const reader = response.body?.getReader();
  if (reader === undefined || !response.headers.get('content-type')?.includes('event-stream')) {
    const message = 'What should be a stream is none.';
    throw new UnexpectedAnswerError(message, WRONG_SERVER, {
      status: 406,
    });
  }
  const decoder = new TextDecoder();
  for (let text = ''; ; ) {
    const cancel = clock.after(SILENCE_MS, () => stop.abort());
    const { done, value } = await reader.read().finally(cancel);
    if (done) return;
    text += decoder.decode(value, { stream: true }).replaceAll('\r', '');
    const messages = text.split('\n\n');
    text = messages.pop() ?? '';
    for (const message of messages) {
      const frame = frameOf(message);
      if (frame !== null) yield frame;
    }
  }
}

/** null for a comment. */
function frameOf(message: string): Frame | null {
  const fields: Record<string, string> = {};
  for (const [, name = '', value = ''] of message.matchAll(/^(\w+): ?(.*)$/gm)) {
    fields[name] = (fields[name] ?? '') + value;
  }
  const { event, id, data } = fields;
  if (event === undefined || data === undefined) return null;
  return { type: event, position: id ?? null, data: plain(JSON.parse(data)) as Doc };
}
