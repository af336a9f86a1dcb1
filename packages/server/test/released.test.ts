/**
 * Data directories as earlier builds left them when they were killed, opened by the server as it is
 * now: everything that the old server told is told again, and its clients go on.
 *
 * Each folder of `released/` is a fixture, made by `scripts/make-fixture.mjs`.
 */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Keys, SigningClient } from './auth-client.js';
import {
  at,
  type CallOptions,
  call,
  DEMO_PASSWORD,
  FakeClock,
  type Reply,
  startTestServer,
  type TestServer,
} from './harness.js';
import { MailServer } from './mail-server.js';

const released = fileURLToPath(new URL('released/', import.meta.url));
const fixtures = await readdir(released);

interface Client {
  readonly uri: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the old server told, and what its clients held. */
interface Expected {
  /** Epoch ms at which it was asked. */
  readonly now: number;
  readonly journals: Readonly<Record<string, { readonly mails: readonly string[] }>>;
  readonly readers: readonly { readonly as: string; readonly headers: Client['headers'] }[];
  readonly keys: {
    readonly tokens: Omit<Keys, 'appKey'> & { readonly key: string };
    readonly client: { readonly key: string; readonly secret: string };
  };
  readonly clients: {
    readonly logins: Readonly<Record<string, { bearer: string; csrf: string; cookie: string }>>;
  } & Readonly<
    Record<
      'agent1Chat' | 'agent2' | 'dave' | 'daveChat' | 'vera' | 'ended' | 'ringing' | 'sue' | 'held',
      Client
    >
  >;
  readonly answers: readonly {
    readonly as: string;
    readonly path: string;
    readonly status: number;
    readonly body: unknown;
  }[];
}

/** The host that the old server was asked as: it stands in every link. */
const HOST = 'chat.example.com';
const ACCOUNT = '/api/account/12345678';

/** Numbers of events and chats that some documents spell as texts, others as numbers. */
const SPELLED = [
  ...['id', 'systemMessageId', 'sharkContextId', 'engagementId', 'campaignId'],
] as const;

/**
 * An answer with what changed on purpose made alike: typing that nothing was known of is `not-typing`
 * now, some numbers and lists are spelled as the original does, and chats have a link more.
 */
function asNow(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.filter((each) => (at(each, '@rel') ?? at(each, 'rel')) !== 'read').map(asNow);
  }
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(
    // An agent's chats count what rings, too.
    ([key, held]) => key !== 'chats' || typeof held !== 'number',
  );
  const entries = kept.map(([key, held]) => {
    if (/^(?:agent|visitor)Typing$/.test(key) && held === 'unknown') return [key, 'not-typing'];
    // Surveys have lists of questions and entries, whatever their number.
    if (key === 'question' || key === 'entry') return [key, asNow([held].flat())];
    const spelled = SPELLED.some((name) => name === key) && typeof held === 'number';
    return [key, spelled ? String(held) : asNow(held)];
  });
  return Object.fromEntries(entries);
}

describe.each(fixtures)('the data of %s', (fixture) => {
  let expected: Expected;
  let mails: MailServer;
  let clock: FakeClock;
  let server: TestServer;

  beforeAll(async () => {
    const folder = join(released, fixture);
    const dataDir = await mkdtemp(join(tmpdir(), 'parley-released-'));
    await mkdir(dataDir, { recursive: true });
    for (const file of await readdir(folder)) {
      const content = gunzipSync(await readFile(join(folder, file)));
      await writeFile(join(dataDir, file.replace(/\.gz$/, '')), content, { mode: 0o600 });
    }
    expected = JSON.parse(await readFile(join(dataDir, 'expected.json'), 'utf8'));
    await rm(join(dataDir, 'expected.json'));
    mails = await MailServer.start();
    clock = new FakeClock(expected.now);
    server = await startTestServer({ dataDir, clock });
  });
  afterAll(async () => {
    await server.stop();
    await mails.stop();
  });

  function ask(method: string, path: string, options: CallOptions = {}): Promise<Reply> {
    const headers = { ...options.headers, host: HOST };
    return call(method, server.http + path, { ...options, headers });
  }

  function by({ uri, headers }: Client, method: string, path: string, body?: unknown) {
    return ask(method, uri + path, { headers, ...(body === undefined ? {} : { body }) });
  }

  const line = (text: string) => ({ event: { '@type': 'line', text } });

  async function lastId(client: Client): Promise<number> {
    const { body } = await by(client, 'GET', '/events');
    const events = [at(body, 'events.event')].flat();
    return Number(at(events.at(-1), '@id'));
  }

  it('[DUR28] is told again as it was told, to everybody who may read it', async () => {
    const headersOf = new Map(expected.readers.map(({ as, headers }) => [as, headers]));
    expect(expected.answers.length).toBeGreaterThan(100);
    for (const { as, path, status, body } of expected.answers) {
      const reply = await ask('GET', path, { headers: headersOf.get(as) ?? {} });
      const told = { as, path, status: reply.status, body: reply.body ?? reply.text };
      // What was not there for them still is not; the words may be better ones.
      if (status !== 200) expect(told).toMatchObject({ as, path, status });
      // Newer builds may tell more, never less or other, but for what changed on purpose.
      else expect(asNow(told)).toMatchObject(Object(asNow({ as, path, status, body })));
    }
  });

  it('[DUR28] lets its clients go on by the bearers, cookies, sessions and chats that they had', async () => {
    const { clients } = expected;
    const { agent1Chat, agent2, daveChat, vera, ended, ringing, held } = clients;
    // Chats go on where they were, with the next id.
    for (const client of [agent1Chat, vera, daveChat]) {
      const before = await lastId(client);
      const reply = await by(client, 'POST', '/events', line('goes on'));
      expect([reply.status, await lastId(client)]).toEqual([201, before + 1]);
    }
    // What rang rings, and is accepted by who was rung.
    const before = await lastId(ringing);
    const accepted = await by(agent2, 'POST', '/incomingRequests', {});
    expect([accepted.status, accepted.headers.location]).toEqual([
      201,
      expect.stringContaining(ringing.uri.slice(ringing.uri.lastIndexOf('/') + 1)),
    ]);
    expect(await lastId(ringing)).toBe(before + 2);
    // Without its cookie a session is nobody's, as before.
    const { cookie: _, ...bare } = agent1Chat.headers;
    expect((await by({ ...agent1Chat, headers: bare }, 'GET', '')).status).toBe(401);
    // An ended chat still takes its visitor's survey, and no line.
    const survey = { survey: { question: [{ id: 1, answer: 'better' }] } };
    expect((await by(ended, 'PUT', '/exitSurvey', survey)).status).toBe(200);
    expect((await by(ended, 'POST', '/events', line('too late'))).status).toBe(409);
    // The other account opens, and its chat is given out.
    const [, shop] = /^\/api\/account\/(\w+)\//.exec(held.uri) ?? [];
    const { boss } = Object.fromEntries(expected.readers.map(({ as, headers }) => [as, headers]));
    const settings = `/api/account/${shop}/configuration/settings`;
    const openingHours = { days: [], holidays: [] };
    const opened = await ask('PUT', settings, { headers: boss ?? {}, body: { openingHours } });
    expect(opened.status).toBe(200);
    expect(
      (await by(clients.sue, 'PUT', '/availability', { availability: { chat: 'Online' } })).status,
    ).toBe(200);
    expect((await by(clients.sue, 'POST', '/incomingRequests', {})).status).toBe(201);
  });

  it('[DUR28] logs in everybody who could log in: by bearer, cookie, password, signature and OAuth 2', async () => {
    const { logins } = expected.clients;
    for (const { bearer, csrf, cookie } of Object.values(logins)) {
      for (const credential of [{ cookie }, { bearer }]) {
        const reply = await ask('POST', `${ACCOUNT}/refresh`, { ...credential, body: { csrf } });
        expect(reply.status).toBe(200);
      }
    }
    for (const username of Object.keys(logins)) {
      const body = { username, password: DEMO_PASSWORD };
      expect((await ask('POST', `${ACCOUNT}/login?v=1.3`, { body })).status).toBe(200);
    }
    const { tokens, client } = expected.keys;
    const keys = { ...tokens, appKey: tokens.key };
    expect(
      (await ask('POST', `${ACCOUNT}/login?v=1.3`, { body: { username: 'bot1', ...keys } })).status,
    ).toBe(200);
    const signer = new SigningClient(clock, keys);
    const session = await signer.call('POST', `${server.http}${ACCOUNT}/agentSession?v=1&NC=true`);
    expect(session.status).toBe(201);
    const form = { grant_type: 'client_credentials', client_id: client.key };
    const token = await ask('POST', `${ACCOUNT}/oauth2/token`, {
      body: new URLSearchParams({ ...form, client_secret: client.secret }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(token.status).toBe(200);
  });

  it('[DUR28] sends the mails that waited', async () => {
    const waiting = Object.values(expected.journals).flatMap((journal) => journal.mails);
    expect(waiting.length).toBeGreaterThan(1);
    const mail = { host: '127.0.0.1', port: mails.port, secure: false, user: '', password: '' };
    await server.configure({ mail: { ...mail, from: 'a@b.example' } });
    for (let tries = 0; mails.received.length < waiting.length && tries < 10; tries += 1) {
      clock.advance(60_000);
      await mails.mail(tries + 1);
    }
    expect(mails.received.flatMap(({ to }) => to).sort()).toEqual([...waiting].sort());
  });

  it('[DUR28] is as complete after another restart', async () => {
    const { vera } = expected.clients;
    const before = await by(vera, 'GET', '/events');
    server = await server.restart();
    const after = await by(vera, 'GET', '/events');
    expect(before.status).toBe(200);
    expect(after.text).toBe(before.text);
  });
});
