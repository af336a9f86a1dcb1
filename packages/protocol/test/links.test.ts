import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isHarmful, isNoAddress, type LinkKind, readLink, withoutHarm } from '../src/links.js';

const kept = (kind: LinkKind, text: string) => {
  const result = readLink(kind, text);
  return result.ok ? result.text : null;
};

describe('addresses', () => {
  it.each([
    'https://example.com',
    'http://example.com/a/b?c=d#e',
    'https://example.com:8443/',
    'HTTPS://Example.com/',
    'http://localhost:3000/x',
    'http://127.0.0.1/',
    'https://[2001:db8::1]:443/x',
    'https://müller.example/straße?q=ä#ö',
    'https://example.com/@user/mail@x',
    'https://example.com/a?next=https://a.example/b\\c',
    'https://xn--mller-kva.example./',
    'https://example.com/%0A%E2%80%AE',
  ])('[LINKS1] %j is a web address', (address) => {
    for (const kind of ['link', 'page', 'picture'] as const)
      expect(kept(kind, address)).toBe(address);
  });

  it('[LINKS1] people may follow mail addresses and telephone numbers too', () => {
    for (const address of [
      'mailto:ann@example.com?subject=Hi%20there',
      'tel:+49-30-1234',
      'tel:*100#',
    ]) {
      expect([address, kept('link', address)]).toEqual([address, address]);
      expect(kept('page', address)).toBeNull();
      expect(kept('picture', address)).toBeNull();
    }
    expect(kept('endpoint', 'https://example.com/token')).toBe('https://example.com/token');
    expect(kept('endpoint', 'mailto:ann@example.com')).toBeNull();
  });

  it.each([
    ['www.example.com', 'https://www.example.com'],
    ['example.com/x?y', 'https://example.com/x?y'],
    ['example.com:8080/x', 'https://example.com:8080/x'],
    ['localhost:3000', 'https://localhost:3000'],
    ['//cdn.example.com/a.png', 'https://cdn.example.com/a.png'],
    [' https://example.com\n', 'https://example.com'],
    ['', ''],
  ])('[LINKS2] %j is %j', (given, address) => {
    expect(kept('link', given)).toBe(address);
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\tscript:alert(1)',
    'java\nscript:alert(1)',
    '\u0001javascript:alert(1)',
    'java\u200bscript:alert(1)',
    'javascript\u2028:alert(1)',
    'javascript://example.com/%0aalert(1)',
    'javascript:80',
    'javascript.x:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:msgbox(1)',
    'blob:https://example.com/x',
    'file:///etc/passwd',
    'intent://x#Intent;scheme=tel;end',
    'myapp://product/1',
    'ftp://example.com/',
    'about:blank',
    '&#106;avascript:alert(1)',
    '/x',
    './x',
    '#x',
    '?x',
    'x',
    'https:',
    'https:/example.com',
    'https:example.com',
    'https:///example.com',
    'https:\\\\example.com',
    'https://\\example.com',
    'https://example.com\\@evil.example',
    'https://a b',
    'https://',
    'https://:80/',
    'https://example.com:99999/',
    'https://exa%6dple.com/',
    'https://example。com/',
    'https://example.com/\u202egpj.exe',
    'https://example.com/a\u200bb',
    'https://example.com/\u0000',
    'https://example.com/\u{e0061}',
    'https://user:password@example.com/',
    'https://bank.example@evil.example/',
    'bank.example@evil.example',
    'mailto:',
    'mailto:"a"<b@example.com>',
    'tel:',
    'tel:alert(1)',
    '//user@evil.example',
    '///evil.example',
    '\\\\evil.example',
  ])('[LINKS1] %j is none', (text) => {
    for (const kind of ['link', 'page', 'picture', 'endpoint'] as const) {
      expect(kept(kind, text)).toBeNull();
    }
  });

  it('[LINKS1] whatever passes leads where it says, also by the platform’s own reading', () => {
    const parts = fc.constantFrom(
      ...[
        'https',
        'http',
        'javascript',
        'data',
        ':',
        '//',
        '/',
        '\\',
        '@',
        'example.com',
        'evil.example',
      ],
      ...[
        'a',
        '%0a',
        '%6a',
        '?',
        '#',
        '\t',
        '\u200b',
        '\u202e',
        '。',
        '[::1]',
        '.',
        ':80',
        '&#58;',
        ' ',
      ],
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 8 }), (list) => {
        const address = kept('link', list.join(''));
        if (address === null || address === '') return;
        if (/^(?:mailto|tel):/i.test(address)) return;
        const url = new URL(address);
        expect(['https:', 'http:']).toContain(url.protocol);
        expect([url.username, url.password]).toEqual(['', '']);
        const [, host = ''] = /^https?:\/\/([^/?#]*)/i.exec(address) ?? [];
        expect(new URL(`https://${host}`).hostname).toBe(url.hostname);
        expect(kept('link', address)).toBe(address);
      }),
      { numRuns: 20_000 },
    );
  });

  it('[LINKS1] the refusal says what it must be, and shows what is hidden', () => {
    expect(readLink('picture', 'javascript:x')).toMatchObject({
      problem: 'must be an address with https: or http:, got "javascript:x"',
    });
    expect(readLink('link', 'https://a.example/\u202e')).toMatchObject({
      problem:
        'must be an address without control, invisible or direction-changing characters, got "https://a.example/\\u202e"',
    });
    expect(readLink('page', 'https://a:b@c.example')).toMatchObject({
      problem: 'must be an address without a user name or password, got "https://a:b@c.example"',
    });
  });

  it('a text that is no address at all is distinguished from one that leads somewhere', () => {
    expect(['specific uri for iOS', 'here', 'x y.'].map(isNoAddress)).toEqual([true, true, true]);
    const addresses = ['javascript:x', 'www.example.com', '/x', 'my app://x', 'java\nscript:x'];
    expect(addresses.map(isNoAddress)).toEqual([false, false, false, false, false]);
  });
});

describe('JSON of others', () => {
  it('[LINKS3] addresses stand where their key says so, and harmful ones nowhere', () => {
    const good = {
      text: 'javascript: the good parts',
      title: 'data:text/html,x',
      any: {
        uri: 'https://example.com',
        href: 'mailto:a@b.example',
        list: ['a', { b: 'data: 5' }],
      },
      imageUrl: 'www.example.com/a.png',
      count: 1,
      nothing: null,
    };
    expect(withoutHarm(good)).toBe(good);
    const bad = {
      any: { uri: 'javascript:x', deep: [{ imageUrl: 'data:image/png;base64,x' }, 'kept'] },
      next: 'java\tscript:alert(1)',
      urls: ['https://a.example', 'vbscript:x'],
      other: ['data:text/html,x', 'blob:x'],
    };
    expect(withoutHarm(bad)).toEqual({
      any: { uri: '', deep: [{ imageUrl: '' }, 'kept'] },
      next: '',
      urls: ['https://a.example', ''],
      other: ['', ''],
    });
    expect(withoutHarm(withoutHarm(bad))).toEqual(withoutHarm(bad));
  });

  it('[LINKS3] harmful ones are known in any disguise', () => {
    for (const text of [
      'JAVASCRIPT:x',
      ' java\u200bscript:x',
      'data:,x',
      'data:text/html;x',
      'FILE:///x',
    ]) {
      expect([text, isHarmful(text)]).toEqual([text, true]);
    }
    for (const text of ['data: 5', 'file: a.txt', 'https://x', 'a javascript:x']) {
      expect([text, isHarmful(text)]).toEqual([text, false]);
    }
  });
});
