import { describe, expect, it } from 'vitest';
import { blanksOf, cannedMatches, cannedTexts, filledIn } from '../src/compose/canned.js';
import { completingAt } from '../src/compose/completing.js';
import { marked } from '../src/compose/marks.js';

const text = (id: number, title: string, body: string) => ({ id, title, text: body });

describe('canned texts', () => {
  it('[DESK10] stand in the visitor’s language, else the page’s, else their first', () => {
    const content = {
      id: 1,
      name: 'Greeting',
      texts: [
        { language: 'en-US', text: 'Hello' },
        { language: 'de-DE', text: 'Hallo', title: 'Begrüßung' },
      ],
    };
    const titles = (...wanted: string[]) =>
      cannedTexts([content], wanted).map(({ title }) => title);
    expect(titles('de-AT', 'en')).toEqual(['Begrüßung']);
    expect(titles('fr', 'en-GB')).toEqual(['Greeting']);
    expect(titles('fr')).toEqual(['Greeting']);
    expect(cannedTexts([{ ...content, isEnabled: false }], ['en'])).toEqual([]);
  });

  it('[DESK10] are found by title before text, without accents, and by letters in order', () => {
    const all = [
      text(1, 'Opening hours', 'Returns are taken until five'),
      text(2, 'Free returns', '…'),
      text(3, 'Returns', '…'),
      text(4, 'Rückgabe', '…'),
    ];
    const found = (query: string) => cannedMatches(all, query).map(({ id }) => id);
    expect(found('ret')).toEqual([3, 2, 1]);
    expect(found('ruck')).toEqual([4]);
    expect(found('ophrs')).toEqual([1]);
    expect(found('')).toEqual([1, 2, 3, 4]);
  });

  it('[DESK10] keep in braces what nothing is known for', () => {
    const values = { visitorName: '', agentName: 'Anna', skillName: 'Sales' };
    const filled = filledIn(
      'Hello {visitorName}, {agentName} of {skillName}; {orderNumber}',
      values,
    );
    expect(filled).toBe('Hello {visitorName}, Anna of Sales; {orderNumber}');
    expect(blanksOf(filled)).toEqual(['{visitorName}', '{orderNumber}']);
    expect(blanksOf('if (a) { return; }')).toEqual([]);
  });

  it('[DESK10] are asked for by a slash at the beginning or after a space', () => {
    const query = (value: string) => completingAt(value, value.length)?.query ?? null;
    expect(query('/')).toBe('');
    expect(query('Well /grü')).toBe('grü');
    expect(query('and/or')).toBeNull();
    expect(query('/usr/bin')).toBeNull();
    expect(query('at 10:30')).toBeNull();
    expect(query('fine :smi')).toBe('smi');
    expect(completingAt('/gre', null)).toBeNull();
  });
});

describe('marks', () => {
  it('[DESK11] become HTML, with everything else escaped', () => {
    expect(marked('a **b** & _c_')).toEqual({
      text: 'a <b>b</b> &amp; <i>c</i>',
      textType: 'html',
    });
    expect(marked('**<img src=x>**\nnext').text).toBe('<b>&lt;img src=x&gt;</b><br>next');
    expect(marked('**see** https://a.example/?b="c').text).toBe(
      '<b>see</b> <a href="https://a.example/?b=">https://a.example/?b=</a>&quot;c',
    );
  });

  it('[DESK11] are none in a line without them, or inside names and addresses', () => {
    for (const plain of [
      '2 * 3 ** 4',
      'snake_case_name',
      'a __init__ b',
      'https://a.example/_x_/**y**',
      '<b>typed</b>',
    ]) {
      expect(marked(plain)).toEqual({ text: plain, textType: 'plain' });
    }
  });
});
