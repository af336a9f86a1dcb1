/** The language of the workspace, and how views say something in it. */
import { useCallback } from 'react';
import { useIntl } from 'react-intl';
import type { AdminTexts } from './admin/en.js';
import type { BoardTexts } from './board/en.js';
import { en, type TextId, type Texts } from './en.js';
import type { ProgramTexts } from './programs/en.js';

export type { TextId, Texts };

/** A language: the texts of the workspace, and those of places that few people open. */
interface Language {
  readonly texts: () => Promise<Texts>;
  readonly admin: () => Promise<AdminTexts>;
  readonly board: () => Promise<BoardTexts>;
  readonly programs: () => Promise<ProgramTexts>;
}

const englishAdmin = async () => (await import('./admin/en.js')).en;
const englishBoard = async () => (await import('./board/en.js')).en;
const englishPrograms = async () => (await import('./programs/en.js')).en;

const ENGLISH: Language = {
  texts: () => Promise.resolve(en),
  admin: englishAdmin,
  board: englishBoard,
  programs: englishPrograms,
};

const LANGUAGES: Readonly<Record<string, Language>> = {
  en: ENGLISH,
  de: {
    texts: async () => (await import('./de.js')).de,
    admin: async () => (await import('./admin/de.js')).de,
    board: async () => (await import('./board/de.js')).de,
    programs: async () => (await import('./programs/de.js')).de,
  },
  // Longer, with accents, and marked at both ends: what is not translated, and what is cut, is seen.
  'en-XA': {
    texts: async () => (await import('./pseudo.js')).pseudo(en),
    admin: async () => (await import('./pseudo.js')).pseudo(await englishAdmin()),
    board: async () => (await import('./pseudo.js')).pseudo(await englishBoard()),
    programs: async () => (await import('./pseudo.js')).pseudo(await englishPrograms()),
  },
};

/** The texts of the page, loaded. */
export interface LoadedTexts {
  readonly locale: string;
  readonly texts: Texts;
  /** Loads those of the administration. */
  readonly admin: () => Promise<AdminTexts>;
  /** Loads those of the board. */
  readonly board: () => Promise<BoardTexts>;
  /** Loads those of the programs' page. */
  readonly programs: () => Promise<ProgramTexts>;
}

/**
 * The language to use: what the address says (`?lang=de`), else the first of the browser's that there is.
 * @param wanted BCP 47 tags, the best first
 */
export async function loadTexts(wanted: readonly string[]): Promise<LoadedTexts> {
  for (const locale of wanted) {
    const name = locale in LANGUAGES ? locale : locale.replace(/-.*/, '');
    const found = LANGUAGES[name];
    if (found !== undefined) {
      const { texts, ...later } = found;
      return { locale: name === 'en-XA' ? 'en' : locale, texts: await texts(), ...later };
    }
  }
  return { ...ENGLISH, locale: 'en', texts: en };
}

export type Say = (id: TextId, values?: Readonly<Record<string, string | number>>) => string;

/** Says texts in the language of the page. */
export function useTexts(): Say {
  const intl = useIntl();
  return useCallback<Say>((id, values) => intl.formatMessage({ id }, values), [intl]);
}

/**
 * A language tag as the platform's formats understand it; nothing for one that they would throw at, such
 * as the `en-US@posix` of some systems.
 */
export function readableTag(tag: string): readonly string[] {
  try {
    return Intl.getCanonicalLocales(tag.replace(/[@.].*/, ''));
  } catch {
    return [];
  }
}
