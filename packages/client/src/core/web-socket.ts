/**
 * WebSockets, opened with a ticket: a page can bring no credential along, and none belongs into an address.
 */
import { docOf, plain, queryOf } from './document.js';
import { CHECK_CONNECTION, UnreachableError } from './errors.js';
import { sse } from './sse.js';
import {
  type Frame,
  SILENCE_MS,
  type Streamed,
  type StreamHttp,
  type Transport,
} from './stream.js';

/** The parts of a WebSocket that are used: a browser's, or that of the package `ws`. */
export interface WebSocketLike {
  /** Called with each text that arrives. */
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  /** Called once, when the socket is closed. */
  onclose: (() => void) | null;
  /** Called when the socket cannot be opened, or breaks. */
  onerror: ((event: never) => void) | null;
  /** Sends a text. */
  send(text: string): void;
  /** Closes the socket, even if it is not open yet. */
  close(): void;
}

/** A WebSocket constructor: `globalThis.WebSocket`, or a compatible one. */
export type WebSocketConstructor = new (url: string) => WebSocketLike;

/** The browser's. Node's own is young, and SSE over `fetch` does as well there: none by default. */
export function webSocketOf(
  given: WebSocketConstructor | null | undefined,
): WebSocketConstructor | null {
  if (given !== undefined) return given;
  return 'document' in globalThis ? ((globalThis.WebSocket as WebSocketConstructor) ?? null) : null;
}

/**
 * Over a WebSocket, or by server-sent events where none gets through.
 * @param Socket null: no WebSocket
 * @returns null where the server has no stream
 */
export function transportOf(
  http: StreamHttp,
  streamed: Streamed,
  Socket: WebSocketConstructor | null,
): Transport | null {
  const over = Socket && streamed.address('websocket', '') && webSocket(http, streamed, Socket);
  const by = streamed.address('stream', '') ? sse(http, streamed) : null;
  return over && by ? either(over, by) : over || by;
}

/** The first that gets through; once the second did alone, the first is not tried any more. */
function either(first: Transport, second: Transport): Transport {
  let via = first.via;
  let isBlocked = false;
  async function* open(position: string | null, stop: AbortController): AsyncGenerator<Frame> {
    let isThrough = false;
    if (!isBlocked) {
      try {
        for await (const frame of first.open(position, stop)) {
          isThrough = true;
          via = first.via;
          yield frame;
        }
      } catch (error) {
        if (isThrough || stop.signal.aborted) throw error;
      }
    }
    if (isThrough) return;
    for await (const frame of second.open(position, stop)) {
      isBlocked = true;
      via = second.via;
      yield frame;
    }
  }
  return {
    get via() {
      return via;
    },
    open,
  };
}

function webSocket(http: StreamHttp, streamed: Streamed, Socket: WebSocketConstructor): Transport {
  const { clock } = http;
  async function* open(
    position: string | null,
    { signal }: AbortController,
  ): AsyncGenerator<Frame> {
    const reply = await http.send({
      method: 'POST',
      url: streamed.address('tickets', '') ?? '',
      retry: 'never',
      signal,
    });
    const { ticket } = docOf(reply.body);
    const query = queryOf({ ticket: String(ticket), position: position ?? undefined });
    const address = streamed.address('websocket', query) ?? '';
    const socket = new Socket(address.replace(/^http/, 'ws'));
    let frames: Frame[] = [];
    let isOver = signal.aborted;
    let isHeard = false;
    let wake = () => {};
    const over = () => {
      isOver = true;
      wake();
    };
    let cancel = clock.after(SILENCE_MS / 4, over);
    socket.onmessage = ({ data }) => {
      isHeard = true;
      cancel();
      cancel = clock.after(SILENCE_MS / 2, () => {
        // Pings are answered by the browser and seen by nobody: something is asked that is answered.
        socket.send('{"type":"request","id":"alive","method":"GET","target":"/"}');
        cancel = clock.after(SILENCE_MS / 2, over);
      });
      const { type, position: at = null, data: inside } = JSON.parse(String(data));
      if (type !== 'response') frames.push({ type, position: at, data: docOf(plain(inside)) });
      wake();
    };
    socket.onclose = over;
    socket.onerror = over;
    signal.addEventListener('abort', over);
    try {
      while (!isOver || frames.length > 0) {
        const came = frames;
        frames = [];
        yield* came;
        if (!isOver && frames.length === 0) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      cancel();
      socket.close();
    }
    if (!isHeard) throw new UnreachableError('No WebSocket gets through.', CHECK_CONNECTION);
  }
  return { via: 'websocket', open };
}
