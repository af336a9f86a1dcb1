/**
 * Data directories as earlier builds left them when they were killed, opened by the server as it is
 * now: everything that the old server answered is answered again, and its clients go on.
 *
 * Each folder of `released/` is a fixture, made by `scripts/make-fixture.mjs`.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SigningClient } from './auth-client.js';
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
import {
  askAgain,
  type Client,
  type Expected,
  fixtures,
  HOST,
  requiredAnswer,
  answeredNow,
  unpack,
} from './released-data.js';

const ACCOUNT = '/api/account/12345678';

describe.each(fixtures)('the data of %s', (fixture) => {
  let expected: Expected;
  let mails: MailServer;
  let clock: FakeClock;
  let server: TestServer;

  beforeAll(async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'parley-released-'));
    expected = await unpack(fixture, dataDir);
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

  it('[DUR28] is answered again as it was, to everybody who may read it', async () => {
    expect(expected.answers.length).toBeGreaterThan(100);
    for (const answer of expected.answers) {
      const reply = await askAgain(server.http, expected, answer);
      expect(answeredNow(answer, reply)).toMatchObject(requiredAnswer(answer));
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
