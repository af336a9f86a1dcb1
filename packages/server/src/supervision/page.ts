/** Lists of supervision that come in pages, with a link to the next. */
import { type Link, type Parameter, REL } from '@parley/protocol';
import type { AccountCall } from '../http/call.js';
import { queryInteger } from '../http/query.js';

/** How many come on a page. */
export interface PageSize {
  /** Unless fewer are asked for. */
  readonly usual: number;
  readonly max: number;
}

/** The query parameters that `pageOf` reads. */
export function pageQuery({
  usual,
  max,
}: PageSize): Readonly<Record<'offset' | 'limit', Parameter>> {
  return {
    offset: {
      description: 'How many to skip. Follow the link next instead of setting it yourself.',
      schema: { type: 'integer', minimum: 0 },
    },
    limit: {
      description: 'The maximum number to return.',
      schema: { type: 'integer', minimum: 1, maximum: max, default: usual },
    },
  };
}

/**
 * The page that is asked for.
 * @param path of the list, below the account
 * @param filters by which it was narrowed, as they stand in the query
 * @throws WireError 400 for an offset or a limit that is none
 */
export function pageOf<T>(
  call: AccountCall,
  path: string,
  filters: Readonly<Record<string, string | number | undefined>>,
  found: readonly T[],
  { usual, max }: PageSize,
): { readonly link: Link[]; readonly members: readonly T[] } {
  const offset = queryInteger(call, 'offset', { min: 0, max: Number.MAX_SAFE_INTEGER }) ?? 0;
  const limit = queryInteger(call, 'limit', { min: 1, max }) ?? usual;
  const at = (from: number) => {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...filters, offset: from, limit })) {
      if (value !== undefined) query.set(name, String(value));
    }
    return `${call.base}${path}?${query}`;
  };
  const end = offset + limit;
  return {
    link: [
      { href: at(offset), rel: REL.self },
      ...(end < found.length ? [{ href: at(end), rel: REL.next }] : []),
    ],
    members: found.slice(offset, end),
  };
}
