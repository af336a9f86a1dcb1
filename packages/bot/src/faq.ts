/** Answers from a folder of Markdown: each heading is a question, what stands below it the answer. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { marked, type Token } from 'marked';
import MiniSearch from 'minisearch';
import type { Middleware } from './composer.js';
import type { BotContext } from './context.js';
import type { ContextOf } from './events.js';

export interface FaqOptions {
  /** Words that say nothing of what is asked. By default the most common ones of English and German. */
  readonly ignore?: readonly string[];
  /** Least share of the question's words that an answer must have, above 0 up to 1; 0.5 by default. */
  readonly minConfidence?: number;
}

/** An answer, as it stands in the folder. */
export interface FaqAnswer {
  /** The heading. */
  readonly title: string;
  /** What stands below it, as Markdown. */
  readonly text: string;
  /** The same as HTML, for `ctx.reply(html, { as: 'html' })`. */
  readonly html: string;
  /** The file, below the folder. */
  readonly source: string;
  /** Share of the question's words that it has, 0 to 1. */
  readonly confidence: number;
}

export interface Faq {
  /** How many answers there are. */
  readonly size: number;
  /** The best answer; null where none is good enough. */
  find(question: string): FaqAnswer | null;
  /** All that are good enough, the best first. */
  search(question: string, limit?: number): readonly FaqAnswer[];
  /** Replies with the best answer, and leaves lines without one to the next handler. */
  readonly answers: <S>(ctx: ContextOf<S, 'line:visitor'>, next: () => Promise<void>) => unknown;
}

type Entry = Omit<FaqAnswer, 'confidence'> & { readonly id: number };

const COMMON =
  'a about an and are at be by can could do does for from get has have hello hi how i if in is it me my of ' +
  'on or our please the their them there they this to us was we were what when where which who why will with ' +
  'would you your yours am any been did had has need tell want ' +
  'aber auf aus bei bin bitte da das dass dem den der des die ein eine einen er es für gibt habe haben hallo ' +
  'ich ihr im in ist kann können man mein meine mir mit nach oder sie sind und von wann was wer wie wir wo zu';

/**
 * Reads a folder, and what is below it, once.
 * @throws Error when there is no answer in it; what reading a folder throws.
 */
export async function faq(folder: string, options: FaqOptions = {}): Promise<Faq> {
  const { ignore = COMMON.split(' '), minConfidence = 0.5 } = options;
  const files = (await readdir(folder, { recursive: true })).filter((name) => /\.md$/i.test(name));
  const sections = await Promise.all(
    files.sort().map(async (name) => sectionsOf(await readFile(join(folder, name), 'utf8'), name)),
  );
  const entries: readonly Entry[] = sections.flat().map((section, id) => ({ ...section, id }));
  if (entries.length === 0) {
    throw new Error(
      `There is no answer in ${folder}: it needs .md files with text below headings.`,
    );
  }
  const ignored = new Set(ignore);
  const index = new MiniSearch<Entry>({
    fields: ['title', 'text'],
    processTerm: (term) => {
      const word = term.toLowerCase();
      return ignored.has(word) ? null : word;
    },
    searchOptions: {
      boost: { title: 2 },
      prefix: (term) => term.length > 3,
      fuzzy: (term) => (term.length > 4 ? 0.2 : false),
    },
  });
  index.addAll(entries);
  const split = MiniSearch.getDefault('tokenize') as (text: string) => string[];
  const search = (question: string, limit = 3): readonly FaqAnswer[] => {
    const words = new Set(split(question).map((word) => word.toLowerCase()));
    const asked = [...words].filter((word) => word !== '' && !ignored.has(word)).length;
    return index
      .search(question)
      .map(({ id, queryTerms }) => ({ id, confidence: new Set(queryTerms).size / asked }))
      .filter(({ confidence }) => confidence >= minConfidence)
      .slice(0, limit)
      .flatMap(({ id, confidence }) => {
        const { id: _, ...entry } = entries[id as number] as Entry;
        return [{ ...entry, confidence }];
      });
  };
  const find = (question: string) => search(question, 1)[0] ?? null;
  const answers: Middleware<BotContext<unknown> & { readonly line: { readonly text: string } }> = (
    ctx,
    next,
  ) => {
    const answer = find(ctx.line.text);
    return answer === null ? next() : ctx.reply(answer.html, { as: 'html' });
  };
  return { size: entries.length, find, search, answers: answers as Faq['answers'] };
}

/** The headings of a document that have text of their own. */
function sectionsOf(markdown: string, source: string): Omit<Entry, 'id'>[] {
  const sections: { title: string; tokens: Token[] }[] = [];
  for (const token of marked.lexer(markdown)) {
    if (token.type === 'heading') sections.push({ title: String(token['text']), tokens: [] });
    else sections.at(-1)?.tokens.push(token);
  }
  return sections.flatMap(({ title, tokens }) => {
    const text = tokens
      .map(({ raw }) => raw)
      .join('')
      .trim();
    return text === '' ? [] : [{ title, text, html: marked.parser(tokens).trim(), source }];
  });
}
