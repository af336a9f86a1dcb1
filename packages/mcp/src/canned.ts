/** Canned texts, found by words. */

/** A canned text, as the configuration has it. */
export interface CannedText {
  readonly name?: string;
  readonly isEnabled?: boolean;
  readonly texts?: readonly { readonly language: string; readonly text: string }[];
}

/** What of them is shown. */
export interface FoundText {
  readonly name: string;
  readonly language: string;
  readonly text: string;
}

const MAX_FOUND = 10;

const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/**
 * @param language a BCP 47 tag; null for any
 * @returns those with the most different words of the query first; those without any are left out
 */
export function searchCanned(
  canned: readonly CannedText[],
  query: string,
  language: string | null,
): readonly FoundText[] {
  const wanted = new Set(wordsOf(query));
  return canned
    .filter(({ isEnabled }) => isEnabled !== false)
    .flatMap(({ name = '', texts = [] }) => texts.map((each) => ({ name, ...each })))
    .filter((each) => language === null || each.language.split('-')[0] === language.split('-')[0])
    .map(({ name, language: tag, text }) => {
      const words = new Set(wordsOf(`${name} ${text}`));
      const hits = [...wanted].filter((word) => words.has(word)).length;
      return { hits, found: { name, language: tag, text } };
    })
    .filter(({ hits }) => wanted.size === 0 || hits > 0)
    .sort((one, other) => other.hits - one.hits)
    .slice(0, MAX_FOUND)
    .map(({ found }) => found);
}
