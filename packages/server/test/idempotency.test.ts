/** Requests that may come again (rules IDEM…), with servers that break off the first. */
import { connect, createServer } from 'node:net';
import type { AccountEvent } from '@parley/engine';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readAnswer } from '../src/http/retry.js';
import { Fixture } from './chat-fixture.js';
import { Faults } from './durability/faults.js';
import { at, call, cookieOf, DEMO_VISITOR_KEY, DEMO_ACCOUNT, type Reply } from './harness.js';
import { MailServer, mailTo } from './mail-server.js';
import { essence, journalOf, KINDS, newKey, pathIn, Shop } from './retry-kinds.js';
import { addSurvey, survey } from './survey-fixture.js';

let fixture: Fixture;
let mails: MailServer;
let faults: Faults;
let shop: Shop;

beforeAll(async () => {
  mails = await MailServer.start();
  fixture = await Fixture.start({ settings: { mail: mailTo(mails) }, logLevel: 'silent' });
  for (const kind of ['exit', 'agent', 'offline'] as const) await addSurvey(fixture, survey(kind));
  await fixture.changeUser(101, { maxChats: -1 });
  shop = new Shop(fixture.server.http);
});
beforeEach(() => {
  faults = new Faults(fixture.server.running.server.store);
});
afterEach(() => faults.repair());
afterAll(async () => {
  await fixture.stop();
  await mails.stop();
});

const replayed = ({ headers }: Reply) => headers['idempotency-replayed'];
const code = ({ body }: Reply) => at(body, 'error.internalCode');

/** How often something was brought, in all of the account's journal. */
async function times(brings: (event: AccountEvent) => boolean): Promise<number> {
  const events = await journalOf(fixture.server.running.server.store.journal);
  return events.filter(brings).length;
}

/** How many requests the account's state knows again. */
async function knownRequests(): Promise<number> {
  const { chats, retries } = (await fixture.host()).state;
  const entries = [...chats.values()].flatMap(({ feed }) => feed);
  return retries.records.size + entries.filter(({ retry }) => retry !== undefined).length;
}

/** Resolves when no mail is under way: its end is appended too, and would meet the fault that is meant for another. */
async function mailsSent(): Promise<void> {
  await expect.poll(async () => (await fixture.host()).state.outbox.size).toBe(0);
}

describe.each(Object.keys(KINDS))('%s', (name) => {
  const ready = async () => {
    const made = await KINDS[name]?.(shop);
    if (made === undefined) throw new Error(`no kind ${name}`);
    return made;
  };

  it('[IDEM1, IDEM2] comes again with its key: the first answer, and nothing twice', async () => {
    const { send, otherBody, brings, beside } = await ready();
    const key = newKey();
    const before = await times(brings);
    const first = await send(key);
    expect([200, 201]).toContain(first.status);
    expect(replayed(first)).toBeUndefined();
    const then = await beside?.();
    for (let again = 0; again < 2; again += 1) {
      const reply = await send(key);
      expect(essence(reply)).toEqual(essence(first));
      expect(replayed(reply)).toBe('true');
    }
    expect(await beside?.()).toEqual(then);
    const other = await send(key, { body: otherBody });
    expect([other.status, code(other), replayed(other)]).toEqual([422, 1508, undefined]);
    expect(await times(brings)).toBe(before + 1);
  });

  it('[IDEM3] comes again while the first is in flight: 409, and after that the first answer', async () => {
    const { send, brings } = await ready();
    const key = newKey();
    const before = await times(brings);
    let goOn = () => {};
    let begun = () => {};
    const underWay = new Promise<void>((resolve) => {
      begun = resolve;
    });
    faults.append = () => {
      begun();
      return new Promise((resolve) => {
        goOn = () => resolve('done');
      });
    };
    const first = send(key);
    await underWay;
    const early = await send(key);
    expect([early.status, code(early), early.headers['retry-after']]).toEqual([409, 1511, '1']);
    faults.repair();
    goOn();
    const { status } = await first;
    expect([200, 201]).toContain(status);
    const reply = await send(key);
    expect(essence(reply)).toEqual(essence(await first));
    expect(await times(brings)).toBe(before + 1);
  });

  it('[IDEM4] was kept, but nobody got the answer: the same request gets its answer', async () => {
    const { send, brings } = await ready();
    const key = newKey();
    const before = await times(brings);
    await mailsSent();
    faults.nextAppend('unconfirmed');
    expect((await send(key)).status).toBe(503);
    fixture.clock.advance(2_000);
    await expect.poll(() => send(key).then(({ status }) => status)).toBeLessThan(300);
    const reply = await send(key);
    expect(replayed(reply)).toBe('true');
    expect(await times(brings)).toBe(before + 1);
    // It was not kept: the same request is the first one.
    const next = await ready();
    const other = newKey();
    const count = await times(next.brings);
    await mailsSent();
    faults.nextAppend('refused');
    expect((await next.send(other)).status).toBe(503);
    fixture.clock.advance(2_000);
    await expect.poll(() => next.send(other).then(({ status }) => status)).toBeLessThan(300);
    expect(await times(next.brings)).toBe(count + 1);
  });

  it('[IDEM4] whose connection is cut before the answer gets it the next time', async () => {
    const { send, brings } = await ready();
    const key = newKey();
    const before = await times(brings);
    const known = await knownRequests();
    faults.append = async () => {
      // The client is gone by the time that it is kept. Other things are kept meanwhile.
      if ((await knownRequests()) > known) await cut();
      return 'done' as const;
    };
    let cut = async () => {};
    const sent = sentRaw(send, key);
    cut = async () => (await sent).cut();
    await expect.poll(() => times(brings)).toBe(before + 1);
    faults.repair();
    await expect.poll(() => send(key).then(replayed)).toBe('true');
    expect(await times(brings)).toBe(before + 1);
  });
});

/** Sends what `send` would over a connection that can be cut before there is an answer. */
async function sentRaw(send: (key: string) => Promise<Reply>, key: string) {
  const proxy = createServer();
  const target = new URL(shop.origin);
  const cuts: (() => void)[] = [];
  proxy.on('connection', (client) => {
    const server = connect(Number(target.port), target.hostname);
    client.on('error', () => {});
    server.on('error', () => {});
    client.pipe(server);
    cuts.push(() => {
      server.destroy();
      client.destroy();
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const { origin } = shop;
  shop.origin = `http://127.0.0.1:${port}`;
  const failed = send(key).catch(() => null);
  // The address is read before the first pause of `send` is over.
  await new Promise((resolve) => setImmediate(resolve));
  shop.origin = origin;
  return {
    cut: async () => {
      for (const cut of cuts) cut();
      proxy.close();
      await failed;
    },
  };
}

describe('keys', () => {
  it.each(['', 'a b', 'é', 'x'.repeat(129), 'tab\tin'])(
    '[IDEM5] "%s" is none: 400',
    async (key) => {
      const { visitor } = await shop.chat();
      const send = shop.sender('visitor', 'POST', `${visitor}/events`, {
        event: { '@type': 'line', text: 'hi' },
      });
      const encoded = Buffer.from(key, 'utf8').toString('latin1');
      const reply = await send(encoded);
      expect([reply.status, code(reply)]).toEqual([400, 1010]);
    },
  );

  it('[IDEM5] of 128 visible characters is one', async () => {
    const { visitor } = await shop.chat();
    const send = shop.sender('visitor', 'POST', `${visitor}/events`, {
      event: { '@type': 'line', text: 'hi' },
    });
    expect((await send(`~!${'x'.repeat(126)}`)).status).toBe(201);
  });

  it.each([
    ['1', 400],
    ['a'.repeat(128), 400],
    ['0123456789abcdef', 400],
    ['f81d4fae-7dec-41d0-a765-00a0c91e6bf6', 400],
    [newKey(), 201],
    ['cnMRmBmcwq0iAtTqPuGmYQ', 201],
    ['93174060514823927500183746102938475610', 400],
    ['931740605148239275001837461029384756102', 201],
  ])('[IDEM6] of a chat request carries 128 random bits: %s', async (key, status) => {
    const send = shop.sender('visitor', 'POST', '/chat/request', { request: { agent: 'agent1' } });
    const reply = await send(key);
    expect(reply.status).toBe(status);
    if (status === 400) expect(code(reply)).toBe(1010);
  });

  it('[IDEM7] are of one caller, one operation and one chat', async () => {
    const [one, two] = [await shop.chat(), await shop.chat()];
    const key = newKey();
    const line = { event: { '@type': 'line', text: 'hello' } };
    const replies = [
      await shop.sender('visitor', 'POST', `${one.visitor}/events`, line)(key),
      await shop.sender('visitor', 'POST', `${two.visitor}/events`, line)(key),
      await shop.sender('agent1', 'POST', `${one.agent}/events`, line)(key),
      await shop.sender('visitor', 'PUT', `${one.visitor}/transcriptRequest`, {
        email: 'vera@example.com',
      })(key),
    ];
    expect(replies.map(({ status }) => status)).toEqual([201, 201, 201, 200]);
    expect(replies.map(replayed)).toEqual(Array(4).fill(undefined));
  });

  it('[IDEM8] are not heeded where a secret is answered', async () => {
    const key = { 'idempotency-key': 'not heeded ' };
    const body = { username: 'agent1', password: 'parley' };
    const login = await call('POST', shop.at('/login?v=1.3'), { body, headers: key });
    expect(login.status).not.toBe(400);
  });

  it('[IDEM9] pages of other origins may send them, and read that an answer is the first', async () => {
    const headers = { origin: 'https://shop.example.com' };
    const asked = await call('OPTIONS', shop.at('/chat/request'), { headers });
    expect(asked.headers['access-control-allow-headers']).toContain('Idempotency-Key');
    const key = newKey();
    const send = shop.sender('visitor', 'POST', '/chat/request', { request: { agent: 'agent1' } });
    await send(key, { headers });
    const reply = await send(key, { headers });
    expect(reply.headers['access-control-expose-headers']).toContain('Idempotency-Replayed');
    expect(replayed(reply)).toBe('true');
  });
});

describe('a takeover', () => {
  it('[IDEM10] changes the address, and not which request it is', async () => {
    await shop.session('agent2');
    const session = await shop.openSession('agent1');
    await shop.acceptAll('agent1', session);
    await shop.request();
    const id = (await shop.request()).split('/').at(-1) ?? '';
    const agent = `${session}/chat/${id}`;
    const keys = [newKey(), newKey(), newKey(), newKey()] as const;
    const accept = (from: string) => shop.sender('agent1', 'POST', `${from}/incomingRequests`, {});
    const accepted = [await accept(session)(keys[0]), await accept(session)(keys[1])];
    const line = { event: { '@type': 'line', text: 'hello' } };
    const written = await shop.sender('agent1', 'POST', `${agent}/events`, line)(keys[2]);
    const transfer = { transfer: { agent: { id: 102 } } };
    const given = await shop.sender('agent1', 'POST', `${agent}/transfer`, transfer)(keys[3]);
    expect([...accepted, written, given].map(({ status }) => status)).toEqual([201, 201, 201, 200]);

    const newer = await shop.openSession('agent1');
    const there = (path: string | undefined) => path?.replace(session, newer);
    const again = await accept(newer)(keys[0]);
    expect([again.status, again.headers.location]).toEqual([
      201,
      there(accepted[0]?.headers.location),
    ]);
    const chat = `${newer}/chat/${id}`;
    const repeated = await shop.sender('agent1', 'POST', `${chat}/events`, line)(keys[2]);
    expect([repeated.status, pathIn(repeated)]).toEqual([201, there(pathIn(written))]);
    const givenAgain = await shop.sender('agent1', 'POST', `${chat}/transfer`, transfer)(keys[3]);
    expect([givenAgain.status, replayed(givenAgain)]).toEqual([200, 'true']);
    // Without the key, and with another one, it is somebody else's chat.
    const anew = await shop.sender('agent1', 'POST', `${chat}/transfer`, transfer)(newKey());
    expect(anew.status).toBe(409);
    expect(await times((event) => event.type === 'chat.transferred' && event.chatId === id)).toBe(
      1,
    );
  });

  it('[IDEM11] a session that is opened again has a new cookie, and the one before is void', async () => {
    const send = shop.sender('manager1', 'POST', '/agentSession?v=1', '');
    const key = newKey();
    const first = await send(key);
    const again = await send(key);
    expect([again.status, pathIn(again)]).toEqual([201, pathIn(first)]);
    const cookies = [first, again].map((reply) => cookieOf(reply, 'parley_agent_session'));
    expect(cookies[0]).not.toBe(cookies[1]);
    const bearer = await shop.bearer('manager1');
    const statuses = await Promise.all(
      cookies.map(async (value) => {
        const cookie = `parley_agent_session=${value}`;
        return (await call('GET', shop.at(pathIn(again)), { bearer, cookie })).status;
      }),
    );
    expect(statuses).toEqual([401, 200]);
    const { state } = await fixture.host();
    expect(state.sessionOfUser.get(104)?.id).toBe(pathIn(first).split('/').at(-1));
  });
});

describe('what is remembered', () => {
  it('[IDEM12] a day long, over restarts, and of a line as long as its chat can be read', async () => {
    const ready = await KINDS['a request for a chat']?.(shop);
    if (ready === undefined) throw new Error('no such kind');
    const key = newKey();
    const first = await ready.send(key);
    const line = shop.sender('visitor', 'POST', `${pathIn(first)}/events`, {
      event: { '@type': 'line', text: 'hello' },
    });
    const written = await line(newKey());
    expect(written.status).toBe(201);
    fixture.clock.advance(23 * 3_600_000);
    // The chat is gone by now, and its lines with it.
    expect((await line(key)).status).toBe(404);
    expect(essence(await ready.send(key))).toEqual(essence(first));
    fixture.clock.advance(3_601_000);
    const later = await ready.send(key);
    expect([later.status, replayed(later)]).toEqual([201, undefined]);
    expect(later.headers.location).not.toBe(first.headers.location);
    const { state } = await fixture.host();
    expect(state.chats.has(pathIn(later).split('/').at(-1) ?? '')).toBe(true);
  });
});

it('[IDEM13] holds nothing of what was said, or of the key', async () => {
  const { visitor } = await shop.chat();
  const key = newKey();
  const text = 'a-word-that-nobody-else-says';
  await call('POST', shop.at(`${visitor}/events`), {
    appKey: DEMO_VISITOR_KEY,
    headers: { 'idempotency-key': key },
    body: { event: { '@type': 'line', text } },
  });
  const events = await journalOf(fixture.server.running.server.store.journal);
  const [line] = events.filter((event) => JSON.stringify(event).includes(text));
  const entry = line !== undefined && 'feed' in line ? line.feed[0] : undefined;
  expect(entry?.retry).toMatch(/^[\w-]{44}$/);
  expect(JSON.stringify(events)).not.toContain(key);
  expect(DEMO_ACCOUNT).toBe('12345678');
});

it.each(['representation', 'spelling'])(
  '[IDEM1] an answer that was stored with its representation as %s is read',
  (name) => {
    const rest = { kind: 'document', status: 201, body: '{}' };
    expect(readAnswer(JSON.stringify({ ...rest, [name]: 'json' }))).toEqual({
      ...rest,
      representation: 'json',
    });
  },
);
