/** The emoji, loaded when they are first needed. */
import { useEffect, useState } from 'react';
import { fold } from './canned.js';

type All = typeof import('./emoji.js').EMOJI;

/** One that fits. */
export interface Emoji {
  readonly sign: string;
  /** Its name in the language of the page. */
  readonly name: string;
}

let loading: Promise<All> | null = null;

/** @param wanted whether they are needed now; empty until they are there */
export function useEmoji(wanted: boolean): All {
  const [all, setAll] = useState<All>([]);
  useEffect(() => {
    if (!wanted || all.length > 0) return;
    let gone = false;
    loading ??= import('./emoji.js').then(({ EMOJI }) => EMOJI);
    void loading.then((value) => {
      if (!gone) setAll(value);
    });
    return () => {
      gone = true;
    };
  }, [wanted, all]);
  return all;
}

/** Those whose words begin with what is typed, in the page's language or in English. */
export function emojiMatches(all: All, query: string, locale: string): readonly Emoji[] {
  const wanted = fold(query.trim());
  const german = locale.startsWith('de');
  return all
    .filter(([, en, de]) =>
      `${en} ${german ? de : ''}`.split(' ').some((word) => fold(word).startsWith(wanted)),
    )
    .map(([sign, en, de]) => ({ sign, name: german ? de : en }));
}
