/** The language of the workspace, and how views say something in it. */
import { useCallback } from 'react';
import { useIntl } from 'react-intl';
import { en, type TextId, type Texts } from './en.js';

export type { TextId, Texts };

const LOADED: Readonly<Record<string, () => Promise<Texts>>> = {
  en: () => Promise.resolve(en),
  de: async () => (await import('./de.js')).de,
  // Longer, with accents, and marked at both ends: what is not translated, and what is cut, is seen.
  'en-XA': async () => (await import('./pseudo.js')).pseudo(en),
};

/**
 * The language to use: what the address says (`?lang=de`), else the first of the browser's that there is.
 * @param wanted BCP 47 tags, the best first
 */
export async function loadTexts(
  wanted: readonly string[],
): Promise<{ readonly locale: string; readonly texts: Texts }> {
  for (const locale of wanted) {
    const name = locale in LOADED ? locale : locale.replace(/-.*/, '');
    const load = LOADED[name];
    if (load !== undefined)
      return { locale: name === 'en-XA' ? 'en' : locale, texts: await load() };
  }
  return { locale: 'en', texts: en };
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
