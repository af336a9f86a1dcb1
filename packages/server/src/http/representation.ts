/** Which representation, and which version, a request asks for. */
import { chooseRepresentation, type Representation } from '@parley/protocol';
import type { AskedRequest } from './asked.js';
import { rawFacts } from './raw-request.js';

/** The version asked for, empty for none: the last one, when a client added its own to a link. */
export function versionOf({ query }: AskedRequest): string {
  const { v } = query as { readonly v?: string | readonly string[] };
  return typeof v === 'object' ? (v.at(-1) ?? '') : (v ?? '');
}

/** The representation to answer in; an error about a bad request still needs one. */
export function representationOf(request: AskedRequest): Representation | 'none' {
  return chooseRepresentation({
    suffix: rawFacts(request.raw).suffix,
    accept: request.headers.accept,
  });
}
