import { describe, expect, it } from 'vitest';
import {
  XML_LIMITS,
  availableSlotsDocument,
  baseUrisDocument,
  chatEventLocationDocument,
  chatInfoDocument,
  chatRequestDocument,
  chatsDocument,
  eventsDocument,
  incomingRequestsDocument,
  newEventDocument,
  parseXml,
  transcriptRequestDocument,
  transferDocument,
  visitInfoDocument,
  visitorNameDocument,
} from '../src/index.js';
import { failure, success } from './support/documents.js';

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>';
const time = '2017-02-27T06:24:15.424-05:00';

function refused(text: string): string {
  const result = parseXml(text);
  if (result.ok) throw new Error('was read');
  return result.message;
}

describe('writing XML', () => {
  it('[XML2] events: attributes, elements and text', () => {
    const events = {
      link: [{ href: 'C/events?from=4&x=1', rel: 'next' }],
      event: [
        { id: 0, type: 'state' as const, time, state: 'waiting' as const },
        {
          id: 1,
          type: 'line' as const,
          time,
          textType: 'html' as const,
          text: '<b>5 > 4 & "3"</b>',
          by: 'Ann',
          source: 'agent' as const,
          subType: 'REGULAR' as const,
        },
      ],
    };
    expect(eventsDocument.write(events, 'xml')).toBe(
      `${HEAD}<events><link href="C/events?from=4&amp;x=1" rel="next"/>` +
        `<event id="0" type="state"><time>${time}</time><state>waiting</state></event>` +
        `<event id="1" type="line"><time>${time}</time><textType>html</textType>` +
        '<text>&lt;b&gt;5 &gt; 4 &amp; &quot;3&quot;&lt;/b&gt;</text><by>Ann</by><source>agent</source>' +
        '<subType>REGULAR</subType></event></events>',
    );
  });

  it('[XML2] values, empty documents and lists at the root', () => {
    expect(availableSlotsDocument.write(-1, 'xml')).toBe(
      `${HEAD}<availableSlots>-1</availableSlots>`,
    );
    expect(visitorNameDocument.write('', 'xml')).toBe(`${HEAD}<visitorName/>`);
    expect(chatsDocument.write({ chat: [] }, 'xml')).toBe(`${HEAD}<chats/>`);
    expect(incomingRequestsDocument.write({ ringingCount: 0, offer: [] }, 'xml')).toBe(
      `${HEAD}<incomingRequests><ringingCount>0</ringingCount></incomingRequests>`,
    );
    expect(baseUrisDocument.write([{ account: '1', baseURI: 'h', service: 'smt' }], 'xml')).toBe(
      `${HEAD}<baseURIs><entry><account>1</account><baseURI>h</baseURI><service>smt</service></entry></baseURIs>`,
    );
  });

  it('[XML2] a document without root key has a root element, text stands beside attributes', () => {
    expect(transcriptRequestDocument.write({ email: 'a@b.example' }, 'xml')).toBe(
      `${HEAD}<transcriptRequest><email>a@b.example</email></transcriptRequest>`,
    );
    const visit = {
      link: { href: 'V', rel: 'self' },
      isInCurrentChat: true,
      visitorId: 7,
      sessionInfo: [{ name: 'IP', value: '192.0.2.1' }],
      visitorInfo: [],
      time: [],
    };
    expect(visitInfoDocument.write(visit, 'xml')).toContain(
      '<sessionInfo><info name="IP">192.0.2.1</info></sessionInfo>',
    );
  });

  it('[XML2] what is an attribute is one in plain documents too', () => {
    const info = {
      link: [{ href: 'C', rel: 'self' }],
      state: 'ended' as const,
      chatSessionKey: 'H1K2',
      startTime: time,
      duration: 1,
      lastUpdate: time,
      chatTimeout: 40,
      visitorId: 1,
      agentTyping: 'not-typing' as const,
      visitorTyping: 'not-typing' as const,
      visitorName: 'You',
    };
    expect(chatInfoDocument.write(info, 'xml')).toContain(
      '<info><link href="C" rel="self"/><state>ended</state>',
    );
    const events = {
      link: [],
      event: [{ id: 3, type: 'state' as const, time, state: 'ended' as const }],
    };
    expect(chatsDocument.write({ chat: [{ link: [], events, info }] }, 'xml')).toContain(
      '<event id="3" type="state">',
    );
  });

  it('[XML2] what JSON keeps beside the root stands inside it', () => {
    const link = { href: 'C/events/5', rel: 'location' };
    expect(chatEventLocationDocument.write({ link, chatLocation: { link } }, 'xml')).toBe(
      `${HEAD}<chatEventLocation><link href="C/events/5" rel="location"/>` +
        '<chatLocation><link href="C/events/5" rel="location"/></chatLocation></chatEventLocation>',
    );
  });

  it('[XML3] characters that XML cannot carry are dropped', () => {
    expect(visitorNameDocument.write('a\u0000\u0008\u001f\ufffe\uffff\ud800b😀', 'xml')).toBe(
      `${HEAD}<visitorName>ab😀</visitorName>`,
    );
  });

  it('[XML3] every character is written as it is, as a reference, or not at all', () => {
    const references = new Map<string, string>([
      ['&', '&amp;'],
      ['<', '&lt;'],
      ['>', '&gt;'],
      ['"', '&quot;'],
      ['\r', '&#13;'],
    ]);
    const codes = [...Array.from({ length: 0x1_0000 }, (_, code) => code), 0x1_0000, 0x10_ffff];
    const written = (code: number) => {
      const isLacking = (code < 0x20 && ![9, 10, 13].includes(code)) || code === 0xfffe;
      if (isLacking || code === 0xffff || (code >= 0xd800 && code <= 0xdfff)) return '';
      const char = String.fromCodePoint(code);
      return references.get(char) ?? char;
    };
    // Letters between them, so that no two halves of a character make a whole one.
    const text = codes.map((code) => `a${String.fromCodePoint(code)}`).join('');
    const expected = codes.map((code) => `a${written(code)}`).join('');
    const document = visitorNameDocument.write(text, 'xml');
    expect(document === `${HEAD}<visitorName>${expected}</visitorName>`).toBe(true);
  });

  it('[XML3] line ends and tabs survive a parser', () => {
    const link = { href: 'a\tb\nc\rd', rel: 'x' };
    expect(incomingRequestsDocument.write({ ringingCount: 1, link, offer: [] }, 'xml')).toContain(
      'href="a&#9;b&#10;c&#13;d"',
    );
    expect(visitorNameDocument.write('a\r\nb', 'xml')).toContain('a&#13;\nb');
  });
});

describe('reading XML', () => {
  it('[XML4] a line, with attributes, CDATA, references and comments', () => {
    const text = `${HEAD}
      <!-- a line -->
      <event type='line'>
        <text>a &amp; b &lt;&#65;&#x42;&gt; <![CDATA[<i>&amp;</i>]]></text>
        <textType>html</textType>
      </event>`;
    expect(success(newEventDocument.readXml(text))).toEqual({
      type: 'line',
      text: 'a & b <AB> <i>&amp;</i>',
      textType: 'html',
      subType: 'REGULAR',
    });
  });

  it('[XML4] ids as attributes or elements, repeated elements as lists', () => {
    for (const text of [
      '<transfer><skill id="2"/></transfer>',
      '<transfer><skill><id>2</id></skill></transfer>',
    ]) {
      expect(success(transferDocument.readXml(text))).toEqual({ skill: { id: 2 } });
    }
    const request =
      '<request><preChatLines><line>a</line><line>b</line></preChatLines><maxWaitTime>5</maxWaitTime></request>';
    expect(success(chatRequestDocument.readXml(request))).toMatchObject({
      preChatLines: ['a', 'b'],
      maxWaitTime: 5,
    });
    expect(success(chatRequestDocument.readXml('<request/>')).preChatLines).toEqual([]);
    expect(success(chatRequestDocument.readXml('')).preChatLines).toEqual([]);
  });

  it.each([
    '<!DOCTYPE a><event type="line"><text>x</text></event>',
    '<?xml version="1.0"?>\n<!doctype a [<!ENTITY b "c">]><a>&b;</a>',
    '<a><![CDATA[<!DOCTYPE a>]]></a>',
    '<a><!-- <!ENTITY x "y"> --></a>',
    '<!  DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
  ])('[XML5] a document type or entity declaration is refused: %s', (text) => {
    expect(refused(text)).toMatch(
      /^A DOCTYPE or entity declaration is not accepted \(line \d+, column \d+\)/,
    );
  });

  it('[XML6] depth, attributes, elements and character references are bounded', () => {
    const nested = (depth: number) => '<a>'.repeat(depth) + '</a>'.repeat(depth);
    expect(parseXml(nested(XML_LIMITS.depth)).ok).toBe(true);
    expect(refused(nested(XML_LIMITS.depth + 1))).toContain('nests deeper than 32');
    expect(parseXml(nested(3_000)).ok).toBe(false);

    const attributes = (count: number) =>
      `<a ${Array.from({ length: count }, (_, i) => `b${i}="1"`).join(' ')}/>`;
    expect(parseXml(attributes(XML_LIMITS.attributesPerElement)).ok).toBe(true);
    expect(refused(attributes(XML_LIMITS.attributesPerElement + 1))).toContain('65 attributes');

    const elements = (count: number) => `<a>${'<b/>'.repeat(count - 1)}</a>`;
    expect(parseXml(elements(XML_LIMITS.elements)).ok).toBe(true);
    expect(refused(elements(XML_LIMITS.elements + 1))).toContain(
      `more than ${XML_LIMITS.elements} elements`,
    );

    const references = (count: number) => `<a>${'&#65;'.repeat(count)}</a>`;
    expect(parseXml(references(XML_LIMITS.characterReferences)).ok).toBe(true);
    expect(refused(references(XML_LIMITS.characterReferences + 1))).toContain('1001');
  });

  it.each([
    ['<a>\n<b>\n</a>', 'line 3, column 1'],
    ['<a', 'line 1, column 1'],
    ['<a b=1/>', 'line 1, column 4'],
    ['<a b="1" b="2"/>', 'line 1, column 10'],
    ['<a>1 & 2</a>', 'line 1, column 6'],
    ['text', 'line 1, column 1'],
  ])('[XML7] %j is malformed, with its place', (text, place) => {
    expect(refused(text)).toContain(`The XML is malformed at ${place}: `);
    expect(failure(newEventDocument.readXml(text)).code).toBe('malformedBody');
  });

  it.each(['<a/><b/>', '<a/>text', '<!-- only -->', '<?xml version="1.0"?>', '<a>]]</a', '<>'])(
    '[XML7] %j is refused',
    (text) => {
      expect(parseXml(text).ok).toBe(false);
    },
  );

  it.each([
    '&#0;',
    '&#8;',
    '&#xD800;',
    '&#xFFFE;',
    '&#x110000;',
    '&#9999999;',
    '&nbsp;',
    '&bogus;',
  ])('[XML8] the reference %s is refused in text and attributes', (reference) => {
    expect(parseXml(`<a>${reference}</a>`).ok).toBe(false);
    expect(parseXml(`<a b="${reference}"/>`).ok).toBe(false);
  });

  it('[XML9] names that reach prototypes pollute nothing', () => {
    for (const name of ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']) {
      parseXml(`<a><${name} polluted="1"><polluted>1</polluted></${name}></a>`);
      parseXml(`<a ${name}="1"/>`);
      newEventDocument.readXml(`<event type="line" ${name}="x"><text>t</text><${name}/></event>`);
    }
    expect('polluted' in {}).toBe(false);
  });
});
