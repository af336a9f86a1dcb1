/** Searching the reference: every operation and every error is a place that can be found. */
import { ERRORS, type ErrorCode } from '@parley/protocol';
import { CHAPTERS } from '../chapters.js';
import type { OpenApi } from '../openapi.js';
import { operationSection } from './operation.js';
import { headingOf, operationsOf } from './operations-of.js';

export interface Place {
  readonly href: string;
  readonly title: string;
  /** The address of an operation, the number of an error. */
  readonly where: string;
  /** Title and address, in lower case: what is found here comes first. */
  readonly head: string;
  /** All that is said there but the examples, in lower case. */
  readonly text: string;
}

/** All places of the reference, in its order. */
export function placesOf(api: OpenApi): readonly Place[] {
  const operations = CHAPTERS.flatMap(({ id, title: chapter }) =>
    operationsOf(api, chapter).map((described) => {
      const { path, method, operation } = described;
      const href = `/docs/${id}#${operation.operationId}`;
      const where = `${method.toUpperCase()} ${path}`;
      const text = wordsOf(operationSection(api, described).text);
      return place(href, headingOf(operation), where, text);
    }),
  );
  const errors = (Object.keys(ERRORS) as ErrorCode[]).map((code) => {
    const { status, internalCode, responseStatus, title, remedy } = ERRORS[code];
    const where = `${status} ${responseStatus}, internalCode ${internalCode}, ${code}`;
    return place(`/docs/errors#${code}`, title, where, remedy);
  });
  return [...operations, ...errors];
}

function place(href: string, title: string, where: string, text: string): Place {
  const head = `${title} ${where}`.toLowerCase();
  return { href, title, where, head, text: `${head} ${text.toLowerCase()}` };
}

/** The words of a section, without its examples: these repeat each other. */
function wordsOf(section: string): string {
  return section
    .replaceAll(/<pre>[\s\S]*?<\/pre>|<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

/** More words than these narrow nothing down. */
const MOST_WORDS = 8;

/** The places that have all words, those with them in title or address first. */
export function search(places: readonly Place[], query: string): readonly Place[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean).slice(0, MOST_WORDS);
  if (words.length === 0) return [];
  const found = places.filter(({ text }) => words.every((word) => text.includes(word)));
  const isAhead = ({ head }: Place) => words.every((word) => head.includes(word));
  return [...found.filter(isAhead), ...found.filter((each) => !isAhead(each))];
}
