/** `/metrics`: what is reported, to whom, and that it identifies nobody. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { creation } from '@parley/configuration/records/record-changes';
import { MAX_SKILLS } from '../src/metrics/live.js';
import { SALES, SUPPORT, Fixture } from './chat-fixture.js';
import { call, DEMO_ACCOUNT, DEMO_VISITOR_KEY, startTestServer } from './harness.js';
import { MailServer, mailTo } from './mail-server.js';
import { type Samples, samplesIn } from './prometheus.js';
import { exchange } from './security-sockets.js';

let fixture: Fixture;
let mails: MailServer;
beforeAll(async () => {
  mails = await MailServer.start();
  fixture = await Fixture.start({ settings: { mail: mailTo(mails) } });
});
afterAll(async () => {
  await fixture.stop();
  await mails.stop();
});

async function text(): Promise<string> {
  const reply = await fixture.server.call('GET', `${fixture.server.http}/metrics`);
  expect([reply.status, reply.headers['content-type']]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ]);
  return reply.text;
}

async function samples(): Promise<Samples> {
  return samplesIn(await text());
}

/** How much a counter grew while something was done. */
async function growth(
  name: string,
  labels: Readonly<Record<string, string>>,
  act: () => Promise<unknown>,
): Promise<number> {
  const before = (await samples()).value(name, labels) ?? 0;
  await act();
  return ((await samples()).value(name, labels) ?? 0) - before;
}

describe('the text', () => {
  it('[METRIC1] is that of Prometheus, each metric with its help and its type', async () => {
    const found = await samples();
    expect(found.names.size).toBeGreaterThan(40);
    expect([...found.names].filter((name) => found.help(name) === undefined)).toEqual([]);
    expect([...found.names].filter((name) => !/^[a-z_:][a-z0-9_:]*$/.test(name))).toEqual([]);
  });

  it('[METRIC2] names every metric that docs/metrics.md does, and no other', async () => {
    const page = await readFile(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');
    const documented = [...page.matchAll(/^\| `([a-z_0-9]+)`/gm)].map(([, name]) => name);
    expect(documented.toSorted()).toEqual([...(await samples()).families].toSorted());
    // What panels and alerts ask for is there.
    const asked = [...page.matchAll(/\b(?:http|parley|process|nodejs)_[a-z0-9_]+/g)].map(([name]) =>
      name.replace(/_(?:bucket|sum|count)$/, ''),
    );
    expect(asked.filter((name) => !documented.includes(name))).toEqual([]);
  });
});

describe('requests', () => {
  const ROUTE = '/api/account/:account/chat/:chat/events';

  it('[METRIC3] count by method, template and status, and how long they took', async () => {
    const visitor = await fixture.visitor();
    const labels = { method: 'GET', route: ROUTE };
    const count = await growth('http_requests_total', { ...labels, status: '200' }, () =>
      visitor.get('/events'),
    );
    expect(count).toBe(1);
    const took = await growth('http_request_duration_seconds_count', labels, () =>
      visitor.get('/events'),
    );
    expect(took).toBe(1);
    await fixture.clear();
  });

  it('[METRIC3] a long poll does not count as slow', async () => {
    const visitor = await fixture.visitor();
    const labels = { method: 'GET', route: ROUTE };
    const events = await visitor.events();
    let waiting = visitor.get(`/events?from=${events.length}&wait=60`);
    while (((await samples()).value('parley_long_polls') ?? 0) < 1) {}
    const took = await growth('http_request_duration_seconds_count', labels, async () => {
      await visitor.line('hello');
      await waiting;
    });
    expect(took).toBe(0);
    waiting = visitor.get(`/events?from=${events.length + 1}&wait=60`);
    while (((await samples()).value('parley_long_polls') ?? 0) < 1) {}
    const waits = await growth('parley_long_poll_duration_seconds_count', {}, async () => {
      await visitor.line('hello');
      await waiting;
    });
    expect(waits).toBe(1);
    expect((await samples()).value('parley_long_polls')).toBe(0);
    await fixture.clear();
  });

  it('[METRIC3] streams are reported by transport, with their frames', async () => {
    const agent = await fixture.agent();
    const gone = new AbortController();
    const before = (await samples()).value('parley_stream_frames_total') ?? 0;
    const headers = { authorization: `Bearer ${agent.login.bearer}` };
    const stream = await fetch(`${agent.uri}/stream`, { headers, signal: gone.signal });
    expect(stream.status).toBe(200);
    const open = async () => (await samples()).value('parley_streams', { transport: 'sse' });
    expect(await open()).toBe(1);
    expect((await samples()).value('parley_stream_frames_total')).toBeGreaterThan(before);
    gone.abort();
    while ((await open()) !== 0) {}
    await fixture.clear();
  });

  it('[METRIC4] no label is of a client’s making', async () => {
    const before = (await samples()).series;
    for (let n = 0; n < 40; n += 1) {
      await fixture.visit('GET', `/nothing/${n}`);
      await fixture.visit('GET', `/chat/availability?skill=${n}`);
      await call('GET', `${fixture.server.http}/api/account/no${n}/chat/availability`);
      await exchange(fixture.server.running.httpPort, [
        `${['PROPFIND', 'MKCOL', 'LOCK', 'SEARCH'][n % 4]} /x${n} HTTP/1.1`,
        ...['Host: x', 'Connection: close'],
      ]);
      await exchange(fixture.server.running.httpPort, [`no HTTP ${n}`]);
    }
    expect((await samples()).series - before).toBeLessThan(60);
    expect(await text()).not.toMatch(/nothing\/|no1|PROPFIND/);
  });

  it('[METRIC5] refusals count by the code of the error, those before routing too', async () => {
    const { httpPort } = fixture.server.running;
    const of = (reason: string, act: () => Promise<unknown>) =>
      growth('parley_refusals_total', { reason }, act);
    expect(await of('notFound', () => fixture.visit('GET', '/nothing'))).toBe(1);
    expect(await of('invalidField', () => fixture.visit('GET', '/%zz'))).toBe(1);
    expect(await of('malformedBody', () => exchange(httpPort, ['nonsense']))).toBe(1);
  });

  it('[METRIC5] logins and refused credentials count by why', async () => {
    const login = (password: string) => () =>
      fixture.server.call('POST', '/login', { body: { username: 'agent2', password } });
    const outcome = (name: string, act: () => Promise<unknown>) =>
      growth('parley_logins_total', { outcome: name }, act);
    expect(await outcome('wrong-password', login('wrong'))).toBe(1);
    expect(await outcome('ok', login('parley-demo'))).toBe(1);
    const refused = await growth(
      'parley_refused_credentials_total',
      { reason: 'unknown-bearer' },
      () => fixture.server.call('GET', '/agentSession/7', { bearer: 'f'.repeat(64) }),
    );
    expect(refused).toBe(1);
  });
});

describe('what happens in the accounts', () => {
  it('[METRIC6] chats by state, offers, agent sessions, and who waits for which skill', async () => {
    const queue = { account: DEMO_ACCOUNT, skill: String(SUPPORT) };
    const sales = { account: DEMO_ACCOUNT, skill: String(SALES) };
    const first = await fixture.visitor({ skill: 'Support' });
    fixture.clock.advance(30_000);
    await fixture.visitor({ skill: 'Support' });
    let found = await samples();
    expect(found.value('parley_chats', { state: 'waiting' })).toBe(2);
    expect(found.value('parley_waiting_chats', queue)).toBe(2);
    expect(found.value('parley_waiting_chats', sales)).toBe(0);
    expect(found.value('parley_longest_wait_seconds', queue)).toBe(30);
    expect(found.value('parley_longest_wait_seconds', sales)).toBe(0);
    const agent = await fixture.agent();
    found = await samples();
    expect(found.value('parley_agent_sessions', { availability: 'Online' })).toBe(1);
    expect(found.value('parley_offers')).toBe(Number(await agent.ringing()));
    expect(found.value('parley_chats', { state: 'ringing' })).toBe(found.value('parley_offers'));
    expect(found.value('parley_offers')).toBeGreaterThan(0);
    await agent.accept();
    await first.end();
    found = await samples();
    const chats = (state: string) => found.value('parley_chats', { state });
    expect((chats('active') ?? 0) + (chats('ringing') ?? 0)).toBe(1);
    expect(chats('ended')).toBeGreaterThan(0);
    await fixture.clear();
    expect((await samples()).value('parley_waiting_chats', queue)).toBe(0);
  });

  it('[METRIC7] commits, the writes that share them, and the disk', async () => {
    const before = await samples();
    const visitor = await fixture.visitor();
    await Promise.all(Array.from({ length: 30 }, (_, n) => visitor.line(`line ${n}`)));
    const after = await samples();
    const grew = (name: string, labels = {}) =>
      (after.value(name, labels) ?? 0) - (before.value(name, labels) ?? 0);
    const commits = grew('parley_store_commits_total', { outcome: 'committed' });
    expect(grew('parley_store_commit_writes_sum')).toBeGreaterThanOrEqual(31);
    expect(commits).toBeLessThan(31);
    for (const name of ['commit_writes', 'fsync_seconds', 'commit_duration_seconds']) {
      expect([name, grew(`parley_store_${name}_count`)]).toEqual([name, commits]);
    }
    expect(grew('parley_store_fsync_seconds_sum')).toBeGreaterThan(0);
    expect(grew('parley_store_commit_duration_seconds_sum')).toBeGreaterThan(
      grew('parley_store_fsync_seconds_sum'),
    );
    expect(grew('parley_events_total', { type: 'chat.line' })).toBe(30);
    await fixture.clear();
  });

  it('[METRIC8] mails that wait, and what became of each attempt', async () => {
    const { visitor, chat } = await fixture.chat();
    await chat.end();
    const sent = await growth(
      'parley_deliveries_total',
      { kind: 'mail', outcome: 'accepted' },
      async () => {
        await visitor.put('/transcriptRequest', { email: 'vera@example.com' });
        await mails.mail();
        while (((await samples()).value('parley_deliveries_pending', { kind: 'mail' }) ?? 1) > 0) {}
      },
    );
    expect(sent).toBe(1);
    await fixture.clear();
  });

  it('[METRIC9] the process, by the usual names', async () => {
    const found = await samples();
    for (const name of [
      ...['process_cpu_seconds_total', 'process_resident_memory_bytes', 'process_open_fds'],
      ...['nodejs_heap_size_used_bytes', 'nodejs_eventloop_lag_p99_seconds'],
      'process_start_time_seconds',
    ]) {
      expect([name, found.value(name)]).toEqual([name, expect.any(Number)]);
    }
    expect(found.value('process_resident_memory_bytes')).toBeGreaterThan(20_000_000);
  });

  it('[METRIC10] nothing reveals who anybody is, or what anybody said', async () => {
    const WORD = 'Xanadu7731';
    const { agent, chat, visitor } = await fixture.chat({
      visitorName: WORD,
      skill: 'Sales',
      preChatLines: { line: [WORD] },
    });
    await visitor.line(WORD);
    await chat.line(WORD);
    await visitor.put('/visitorName', { visitorName: WORD });
    await fixture.server.call('POST', '/login', { body: { username: WORD, password: WORD } });
    await fixture.visit('GET', `/${WORD}`, {
      headers: { 'x-request-id': WORD, 'user-agent': WORD },
    });
    await visitor.put('/transcriptRequest', { email: `${WORD}@example.com` });
    const all = await text();
    expect(all).not.toContain(WORD);
    for (const secret of [visitor.id, agent.login.bearer, DEMO_VISITOR_KEY, 'Anna', 'agent1']) {
      expect(all).not.toContain(secret);
    }
    expect(all).not.toMatch(/127\.0\.0\.1/);
    await fixture.clear();
  });

  it('[METRIC11] of more skills than have figures of their own, the longest queues do', async () => {
    const { store, accounts } = fixture.server.running.server;
    const names = Array.from({ length: MAX_SKILLS + 20 }, (_, n) => `Skill ${n}`);
    const changes = names.map((name) =>
      creation('skill', { name, description: '', maxWaitTime: 120 }),
    );
    await store.config.write(DEMO_ACCOUNT, { changes });
    await accounts.refresh(DEMO_ACCOUNT);
    for (const skill of ['Skill 219', 'Skill 219', 'Support']) await fixture.visitor({ skill });
    const found = await samples();
    const shown = found.seriesOf('parley_waiting_chats');
    expect(shown).toHaveLength(MAX_SKILLS + 1);
    expect(shown.map(({ value }) => value).reduce((a, b) => a + b)).toBe(3);
    expect(found.value('parley_waiting_chats', { account: 'other', skill: 'other' })).toBe(0);
    expect(shown.filter(({ value }) => value > 0)).toHaveLength(2);
    await fixture.clear();
  });
});

describe('who may read them', () => {
  const TOKEN = 'a-token-of-the-operator';

  it.each([
    ['a proxy that says so', { 'x-forwarded-for': '203.0.113.7' }],
    ['a proxy that says so by the standard', { forwarded: 'for=203.0.113.7' }],
    ['a proxy that names itself', { via: '1.1 proxy' }],
    ['a page that was given this machine’s address by a name', { host: 'rebound.example.com' }],
    ['a proxy that passes on the host', { host: 'chat.example.com:8443' }],
  ])('[METRIC12] without a token, not %s', async (_, headers) => {
    const reply = await call('GET', `${fixture.server.http}/metrics`, { headers });
    expect([reply.status, reply.text.includes('parley_')]).toEqual([404, false]);
  });

  it.each(['localhost', 'LOCALHOST:80', '[::1]:8080', '127.0.0.1'])(
    '[METRIC12] without a token, this machine by its loopback address: %s',
    async (host) => {
      const reply = await call('GET', `${fixture.server.http}/metrics`, { headers: { host } });
      expect(reply.status).toBe(200);
    },
  );

  it('[METRIC13] with a token, whoever brings it, and nobody else', async () => {
    const server = await startTestServer({ metricsToken: TOKEN });
    try {
      const ask = (headers: Readonly<Record<string, string>> = {}) =>
        call('GET', `${server.http}/metrics`, { headers });
      expect((await ask()).status).toBe(401);
      expect((await ask({ authorization: `Bearer ${TOKEN}x` })).status).toBe(401);
      expect((await ask({ authorization: `Bearer ${TOKEN.slice(1)}` })).status).toBe(401);
      expect((await ask({ authorization: `Basic ${TOKEN}` })).status).toBe(401);
      const far = { host: 'chat.example.com', 'x-forwarded-for': '203.0.113.7' };
      const reply = await ask({ ...far, authorization: `bearer ${TOKEN}` });
      expect([reply.status, reply.text.includes('parley_')]).toEqual([200, true]);
      expect(server.log).not.toContain(TOKEN);
    } finally {
      await server.stop();
    }
  });

  it.each(['', 'short', 'with a space in the middle', 'ümläuts-in-the-token'])(
    '[METRIC13] what cannot be a token is refused at the start, and not repeated: %j',
    async (metricsToken) => {
      const start = startTestServer({ metricsToken });
      await expect(start).rejects.toThrow('metrics token cannot be used');
      if (metricsToken !== '') await expect(start).rejects.not.toThrow(metricsToken);
    },
  );
});
