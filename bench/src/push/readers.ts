/** How the other party follows a chat: by long poll, over server-sent events, or over a WebSocket. */
import { AnswerReader } from './answers.js';
import type { Over, Pair } from './messages.js';

/** What a poll asks the server to wait at most, seconds. */
const WAIT = 60;
const NEXT = /from=(\d+)/;
const ID = /"@id":"(\d+)"/g;
const HEAD_END = '\r\n\r\n';

/** One connection that reads. */
export interface Reader {
  /** The first request, and with polls each further one. @param next the id that the next event will have */
  ask(next: number): string;
  /**
   * Takes what arrived.
   * @returns the id behind the last event that it shows; null while it shows none
   * @throws Error when it is not what was asked for
   */
  take(chunk: Buffer): number | null;
  /** What is to be sent back at once, such as a pong; null for nothing. */
  reply(): Buffer | null;
  /** Whether what happens from now on gets there: of a stream, its first frame came. */
  readonly hasBegun: boolean;
  /** Each answer is followed by another request. */
  readonly asksAgain: boolean;
}

export function readerOf(over: Over, pair: Pair): Reader {
  return READERS[over](pair);
}

const READERS: Readonly<Record<Over, (pair: Pair) => Reader>> = {
  'long-poll': (pair) => new PollReader(pair),
  sse: (pair) => new SseReader(pair),
  websocket: (pair) => new WebSocketReader(pair),
};

class PollReader implements Reader {
  readonly hasBegun = true;
  readonly asksAgain = true;
  readonly #pair: Pair;
  readonly #answers = new AnswerReader();

  constructor(pair: Pair) {
    this.#pair = pair;
  }

  ask(next: number): string {
    const { target, headers } = this.#pair;
    return `GET ${target}${next}&wait=${WAIT} HTTP/1.1\r\n${headers}`;
  }

  take(chunk: Buffer): number | null {
    const answer = this.#answers.push(chunk);
    if (answer === null) return null;
    const { status, body } = answer;
    if (status !== 200) throw new Error(`A poll was answered ${status}: ${body}`);
    return Number(NEXT.exec(body)?.[1]);
  }

  reply(): null {
    return null;
  }
}

/** Frames end with an empty line, and hold none; they are of ASCII alone. */
class SseReader implements Reader {
  readonly asksAgain = false;
  hasBegun = false;
  readonly #pair: Pair;
  #kept = '';
  #isOpen = false;

  constructor(pair: Pair) {
    this.#pair = pair;
  }

  ask(next: number): string {
    const { stream, headers } = this.#pair;
    // Servers that keep no feed are given its place; unknown parameters are ignored elsewhere.
    return `GET ${stream}/stream?v=1&next=${next} HTTP/1.1\r\n${headers}`;
  }

  take(chunk: Buffer): number | null {
    this.#kept += chunk.toString('latin1');
    if (!this.#isOpen) {
      if (!this.#kept.includes(HEAD_END)) return null;
      requireStatus(this.#kept, 200);
      this.#isOpen = true;
    }
    const end = this.#kept.lastIndexOf('\n\n');
    if (end < 0) return null;
    const whole = this.#kept.slice(0, end);
    this.#kept = this.#kept.slice(end + 2);
    this.hasBegun ||= whole.includes('event: hello');
    return behindLast(whole);
  }

  reply(): null {
    return null;
  }
}

const OPCODE_TEXT = 0x1;
const OPCODE_CLOSE = 0x8;
const OPCODE_PING = 0x9;
/** Final, a pong; masked by zeros, and empty. */
const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

class WebSocketReader implements Reader {
  readonly asksAgain = false;
  hasBegun = false;
  readonly #pair: Pair;
  #kept: Buffer = Buffer.alloc(0);
  #isOpen = false;
  #pings = 0;

  constructor(pair: Pair) {
    this.#pair = pair;
  }

  ask(next: number): string {
    const { stream, headers } = this.#pair;
    const upgrade = [
      `GET ${stream}/ws?v=1&next=${next} HTTP/1.1`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${Buffer.alloc(16, 1).toString('base64')}`,
    ];
    return `${upgrade.join('\r\n')}\r\n${headers}`;
  }

  take(chunk: Buffer): number | null {
    this.#kept = this.#kept.length === 0 ? chunk : Buffer.concat([this.#kept, chunk]);
    if (!this.#isOpen) {
      const head = this.#kept.indexOf(HEAD_END);
      if (head < 0) return null;
      requireStatus(this.#kept.toString('latin1'), 101);
      this.#isOpen = true;
      this.#kept = this.#kept.subarray(head + HEAD_END.length);
    }
    let last: number | null = null;
    for (let frame = this.#frame(); frame !== null; frame = this.#frame()) {
      if (frame.opcode === OPCODE_CLOSE) throw new Error('The server closed a WebSocket.');
      if (frame.opcode === OPCODE_PING) this.#pings += 1;
      if (frame.opcode !== OPCODE_TEXT) continue;
      this.hasBegun ||= frame.text.startsWith('{"type":"hello"');
      last = behindLast(frame.text) ?? last;
    }
    return last;
  }

  reply(): Buffer | null {
    if (this.#pings === 0) return null;
    this.#pings = 0;
    return PONG;
  }

  /** The next whole frame of a server, which masks nothing. */
  #frame(): { readonly opcode: number; readonly text: string } | null {
    const kept = this.#kept;
    if (kept.length < 2) return null;
    const short = (kept[1] ?? 0) & 0x7f;
    if (short === 127) throw new Error('A frame is longer than anything that is measured here.');
    const head = short === 126 ? 4 : 2;
    if (kept.length < head) return null;
    const end = head + (short === 126 ? kept.readUInt16BE(2) : short);
    if (kept.length < end) return null;
    this.#kept = kept.subarray(end);
    return { opcode: (kept[0] ?? 0) & 0x0f, text: kept.toString('latin1', head, end) };
  }
}

/** The id behind that of the last event in a text; null when there is none. */
function behindLast(text: string): number | null {
  let last: number | null = null;
  for (const [, id] of text.matchAll(ID)) last = Number(id) + 1;
  return last;
}

function requireStatus(head: string, wanted: number): void {
  const status = Number(head.slice(9, 12));
  if (status !== wanted) {
    throw new Error(`A stream was answered ${status}, not ${wanted}: ${head.slice(0, 600)}`);
  }
}
