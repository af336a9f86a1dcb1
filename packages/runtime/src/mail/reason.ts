/**
 * Why a mail server did not take a mail, for the log and the journal: without anything of the mail.
 * Mail servers quote what they refuse.
 */
import { visible } from '@parley/protocol';
import { Pauses } from '../pauses.js';

/** Longest reason that is kept, characters. */
const MAX_REASON = 300;

const LEFT_OUT = '…';

/** Words long enough to be recognized by, and whatever could be an address. */
const WORDS = /[^\s<>()[\]"]+@[^\s<>()[\]"]+|[\p{L}\p{N}][\p{L}\p{N}\p{M}'’_-]{3,}/gu;

/** Characters of the mail that are looked through at a time. */
const PIECE = 100_000;

/**
 * The reason without mail addresses and without the words that the mail has too.
 * @param said what the mail server, or the library that talks to it, said
 * @param mail the texts of the mail
 */
export async function reasonWithout(said: string, mail: readonly string[]): Promise<string> {
  const reason = said.slice(0, MAX_REASON);
  const words = new Set((reason.match(WORDS) ?? []).map((word) => word.toLowerCase()));
  const secret = new Set([...words].filter((word) => word.includes('@')));
  const longest = Math.max(0, ...[...words].map((word) => word.length));
  const pauses = new Pauses();
  for (const text of mail) {
    for (let start = 0; start < text.length; start += PIECE) {
      // A word may lie over the end of a piece.
      const piece = text.slice(Math.max(0, start - longest), start + PIECE).toLowerCase();
      for (const word of words) if (!secret.has(word) && piece.includes(word)) secret.add(word);
      await pauses.take();
    }
  }
  return visible(
    reason.replace(WORDS, (word) => (secret.has(word.toLowerCase()) ? LEFT_OUT : word)),
  );
}
