/** HTML lines (rules HTML…). */
import { type Chapter, check } from '../check.js';
import type { Fixture } from '../scenario.js';

/** Sends a line of HTML; gives what is kept of it. */
async function kept(fixture: Fixture, html: string): Promise<string> {
  const { chat } = await fixture.acceptedChat();
  const sent = await chat.line(html, { textType: 'html' });
  const event = await chat.get(sent.link('chatEventLocation.link', 'location'));
  event.is(200).has('event.textType', 'html');
  const text = String(event.at('event.text'));
  const dangerous = /<(script|iframe|object|embed|style|form|link)|\son\w+\s*=|javascript:|data:/i;
  const found = dangerous.exec(text)?.[0];
  if (found !== undefined) throw event.mismatch('event.text', 'nothing that runs', text);
  return text;
}

async function keeps(fixture: Fixture, html: string, pattern: RegExp): Promise<void> {
  const text = await kept(fixture, html);
  if (pattern.test(text)) return;
  throw (await fixture.visitor.get('/chat/availability')).mismatch(
    `what is kept of ${html}`,
    `like ${pattern.source}`,
    text,
  );
}

export const html: Chapter = {
  title: 'HTML lines',
  checks: [
    check('HTML1', 'text and its forms are kept', (fixture) =>
      keeps(fixture, 'Dear <b>Vera</b>,<br>all is <i>well</i>', /<b>Vera<\/b>.*<i>well<\/i>/),
    ),
    check(
      'HTML2',
      'script, frames, objects, forms, styles and event handlers are dropped',
      (fixture) =>
        keeps(
          fixture,
          'safe <script>alert(1)</script><iframe src="//x"></iframe><object data="x"></object>' +
            '<style>b{}</style><form action="/x"><input></form><b onclick="x()">bold</b>' +
            '<img src="https://example.com/a.png" onerror="x()"><svg onload="x()"></svg>',
          /safe .*bold/,
        ),
    ),
    check('HTML3', 'javascript: and data: addresses are dropped, however disguised', (fixture) =>
      keeps(
        fixture,
        '<a href="javascript:x()">one</a> <a href=" JaVa&#x73;cript:x()">two</a> ' +
          '<a href="java&#10;script:x()">three</a> <img src="data:text/html,x">four',
        /one.*two.*three.*four/,
      ),
    ),
    check('HTML4', 'every link opens elsewhere and reveals nothing of here', (fixture) =>
      keeps(
        fixture,
        '<a href="https://example.com/" target="_self" rel="opener">here</a>',
        /<a (?=[^>]*href="https:\/\/example\.com\/")(?=[^>]*target="_blank")(?=[^>]*rel="noopener noreferrer")/,
      ),
    ),
    check('HTML8', 'a plain line keeps every character', async (fixture) => {
      const { chat, visitor } = await fixture.acceptedChat();
      const text = '<b>not bold</b> &amp; <script>alert(1)</script>';
      const sent = await chat.line(text);
      const id = sent.link('chatEventLocation.link', 'location').replace(/.*\//, '');
      (await visitor.get(`/events/${id}`)).has('event.text', text).has('event.textType', 'plain');
    }),
    check('VIS22', 'a visitor’s line is plain, whatever was asked', async (fixture) => {
      const { chat, visitor } = await fixture.acceptedChat();
      const more = { textType: 'html', subType: 'ONLY_TO_REP' };
      const sent = await visitor.line('<b>hi</b>', more);
      const id = sent.link('chatEventLocation.link', 'location').replace(/.*\//, '');
      const event = (await chat.get(`/events/${id}`)).is(200);
      event.has('event.text', '<b>hi</b>').has('event.textType', 'plain');
      event.has('event.subType', 'REGULAR').has('event.source', 'visitor');
    }),
  ],
};
