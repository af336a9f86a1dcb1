/** The parts of the suite that can be wrong by themselves. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Answer } from '../src/answer.js';
import { curlOf } from '../src/curl.js';
import { ruleIds } from '../src/index.js';
import { Secrets } from '../src/secrets.js';
import { signature } from '../src/signature.js';
import { parseXml } from '../src/xml.js';

const PAGES = new URL('../../../spec/', import.meta.url);

/** The ids of all rules that are written down. */
function writtenRules(): ReadonlySet<string> {
  const ids = readdirSync(PAGES)
    .filter((name) => name.endsWith('.md'))
    .map((name) => readFileSync(new URL(name, PAGES), 'utf8'))
    .flatMap((text) => [...text.matchAll(/^\s*[-*] \*\*\[([A-Z]+\d+)\]\*\*/gm)])
    .map(([, id = '']) => id);
  return new Set(ids);
}

describe('the suite', () => {
  it('[CONFORM11] proves rules that are written down', () => {
    const written = writtenRules();
    expect(ruleIds().filter((id) => !written.has(id))).toEqual([]);
    expect(ruleIds().length).toBeGreaterThan(150);
  });

  it('[CONFORM12] shows a request as a command that a shell understands', () => {
    const body = `{"text":"it's"}`;
    const headers = { Accept: '*/*', 'X-Empty': '' };
    expect(curlOf({ method: 'PUT', url: 'https://x/?a=1&b=2', headers, body })).toBe(
      `curl -sS -i -X PUT -H 'Accept: */*' -H 'X-Empty;' --data-binary '{"text":"it'\\''s"}' 'https://x/?a=1&b=2'`,
    );
    expect(curlOf({ method: 'GET', url: 'https://x/', headers: {}, body: undefined })).toBe(
      "curl -sS -i 'https://x/'",
    );
    const long = curlOf({
      method: 'POST',
      url: 'https://x/',
      headers: {},
      body: 'y'.repeat(9_000),
    });
    expect(long.length).toBeLessThan(1_000);
  });

  it('[CONFORM9] masks a secret however it is spelled, the longer one first', () => {
    const secrets = new Secrets();
    for (const secret of ['a b&c', 'say "hi"', 'pass', 'password', '', 'abc']) secrets.add(secret);
    expect(secrets.mask('?k=a%20b%26c k=a b&c "say \\"hi\\"" password pass abc')).toBe(
      '?k=*** k=*** "***" *** *** abc',
    );
  });
});

describe('signatures', () => {
  it('[CONFORM13] are those of OAuth 1.0a, as a published example has it', () => {
    // The example of https://developer.x.com/en/docs/authentication/oauth-1-0a/creating-a-signature,
    // with its form fields in the query, where they are signed the same.
    const header = signature({
      method: 'POST',
      url: 'https://api.twitter.com/1.1/statuses/update.json?include_entities=true&status=Hello%20Ladies%20%2B%20Gentlemen%2C%20a%20signed%20OAuth%20request%21',
      key: {
        username: '',
        appKey: 'xvz1evFS4wEEPTGEFPHBog',
        secret: 'kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw',
        accessToken: '370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb',
        accessTokenSecret: 'LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE',
      },
      timestamp: 1318622958,
      nonce: 'kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg',
    });
    expect(header).toContain('oauth_signature="hCtSmYh%2BiHYCEqBWrE7C7hYmtUk%3D"');
    expect(header).toMatch(/^OAuth oauth_consumer_key="xvz1evFS4wEEPTGEFPHBog", /);
  });
});

describe('reading XML', () => {
  it('[CONFORM14] gives elements, attributes, texts and references', () => {
    const root = parseXml(
      `<?xml version="1.0"?><a x="1 &amp; 2" y='"'>t<b/><!-- no --><c>&lt;&#65;&#x1F389;</c><![CDATA[<raw>]]></a>`,
    );
    expect([root.name, [...root.attributes], root.text]).toEqual([
      'a',
      [
        ['x', '1 & 2'],
        ['y', '"'],
      ],
      't<raw>',
    ]);
    expect(root.children.map(({ name, text }) => [name, text])).toEqual([
      ['b', ''],
      ['c', '<A🎉'],
    ]);
  });

  it.each([
    ['', 'Start tag expected'],
    ['text', 'not well-formed'],
    ['<a>', 'not well-formed'],
    ['<a></b>', "Expected closing tag 'a'"],
    ['</a>', 'has not been opened'],
    ['<a/><b/>', 'one root'],
    ['<a></a><b></b>', 'not well-formed'],
    ['<a/>text', 'behind the root'],
    ['text<a/>', 'not well-formed'],
    ['<![CDATA[a]]>', 'not well-formed'],
    ['<a>&nope;</a>', 'no reference'],
    ['<a>& b</a>', 'not well-formed'],
    ['<a>&amp</a>', 'not well-formed'],
    ['<a x="&nope;"/>', 'no reference'],
    ['<a>&#0;</a>', 'no reference'],
    ['<a>&#x110000;</a>', 'no reference'],
    ['<a>&#xD800;</a>', 'no reference'],
    ['<a x=1/>', 'not well-formed'],
    ['<a x="1" x="2"/>', 'repeated'],
    ['<!DOCTYPE a><a/>', 'document type'],
    ['<a><b</a>', 'not well-formed'],
    ['<a>\u0001</a>', 'no character'],
    ['<a>x ]]> y</a>', ']]>'],
    ['<a x="<"/>', 'must not have <'],
    ['<a><![CDATA[x</a>', 'not well-formed'],
  ])('[CONFORM14] refuses %s', (text, words) => {
    expect(() => parseXml(text)).toThrow(words);
  });

  it('[CONFORM14] names an answer that is no XML with its text', () => {
    const ask = { method: 'GET', url: 'https://x/', headers: {}, body: undefined };
    const answer = new Answer(ask, 200, {}, '{"a":1}');
    expect(() => answer.xml()).toThrow('body');
  });
});
