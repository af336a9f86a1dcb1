/** The language of the workspace, and how views say something in it. */
import { useCallback } from 'react';
import { useIntl } from 'react-intl';
import type { AdminTexts } from './admin/en.js';
import { en, type TextId, type Texts } from './en.js';

export type { TextId, Texts };

/** A language: the texts of the workspace, and those of its administration, which few people open. */
interface Language {
  readonly texts: () => Promise<Texts>;
  readonly admin: () => Promise<AdminTexts>;
}

const englishAdmin = async () => (await import('./admin/en.js')).en;

const ENGLISH: Language = { texts: () => Promise.resolve(en), admin: englishAdmin };

const LANGUAGES: Readonly<Record<string, Language>> = {
  en: ENGLISH,
  de: {
    texts: async () => (await import('./de.js')).de,
    admin: async () => (await import('./admin/de.js')).de,
  },
  // Longer, with accents, and marked at both ends: what is not translated, and what is cut, is seen.
  'en-XA': {
    texts: async () => (await import('./pseudo.js')).pseudo(en),
    admin: async () => (await import('./pseudo.js')).pseudo(await englishAdmin()),
  },
};

/** The texts of the page, loaded. */
export interface LoadedTexts {
  readonly locale: string;
  readonly texts: Texts;
  /** Loads those of the administration. */
  readonly admin: () => Promise<AdminTexts>;
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
      const { texts, admin } = found;
      return { locale: name === 'en-XA' ? 'en' : locale, texts: await texts(), admin };
    }
  }
  return { locale: 'en', texts: en, admin: ENGLISH.admin };
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
