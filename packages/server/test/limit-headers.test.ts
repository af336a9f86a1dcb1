/** RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-10) on what is limited. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CredentialThrottle, DEFAULT_CREDENTIAL_LIMITS } from '../src/auth/credential-limits.js';
import { type Visitor, Fixture } from './chat-fixture.js';
import { at, type Reply } from './harness.js';
import { MailServer, mailTo } from './mail-server.js';

let fixture: Fixture;
let mails: MailServer;
beforeAll(async () => {
  mails = await MailServer.start();
  fixture = await Fixture.start({
    settings: { mail: mailTo(mails) },
    visitors: { linesPerSecond: 1, bytesPerSecond: 100, waitingChats: 4 },
    credentials: { requestsPerSecond: 10 },
    transcripts: { perAddress: 3, perRecipient: 2 },
  });
});
afterAll(async () => {
  await fixture.stop();
  await mails.stop();
});

type Items = Readonly<Record<string, Readonly<Record<string, number | string>>>>;

/** A list of strings with parameters (RFC 9651). @throws Error for what is none */
function itemsIn(header: unknown): Items {
  const text = String(header);
  const item = /"([a-z-]+)"((?:;[a-z]+=(?:\d+|"[a-z-]+"))*)(?:, |$)/y;
  const found: Record<string, Record<string, number | string>> = {};
  while (item.lastIndex < text.length) {
    const [, name, parameters = ''] = item.exec(text) ?? [];
    if (name === undefined) throw new Error(`no list of items: ${text}`);
    const pairs = parameters.split(';').slice(1);
    found[name] = Object.fromEntries(
      pairs.map((pair) => {
        const [key = '', value = ''] = pair.split('=');
        return [key, value.startsWith('"') ? value.slice(1, -1) : Number(value)];
      }),
    );
  }
  return found;
}

const policies = ({ headers }: Reply) => itemsIn(headers['ratelimit-policy']);
const standing = ({ headers }: Reply) => itemsIn(headers.ratelimit);

const say = (visitor: Visitor, text = 'hello') =>
  visitor.post('/events', { event: { '@type': 'line', text } });

describe('who is counted against a limit', () => {
  it('[RATE1] is sent its quota, its window, what is counted, and what is left', async () => {
    const visitor = await fixture.visitor();
    const first = await say(visitor);
    expect(first.status).toBe(201);
    expect(policies(first)).toEqual({
      bytes: { q: 180_000, w: 1800, qu: 'content-bytes' },
      lines: { q: 10, w: 10 },
    });
    expect(standing(first)['lines']).toEqual({ r: 9, t: 1 });
    const second = await say(visitor);
    expect(standing(second)['lines']).toEqual({ r: 8, t: 2 });
    const [before, after] = [standing(first)['bytes']?.['r'], standing(second)['bytes']?.['r']];
    // The request's own bytes are what went.
    const body = JSON.stringify({ event: { '@type': 'line', text: 'hello' } });
    expect(Number(before) - Number(after)).toBe(body.length);
    await fixture.clear();
  });

  it('[RATE2] is refused with nothing left, and may go on after as long as it says', async () => {
    const visitor = await fixture.visitor();
    let reply = await say(visitor);
    while (reply.status === 201) reply = await say(visitor);
    expect(reply.status).toBe(429);
    const { r, t } = standing(reply)['lines'] ?? {};
    expect([r, t]).toEqual([0, Number(reply.headers['retry-after'])]);
    expect(policies(reply)).toEqual({ lines: { q: 10, w: 10 } });
    expect((await say(visitor)).status).toBe(429);
    fixture.clock.advance(Number(t) * 1000);
    expect((await say(visitor)).status).toBe(201);
    await fixture.clear();
  });

  it('[RATE1] chats that wait are a limit of what there may be at once', async () => {
    const replies: Reply[] = [];
    for (let n = 0; n < 5; n += 1) {
      replies.push(await fixture.visit('POST', '/chat/request', { body: { request: {} } }));
    }
    expect(replies.map(({ status }) => status)).toEqual([201, 201, 201, 201, 429]);
    const places = replies.map((reply) => standing(reply)['waiting-chats']?.['r']);
    expect(places).toEqual([3, 2, 1, 0, 0]);
    for (const reply of replies) {
      expect(policies(reply)['waiting-chats']).toEqual({ q: 4, qu: 'concurrent-requests' });
    }
    await fixture.clear();
  });

  it('[RATE3] of what others may have used, nothing is reported', async () => {
    const ask = async (email: string) => {
      const { visitor, chat } = await fixture.chat();
      await chat.end();
      return visitor.put('/transcriptRequest', { email });
    };
    const first = await ask('vera@example.com');
    expect(standing(first)['transcripts']?.['r']).toBe(2);
    expect(standing(await ask('vera@example.com'))['transcripts']?.['r']).toBe(1);
    const refused = await ask('vera@example.com');
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, expect.any(String)]);
    expect(refused.headers.ratelimit).toBeUndefined();
    const last = await ask('another@example.com');
    expect(last.status).toBe(429);
    expect(standing(last)['transcripts']).toEqual({
      r: 0,
      t: Number(last.headers['retry-after']),
    });
    await fixture.clear();
  });

  it('[RATE4] pages of other origins may read them', async () => {
    const visitor = await fixture.visitor();
    const headers = { origin: 'https://shop.example.com' };
    const event = { '@type': 'line', text: 'hello' };
    const reply = await visitor.call('POST', '/events', { body: { event }, headers });
    const exposed = String(reply.headers['access-control-expose-headers']).split(', ');
    expect(exposed).toEqual(
      expect.arrayContaining(['RateLimit', 'RateLimit-Policy', 'Retry-After']),
    );
    await fixture.clear();
  });

  it('[RATE5] what visitors read is not limited and says nothing', async () => {
    const { visitor } = await fixture.chat();
    for (const reply of [await visitor.get('/events'), await visitor.get()]) {
      expect([reply.headers.ratelimit, reply.headers['ratelimit-policy']]).toEqual([
        undefined,
        undefined,
      ]);
    }
    await fixture.clear();
  });

  it('[RATE7] a credential is sent where it stands, is refused beyond it, and holds up nobody else', async () => {
    fixture.clock.advance(10_000);
    const { agent, chat } = await fixture.chat({}, 'agent1');
    const other = await fixture.agent('agent2');
    fixture.clock.advance(10_000);
    const read = await agent.get('/incomingRequests');
    expect(policies(read)).toEqual({ requests: { q: 100, w: 10 } });
    expect(standing(read)).toEqual({ requests: { r: 99, t: 1 } });
    const line = { event: { '@type': 'line', text: 'hello' } };
    const wrote = await chat.post('/events', line);
    expect([wrote.status, standing(wrote)]).toEqual([201, { requests: { r: 98, t: 1 } }]);

    // It counts once, however often it is looked at while it waits.
    const waits = chat.get('/events?from=100&wait=60');
    for (let n = 0; n < 3; n += 1) await chat.post('/events', line);
    expect(standing(await agent.get('/availability'))['requests']?.['r']).toBe(93);

    // A second login is the same user's.
    const again = await fixture.server.login('agent1');
    const asked = await fixture.server.call('GET', agent.uri, {
      headers: { authorization: `Bearer ${again.bearer}` },
    });
    expect(standing(asked)['requests']?.['r']).toBe(92);

    let reply = await agent.get('/availability');
    while (reply.status === 200) reply = await agent.get('/availability');
    expect(reply.status).toBe(429);
    expect(policies(reply)).toEqual({ requests: { q: 100, w: 10 } });
    const { r, t } = standing(reply)['requests'] ?? {};
    expect([r, t]).toEqual([0, Number(reply.headers['retry-after'])]);
    const refused = await chat.post('/events', line);
    expect(refused.status).toBe(429);
    expect((await other.get('/availability')).status).toBe(200);
    fixture.clock.advance(Number(t) * 1000);
    expect((await chat.post('/events', line)).status).toBe(201);
    // Nothing of what was refused was done.
    fixture.clock.advance(10_000);
    const said = (await chat.events()).filter(({ text }) => text === 'hello');
    expect(said).toHaveLength(5);
    await chat.end();
    fixture.clock.advance(60_000);
    await waits;
    await fixture.clear();
  });

  it('[RATE7] a bot of the original that polls a hundred chats every two seconds meets no limit', async () => {
    // What is allowed by default, whatever this server was started with.
    const { requestsPerSecond } = DEFAULT_CREDENTIAL_LIMITS;
    const throttle = new CredentialThrottle({ requestsPerSecond });
    let now = 0;
    const call = {
      account: { id: 'a', host: { elapsed: () => now } },
      request: { raw: {} },
      turn: { kind: 'first' },
    } as unknown as Parameters<CredentialThrottle['count']>[0];
    for (let round = 0; round < 300; round += 1) {
      // All at once, a line in each, and what rings.
      for (let n = 0; n < 201; n += 1) throttle.count(call, 'user 1');
      now += 2_000;
    }
    expect(() => {
      for (let n = 0; n <= 10 * requestsPerSecond; n += 1) throttle.count(call, 'user 1');
    }).toThrow(/10,000 per second/);
  });

  it('[RATE6] the description names them wherever visitors write and a credential is brought, and with 429', async () => {
    const { body } = await fixture.server.call('GET', `${fixture.server.http}/openapi.json`);
    const { paths, components } = body as {
      paths: Record<
        string,
        Record<string, { security?: object[]; responses: Record<string, unknown> }>
      >;
      components: { responses: Record<string, unknown> };
    };
    const named = (response: unknown) => {
      const reference = at(response, '$ref');
      const name = typeof reference === 'string' ? (reference.split('/').at(-1) ?? '') : '';
      const found = name === '' ? response : components.responses[name];
      return Object.keys((at(found, 'headers') ?? {}) as object);
    };
    const writing = Object.entries(paths)
      .filter(([path]) => /\/(?:chat\/|conversation|app\/engagement)/.test(path))
      .filter(([path]) => !/agentSession|configuration|visitors/.test(path))
      .flatMap(([, methods]) => Object.entries(methods))
      .filter(([method]) => method === 'post' || method === 'put');
    expect(writing.length).toBeGreaterThan(8);
    const credentials = Object.entries(paths)
      .filter(([path]) => !/\/(?:stream|ws)$/.test(path))
      .filter(([path]) => /agentSession|\/configuration\/|supervision/.test(path))
      .flatMap(([, methods]) => Object.entries(methods))
      .filter(([, { security = [] }]) => security.some((each) => 'bearer' in each));
    expect(credentials.length).toBeGreaterThan(50);
    for (const [, { responses }] of [...writing, ...credentials]) {
      const [, good] = Object.entries(responses).find(([status]) => Number(status) < 300) ?? [];
      expect(named(good)).toEqual(expect.arrayContaining(['RateLimit', 'RateLimit-Policy']));
      expect(named(responses['429'])).toEqual(
        expect.arrayContaining(['RateLimit', 'RateLimit-Policy', 'Retry-After']),
      );
    }
  });
});
