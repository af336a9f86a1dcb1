import { describe, expect, it } from 'vitest';
import { givenName } from '../src/state/visitor-name.js';
import { en } from '../src/texts/en.js';
import { visitFacts } from '../src/view/visit-facts.js';

const read = (facts: Readonly<Record<string, string>>, language = '') =>
  visitFacts(facts, {
    say: (id) => en[id],
    date: (time) => `on ${time.slice(0, 10)}`,
    length: (seconds) => `${seconds} s`,
    link: (address) => (address.startsWith('https:') ? address : null),
    language,
  }).map(({ name, value, href }) => (href === null ? [name, value] : [name, value, href]));

describe('what is known of a visitor', () => {
  it('[DESK33] has names in the language of the page, dates and lengths as people read them', () => {
    expect(
      read({
        device: 'SMART_TV',
        startTime: '2026-11-26T20:00:00Z',
        timeOnSite: '14',
        screenSize: '1920x1080',
        userAgent: 'Mozilla/5.0',
        referrer: '',
      }),
    ).toEqual([
      ['Device', 'Smart tv'],
      ['First seen', 'on 2026-11-26'],
      ['Time on site', '14 s'],
      ['Screen size', '1920x1080'],
    ]);
  });

  it('[DESK33] says nothing twice: a page that is on screen still, the language beside the name', () => {
    const page = 'https://www.shop.example/lamps/';
    const other = 'https://shop.example/';
    expect(
      read({ currentPage: page, entryPage: other, chatPage: page, language: 'de' }, 'de'),
    ).toEqual([
      ['Now on', 'shop.example/lamps', page],
      ['First page', 'shop.example', other],
    ]);
    expect(read({ language: 'de' }, 'en')).toEqual([['Language', 'de']]);
  });

  it('[DESK34] has no name unless one was given', () => {
    expect([givenName('visitor'), givenName(undefined), givenName('Vera')]).toEqual([
      '',
      '',
      'Vera',
    ]);
  });
});
