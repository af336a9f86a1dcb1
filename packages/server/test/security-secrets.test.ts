/** Where secrets may be, and where not: files, logs, links, answers; and when they end. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openSqliteStore } from '@parley/store';
import { afterEach, describe, expect, it } from 'vitest';
import { DEMO_BOT_KEY } from '../src/index.js';
import { Fixture } from './chat-fixture.js';
import { at, call, cookieOf, DEMO_ACCOUNT, startTestServer, textAt } from './harness.js';

let fixture: Fixture | undefined;
afterEach(async () => {
  await fixture?.stop();
  fixture = undefined;
});

async function start(options?: Parameters<typeof Fixture.start>[0]): Promise<Fixture> {
  fixture = await Fixture.start(options);
  return fixture;
}

describe('tokens', () => {
  it('[SEC1] are 256 random bits each, new at every login', async () => {
    const fixture = await start();
    const tokens: string[] = [];
    for (let number = 0; number < 5; number += 1) {
      const reply = await fixture.server.call('POST', '/login', { body: DEMO_BOT_KEY });
      tokens.push(textAt(reply.body, 'bearer'), textAt(reply.body, 'csrf'));
      tokens.push(cookieOf(reply, 'session_id'));
      const bearer = textAt(reply.body, 'bearer');
      const opened = await fixture.server.call('POST', '/agentSession', { bearer });
      tokens.push(cookieOf(opened, 'parley_agent_session'));
    }
    for (const token of tokens) expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(tokens).size).toBe(20);
  });

  it('[SEC2] stand in no link, Location or error that the server makes', async () => {
    const fixture = await start();
    const { agent, chat, visitor } = await fixture.chat();
    const { bearer, csrf } = agent.login;
    const answers = await Promise.all([
      ...['', '/info', '/incomingRequests', '/availableAgents', '/chatSessions'].map((path) =>
        agent.get(path),
      ),
      chat.get(),
      visitor.get(`?appKey=parley-demo-visitor-key`),
      fixture.visit('GET', '?appKey=parley-demo-visitor-key'),
      fixture.visit('GET', '/nothing/here?appKey=parley-demo-visitor-key'),
      fixture.visit('POST', '/chat/request?appKey=parley-demo-visitor-key', { body: {} }),
      agent.get('/nowhere'),
      fixture.server.call('GET', '/agentSession/1', { bearer: `${bearer}0` }),
      fixture.server.call('POST', '/refresh', { bearer, body: { csrf: `${csrf}0` } }),
    ]);
    for (const { text, headers } of answers) {
      const whole = text + JSON.stringify(headers);
      for (const secret of [bearer, csrf, 'parley-demo-visitor-key']) {
        expect(whole).not.toContain(secret);
      }
    }
  });

  it('[SEC3] end at once with logout, and with them what they opened', async () => {
    const fixture = await start();
    const { agent, chat, visitor } = await fixture.chat();
    const { bearer, csrf } = agent.login;
    expect((await fixture.server.call('POST', '/logout', { bearer, body: { csrf } })).status).toBe(
      200,
    );
    expect((await agent.get()).status).toBe(401);
    expect((await chat.post('/events', { event: { '@type': 'line', text: 'x' } })).status).toBe(
      401,
    );
    // The session is over too: a new login finds nothing at its address.
    const again = await fixture.server.login('agent1');
    expect((await call('GET', agent.uri, { bearer: again.bearer })).status).toBe(404);
    expect((await visitor.feed()).slice(-2)).toEqual(['info:6', 'ended']);
  });

  it('[SEC3] end at once when the user is disabled or deleted', async () => {
    const fixture = await start();
    const admin = await fixture.login('admin1');
    const users = `${fixture.base}/configuration/le-users/users`;
    for (const [name, method, body] of [
      ['agent1', 'PUT', { isEnabled: false }],
      ['agent2', 'DELETE', undefined],
    ] as const) {
      const agent = await fixture.agent(name);
      const url = `${users}/${agent.login.userId}`;
      const changed = await call(method, url, { bearer: admin.bearer, body });
      expect(changed.status).toBe(200);
      expect((await agent.get()).status).toBe(401);
      const { csrf, cookie } = agent.login;
      const renewed = await fixture.server.call('POST', '/refresh', { cookie, body: { csrf } });
      expect(renewed.status).toBe(401);
    }
  });

  it('[SEC19] of one user are 500 at most: one more ends the oldest', async () => {
    const fixture = await start();
    const login = async () => {
      fixture.clock.advance(1);
      const reply = await fixture.server.call('POST', '/login', { body: DEMO_BOT_KEY });
      return textAt(reply.body, 'bearer');
    };
    const opens = async (bearer: string) =>
      (await fixture.server.call('GET', '/agentSession/1', { bearer })).status !== 401;
    const first = await login();
    const second = await login();
    const other = await fixture.login('agent1');
    for (let number = 2; number < 500; number += 50) {
      await Promise.all(Array.from({ length: Math.min(50, 500 - number) }, login));
    }
    expect([await opens(first), await opens(second)]).toEqual([true, true]);
    const last = await login();
    expect(await opens(first)).toBe(false);
    expect([await opens(second), await opens(last), await opens(other.bearer)]).toEqual([
      true,
      true,
      true,
    ]);
  });
});

describe('a chat’s address', () => {
  it('[SEC4] cannot be distinguished from another one, and its random part is needed whole', async () => {
    const fixture = await start();
    const chats = await Promise.all(Array.from({ length: 20 }, () => fixture.visitor()));
    const parts = chats.map(({ id }) => /^H(\d{19})-([0-9a-f]{32})K(\d{10})$/.exec(id) ?? []);
    for (const part of [1, 2, 3]) expect(new Set(parts.map((found) => found[part])).size).toBe(20);
    const [, head = '', middle = '', end = ''] = parts[0] ?? [];
    const others = [
      `H${head}K${end}`,
      `H${head}-${'0'.repeat(32)}K${end}`,
      `H${head}-${middle.toUpperCase()}K${end}`,
      `H${head}-${middle.slice(0, 31)}${middle.endsWith('0') ? '1' : '0'}K${end}`,
      `H${head}-${middle}`,
      `H${head}-${middle}K${end} `,
      middle,
      end,
      '*',
      '',
      'events',
    ];
    for (const id of others) {
      const url = `${fixture.base}/chat/${encodeURIComponent(id)}`;
      expect([404, 405]).toContain((await fixture.visit('GET', url)).status);
    }
  });

  it('[SEC4] is worth nothing without an app key, and under another account', async () => {
    const fixture = await start();
    const visitor = await fixture.visitor();
    const { store } = fixture.server.running.server;
    await store.accounts.create({ id: 'other', createdAt: 0 });
    const elsewhere = visitor.uri.replace(`/${DEMO_ACCOUNT}/`, '/other/');
    expect((await call('GET', visitor.uri)).status).toBe(401);
    expect((await call('GET', elsewhere, { appKey: 'parley-demo-visitor-key' })).status).toBe(401);
  });
});

describe('the disk', () => {
  it('[SEC50] folders are for the server’s user alone, and so is every file but certificates', async () => {
    const server = await startTestServer({ httpsPort: 0 });
    await server.login('agent1');
    const modes = async (directory: string): Promise<[string, number][]> => {
      const entries = await readdir(directory, { withFileTypes: true, recursive: true });
      return Promise.all(
        entries.map(async (entry) => {
          const path = join(entry.parentPath, entry.name);
          return [entry.name, (await stat(path)).mode & 0o777] as [string, number];
        }),
      );
    };
    const found = new Map(await modes(server.dataDir));
    await server.stop();
    const open = [...found].filter(([, mode]) => (mode & 0o077) !== 0).map(([name]) => name);
    expect(open.sort()).toEqual(['ca.pem', 'cert.pem']);
    expect([found.get('tls'), found.get('key.pem'), found.get('secret.key')]).toEqual([
      0o700, 0o600, 0o600,
    ]);
    expect(found.get('parley.db')).toBe(0o600);
  });

  it('[SEC51, LOG1] a damaged entry is named by its place, without what was said in it', async () => {
    const server = await startTestServer();
    const started = await server.call('POST', '/chat/request', {
      appKey: 'parley-demo-visitor-key',
      body: {},
    });
    const chatId = /[^/]+$/.exec(started.headers.location ?? '')?.[0] ?? '';
    await server.running.close();
    const damage = async (accountId: string, type: string, data: string) => {
      const store = await openSqliteStore({ directory: server.dataDir });
      if ((await store.accounts.get(accountId)) === null) {
        await store.accounts.create({ id: accountId, createdAt: 0 });
      }
      const entry = { seq: 1, at: 0, type, version: 1, chatId: null, data };
      await store.journal.append(accountId, [entry]);
      await store.close();
    };
    await damage('torn', 'chat.line', '{"type":"chat.line","text":"my card is 4111');
    await damage('strange', 'chat.busy', JSON.stringify({ type: 'chat.busy', chatId, feed: [] }));
    const again = await server.restart();
    const ask = (account: string) =>
      call('GET', `${again.http}/api/account/${account}?appKey=x`).then(({ status }) => status);
    expect([await ask('torn'), await ask('strange')]).toEqual([503, 503]);
    expect(again.log).toContain('Account torn: journal entry 1 cannot be read');
    expect(again.log).toContain('Account strange: journal entry 1');
    expect(again.log).not.toContain('4111');
    expect(again.log).not.toContain(chatId);
    await again.stop();
  });
});

describe('an answer', () => {
  it('[SEC36] is never to be kept, nor to be taken for another type, however early it fails', async () => {
    const fixture = await start();
    const answers = await Promise.all([
      fixture.visit('GET', ''),
      fixture.visit('GET', '/chat/H1-0K1'),
      fixture.visit('GET', '/chat/%zz'),
      fixture.visit('GET', `/chat/${'x'.repeat(500)}`),
      fixture.visit('POST', '/chat/request', { body: 'x'.repeat(70_000) }),
      fixture.visit('POST', '/chat/request', { body: '{' }),
      fixture.visit('PUT', '/chat/request'),
      fixture.visit('OPTIONS', '/chat/request'),
      fixture.server.call('GET', '/login'),
      call('GET', `${fixture.server.http}/nowhere`),
      call('GET', `${fixture.server.http}/healthz`),
    ]);
    for (const { headers } of answers) {
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['cache-control']).toBe('no-store');
    }
  });

  it('[SEC37] repeats what was sent as data only: never as markup, header or type', async () => {
    const fixture = await start();
    const evil = '<script>alert(1)</script>';
    const sent = encodeURIComponent(`${evil}\r\nX-Injected: 1`);
    for (const accept of ['application/json', 'application/xml', 'application/hal+json', '*/*']) {
      const headers = { accept };
      const answers = await Promise.all([
        fixture.visit('GET', `/${sent}`, { headers }),
        fixture.visit('GET', `/chat/availability?skill=${sent}`, { headers }),
        fixture.visit('GET', `/chat/availability?v=${sent}`, { headers }),
        fixture.visit('POST', '/chat/request', { headers, body: { request: { skill: evil } } }),
        fixture.visit('POST', '/chat/request', { headers, body: `{"request":${evil}` }),
        call('GET', `${fixture.server.http}/api/account/${sent}`, { headers }),
        call('GET', `${fixture.base}/service/${sent}/baseURI`, { headers }),
      ]);
      for (const { status, headers, text } of answers) {
        expect(status).toBeGreaterThanOrEqual(400);
        expect(headers['content-type']).toMatch(
          /^application\/(?:json|xml|problem\+json); charset=utf-8$/,
        );
        expect(headers['x-injected']).toBeUndefined();
        if (String(headers['content-type']).includes('xml')) expect(text).not.toContain('<script');
        else expect(() => JSON.parse(text)).not.toThrow();
      }
    }
  });

  it('[SEC38] lets an origin in only when it is listed, whatever it looks like', async () => {
    const listed = 'https://desk.example.com';
    const fixture = await start({ settings: { agentOrigins: [listed], visitorOrigins: [listed] } });
    const { agent, visitor } = await fixture.chat();
    const origins = [
      'https://desk.example.com.evil.example',
      'https://evil-desk.example.com',
      'https://desk.example.com:444',
      'http://desk.example.com',
      'https://DESK.example.com',
      'https://desk.example.com/',
      'null',
      '*',
    ];
    for (const party of [agent, visitor]) {
      for (const origin of origins) {
        const { headers } = await party.get('', { origin });
        expect(headers['access-control-allow-origin']).toBeUndefined();
        expect(headers['access-control-allow-credentials']).toBeUndefined();
      }
      const { headers } = await party.get('', { origin: listed });
      expect(headers['access-control-allow-origin']).toBe(listed);
    }
  });
});

describe('a body', () => {
  it('[SEC6, BODY9] sets nothing that its sender may not set', async () => {
    const fixture = await start();
    const { chat, visitor } = await fixture.chat({
      visitorIp: '192.0.2.77',
      chatId: 'H1-0K1',
      state: 'ended',
      __proto__: { visitorName: 'polluted' },
      constructor: { prototype: { visitorName: 'polluted' } },
    });
    const event = {
      '@type': 'line',
      '@id': '99',
      id: 99,
      text: 'hi',
      textType: 'html',
      subType: 'ONLY_TO_REP',
      source: 'system',
      by: 'info',
      systemMessageId: 4,
      time: '1999-01-01T00:00:00.000Z',
      json: { type: 'text' },
    };
    expect((await visitor.post('/events', { event })).status).toBe(201);
    const [line] = await chat.events(4);
    expect(line).toMatchObject({
      '@id': '4',
      textType: 'plain',
      subType: 'REGULAR',
      source: 'visitor',
      by: 'visitor',
    });
    expect(line).not.toHaveProperty('systemMessageId');
    expect(line).not.toHaveProperty('json');
    expect(line?.time).not.toContain('1999');
    const kept = JSON.stringify((await fixture.host()).state.chats.get(visitor.id)?.visitor);
    expect(kept).not.toContain('192.0.2.77');
    expect('visitorName' in {}).toBe(false);
  });

  it.each([
    ['deep lists', '['.repeat(60_000)],
    ['deep objects', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
    ['a long list', JSON.stringify({ request: { preChatLines: Array(20_000).fill('') } })],
    ['deep XML', `${'<a>'.repeat(9_000)}${'</a>'.repeat(9_000)}`],
    ['many elements', `<request>${'<b/>'.repeat(16_000)}</request>`],
    ['many references', `<request><visitorName>${'&#65;'.repeat(12_000)}</visitorName></request>`],
    [
      'an entity that grows',
      '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><request>&c;</request>',
    ],
    ['an entity from a file', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ['an inclusion', '<request xmlns:xi="x"><xi:include href="file:///etc/passwd"/>'],
    ['a number beyond numbers', '{"request":{"skillId":1e999}}'],
  ])('[SEC20] of 64 KiB is refused quickly: %s', async (_, body) => {
    const fixture = await start();
    const before = (await fixture.host()).state.seq;
    // Processor time: others may be busy on this machine.
    const since = process.cpuUsage();
    const reply = await fixture.visit('POST', '/chat/request', { body });
    expect(reply.status).toBe(400);
    const { user, system } = process.cpuUsage(since);
    expect((user + system) / 1000).toBeLessThan(1_000);
    expect(at(reply.body, 'error.message')).not.toContain('root:');
    expect((await fixture.host()).state.seq).toBe(before);
  });
});
