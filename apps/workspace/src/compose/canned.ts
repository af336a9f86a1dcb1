/** Texts that agents say often: found by what is typed, and filled in for the chat. */

/** A canned text as it is configured. */
export interface CannedContent {
  readonly id: number;
  readonly name?: string | undefined;
  readonly isEnabled?: boolean | undefined;
  readonly texts?:
    | readonly {
        readonly language: string;
        readonly text: string;
        readonly title?: string | undefined;
      }[]
    | undefined;
}

/** A canned text in the language that fits a chat best. */
export interface CannedText {
  readonly id: number;
  readonly title: string;
  readonly text: string;
}

/** What placeholders of the account's texts stand for. */
export interface CannedValues {
  readonly visitorName: string;
  readonly agentName: string;
  readonly skillName: string;
}

const PLACEHOLDER = /\{([\p{L}_][\p{L}\p{N}_ .-]{0,39})\}/gu;

/**
 * Each enabled content in one language: the visitor's, else that of the page, else its first.
 * @param wanted BCP 47 tags, the best first
 */
export function cannedTexts(
  contents: readonly CannedContent[],
  wanted: readonly string[],
): readonly CannedText[] {
  return contents.flatMap(({ id, name, isEnabled, texts = [] }) => {
    const found =
      wanted
        .flatMap((tag) => [
          texts.find(({ language }) => same(language, tag)),
          texts.find(({ language }) => same(base(language), base(tag))),
        ])
        .find((each) => each !== undefined) ?? texts[0];
    if (found === undefined || isEnabled === false) return [];
    return [{ id, title: found.title || name || '', text: found.text }];
  });
}

/**
 * Those that fit what is typed, the best first: by title before by text, a beginning before what stands
 * within, and that before letters that only come in this order.
 */
export function cannedMatches(texts: readonly CannedText[], query: string): readonly CannedText[] {
  const wanted = fold(query);
  if (wanted === '') return texts;
  return texts
    .map((each) => ({ each, rank: rankOf(each, wanted) }))
    .filter(({ rank }) => rank !== null)
    .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0))
    .map(({ each }) => each);
}

function rankOf({ title, text }: CannedText, wanted: string): number | null {
  const name = fold(title);
  if (name.startsWith(wanted)) return 0;
  if (name.includes(wanted)) return 1;
  if (fold(text).includes(wanted)) return 2;
  return inOrder(name, wanted) ? 3 : null;
}

function inOrder(text: string, wanted: string): boolean {
  let at = 0;
  for (const letter of text) if (letter === wanted[at]) at += 1;
  return at === wanted.length;
}

/** Without accents, in small letters. */
export function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** The text for a chat. What nothing is known for stays in its braces, for the agent to fill in. */
export function filledIn(text: string, values: CannedValues): string {
  const known = new Map(Object.entries(values).filter(([, value]) => value !== ''));
  return text.replace(PLACEHOLDER, (whole, name: string) => known.get(name) ?? whole);
}

/** The placeholders that a text still has, braces included. */
export function blanksOf(text: string): readonly string[] {
  return [...new Set(text.match(PLACEHOLDER))];
}

const base = (tag: string) => tag.replace(/[-_].*/, '');
const same = (a: string, b: string) => a !== '' && a.toLowerCase() === b.toLowerCase();
