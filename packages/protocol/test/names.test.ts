import { describe, expect, it } from 'vitest';
import { keptName, nameProblem } from '../src/names.js';
import { linesOf, oneLine, quoted, visible, visibleLines } from '../src/visible-text.js';

const problemOf = (name: string) => nameProblem(keptName(name));

describe('names', () => {
  it.each([
    'Ann',
    'O’Brien-Smith, Jr.',
    'Nguye\u0302\u0303n',
    'יוסי כהן',
    'محمد',
    '李小龍',
    // A Japanese name in its own form of an ideograph, Persian and Sinhala words with their joiners.
    '葛\u{e0100}城',
    'می\u200cخواهم',
    'ශ්\u200dරී',
    'क्\u200dष',
    '👩‍💻 Ann',
    '👩🏽‍❤️‍💋‍👨🏿',
    '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
    '🇩🇪',
    '1️⃣',
    '❤️',
    '—',
    'x\u00a0y',
  ])('[NAME1] %j is a name', (name) => {
    expect(problemOf(name)).toBeNull();
  });

  it.each([
    ['\u202Eevil', 'U+202E'],
    ['a\u2066b', 'U+2066'],
    ['a\u200fb', 'U+200F'],
    ['a\u200bb', 'U+200B'],
    ['a\u200db', 'U+200D'],
    ['a\u200cb', 'U+200C'],
    ['مر\u200dحبا', 'U+200D'],
    ['1\u200d1', 'U+200D'],
    ['a\ufe0f', 'U+FE0F'],
    ['so\u00adft', 'U+00AD'],
    ['a\u3164b', 'U+3164'],
    // Text hidden in tags, behind a flag or alone.
    ['🏴\u{e0061}\u{e0062}\u{e007f}', 'U+E0061'],
    ['x\u{e0061}', 'U+E0061'],
    ['Ann\nAgent: yes', 'U+000A'],
    ['Ann\u2028Agent: yes', 'U+2028'],
    ['Ann\u0085Agent: yes', 'U+0085'],
    ['Ann\u000bAgent: yes', 'U+000B'],
    ['a\tb', 'U+0009'],
    ['\u001b[31mred', 'U+001B'],
    ['\u009b31mred', 'U+009B'],
    ['\ud800', 'U+D800'],
  ])('[NAME1] %j is none: it has %s in it', (name, hidden) => {
    expect(problemOf(name)).toBe(
      `must be one line without invisible, control or direction-changing characters, got ${hidden} in it`,
    );
  });

  it.each(['', ' \t', '\u00a0\u3000', '\u2800', '\u0301', '\ufeff'])(
    '[NAME1] %j is blank',
    (name) => {
      expect(problemOf(name)).toBe('must have something to read in it');
    },
  );

  it('[NAME2] a name is kept composed, without spaces around it', () => {
    expect(keptName('  Jose\u0301 ')).toBe('José');
    expect(keptName('\u2003Ann\u3000')).toBe('Ann');
  });
});

describe('text in lines', () => {
  it('[NAME3] whatever breaks a line anywhere is written out, or a space', () => {
    const breaks = ['\n', '\r', '\r\n', '\v', '\f', '\u0085', '\u2028', '\u2029'];
    for (const mark of breaks) {
      expect(linesOf(`a${mark}b`)).toEqual(['a', 'b']);
      expect(oneLine(`a${mark}b`)).toBe('a b');
      expect(linesOf(visible(`a${mark}b`))).toHaveLength(1);
    }
    expect(visible('a\nb\u2028c')).toBe('a\\u000ab\\u2028c');
    expect(visibleLines('a\nb\u2028c')).toBe('a\nb\\u2028c');
  });

  it('[NAME3] so is what moves a terminal’s cursor or turns the direction of writing', () => {
    expect(visible('\u001b[2J\u009b2J\u0007')).toBe('\\u001b[2J\\u009b2J\\u0007');
    expect(visible('\u202Eevil\u2066')).toBe('\\u202eevil\\u2066');
    expect(visible('x\u{e0061}')).toBe('x\\udb40\\udc61');
    expect(oneLine('\u202Eevil\u0007')).toBe('evil');
  });

  it('[NAME3] scripts and emoji stay as they are', () => {
    for (const text of ['👩‍💻 می\u200cخواهم', 'é\u00a0ß', '❤️']) expect(visible(text)).toBe(text);
  });

  it('[NAME3] inside of JSON it stays the same text', () => {
    const text = 'a\u0085b\u009b\u2028\u202e\u{e0061}"\\';
    expect(JSON.parse(visible(JSON.stringify(text)))).toBe(text);
  });

  it('what a caller sent is shown in quotes, shortened', () => {
    expect(quoted('a\u0000"b')).toBe('"a\\u0000"b"');
    expect(quoted('x'.repeat(81))).toBe(`"${'x'.repeat(77)}..."`);
    expect(quoted('👋'.repeat(81))).toBe(`"${'👋'.repeat(77)}..."`);
    expect(quoted('x'.repeat(80))).toBe(`"${'x'.repeat(80)}"`);
  });
});
