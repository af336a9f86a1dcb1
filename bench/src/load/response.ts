/** Reads HTTP/1.1 answers off a socket: just the status, and where the answer ends. */

const HEAD_END = Buffer.from('\r\n\r\n');
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;
const STATUS_AT = 9;
const ZERO = 0x30;

/** One connection's answers, one at a time: the next request goes out when the last is answered. */
export class ResponseReader {
  #kept: Buffer | null = null;

  /**
   * Takes what arrived; the bytes may be overwritten afterwards.
   * @returns the status once the answer is complete, null before.
   * @throws Error for an answer that says no length, or bytes after its end.
   */
  push(chunk: Buffer): number | null {
    const bytes = this.#kept === null ? chunk : Buffer.concat([this.#kept, chunk]);
    const head = bytes.indexOf(HEAD_END);
    const end = head < 0 ? Number.POSITIVE_INFINITY : head + 4 + bodyLength(bytes, head);
    if (bytes.length < end) {
      // The caller reuses its buffer for the next read.
      this.#kept = this.#kept === null ? Buffer.from(bytes) : bytes;
      return null;
    }
    if (bytes.length > end) {
      throw new Error(`The server sent ${bytes.length - end} bytes more than its answer has.`);
    }
    this.#kept = null;
    return statusOf(bytes);
  }
}

function statusOf(bytes: Buffer): number {
  const digit = (at: number) => (bytes[STATUS_AT + at] ?? ZERO) - ZERO;
  return digit(0) * 100 + digit(1) * 10 + digit(2);
}

function bodyLength(bytes: Buffer, head: number): number {
  const length = CONTENT_LENGTH.exec(bytes.toString('latin1', 0, head))?.[1];
  if (length !== undefined) return Number(length);
  if (statusOf(bytes) === 204) return 0;
  throw new Error(
    'The server sent an answer without Content-Length: this load generator cannot find where it ends.',
  );
}
