/** RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-10) on what is limited. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

  it('[RATE5] reading, and what is the agents’, is not limited and says nothing', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    for (const reply of [
      await visitor.get('/events'),
      await visitor.get(),
      await agent.get('/incomingRequests'),
      await chat.post('/events', { event: { '@type': 'line', text: 'hello' } }),
    ]) {
      expect([reply.headers.ratelimit, reply.headers['ratelimit-policy']]).toEqual([
        undefined,
        undefined,
      ]);
    }
    await fixture.clear();
  });

  it('[RATE6] the description names them wherever visitors write, and with 429', async () => {
    const { body } = await fixture.server.call('GET', `${fixture.server.http}/openapi.json`);
    const { paths, components } = body as {
      paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
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
    for (const [, { responses }] of writing) {
      const [, good] = Object.entries(responses).find(([status]) => Number(status) < 300) ?? [];
      expect(named(good)).toEqual(expect.arrayContaining(['RateLimit', 'RateLimit-Policy']));
      expect(named(responses['429'])).toEqual(
        expect.arrayContaining(['RateLimit', 'RateLimit-Policy', 'Retry-After']),
      );
    }
  });
});
