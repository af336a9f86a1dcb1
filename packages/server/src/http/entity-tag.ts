/**
 * Entity tags (RFC 9110, 8.8.3): what an answer is a version of, so that whoever has it already gets a 304
 * instead of being sent it again.
 *
 * A tag is a hash of what its reader sees, never a position in the journal or a count of events: of
 * what is hidden from a reader, a whisper or other people's chats, it reveals nothing.
 */
import { hash } from 'node:crypto';

/** Characters of the hash that are kept: 128 bits and more. */
const LENGTH = 22;

/**
 * The tag of a document as it is written: another one for each change of any byte, so also for each
 * representation.
 */
export function strongTag(text: string): string {
  return `"${digest(text)}"`;
}

/**
 * The tag of documents that mean the same, though what only the time changes, such as how long a chat
 * has lasted, may differ.
 * @param means all that does count; its representation among it
 */
export function weakTag(means: unknown): string {
  return `W/"${digest(JSON.stringify(means))}"`;
}

function digest(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, LENGTH);
}

/** Whether `If-None-Match` names the tag, compared weakly, as for reading requests; `*` is any. */
export function isKnownTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const opaque = withoutWeakness(tag);
  return ifNoneMatch.split(',').some((each) => {
    const named = each.trim();
    return named === '*' || withoutWeakness(named) === opaque;
  });
}

function withoutWeakness(tag: string): string {
  return tag.startsWith('W/') ? tag.slice(2) : tag;
}

const IF_NONE_MATCH = {
  description: 'The ETag of the last response. If nothing has changed, the response is 304.',
  schema: { type: 'string' },
} as const;

/** What an operation whose answers have a tag declares of it, beside 304 among its answers. */
export const TAGGED = {
  headers: { 'if-none-match': IF_NONE_MATCH },
  gives: ['ETag'],
} as const;
