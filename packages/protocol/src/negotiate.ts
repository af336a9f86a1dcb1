/** Which representation an answer gets: the path's suffix decides, else the Accept header. */
import Negotiator from 'negotiator';

/** The three representations of a document. */
export type Representation = 'json' | 'xml' | 'hal';

/** What `Content-Type` says of each representation. */
export const CONTENT_TYPES = {
  json: 'application/json; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
  hal: 'application/hal+json; charset=utf-8',
} as const satisfies Record<Representation, string>;

/** Content type of an error in HAL (RFC 9457). */
export const PROBLEM_CONTENT_TYPE = 'application/problem+json; charset=utf-8';

/** The media types each representation answers to, the preferred ones first. */
const OFFERS: ReadonlyMap<string, Representation> = new Map([
  ['application/json', 'json'],
  ['application/xml', 'xml'],
  ['text/xml', 'xml'],
  ['application/hal+json', 'hal'],
  ['application/problem+json', 'hal'],
]);
const TYPES = [...OFFERS.keys()];

/** Parameters of media ranges other than `q`: `charset`, `version` and the like change nothing here. */
const OTHER_PARAMETERS = /;(?!\s*q\s*=)[^;,="]*(?:=(?:"[^"]*"|[^;,]*))?/gi;

/**
 * The representation to answer with; `none` when the client accepts none of them (406). A suffix overrides
 * the header. Among equals the client's more precise range wins, then its earlier one, then JSON.
 */
export function chooseRepresentation(accepted: {
  readonly suffix: 'json' | 'xml' | undefined;
  readonly accept: string | undefined;
}): Representation | 'none' {
  if (accepted.suffix !== undefined) return accepted.suffix;
  const accept = accepted.accept?.trim() ?? '';
  // Nearly every client sends one of these.
  if (accept === '' || accept === '*/*' || accept === 'application/json') return 'json';
  const plain = accept
    .replace(OTHER_PARAMETERS, '')
    // As Java's own client has it.
    .replace(/(^|,)\s*\*\s*(?=[;,]|$)/g, '$1*/*');
  const [best = ''] = new Negotiator({ headers: { accept: plain } }).mediaTypes(TYPES);
  return OFFERS.get(best) ?? 'none';
}
