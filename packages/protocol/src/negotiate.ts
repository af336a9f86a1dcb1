/** Which spelling an answer gets: the path's suffix decides, else the Accept header. */

/** The three spellings of a document. */
export type Spelling = 'json' | 'xml' | 'hal';

/** What `Content-Type` says of each spelling. */
export const CONTENT_TYPES = {
  json: 'application/json; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
  hal: 'application/hal+json; charset=utf-8',
} as const satisfies Record<Spelling, string>;

/** Content type of an error in HAL's spelling (RFC 9457). */
export const PROBLEM_CONTENT_TYPE = 'application/problem+json; charset=utf-8';

/** The media types each spelling answers to, preferred spelling first. */
const OFFERS: readonly { readonly spelling: Spelling; readonly types: readonly string[] }[] = [
  { spelling: 'json', types: ['application/json'] },
  { spelling: 'xml', types: ['application/xml', 'text/xml'] },
  { spelling: 'hal', types: ['application/hal+json', 'application/problem+json'] },
];

interface Range {
  readonly type: string;
  /** 0 for the whole wildcard, 1 for a type's wildcard, 2 for a named type. */
  readonly precision: number;
  readonly quality: number;
  readonly place: number;
}

/**
 * The spelling to answer with; `none` when the client accepts none of them (406). A suffix overrides
 * the header. Among equals the client's more precise range wins, then its earlier one, then JSON.
 */
export function chooseSpelling(wish: {
  readonly suffix: 'json' | 'xml' | undefined;
  readonly accept: string | undefined;
}): Spelling | 'none' {
  if (wish.suffix !== undefined) return wish.suffix;
  const accept = wish.accept?.trim() ?? '';
  // Nearly every client sends one of these.
  if (accept === '' || accept === '*/*' || accept === 'application/json') return 'json';
  const ranges = accept.split(',').flatMap(parseRange);
  let best: { readonly spelling: Spelling; readonly range: Range } | undefined;
  for (const offer of OFFERS) {
    for (const type of offer.types) {
      const range = rangeFor(type, ranges);
      if (range === undefined || range.quality === 0) continue;
      if (best === undefined || isBetter(range, best.range)) {
        best = { spelling: offer.spelling, range };
      }
    }
  }
  return best?.spelling ?? 'none';
}

function parseRange(text: string, place: number): Range[] {
  const [name = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const type = name === '*' ? '*/*' : name;
  if (!/^[^\s/]+\/[^\s/]+$/.test(type)) return [];
  const given = parameters.find((parameter) => /^q\s*=/.test(parameter));
  const quality = given === undefined ? 1 : Number(given.slice(given.indexOf('=') + 1));
  const precision = type === '*/*' ? 0 : type.endsWith('/*') ? 1 : 2;
  return [{ type, precision, quality: quality >= 0 && quality <= 1 ? quality : 0, place }];
}

/** The most precise range that covers a type: it alone decides the type's quality. */
function rangeFor(type: string, ranges: readonly Range[]): Range | undefined {
  const wildcard = `${type.slice(0, type.indexOf('/'))}/*`;
  let best: Range | undefined;
  for (const range of ranges) {
    const covers = range.type === type || range.type === wildcard || range.type === '*/*';
    if (covers && (best === undefined || range.precision > best.precision)) best = range;
  }
  return best;
}

function isBetter(range: Range, than: Range): boolean {
  if (range.quality !== than.quality) return range.quality > than.quality;
  if (range.precision !== than.precision) return range.precision > than.precision;
  return range.place < than.place;
}
