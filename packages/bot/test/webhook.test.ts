import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { DEMO_BOT_KEY } from '@parley/server';
import { PlainVisitor } from '../../client/test/support/visitor.js';
import { DEMO_ACCOUNT, startTestServer, type TestServer } from '../../server/test/harness.js';
import { type Bot, createBot, LaterAnswers, verifyWebhook, webhook } from '../src/index.js';
import { answer, type Behaviour, cut, type Delivery, Endpoint, stall } from './support/endpoint.js';

const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`;
const secrets = [newSecret(), newSecret()] as const;
const SORRY = 'Sorry, something went wrong on my side. I am handing you over to a person.';
const NOBODY =
  'Nobody is free at the moment. Please stay: the first who is free will write to you here.';

let server: TestServer;
let endpoint: Endpoint;
let later: LaterAnswers;
let bot: Bot<Record<string, unknown>>;
let logged = '';
let visitor: PlainVisitor | null = null;

beforeAll(async () => {
  server = await startTestServer();
  endpoint = await Endpoint.start();
  later = new LaterAnswers({ secrets });
  await later.listen();
  const log = (fields: object, message?: string) => {
    logged += `${JSON.stringify({ message, ...fields })}\n`;
  };
  bot = createBot({
    ...{ account: DEMO_ACCOUNT, domainApi: server.http, login: DEMO_BOT_KEY, signals: false },
    log: { debug: log, info: log, warn: log, error: log },
  });
  const times = { timeout: 300, answerWithin: 1_200, laterWithin: 700 };
  bot.use(webhook({ url: `${endpoint.url}?key=in-the-query`, secrets, later, ...times }));
  await bot.start();
});

afterEach(async () => {
  await visitor?.end().catch(() => {});
  visitor = null;
});

afterAll(async () => {
  await bot.stop({ within: 0 });
  await later.close();
  await endpoint.stop();
  await server.stop();
});

const until = <T>(what: () => T | Promise<T>) => vi.waitFor(what, { timeout: 8_000, interval: 20 });

/** A visitor who says something, at an endpoint that behaves so. */
async function asks(...behaviours: readonly Behaviour[]) {
  endpoint.begin(...behaviours);
  logged = '';
  visitor = await PlainVisitor.start(server, { skill: 'Sales', visitorName: 'Vera' });
  await visitor.say('Where is my order?');
  return visitor;
}

const heard = (by: PlainVisitor, ...texts: string[]) =>
  until(async () => expect(await by.texts('agent')).toEqual(texts));

const noted = (text: string) => until(() => expect(logged).toContain(text));

/** Answers later, as a program of the endpoint would. */
function answersLater(delivery: Delivery, body: unknown, headers: Record<string, string> = {}) {
  const { url, token } = delivery.payload.data.later ?? { url: '', token: '' };
  return fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, ...headers },
    body: JSON.stringify(body),
  });
}

it('[BOT50] an endpoint gets what was said, signed with every secret, and its answer is carried out', async () => {
  const vera = await asks(
    answer(200, {
      state: { asked: 1 },
      reply: ['I look it up.', { text: 'Which one?', quickReplies: ['17', { title: '18' }] }],
      whisper: 'She asks for an order.',
    }),
    answer(200, { reply: { text: '<b>Tomorrow.</b>', as: 'html' }, end: true }),
  );
  await heard(vera, 'I look it up.', 'Which one?');
  const [delivery] = endpoint.lines as [Delivery];
  for (const secret of secrets) {
    expect(verifyWebhook(secret, delivery.headers, delivery.body)).toBe(true);
    const inAnHour = Date.now() + 3_600_000;
    expect(verifyWebhook(secret, delivery.headers, delivery.body, inAnHour)).toBe(false);
    expect(verifyWebhook(secret, delivery.headers, delivery.body.replace('order', 'oder'))).toBe(
      false,
    );
  }
  expect(verifyWebhook(newSecret(), delivery.headers, delivery.body)).toBe(false);
  expect(delivery.payload).toMatchObject({
    type: 'line:visitor',
    data: {
      chat: { id: vera.id, skill: 'Sales' },
      visitor: { name: 'Vera' },
      line: { source: 'visitor', text: 'Where is my order?' },
      state: {},
    },
  });
  await vera.say('17');
  await heard(vera, 'I look it up.', 'Which one?', '<b>Tomorrow.</b>');
  const second = endpoint.lines[1]?.payload.data;
  expect(second?.state).toEqual({ asked: 1 });
  // What only agents read stays with agents.
  const history = second?.history.filter(({ source }) => source !== 'system');
  expect(history?.map(({ text }) => text)).toEqual([
    'Where is my order?',
    'I look it up.',
    'Which one?',
  ]);
  await until(() =>
    expect(endpoint.deliveries.at(-1)?.payload).toMatchObject({ type: 'chat:end' }),
  );
});

it.each([
  ['an error', answer(503, '', { 'retry-after': '0' })],
  ['too many requests', answer(429)],
  ['a cut connection', cut],
  ['silence', stall],
])('[BOT51] after %s the same request comes again, with the same id', async (_, fails) => {
  const vera = await asks(fails, answer(200, { reply: 'Tomorrow.' }));
  await heard(vera, 'Tomorrow.');
  const [first, second] = endpoint.lines.map(({ headers }) => headers['webhook-id']);
  expect(first).toMatch(/^msg_\S{20,}$/);
  expect([endpoint.lines.length, second]).toEqual([2, first]);
});

it.each([
  ['refuses', answer(400), 'The webhook answered 400.', 1],
  ['points elsewhere', answer(307, '', { location: 'http://127.0.0.1:9/' }), 'answered 307', 1],
  ['is no JSON', answer(200, '<html>'), 'The answer is no JSON.', 1],
  ['misspells', answer(200, { replay: 'Hi' }), 'There is no field \\"replay\\" in an answer', 1],
  ['gives a wrong value', answer(200, { end: 'yes' }), 'end must be true or false', 1],
  ['never answers', stall, 'gave no answer within 1.2 s. At last: The webhook took longer', 2],
])('[BOT52] an endpoint that %s has its chat handed over', async (_, fails, why, tries) => {
  const vera = await asks(fails);
  await heard(vera, SORRY, NOBODY);
  await noted(why);
  expect(endpoint.lines).toHaveLength(tries);
  for (const secret of [...secrets, 'in-the-query']) expect(logged).not.toContain(secret);
});

it('[BOT53] an answer can come later, once, by the token of the chat alone', async () => {
  const vera = await asks(answer(202));
  await until(() => expect(endpoint.lines).toHaveLength(1));
  const [delivery] = endpoint.lines as [Delivery];
  const forged = await answersLater(
    delivery,
    { reply: 'Free for you.' },
    { authorization: 'Bearer x' },
  );
  expect(forged.status).toBe(401);
  const bad = await answersLater(delivery, { replay: 'Hi' });
  expect([bad.status, await bad.json()]).toEqual([
    400,
    {
      error: expect.stringContaining('There are: "reply", "whisper", "handOver", "end", "state".'),
    },
  ]);
  const key = { 'idempotency-key': '1' };
  for (const _ of [1, 2]) {
    expect((await answersLater(delivery, { reply: 'Tomorrow.' }, key)).status).toBe(200);
  }
  // Nobody waits any more, and still it can be answered: news of its own.
  expect((await answersLater(delivery, { reply: 'Here it is.' })).status).toBe(200);
  await heard(vera, 'Tomorrow.', 'Here it is.');
  // Past the time that an answer is waited for: nothing was handed over.
  endpoint.begin(answer(200, { reply: 'Bye.' }));
  await vera.say('Thanks');
  await heard(vera, 'Tomorrow.', 'Here it is.', 'Bye.');
  await vera.end();
  await until(async () =>
    expect((await answersLater(delivery, { reply: 'Late.' })).status).toBe(410),
  );
});

it('[BOT53] an answer that comes before its 202 counts', async () => {
  const vera = await asks(async (response, delivery) => {
    await answersLater(delivery, { reply: 'Quick.' });
    answer(202)(response, delivery);
  });
  await heard(vera, 'Quick.');
  // The next line is taken only when this one is answered.
  endpoint.begin(answer(200, { reply: 'Again.' }));
  await vera.say('And now?');
  await heard(vera, 'Quick.', 'Again.');
});

it('[BOT54] a later answer that does not come has the chat handed over', async () => {
  const vera = await asks(answer(202));
  await heard(vera, SORRY, NOBODY);
  await noted('The later answer did not come within 0.7 s.');
});

it('[BOT55] what cannot be a webhook is an error at once, which repeats no secret', () => {
  const url = 'https://example.com/bot';
  expect(() => webhook({ url: 'example.com', secrets })).toThrow('got "example.com"');
  expect(() => webhook({ url, secrets: [] })).toThrow('one at least');
  expect(() => webhook({ url, secrets: ['whsec_c2hvcnQ='] })).toThrow(/^(?!.*c2hvcnQ).*24 random/);
  expect(() => webhook({ url, secrets, events: ['line:vistor' as 'chat:end'] })).toThrow(
    'There are "chat:start", "line:visitor", "chat:end".',
  );
});
