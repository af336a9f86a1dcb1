import { describe, expect, it } from 'vitest';
import { de as adminDe } from '../src/texts/admin/de.js';
import { en as adminEn } from '../src/texts/admin/en.js';
import { de as boardDe } from '../src/texts/board/de.js';
import { en as boardEn } from '../src/texts/board/en.js';
import { de } from '../src/texts/de.js';
import { en } from '../src/texts/en.js';
import { loadTexts, readableTag } from '../src/texts/index.js';
import { pseudo } from '../src/texts/pseudo.js';

/** The names that stand in braces. */
const names = (text: string) =>
  [...new Set(text.match(/\{(\w+)/g))].filter((name) => !/#/.test(name)).sort();

describe('texts', () => {
  it('[DESK9] German says everything that English says, with the same values', () => {
    for (const [english, german] of [
      [en, de],
      [adminEn, adminDe],
      [boardEn, boardDe],
    ] as readonly (readonly [Record<string, string>, Record<string, string>])[]) {
      expect(Object.keys(german).sort()).toEqual(Object.keys(english).sort());
      for (const [id, text] of Object.entries(english)) {
        const plain = (each: string) => names(each.replace(/(=0|one|other) \{[^}]*\}/g, ''));
        expect([id, plain(german[id] ?? '')]).toEqual([id, plain(text)]);
      }
    }
  });

  it('[DESK9] takes the first language that there is, with its region; else English', async () => {
    expect(await loadTexts(['fr', 'de-AT', 'en'])).toMatchObject({ locale: 'de-AT', texts: de });
    expect(await loadTexts(['fr'])).toMatchObject({ locale: 'en', texts: en });
  });

  it('[DESK9] the language for tests keeps what is filled in', () => {
    const texts = pseudo(en);
    expect(texts['chat.typing']).toBe('⟦{name} íš týpíñg ~~~⟧');
    expect(texts['chat.new']).toContain(en['chat.new']);
  });

  it('are found for languages that are spelled as some systems do', async () => {
    const wanted = ['en-US@posix', 'C', '', 'de_AT.UTF-8', 'de-AT'].flatMap(readableTag);
    expect(wanted).toEqual(['en-US', 'de-AT']);
    expect(() => new Intl.DateTimeFormat(wanted)).not.toThrow();
    expect((await loadTexts(wanted)).locale).toBe('en-US');
  });
});
