/** Reads whole HTTP/1.1 answers off a socket: status and body. */

const HEAD_END = '\r\n\r\n';
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;

export interface WholeAnswer {
  readonly status: number;
  readonly body: string;
}

/** One connection's answers, of ASCII alone: a byte is a character. */
export class AnswerReader {
  #kept = '';

  /** Takes what arrived; gives the answer once it is complete, null before. */
  push(chunk: Buffer): WholeAnswer | null {
    this.#kept += chunk.toString('latin1');
    const head = this.#kept.indexOf(HEAD_END);
    if (head < 0) return null;
    const length = CONTENT_LENGTH.exec(this.#kept.slice(0, head))?.[1] ?? '0';
    const end = head + HEAD_END.length + Number(length);
    if (this.#kept.length < end) return null;
    const answer = {
      status: Number(this.#kept.slice(9, 12)),
      body: this.#kept.slice(head + HEAD_END.length, end),
    };
    this.#kept = this.#kept.slice(end);
    return answer;
  }
}
