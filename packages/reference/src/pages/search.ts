/** Searching the reference: every operation, every part of a guide and every error can be found. */
import { ERRORS, type ErrorCode } from '@parley/protocol';
import { CHAPTERS } from '../chapters.js';
import { pageCommands } from '../commands/page.js';
import type { ApiDescription } from '../describe.js';
import { guideNamed, guides } from '../guides.js';
import { operationSection } from './operation.js';
import { headingOf } from './operations-of.js';

export type PlaceKind = 'operation' | 'guide' | 'error';

export interface Place {
  readonly kind: PlaceKind;
  readonly href: string;
  readonly title: string;
  /** The address of an operation, the guide of a part, the number of an error. */
  readonly where: string;
  /** Title and address, in lower case: what is found here comes first. */
  readonly head: string;
  /** All that is said there but the examples, in lower case. */
  readonly text: string;
}

/** All places of the reference, in its order. */
export function placesOf(description: ApiDescription): readonly Place[] {
  const operations = CHAPTERS.flatMap(({ id, title: chapter }) =>
    pageCommands(description.api, chapter).operations.map((each) => {
      const { path, method, operation } = each.described;
      const href = `/docs/${id}#${operation.operationId}`;
      const where = `${method.toUpperCase()} ${path}`;
      const text = wordsOf(operationSection(description, each).text);
      return place('operation', href, headingOf(operation), where, text);
    }),
  );
  const parts = guides.flatMap(({ name, title }) => {
    const href = `/docs/guides/${name}`;
    const sections = guideNamed(name)?.sections ?? [];
    return [
      place('guide', href, title, 'Guide', ''),
      ...sections.map((each) =>
        place('guide', `${href}#${each.id}`, each.title, `Guide: ${title}`, each.words),
      ),
    ];
  });
  const errors = (Object.keys(ERRORS) as ErrorCode[]).map((code) => {
    const { status, internalCode, responseStatus, title, remedy } = ERRORS[code];
    const where = `${status} ${responseStatus}, internalCode ${internalCode}, ${code}`;
    return place('error', `/docs/errors#${code}`, title, where, remedy);
  });
  return [...operations, ...parts, ...errors];
}

function place(kind: PlaceKind, href: string, title: string, where: string, text: string): Place {
  const head = `${title} ${where}`.toLowerCase();
  return { kind, href, title, where, head, text: `${head} ${text.toLowerCase()}` };
}

/** The words of a section, without its errors and examples: these repeat each other. */
function wordsOf(section: string): string {
  return section
    .replaceAll(/<details class="errors">[\s\S]*$/g, ' ')
    .replaceAll(/<pre\b[\s\S]*?<\/pre>|<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

/** More words than these narrow nothing down. */
const MAX_WORDS = 8;

/** The places that have all words, those with them in title or address first. */
export function search(places: readonly Place[], query: string): readonly Place[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean).slice(0, MAX_WORDS);
  if (words.length === 0) return [];
  const found = places.filter(({ text }) => words.every((word) => text.includes(word)));
  const isAhead = ({ head }: Place) => words.every((word) => head.includes(word));
  return [...found.filter(isAhead), ...found.filter((each) => !isAhead(each))];
}
