/** What streams bring: at once, in order, each once, over broken connections too. */
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import {
  DEMO_ACCOUNT,
  DEMO_PASSWORD,
  DEMO_VISITOR_KEY,
  startTestServer,
  type TestServer,
} from '../../server/test/harness.js';
import {
  type Agent,
  type AgentChat,
  connectAgent,
  type Offer,
  type WebSocketConstructor,
} from '../src/agent/index.js';
import { acrossTabs } from '../src/tabs/index.js';
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

async function both(
  domainApi: string,
  networks: { agent?: Network; visitor?: Network } = {},
  webSocket: WebSocketConstructor | null = null,
) {
  const place = { account: DEMO_ACCOUNT, domainApi };
  agent = await connectAgent({
    ...place,
    login: { username: 'agent1', password: DEMO_PASSWORD },
    ...(networks.agent === undefined ? {} : { fetch: networks.agent.fetch }),
    webSocket,
  });
  const ringing: (readonly Offer[])[] = [];
  agent.on('ringing', (offers) => ringing.push(offers));
  chat = await startChat({
    ...place,
    appKey: DEMO_VISITOR_KEY,
    visitorName: 'Vera',
    skill: 'Sales',
    ...(networks.visitor === undefined ? {} : { fetch: networks.visitor.fetch }),
    ...(webSocket === null ? {} : { listen: acrossTabs({ webSocket }) }),
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

/** WebSockets that can be cut with the network, and whose addresses are kept. */
class Sockets {
  readonly addresses: string[] = [];
  readonly #open = new Set<WebSocket>();

  constructor(...networks: readonly Network[]) {
    for (const network of networks) {
      network.onCut(() => {
        for (const socket of this.#open) socket.terminate();
      });
    }
  }

  get forClients(): WebSocketConstructor {
    const { addresses } = this;
    const open = this.#open;
    return class extends WebSocket {
      constructor(url: string) {
        super(url);
        addresses.push(url);
        open.add(this);
        this.on('close', () => open.delete(this));
      }
    } as unknown as WebSocketConstructor;
  }
}

it('[CLIENT64] with a WebSocket the same comes over that, and it is resumed by its position', async () => {
  const network = new Network();
  const sockets = new Sockets(network);
  const { theirs } = await both(server.http, { agent: network }, sockets.forClients);
  await until(() => expect(chat.connection).toEqual({ state: 'live', via: 'websocket' }));
  await until(() => expect(agent.connection).toEqual({ state: 'live', via: 'websocket' }));
  await theirs.say('one');
  await chat.say('two');
  await until(() => expect(texts(theirs)).toEqual(['one', 'two']));
  await until(() => expect(texts(chat)).toEqual(['one', 'two']));
  expect(network.sent.filter((call) => call.endsWith('/stream'))).toEqual([]);
  network.cut();
  await chat.say('three');
  await until(() => expect(texts(theirs)).toEqual(['one', 'two', 'three']));
  await until(() => expect(sockets.addresses.some((each) => /position=/.test(each))).toBe(true));
  const opened = sockets.addresses.map((address) => new URL(address));
  expect(opened.every(({ protocol }) => protocol === 'ws:')).toBe(true);
  // A ticket is good once, and no credential stands beside it.
  const tickets = opened.map(({ searchParams }) => searchParams.get('ticket'));
  expect(new Set(tickets).size).toBe(tickets.length);
  expect(sockets.addresses.join()).not.toMatch(/appKey|bearer/i);
});

/** A network that lets no WebSocket through. */
const BLOCKED = class {
  static tries = 0;
  onclose: (() => void) | null = null;
  constructor() {
    BLOCKED.tries += 1;
    setTimeout(() => this.onclose?.(), 1);
  }
  send(): void {}
  close(): void {}
} as unknown as WebSocketConstructor & { tries: number };

it('[CLIENT65] where no WebSocket gets through, streams come over fetch, and it is not tried again', async () => {
  const network = new Network();
  const { theirs } = await both(server.http, { agent: network, visitor: network }, BLOCKED);
  await until(() => expect(agent.connection).toEqual({ state: 'live', via: 'sse' }));
  await until(() => expect(chat.connection).toEqual({ state: 'live', via: 'sse' }));
  const { tries } = BLOCKED;
  expect(tries).toBe(2);
  network.cut();
  await theirs.say('after it');
  await until(() => expect(texts(chat)).toEqual(['after it']));
  expect(BLOCKED.tries).toBe(tries);
});

it.each(['sse', 'websocket'])(
  '[CLIENT62] over connections that break (%s), each line comes once and in order to both sides',
  {
    timeout: 60_000,
  },
  async (via) => {
    const seed = Number(process.env['PARLEY_CLIENT_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
    const random = randomFrom(seed);
    const networks = { agent: new Network(), visitor: new Network() };
    const sockets = new Sockets(networks.agent, networks.visitor);
    const { theirs } = await both(
      server.http,
      networks,
      via === 'websocket' ? sockets.forClients : null,
    );
    const expected: string[] = [];
    const saying: Promise<unknown>[] = [];
    const rounds = Number(process.env['PARLEY_CLIENT_ROUNDS'] ?? 15);
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
  },
);

/** A proxy that knows no streams: it answers a page of its own. */
const WITHOUT_STREAMS: Change = {
  request: (url) => (/\/stream(\?|$)/.test(url) ? null : url),
};

it('[CLIENT63] where a stream cannot be had, requests are held', async () => {
  proxy = await startProxy(server.http, WITHOUT_STREAMS);
  const { theirs } = await both(proxy.url, {}, BLOCKED);
  await chat.say('held');
  await until(() => expect(texts(theirs)).toEqual(['held']));
  expect(agent.connection).toEqual({ state: 'live', via: 'long-poll' });
  expect(chat.connection).toEqual({ state: 'live', via: 'long-poll' });
  expect(proxy.seen.filter((call) => /\/stream$/.test(call)).length).toBeLessThanOrEqual(2);
});
