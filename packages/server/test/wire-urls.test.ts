/** URLs, versions, methods and links, as every resource of the agent and visitor APIs has them. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Agent, send, Fixture } from './chat-fixture.js';
import { at, DEMO_VISITOR_KEY, linkAt } from './harness.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start({ trustedProxies: ['127.0.0.1'] });
});
afterEach(() => fixture.clear());
afterAll(() => fixture.stop());

const KEY = { authorization: `LivePerson appKey=${DEMO_VISITOR_KEY}` };
const JSON_TYPE = 'application/json; charset=utf-8';

describe('addresses', () => {
  it('[URL1] a suffix chooses the representation, whatever Accept says', async () => {
    const json = await send('GET', `${fixture.base}/chat/availability.json`, {
      ...KEY,
      accept: 'application/xml',
    });
    expect([json.headers['content-type'], json.text]).toEqual([
      JSON_TYPE,
      '{"availability":false}',
    ]);
    const xml = await send('GET', `${fixture.base}/chat/availability.xml?v=1`, {
      ...KEY,
      accept: 'application/json',
    });
    expect([xml.headers['content-type'], xml.text]).toEqual([
      'application/xml; charset=utf-8',
      '<?xml version="1.0" encoding="UTF-8"?><availability>false</availability>',
    ]);
  });

  it('[URL1] the account itself, a chat and an event have suffixes too', async () => {
    const account = await send('GET', `${fixture.base}.xml`, KEY);
    expect(account.text).toMatch(/^<\?xml [^>]*\?><account id="12345678"><link href=/);
    const visitor = await fixture.visitor();
    const chat = await send('GET', `${visitor.uri}.xml`, KEY);
    expect(chat.text).toContain('<chat><link href=');
    const event = await send('GET', `${visitor.uri}/events/0.xml`, KEY);
    expect(event.text).toContain('<event id="0" type="state">');
  });

  it('[URL2] a doubled question mark is read as one', async () => {
    const once = await send('GET', `${fixture.base}/chat/availability?skill=Nowhere`, KEY);
    const twice = await send('GET', `${fixture.base}/chat/availability??skill=Nowhere&v=1`, KEY);
    expect([once.status, twice.status]).toEqual([400, 400]);
    expect(at(JSON.parse(twice.text), 'error.message')).toBe(
      at(JSON.parse(once.text), 'error.message'),
    );
  });

  it('[URL3] paths and parameter names know upper and lower case', async () => {
    expect((await send('GET', `${fixture.base}/Chat/availability`, KEY)).status).toBe(404);
    const ignored = await send('GET', `${fixture.base}/chat/availability?SKILL=Nowhere`, KEY);
    expect([ignored.status, ignored.text]).toEqual([200, '{"availability":false}']);
  });

  it('[URL4] parameters that mean nothing here are ignored', async () => {
    const reply = await send(
      'GET',
      `${fixture.base}/chat/availability?__d=17&cs=a&v=1&NC=true`,
      KEY,
    );
    expect(reply.status).toBe(200);
  });

  it('[URL5] an unknown path is 404 and says what to do', async () => {
    const reply = await send('GET', `${fixture.base}/chats`, KEY);
    expect(reply.status).toBe(404);
    expect(at(JSON.parse(reply.text), 'error.message')).toBe(
      'There is nothing at /api/account/12345678/chats: follow the links of the documents, or see /docs for what there is.',
    );
  });

  it('[URL6] a path that is not properly encoded is 400', async () => {
    const reply = await send('GET', `${fixture.base}/chat/%zz/events`, KEY);
    expect(reply.status).toBe(400);
    expect(at(JSON.parse(reply.text), 'error.message')).toContain('check the % signs');
  });

  it('[URL6] a part of the path that is longer than any name is 404', async () => {
    const reply = await send('GET', `${fixture.base}/chat/${'x'.repeat(2_000)}/events`, KEY);
    expect(reply.status).toBe(404);
    expect(at(JSON.parse(reply.text), 'error.message')).toContain('longer than any name');
  });

  it('[URL7] an account that is not here is 404, one that cannot be is 400, both with code 6', async () => {
    const missing = await send('GET', `${fixture.server.http}/api/account/87654321`, KEY);
    expect([missing.status, at(JSON.parse(missing.text), 'error.internalCode')]).toEqual([404, 6]);
    const never = await send('GET', `${fixture.server.http}/api/account/no-such-account`, KEY);
    expect([never.status, at(JSON.parse(never.text), 'error.internalCode')]).toEqual([400, 6]);
  });
});

describe('versions', () => {
  it.each(['', '?v=1', '?v=1.0', '?v='])('[VER1] %j is answered', async (query) => {
    expect((await send('GET', `${fixture.base}${query}`, KEY)).status).toBe(200);
  });

  it.each(['2', '1.1', 'x', '0'])(
    '[VER2] v=%s is refused, naming the versions there are',
    async (v) => {
      const reply = await send('GET', `${fixture.base}/chat/availability?v=${v}`, KEY);
      expect(reply.status).toBe(400);
      expect(at(JSON.parse(reply.text), 'error.message')).toBe(
        `Version v=${v} is not supported here: use 1 or 1.0, or leave v out.`,
      );
    },
  );

  it('[VER2] the agent API refuses it too, before it asks who calls', async () => {
    expect((await send('POST', `${fixture.base}/agentSession?v=3`)).status).toBe(400);
  });
});

describe('methods', () => {
  let agent: Agent;
  const asked = async () => at((await agent.get('/availability')).body, 'availability.chat');

  it('[METHOD1] PUT may be sent as POST with an override', async () => {
    agent = await fixture.agent();
    const reply = await agent.call('POST', '/availability', {
      body: { availability: { chat: 'Away' } },
      headers: { 'X-HTTP-Method-Override': 'PUT' },
    });
    expect([reply.status, await asked()]).toEqual([200, 'Away']);
  });

  it('[METHOD1] DELETE may be sent as POST with an override', async () => {
    agent = await fixture.agent();
    const reply = await agent.call('POST', '', { headers: { 'x-http-method-override': 'delete' } });
    expect(reply.status).toBe(200);
    expect((await agent.get()).status).toBe(404);
  });

  it('[METHOD2] an override changes nothing on GET, nor to any other method', async () => {
    agent = await fixture.agent();
    const headers = { 'x-http-method-override': 'DELETE' };
    expect((await agent.call('GET', '', { headers })).status).toBe(200);
    const patched = await agent.call('POST', '/availability', {
      body: { availability: { chat: 'Away' } },
      headers: { 'x-http-method-override': 'PATCH' },
    });
    expect([patched.status, await asked()]).toEqual([405, 'Online']);
  });

  it.each([
    ['POST', '/availability', 'GET, PUT, HEAD, OPTIONS'],
    ['DELETE', '/incomingRequests', 'GET, POST, HEAD, OPTIONS'],
    ['PATCH', '', 'GET, DELETE, HEAD, OPTIONS'],
  ])('[METHOD3] %s %s is 405 and names what there is', async (method, path, allow) => {
    agent = await fixture.agent();
    const reply = await agent.call(method, path);
    expect([reply.status, reply.headers.allow]).toEqual([405, allow]);
    expect(at(reply.body, 'error.message')).toBe(`${method} is not possible here: use ${allow}.`);
  });

  it('[METHOD3] a resource that cannot be read names no GET and no HEAD', async () => {
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) {
      const reply = await send(method, `${fixture.base}/chat/request`, KEY);
      expect([method, reply.status, reply.headers.allow]).toEqual([method, 405, 'POST, OPTIONS']);
    }
  });

  it('[METHOD4] HEAD answers as GET without the body', async () => {
    const got = await send('GET', `${fixture.base}/chat/availability`, KEY);
    const head = await send('HEAD', `${fixture.base}/chat/availability`, KEY);
    expect([head.status, head.text, head.headers['content-length']]).toEqual([
      200,
      '',
      String(got.text.length),
    ]);
    expect(head.headers['content-type']).toBe(JSON_TYPE);
  });
});

describe('links', () => {
  it('[LINK1] links are absolute, on the scheme and host that the client used', async () => {
    const { port } = new URL(fixture.base);
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, 'chat.example.com']) {
      const reply = await send('GET', fixture.base, { ...KEY, host });
      const base = `http://${host}/api/account/12345678`;
      expect(linkAt(JSON.parse(reply.text), 'account.link', 'self')).toBe(base);
      expect(linkAt(JSON.parse(reply.text), 'account.link', 'chat-request')).toBe(
        `${base}/chat/request`,
      );
    }
  });

  it('[LINK2] Location and the link in the body are the same', async () => {
    const reply = await send('POST', `${fixture.base}/chat/request`, {
      ...KEY,
      host: 'chat.example.com',
    });
    expect(reply.headers.location).toMatch(
      /^http:\/\/chat\.example\.com\/api\/account\/12345678\/chat\/H\d+-[0-9a-f]{32}K\d+$/,
    );
    expect(reply.text).toBe(
      `{"chatLocation":{"link":{"@href":"${reply.headers.location}","@rel":"location"}}}`,
    );
  });

  it('[LINK3] no link carries v or NC, whatever was asked with', async () => {
    const agent = await fixture.agent();
    const visitor = await fixture.visitor();
    const chat = await agent.accept();
    const texts = await Promise.all([
      agent.get('?v=1&NC=true'),
      agent.get('/info?v=1&NC=true'),
      agent.get('/availableAgents?v=1&NC=true'),
      chat.get('?v=1&NC=true&from=1'),
      chat.get('/info?v=1&NC=true'),
      visitor.get('?v=1'),
    ]);
    for (const { text } of texts) {
      const links = [...text.matchAll(/"@?href":"([^"]*)"/g)].map((match) => match[1] ?? '');
      expect(links.length).toBeGreaterThan(0);
      for (const link of links) {
        expect(link).toMatch(/^http:\/\/127\.0\.0\.1:/);
        expect([...new URL(link).searchParams.keys()]).not.toEqual(
          expect.arrayContaining([expect.stringMatching(/^(v|NC)$/)]),
        );
      }
    }
  });

  it('[LINK4] a trusted proxy gives scheme and host', async () => {
    const reply = await send('GET', fixture.base, {
      ...KEY,
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'chat.example.com:8443',
    });
    expect(linkAt(JSON.parse(reply.text), 'account.link', 'self')).toBe(
      'https://chat.example.com:8443/api/account/12345678',
    );
  });

  it('[LINK5] a host that is none is refused, and never becomes a link', async () => {
    const direct = await send('GET', fixture.base, { ...KEY, host: 'evil"><script' });
    const forwarded = await send('GET', fixture.base, { ...KEY, 'x-forwarded-host': 'a b' });
    expect([direct.status, forwarded.status]).toEqual([400, 400]);
  });

  it('[LINK6] following a link with the query that clients append works', async () => {
    const { chat } = await fixture.chat();
    const events = await chat.get('/events?v=1&NC=true');
    const next = linkAt(events.body, 'events.link', 'next');
    expect(next).toBe(`${chat.uri}/events?from=4`);
    const reply = await chat.get(`${next}&v=1&NC=true`);
    expect(reply.status).toBe(200);
    expect(linkAt(reply.body, 'events.link', 'next')).toBe(next);
  });
});

describe('behind no trusted proxy', () => {
  let direct: Fixture;
  beforeAll(async () => {
    direct = await Fixture.start({ trustedProxies: ['10.0.0.0/8'] });
  });
  afterAll(() => direct.stop());

  it('[LINK4] what a stranger says of scheme and host is not believed', async () => {
    const reply = await send('GET', direct.base, {
      ...KEY,
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'evil.example.com',
    });
    expect(linkAt(JSON.parse(reply.text), 'account.link', 'self')).toBe(direct.base);
  });
});
