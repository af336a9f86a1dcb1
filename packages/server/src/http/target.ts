/**
 * The one form of a request's target, made before anything looks at it: what is routed,
 * authenticated, limited and logged is the same, however the path was encoded on its way. The HTTP
 * parser lets nothing but ASCII through.
 */

/** A target in canonical form, or what is wrong with it. */
export type Target =
  | {
      readonly ok: true;
      readonly path: string;
      /** With its `?`; empty for none. */
      readonly query: string;
      /** Names of parameters whose values are not properly encoded. */
      readonly unreadable: readonly string[];
    }
  | { readonly ok: false; readonly message: string };

/** Paths that are as they should be: nearly all of them. */
const PLAIN_PATH = /^(?:\/[\w~!$&'()*+,;=:@-][\w~!$&'()*+,;=:@.-]*)+\/?$/;
/** Queries without anything that needs a closer look, behind their `?`. */
const PLAIN_QUERY = /^\?[\w~!$&'()*+,;=:@./-]*$/;

const NONE: readonly string[] = [];

/** @param target path and query as the client sent them */
export function canonicalTarget(target: string): Target {
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? '' : target.slice(mark);
  if (PLAIN_PATH.test(path) && (query === '' || PLAIN_QUERY.test(query))) {
    return { ok: true, path, query, unreadable: NONE };
  }
  if (target.includes('#')) return refused('It holds a #, which only browsers know');
  return withQuery(canonicalPath(path), oneQuery(query));
}

function refused(why: string): Target & { readonly ok: false } {
  return { ok: false, message: `The path cannot be read. ${why}.` };
}

function percent(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** What RFC 3986 calls unreserved means the same with and without percent-encoding. */
const UNRESERVED = /[\w.~-]/;
/** Slash, backslash and control characters, which others may take for something else. */
const HIDDEN = /%(?:2F|5C|[01][\dA-F]|7F)|\\/;
const DOTS = /\/\.{1,2}(?:\/|$)/;

function canonicalPath(path: string): string | { readonly ok: false; readonly message: string } {
  if (!path.startsWith('/')) return refused('It must begin with a slash');
  if (/%(?![\dA-Fa-f]{2})/.test(path))
    return refused('It is not properly encoded: check the % signs');
  const decoded = path.replace(/%([\dA-Fa-f]{2})/g, (_, hex: string) => {
    const byte = Number.parseInt(hex, 16);
    const character = String.fromCharCode(byte);
    return UNRESERVED.test(character) ? character : percent(byte);
  });
  if (HIDDEN.test(decoded)) {
    return refused('No part of it may hold a slash, a backslash or a control character');
  }
  if (!decodes(decoded)) return refused('It is not properly encoded: check the % signs');
  // Doubled slashes are printed in the original's own examples.
  const folded = decoded.replace(/\/{2,}/g, '/');
  if (DOTS.test(folded)) return refused('No part of it may be . or ..: write where they lead');
  return folded;
}

function decodes(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** A second `?` where a parameter begins: clients append `?v=1` to links that have a query already. */
const ANOTHER_MARK = /\?+(?=[A-Za-z_][\w.-]*=)/g;

function oneQuery(query: string): string {
  if (query === '') return query;
  return `?${query.replace(/^\?+/, '').replace(ANOTHER_MARK, '&')}`;
}

function withQuery(path: ReturnType<typeof canonicalPath>, query: string): Target {
  if (typeof path !== 'string') return path;
  const unreadable = query.includes('%') && !decodes(query) ? unreadableIn(query) : NONE;
  return { ok: true, path, query, unreadable };
}

function unreadableIn(query: string): readonly string[] {
  const pairs = query.slice(1).split('&');
  return pairs.filter((pair) => !decodes(pair)).map((pair) => pair.split('=', 1)[0] ?? '');
}
