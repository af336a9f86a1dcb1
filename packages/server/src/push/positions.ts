/**
 * Positions of streams, as their readers get them: where in the journal a reader is. They are sealed,
 * since journal positions would reveal the account's traffic, and bound to their reader. The key is this
 * process's own: positions of another one are too old, and their readers have to read on by ids.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

export interface Position {
  /** Journal position of the last event of the batch that the reader was sent. */
  readonly seq: number;
  /** How many of the batch's entries in chats it was sent; `WHOLE_BATCH` for the whole batch. */
  readonly sent: number;
}

export const WHOLE_BATCH = 0xffff;

/** Bytes: the journal position, how much of its batch, and whose it is. */
const SEQ_BYTES = 6;
const SENT_BYTES = 2;
const READER_BYTES = 8;
const BLOCK = SEQ_BYTES + SENT_BYTES + READER_BYTES;

/** A reader, as positions are bound to it: part of a hash. */
export type ReaderMark = Buffer;

/** @param name the account, and a user or a chat of it */
export function readerMark(name: string): ReaderMark {
  return createHash('sha256').update(name).digest().subarray(0, READER_BYTES);
}

export class Positions {
  // One block each: what is sealed is never longer, and no two are alike but those that say the same.
  readonly #seal;
  readonly #open;

  constructor(key: Buffer = randomBytes(32)) {
    this.#seal = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
    this.#open = createDecipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  }

  seal({ seq, sent }: Position, reader: ReaderMark): string {
    const block = Buffer.allocUnsafe(BLOCK);
    block.writeUIntBE(seq, 0, SEQ_BYTES);
    block.writeUIntBE(sent, SEQ_BYTES, SENT_BYTES);
    reader.copy(block, SEQ_BYTES + SENT_BYTES);
    return this.#seal.update(block).toString('base64url');
  }

  /** The position; null for what was sealed for another reader, or by another process, or by nobody. */
  open(text: string, reader: ReaderMark): Position | null {
    if (!/^[A-Za-z0-9_-]{22}$/.test(text)) return null;
    const block = this.#open.update(Buffer.from(text, 'base64url'));
    if (!block.subarray(SEQ_BYTES + SENT_BYTES).equals(reader)) return null;
    return {
      seq: block.readUIntBE(0, SEQ_BYTES),
      sent: block.readUIntBE(SEQ_BYTES, SENT_BYTES),
    };
  }
}
