/** Revisions of collections on the wire: `ETag`, `If-Match`, `If-None-Match`. */
import type { IncomingHttpHeaders } from 'node:http';

/** Headers that carry a collection's revision; `ac-revision` is what the original API sends. */
export function revisionHeaders(revision: number): Record<string, string> {
  return { etag: `"${revision}"`, 'ac-revision': String(revision) };
}

/**
 * The revisions that `If-Match` accepts; undefined when any will do: no header, `*`, or `-1` as
 * clients of the original API send it. What is no revision matches none.
 */
export function revisionsExpected(headers: IncomingHttpHeaders): readonly number[] | undefined {
  const header = headers['if-match'];
  if (header === undefined) return undefined;
  const tags = header.split(',').map((tag) => tag.trim().replace(/^W\//, '').replaceAll('"', ''));
  if (tags.some((tag) => tag === '*' || tag === '-1')) return undefined;
  return tags.filter((tag) => /^\d{1,15}$/.test(tag)).map(Number);
}

/**
 * Whether the client has this revision already. Clients of the original API say so in `If-Match` also
 * when they read, where `-1` and `*` ask for everything.
 */
export function isKnown(headers: IncomingHttpHeaders, revision: number): boolean {
  const header = headers['if-none-match'];
  if (header === undefined) return revisionsExpected(headers)?.includes(revision) ?? false;
  const tags = header.split(',').map((tag) => tag.trim().replace(/^W\//, '').replaceAll('"', ''));
  return tags.includes(String(revision));
}
