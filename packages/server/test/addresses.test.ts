/** No harmful link reaches anybody: what pages, apps and administrators give, now and before. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { USERS, ConfigurationFixture } from './configuration-fixture.js';
import { give } from './give.js';
import { at } from './harness.js';
import type { AgentChat, Fixture } from './chat-fixture.js';
import { html } from '@parley/reference/pages/html';

let configuration: ConfigurationFixture;
let fixture: Fixture;
beforeAll(async () => {
  configuration = await ConfigurationFixture.start();
  fixture = configuration.fixture;
});
afterEach(() => fixture.clear());
afterAll(() => configuration.stop());

const HARMFUL = [
  'javascript:alert(1)',
  'java\tscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'https://user:secret@evil.example/',
  'https://good.example\\@evil.example/',
  'https://evil.example/\u202Egpj.exe',
  'file:///etc/passwd',
];

/** Everything that the agent of a chat is shown of its visit, in every representation. */
async function shownOf(chat: AgentChat): Promise<string> {
  const id = chat.id.replace(/-.*K/, 'K');
  const visit = `${chat.agent.uri}/visits/visit/${id}`;
  const texts: string[] = [];
  for (const part of ['/info', '/pages']) {
    for (const accept of ['application/json', 'application/xml', 'application/hal+json']) {
      texts.push((await chat.get(`${visit}${part}`, { accept })).text);
    }
  }
  return texts.join('\n');
}

describe('of visits', () => {
  it('[LINKS6] the referrer of a chat request is a web address, or none', async () => {
    for (const chatReferrer of HARMFUL) {
      const { chat, visitor } = await fixture.chat({ chatReferrer });
      expect(await shownOf(chat)).not.toMatch(/alert|evil|passwd/);
      await visitor.end();
    }
    const { chat } = await fixture.chat({ chatReferrer: 'shop.example.com/cart?a=b' });
    expect(await shownOf(chat)).toContain('https://shop.example.com/cart?a=b');
  });

  it('[LINKS6] so are the pages and referrers of reports, which do not fail for it', async () => {
    for (const harmful of HARMFUL) {
      const reply = await fixture.visit('POST', '/app/engagement/visitors/?v=1.0', {
        body: {
          appDetails: { referrer: harmful },
          pages: [
            { url: harmful, title: 'One', referrer: harmful },
            { url: 'https://shop.example.com/', title: 'Two' },
          ],
        },
      });
      expect(reply.status).toBe(200);
      const [sid, visitorId] = [at(reply.body, 'sessionId'), at(reply.body, 'visitorId')];
      const { bearer } = await fixture.login('agent1');
      const state = `/monitoring/visitors/${visitorId}/visits/current/state?v=1&sid=${sid}`;
      const { body, text } = await fixture.server.call('GET', state, { bearer });
      expect(at(body, 'pages')).toMatchObject([
        { url: '', pageTitle: 'One' },
        { url: 'https://shop.example.com/', pageTitle: 'Two' },
      ]);
      expect(text).not.toMatch(/alert|evil|passwd|externalReferrer/);
      const { chat, visitor } = await fixture.chat({
        LETagSessionId: sid,
        LETagVisitorId: visitorId,
      });
      expect(await shownOf(chat)).not.toMatch(/alert|evil|passwd/);
      await visitor.end();
    }
  });

  it('[LINKS5] what an earlier build kept reaches nobody', async () => {
    const host = await fixture.host();
    const facts = { ip: '127.0.0.1', referrer: 'javascript:alert(1)' };
    const page = {
      id: '1',
      url: 'javascript:alert(2)',
      title: 'x',
      referrer: 'data:text/html,alert',
    };
    await give<'visit.see'>(host, {
      ...{ type: 'visit.see', sessionId: 'old-session', visitorId: 'old', facts },
      pages: [{ ...page, at: host.now(), timeOnPage: null }],
      attributes: [
        {
          type: 'lead',
          data: { type: 'lead', lead: { topic: 'x', landingUrl: 'javascript:alert(3)' } },
        },
      ],
      pageId: '1',
    });
    const { chat } = await fixture.chat({ LETagSessionId: 'old-session', LETagVisitorId: 'old' });
    expect(await shownOf(chat)).not.toContain('alert');
    const { bearer } = await fixture.login('agent1');
    for (const accept of ['application/json', 'application/xml', 'application/hal+json']) {
      const state = '/monitoring/visitors/old/visits/current/state?v=1&sid=old-session';
      const texts = await fixture.server.call('GET', state, { bearer, headers: { accept } });
      expect([accept, texts.status]).toEqual([accept, 200]);
      expect(texts.text).not.toContain('alert');
    }
  });
});

describe('of the configuration', () => {
  it('[LINKS7] a picture of a user comes from the web', async () => {
    for (const pictureUrl of HARMFUL) {
      const [status, message] = await configuration.refused('POST', USERS, {
        loginName: 'pictured',
        pictureUrl,
      });
      expect([status, message]).toEqual([
        400,
        expect.stringMatching(/^pictureUrl must be an address /),
      ]);
      expect(message).not.toMatch(/[\p{Cc}\u202e]/u);
    }
    const made = await configuration.require('POST', USERS, {
      loginName: 'pictured',
      pictureUrl: ' cdn.example.com/p.png',
    });
    expect(made['pictureUrl']).toBe('https://cdn.example.com/p.png');
    const cleared = await configuration.require('PUT', `${USERS}/${made.id}`, { pictureUrl: '' });
    expect(cleared['pictureUrl']).toBe('');
  });

  it('[LINKS7] so do the origins of pages', async () => {
    for (const origin of [
      ...HARMFUL,
      'https://a.example/path',
      'https://a.example?x',
      'a.example',
    ]) {
      const body = { visitorOrigins: [origin] };
      const refused = await configuration.refused('PUT', '/configuration/settings', body);
      expect([origin, refused[0]]).toEqual([origin, 400]);
    }
  });
});

describe('of the reference', () => {
  it('[LINKS8] its pages check again where they lead', () => {
    const link = (address: string) => html`<a href="${address}">x</a>`.text;
    for (const address of [
      '/docs/errors#x',
      '#top',
      'https://example.com/?a=b',
      'mailto:a@b.example',
    ]) {
      expect(link(address)).toBe(`<a href="${address}">x</a>`);
    }
    for (const address of [...HARMFUL, '//evil.example', '/\\evil.example', '/a\u202eb']) {
      expect(link(address)).toMatch(/^<a href="(?:#|https:\/\/evil\.example)">x<\/a>$/);
    }
    expect(html`<img src="${'javascript:x'}">`.text).toBe('<img src="#">');
    expect(html`<p>${'javascript:x'}</p>`.text).toBe('<p>javascript:x</p>');
  });
});
