/** HTML lines are cleaned before they are stored (rules HTML…). */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { cleanHtml } from '@parley/runtime/html/html';
import { Fixture } from './chat-fixture.js';
import { at } from './harness.js';

const LINK = 'target="_blank" rel="noopener noreferrer"';

describe('cleaning', () => {
  it.each([
    ['text', 'a &lt; b &amp; c', 'a &lt; b &amp; c'],
    [
      'form of text',
      '<b>bold</b> <i>it</i> <u>u</u><br />',
      '<b>bold</b> <i>it</i> <u>u</u><br />',
    ],
    ['lists', '<ul><li>1</li></ul><p>2</p>', '<ul><li>1</li></ul><p>2</p>'],
    [
      'tables',
      '<table><tbody><tr><td colspan="2">x</td></tr></tbody></table>',
      '<table><tbody><tr><td colspan="2">x</td></tr></tbody></table>',
    ],
    [
      'pictures',
      '<img src="https://example.com/a.png" alt="A" width="10" />',
      '<img src="https://example.com/a.png" alt="A" width="10" />',
    ],
  ])('[HTML1] keeps %s', (_, given, kept) => {
    expect(cleanHtml(given)).toBe(kept);
  });

  it.each([
    ['script', 'a<script>alert(1)</script>b', 'ab'],
    ['script in any case', 'a<ScRiPt src=//evil>alert(1)</sCrIpT >b', 'ab'],
    ['a script never closed', 'a<script>alert(1)', 'a'],
    [
      'style sheets',
      'a<style>*{background:url(//evil)}</style><link rel="stylesheet" href="x">b',
      'ab',
    ],
    ['frames', '<iframe src="https://evil"></iframe><frame src=x>ok', 'ok'],
    ['objects', '<object data="x"></object><embed src="x"><applet></applet>ok', 'ok'],
    ['forms', '<form action="https://evil"><input name="p"><button>Go</button></form>', 'Go'],
    [
      'drawings',
      '<svg onload="alert(1)"><a xlink:href="javascript:alert(1)">x</a></svg>',
      `<a ${LINK}>x</a>`,
    ],
    ['formulas', '<math><mi xlink:href="javascript:alert(1)">x</mi></math>', 'x'],
    [
      'page heads',
      '<meta http-equiv="refresh" content="0;url=//evil"><base href="//evil">ok',
      'ok',
    ],
    ['event handlers', '<b onclick="alert(1)" onmouseover=alert(1)>x</b>', '<b>x</b>'],
    [
      'handlers of pictures',
      '<img src=https://a.example/x onerror=alert(1)>',
      '<img src="https://a.example/x" />',
    ],
    ['styles', '<p style="position:fixed;background:url(javascript:alert(1))">x</p>', '<p>x</p>'],
    ['classes and ids', '<p class="modal" id="app" data-x="1">x</p>', '<p>x</p>'],
    ['comments', 'a<!-- <script>alert(1)</script> -->b', 'ab'],
    ['templates', '<template><script>alert(1)</script></template>x', 'x'],
    ['noscript', '<noscript><p title="</noscript><img src=x onerror=alert(1)>">', '<p></p>'],
  ])('[HTML2] drops %s', (_, given, kept) => {
    expect(cleanHtml(given)).toBe(kept);
  });

  it.each([
    'direction:ltr',
    'direction:rtl;text-align:left',
    'color:red;background-color:#ff0000',
    'color:rgb(255, 0, 0)',
    'color:rgba(255, 0, 0, 0.5)',
    'color:hsl(120 100% 50%)',
    'font-size:12px;font-weight:bold;font-style:italic;font-variant:small-caps',
    'font-family:Segoe UI, Arial, sans-serif',
    'text-decoration:underline line-through',
    'margin:0;padding:4px 2em auto 10%',
    'margin-top:1.5em',
  ])('[HTML9] keeps the style %s', (style) => {
    expect(cleanHtml(`<div style="${style}">x</div>`)).toBe(`<div style="${style}">x</div>`);
    expect(cleanHtml(`<a href="https://example.com" style="${style}">x</a>`)).toBe(
      `<a href="https://example.com" style="${style}" ${LINK}>x</a>`,
    );
  });

  it('[HTML9] keeps the style of the original’s own lines', () => {
    const sent = '<div dir="ltr" style="direction: ltr; text-align: left;">hi</div>';
    const kept = '<div dir="ltr" style="direction:ltr;text-align:left">hi</div>';
    expect([cleanHtml(sent), cleanHtml(kept)]).toEqual([kept, kept]);
  });

  it.each([
    'position:fixed',
    'display:none',
    'z-index:9999',
    'background:url(https://evil.example.com/x)',
    'background-color:url(https://evil.example.com/x)',
    'background-image:url(x)',
    'color:expression(alert(1))',
    'color:var(--x)',
    'color:r\\65 d',
    'margin:-999px',
    'margin-left:9999px',
    'padding:100em',
    'font-size:1000px',
    'font-family:x;}</style><script>alert(1)</script>',
    'font:12px/30px url(x)',
    'behavior:url(x.htc)',
    '-moz-binding:url(x)',
    'content:"x"',
    'color:red}body{display:none',
    '{',
  ])('[HTML9] drops the style %s', (style) => {
    const cleaned = cleanHtml(`<p style="${style.replaceAll('"', '&quot;')}">x</p>`);
    expect(cleaned).toMatch(/^<p(?: style="(?:color:red|font-family:x)")?>x<\/p>$/);
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\tscript:alert(1)',
    'java&#10;script:alert(1)',
    '&#x6A;avascript:alert(1)',
    '\u0001javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:msgbox(1)',
    'file:///etc/passwd',
    '//evil.example.com/x',
  ])('[HTML3] a link to %j leads nowhere', (href) => {
    expect(cleanHtml(`<a href="${href.replaceAll('"', '&quot;')}">x</a>`)).toBe(`<a ${LINK}>x</a>`);
  });

  it.each(['javascript:alert(1)', 'data:image/svg+xml;base64,PHN2Zz4=', '//evil/x.png'])(
    '[HTML3] a picture from %j is none',
    (src) => {
      expect(cleanHtml(`<img src="${src}">`)).toBe('<img />');
    },
  );

  it.each([
    ['<a href="https://example.com/?a=1&amp;b=2">x</a>', 'https://example.com/?a=1&amp;b=2'],
    ['<a href="mailto:a@example.com" target="_top" rel="opener">x</a>', 'mailto:a@example.com'],
    ['<a href="tel:+4930123" target="_self">x</a>', 'tel:+4930123'],
  ])('[HTML4] %s opens apart and reveals nothing', (given, href) => {
    expect(cleanHtml(given)).toBe(`<a href="${href}" ${LINK}>x</a>`);
  });

  it('[HTML5] cleaning what is clean changes nothing', () => {
    const dirty =
      '<p onclick=x>a &amp; b <a href="https://example.com">x</a><img src=y onerror=z><script>q</script></p>';
    const clean = cleanHtml(dirty);
    expect(cleanHtml(clean)).toBe(clean);
  });
});

describe('lines', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.start();
  });
  afterEach(() => fixture.clear());
  afterAll(() => fixture.stop());

  it('[HTML6] an agent’s HTML line is stored clean: nobody ever gets the rest', async () => {
    const { chat, visitor } = await fixture.chat();
    const text =
      '<b onclick="x()">Hi</b><script>alert(1)</script> <a href="https://example.com">x</a>';
    const id = await chat.line(text, { textType: 'html' });
    for (const party of [chat, visitor]) {
      expect(at((await party.get(`/events/${id}`)).body, 'event')).toMatchObject({
        textType: 'html',
        text: `<b>Hi</b> <a href="https://example.com" ${LINK}>x</a>`,
      });
    }
  });

  it('[HTML6] a line that holds nothing else is 400', async () => {
    const { chat, visitor } = await fixture.chat();
    const event = { '@type': 'line', text: '<script>alert(1)</script>', textType: 'html' };
    const reply = await chat.post('/events', { event });
    expect([reply.status, at(reply.body, 'error.message')]).toEqual([
      400,
      'event.text holds nothing that may be shown in a chat.',
    ]);
    expect(await visitor.feed(4)).toEqual([]);
  });

  it('[HTML7] more than 8,000 characters, before cleaning or after, is 400', async () => {
    const { chat } = await fixture.chat();
    const refusal = async (text: string) => {
      const event = { '@type': 'line', text, textType: 'html' };
      const reply = await chat.post('/events', { event });
      return [reply.status, at(reply.body, 'error.message')];
    };
    expect(await refusal('&'.repeat(2_000))).toEqual([
      400,
      'event.text has 10000 characters after cleaning; at most 8000 fit in a line.',
    ]);
    expect(await refusal('x'.repeat(8_001))).toEqual([
      400,
      'event.text must be at most 8000 characters, got 8001.',
    ]);
    expect((await refusal('x'.repeat(8_000)))[0]).toBe(201);
    expect((await refusal('👋'.repeat(8_000)))[0]).toBe(201);
  });

  it('[HTML8] an agent’s plain line keeps every character as it is', async () => {
    const { chat, visitor } = await fixture.chat();
    const text = '<script>alert(1)</script> a < b && c > d \u2028 \u0007 "q" \\';
    await chat.line(text);
    expect((await visitor.events(4))[0]).toMatchObject({ textType: 'plain', text });
    expect((await chat.get('/events?from=4')).text).toContain(JSON.stringify(text));
  });
});
