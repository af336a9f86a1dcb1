/** The pages of the reference, and the table of errors. */
import { readFileSync } from 'node:fs';
import { ERRORS } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHAPTERS } from '@parley/reference/chapters';
import { errorsInMarkdown } from '@parley/reference/error-table';
import { guides, renderMarkdown } from '@parley/reference/guides';
import { html, prose } from '@parley/reference/pages/html';
import { call, type Reply, startTestServer, type TestServer } from './harness.js';
import { operationId } from '@parley/reference/operations';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const get = (path: string): Promise<Reply> => call('GET', server.http + path);

const SEARCH = '/docs/search?q=transfer';

const PAGES = [
  '/docs',
  ...CHAPTERS.map(({ id }) => `/docs/${id}`),
  ...guides.map(({ name }) => `/docs/guides/${name}`),
  '/docs/errors',
];

describe('the reference', () => {
  it.each([...PAGES, SEARCH])(
    '[REF9] %s is a page that loads nothing but its style, icon and script, from here',
    async (path) => {
      const { status, headers, text } = await get(path);
      expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(headers['content-security-policy']).toBe(
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
      );
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
      const loaded = [
        ...text.matchAll(/<(?:link|img|script|iframe)\b[^>]*\b(?:href|src)="([^"]*)"/g),
      ];
      expect(new Set(loaded.map(([, address]) => address))).toEqual(
        new Set(['/docs/icon.svg', '/docs/style.css', '/docs/reference.js']),
      );
      const script = '<script src="/docs/reference.js" defer></script>';
      expect(text.replace(script, '')).not.toMatch(/<script|\son\w+=|\sstyle=|javascript:/i);
    },
  );

  it('[REF13] browsers are shown at / what this is and where to go on; programs get a 404', async () => {
    const page = await call('GET', `${server.http}/`, {
      headers: { accept: 'text/html,*/*;q=0.8' },
    });
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.text).toContain('This is a Parley server');
    for (const [, link = ''] of page.text.matchAll(/<a [^>]*href="(\/[^"]*)"/g)) {
      const [path = '', anchor] = link.split('#', 2);
      const { status, text } = await call('GET', server.http + path, {
        headers: { accept: 'text/html' },
      });
      expect([link, status]).toEqual([link, 200]);
      if (anchor !== undefined) expect(text).toContain(` id="${anchor}"`);
    }
    const data = await call('GET', `${server.http}/`, { headers: { accept: 'application/json' } });
    expect([data.status, data.text]).toEqual([404, expect.stringContaining('/docs')]);
  });

  it('[REF9] style and icon are there, and load nothing themselves', async () => {
    const style = await get('/docs/style.css');
    const icon = await get('/docs/icon.svg');
    expect([style.status, style.headers['content-type']]).toEqual([200, 'text/css; charset=utf-8']);
    expect([icon.status, icon.headers['content-type']]).toEqual([200, 'image/svg+xml']);
    expect(style.text).not.toMatch(/@import|url\(/);
    expect(icon.text.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/http|<script/);
  });

  it('[REF10] every operation has its place on a page, and every link leads somewhere', async () => {
    const texts = await Promise.all(
      PAGES.map(async (path) => [path, (await get(path)).text] as const),
    );
    const anchors = new Map(
      texts.map(([path, text]) => [
        path,
        new Set([...text.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)),
      ]),
    );
    const placed = [...anchors.values()].flatMap((ids) => [...ids]);
    for (const registered of server.running.server.operations) {
      expect(placed).toContain(operationId(registered));
    }
    for (const [path, text] of texts) {
      for (const [, href = ''] of text.matchAll(/<a [^>]*href="([^"]*)"/g)) {
        const [page = '', anchor] = href.split('#', 2);
        if (page.startsWith('/openapi') || page.startsWith('http')) continue;
        const found = anchors.get(page || path);
        expect(found, `${href} on ${path}`).toBeDefined();
        if (anchor !== undefined) expect(found, `${href} on ${path}`).toContain(anchor);
      }
    }
  });

  it('[REF12] finds operations and errors by all words, those with them in title or address first', async () => {
    const found = async (query: string) => {
      const { status, text } = await get(`/docs/search?q=${encodeURIComponent(query)}`);
      expect(status).toBe(200);
      const list = text.slice(text.indexOf('<ul class="found">'));
      return [...list.matchAll(/<li><a href="([^"]*)"/g)].map(([, href]) => href);
    };
    const transfer = await found('transfer SKILL');
    expect(transfer).toContain('/docs/agent-chats#postAgentSessionChatTransfer');
    const fields = await found('chatReferrer');
    expect(fields).toContain('/docs/visitors#postChatRequest');
    expect((await found('availability'))[0]).toMatch(/vailability/);
    expect(await found('1301')).toContain('/docs/errors#notFound');
    expect(await found('no-such-word')).toEqual([]);
    expect(await found(' ')).toEqual([]);
    const hostile = await get(`/docs/search?q=${encodeURIComponent('"><script>')}&q=%3Cb%3E`);
    expect(hostile.text).toContain('value="&quot;&gt;&lt;script&gt; &lt;b&gt;"');
    expect(hostile.text.replace('<script src=', '')).not.toMatch(/<script|<b>/);
    const long = await get(`/docs/search?q=${'x'.repeat(5000)}`);
    expect(long.text).toContain(`: ${'x'.repeat(100)}</p>`);
  });

  it('[REF12] every place that is found is there', async () => {
    const { text } = await get('/docs/search?q=a');
    const list = text.slice(text.indexOf('<ul class="found">'));
    const hrefs = [...list.matchAll(/<li><a href="([^"]*)"/g)].map(([, href = '']) => href);
    expect(hrefs.length).toBeGreaterThan(100);
    for (const href of hrefs) {
      const [page = '', anchor] = href.split('#', 2);
      const { status, text: there } = await get(page);
      expect([href, status]).toEqual([href, 200]);
      if (anchor !== undefined) expect(there, href).toContain(` id="${anchor}"`);
    }
  });

  it('[REF10] a page that is not there gets 404 and says where to begin', async () => {
    const { status, text } = await get('/docs/nowhere');
    expect(status).toBe(404);
    expect(text).toContain('There is no page nowhere in the reference: begin at /docs.');
    const slash = await get('/docs/');
    expect([slash.status, slash.headers.location]).toEqual([308, '/docs']);
  });

  it('[REF10] a page that the reader has is not sent again', async () => {
    const { etag } = (await get('/docs')).headers;
    const again = await call('GET', `${server.http}/docs`, {
      headers: { 'if-none-match': String(etag) },
    });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  it('[REF9] whatever is put into a page is escaped', () => {
    const text = `<b title="it's">&</b>`;
    expect(html`<p>${text}</p>`.text).toBe(
      '<p>&lt;b title=&quot;it&#39;s&quot;&gt;&amp;&lt;/b&gt;</p>',
    );
    expect(html`<ul>${['<', '>'].map((each) => html`<li>${each}</li>`)}</ul>`.text).toBe(
      '<ul><li>&lt;</li><li>&gt;</li></ul>',
    );
    expect(
      renderMarkdown(
        '# A <b>\n\n## *B* [c](javascript:alert(1)) `<i>`\n\n<img src=x onerror=alert(1)> ![d](https://a.example/x.png) [e](proxies.md#nginx) [f](../x.md)\n\n```sh\necho "<$X>"\n```\n\n<script>alert(1)</script>\n',
      ).content.text,
    ).not.toMatch(/<(?:script|img|b|i)\b|javascript:/);
    expect(prose('`<i>` is **<b>**\n\n&').text).toBe(
      '<p><code>&lt;i&gt;</code> is <strong>&lt;b&gt;</strong></p><p>&amp;</p>',
    );
  });
});

describe('the table of errors', () => {
  it('[REF11] docs/errors.md is what the server answers from', () => {
    const file = new URL('../../../docs/errors.md', import.meta.url);
    expect(readFileSync(file, 'utf8'), 'run: node scripts/write-error-reference.mjs').toBe(
      errorsInMarkdown(),
    );
  });

  it('[REF11] the page has every error, where the type of problem details points', async () => {
    const { text } = await get('/docs/errors');
    const places = [...text.matchAll(/<tr id="(\w+)">/g)].map(([, code]) => code);
    expect(places).toEqual(Object.keys(ERRORS));
    const problem = await call('GET', `${server.base}/nowhere`, {
      headers: { accept: 'application/hal+json' },
    });
    const { type } = problem.body as { type: string };
    expect(type).toBe('/docs/errors#notFound');
    expect((await get(type.split('#', 1)[0] ?? '')).status).toBe(200);
  });

  it('[REF11] a number stands for one error, but for those that the original API uses twice', () => {
    const rows = [...errorsInMarkdown().matchAll(/^\| \d{3} \| (\d+) \| `(\w+)`/gm)];
    const codes = new Map<string, string[]>();
    for (const [, number = '', code = ''] of rows) {
      codes.set(number, [...(codes.get(number) ?? []), code]);
    }
    expect(rows).toHaveLength(Object.keys(ERRORS).length);
    expect([...codes].filter(([, several]) => several.length > 1)).toEqual([
      ['6', ['badAccountId', 'unknownAccount']],
      ['10', ['unauthorized', 'badCsrf']],
      ['12', ['chatGone', 'visitExpired']],
    ]);
  });
});
