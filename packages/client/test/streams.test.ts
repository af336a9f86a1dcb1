/** What streams bring: at once, in order, each once, over broken connections too. */
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import {
  DEMO_ACCOUNT,
  DEMO_PASSWORD,
  DEMO_VISITOR_KEY,
  startTestServer,
  type TestServer,
} from '../../server/test/harness.js';
import { type Agent, type AgentChat, type Offer, connectAgent } from '../src/agent/index.js';
import { startChat, type VisitorChat } from '../src/visitor/index.js';
import { Network } from './support/network.js';
import { type Change, type ChangingProxy, startProxy } from './support/proxy.js';

let server: TestServer;
let agent: Agent;
let chat: VisitorChat;
let proxy: ChangingProxy | null = null;

beforeAll(async () => {
  server = await startTestServer();
});

afterEach(async () => {
  if (chat.over === null) await chat.end();
  await agent.close();
  await proxy?.stop();
  proxy = null;
});

afterAll(() => server.stop());

async function both(domainApi: string, networks: { agent?: Network; visitor?: Network } = {}) {
  const place = { account: DEMO_ACCOUNT, domainApi };
  agent = await connectAgent({
    ...place,
    login: { username: 'agent1', password: DEMO_PASSWORD },
    ...(networks.agent === undefined ? {} : { fetch: networks.agent.fetch }),
  });
  const ringing: (readonly Offer[])[] = [];
  agent.on('ringing', (offers) => ringing.push(offers));
  chat = await startChat({
    ...place,
    appKey: DEMO_VISITOR_KEY,
    visitorName: 'Vera',
    skill: 'Sales',
    ...(networks.visitor === undefined ? {} : { fetch: networks.visitor.fetch }),
  });
  for await (const offer of agent.offers()) {
    const theirs = await offer.accept();
    if (theirs !== null) return { theirs, ringing };
  }
  throw new Error('no chat came');
}

const until = (what: () => void) => vi.waitFor(what, { timeout: 8_000, interval: 10 });

const texts = (of: AgentChat | VisitorChat) =>
  ('lines' in of && !('history' in of) ? (of as VisitorChat).lines : linesOf(of as AgentChat))
    .filter(({ source }) => source !== 'system')
    .map(({ text }) => text);

function linesOf({ history }: AgentChat) {
  return history.flatMap((event) => (event.type === 'line' ? [event] : []));
}

it('[CLIENT60] a stream sends offers with who waits and how long it rings, typing, names and lines', async () => {
  const { theirs, ringing } = await both(server.http);
  expect(ringing[0]?.[0]).toMatchObject({ skill: 'Sales', visitorName: 'Vera', role: 'agent' });
  expect(ringing[0]?.[0]?.ringsUntil).toBeGreaterThan(Date.now());
  await until(() => expect(chat.connection).toEqual({ state: 'live', via: 'sse' }));
  await until(() => expect(agent.connection).toEqual({ state: 'live', via: 'sse' }));
  const typing: boolean[] = [];
  chat.on('typing', (on) => typing.push(on));
  await theirs.typing(true);
  await until(() => expect(typing).toEqual([true]));
  await chat.typing(true);
  await until(() => expect(theirs.visitor.typing).toBe(true));
  await chat.setName('Vera Visitor');
  await until(() => expect(theirs.visitor.name).toBe('Vera Visitor'));
  const sent = Date.now();
  await theirs.say('at once');
  await until(() => expect(texts(chat)).toEqual(['at once']));
  expect(Date.now() - sent).toBeLessThan(1_500);
  const availability: string[] = [];
  agent.on('availability', ({ chat: state }) => availability.push(state));
  await agent.setAvailability('Away');
  expect(availability).toEqual(['Away']);
});

it('[CLIENT61] while a stream is there nothing is asked for', async () => {
  const network = new Network();
  const { theirs } = await both(server.http, { agent: network });
  await until(() => expect(agent.connection).toMatchObject({ via: 'sse' }));
  await chat.say('one');
  await until(() => expect(texts(theirs)).toContain('one'));
  // What waited when the stream came is answered by now; nothing is asked after it.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const before = network.sent.length;
  for (const text of ['two', 'three', 'four']) await chat.say(text);
  await until(() => expect(texts(theirs)).toEqual(['one', 'two', 'three', 'four']));
  const asked = network.sent.slice(before).filter((call) => !call.endsWith('/availability'));
  expect(asked.length).toBeLessThanOrEqual(1);
});

/** A generator of numbers from a seed, so that a failing run can be repeated. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

it('[CLIENT62] over connections that break, each line comes once and in order to both sides', {
  timeout: 60_000,
}, async () => {
  const seed = Number(process.env['PARLEY_CLIENT_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  const random = randomFrom(seed);
  const networks = { agent: new Network(), visitor: new Network() };
  const { theirs } = await both(server.http, networks);
  const expected: string[] = [];
  const saying: Promise<unknown>[] = [];
  const rounds = Number(process.env['PARLEY_CLIENT_ROUNDS'] ?? 25);
  for (let round = 0; round < rounds; round += 1) {
    const side = random() < 0.5 ? networks.agent : networks.visitor;
    const fault = random();
    if (fault < 0.3) side.down();
    else if (fault < 0.5) side.loseAnswers();
    const mine = `agent ${round}`;
    const yours = `visitor ${round}`;
    expected.push(mine, yours);
    saying.push(theirs.say(mine), chat.say(yours));
    await new Promise((resolve) => setTimeout(resolve, random() * 40));
    if (fault < 0.2) side.cut();
    side.up();
  }
  const sent = await Promise.all(saying);
  expect(
    sent.every((each) => each !== null),
    `seed ${seed}`,
  ).toBe(true);
  await until(() => expect(texts(chat).length, `seed ${seed}`).toBe(expected.length));
  await until(() => expect(texts(theirs).length, `seed ${seed}`).toBe(expected.length));
  expect(texts(chat), `seed ${seed}`).toEqual(texts(theirs));
  expect([...texts(chat)].sort(), `seed ${seed}`).toEqual([...expected].sort());
  for (const who of ['agent', 'visitor']) {
    const own = texts(chat).filter((text) => text.startsWith(who));
    expect(own, `seed ${seed}`).toEqual(expected.filter((text) => text.startsWith(who)));
  }
});

/** A proxy that knows no streams: it answers a page of its own. */
const WITHOUT_STREAMS: Change = {
  request: (url) => (/\/stream(\?|$)/.test(url) ? null : url),
};

it('[CLIENT63] where a stream cannot be had, requests are held', async () => {
  proxy = await startProxy(server.http, WITHOUT_STREAMS);
  const { theirs } = await both(proxy.url);
  await chat.say('held');
  await until(() => expect(texts(theirs)).toEqual(['held']));
  expect(agent.connection).toEqual({ state: 'live', via: 'long-poll' });
  expect(chat.connection).toEqual({ state: 'live', via: 'long-poll' });
  expect(proxy.seen.filter((call) => /\/stream$/.test(call)).length).toBeLessThanOrEqual(2);
});
