/**
 * One credential that floods against another, both from one address. What is compared is who is answered
 * before whom, and how long that takes in made-up time (fairness/machine.ts), which is the same on any
 * machine. By the clock it is measured where nothing else runs: PARLEY_FAIRNESS=1.
 */
import { request } from 'node:http';
import { constants } from 'node:os';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { callerKeyOf } from '../src/http/caller-key.js';
import { FairQueue } from '../src/http/fair-queue.js';
import { type AgentChat, Fixture } from './chat-fixture.js';
import { type Report, start } from './fairness/start-caller.js';
import { type Client, LINE, Machine, p99, POLL } from './fairness/machine.js';

/** A queue whose tasks take as long as they say, by a clock of their own. */
class Simulation {
  now = 0;
  readonly done: { readonly caller: string; readonly at: number }[] = [];
  readonly queue = new FairQueue(() => this.now);

  add(caller: string, ms = 1, network = '192.0.2.1'): void {
    const task = () => {
      this.now += ms;
      this.done.push({ caller, at: this.now });
    };
    this.queue.add(network, task, caller);
  }

  /** Resolves when so many tasks were carried out. */
  async until(count: number): Promise<void> {
    while (this.done.length < count) await new Promise((resolve) => setImmediate(resolve));
  }

  placeOf(caller: string): number {
    return this.done.findIndex((each) => each.caller === caller);
  }

  /** Resolves with how many others were before the caller, once it was its turn; counted from a place on. */
  async waitFor(caller: string, from: number): Promise<number> {
    while (this.done.slice(from).every((each) => each.caller !== caller)) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    return this.done.slice(from).findIndex((each) => each.caller === caller);
  }
}

describe('of callers at one address', () => {
  it('[FAIR1] one who asks little is next, however much another has asked before', async () => {
    const simulation = new Simulation();
    for (let n = 0; n < 100; n += 1) simulation.add('flood');
    await simulation.until(40);
    for (let n = 0; n < 1_000; n += 1) simulation.add('flood');
    const before = simulation.done.length;
    simulation.add('worker');
    await simulation.until(before + 10);
    expect(simulation.placeOf('worker') - before).toBeLessThan(3);
  });

  it('[FAIR1] each of several who ask much has its part', async () => {
    const simulation = new Simulation();
    for (let n = 0; n < 300; n += 1) for (const caller of ['a', 'b', 'c']) simulation.add(caller);
    await simulation.until(300);
    const part = (caller: string) =>
      simulation.done.filter((each) => each.caller === caller).length;
    for (const caller of ['a', 'b', 'c']) expect(part(caller)).toBeGreaterThan(80);
  });

  it('[FAIR2] one who names itself anew each time is served as it came, and pushes nobody away', async () => {
    const simulation = new Simulation();
    for (let n = 0; n < 60; n += 1) simulation.add('worker');
    await simulation.until(60);
    // The worker took much by now, and each of the others is new.
    for (let n = 0; n < 200; n += 1) simulation.add(`made-up-${n}`);
    simulation.add('worker');
    const before = simulation.done.length;
    let made = 200;
    while (simulation.done.length < before + 400) {
      for (let n = 0; n < 4; n += 1) simulation.add(`made-up-${made++}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const after = simulation.done.slice(before);
    expect(after.findIndex(({ caller }) => caller === 'worker')).toBeGreaterThanOrEqual(0);
  });

  it.each([
    ['a bearer', { authorization: 'Bearer a' }, { authorization: 'Bearer b' }],
    ['a cookie', { cookie: 'session_id=a' }, { cookie: 'session_id=b' }],
    [
      'an app key that signs',
      { authorization: 'OAuth oauth_consumer_key="a", oauth_nonce="1"' },
      { authorization: 'OAuth oauth_consumer_key="b", oauth_nonce="1"' },
    ],
  ])('[FAIR1] are distinguished by %s', (_, one, other) => {
    const key = (headers: object, url = '/') =>
      callerKeyOf({ headers, url } as Parameters<typeof callerKeyOf>[0]);
    expect(key(one)).toBe(key(one));
    expect(key(one)).not.toBe(key(other));
  });

  it('[FAIR1] visitors, who share an app key, are distinguished by their chats', () => {
    const headers = { authorization: 'LivePerson appKey=parley-demo-visitor-key' };
    const key = (chat: string) =>
      callerKeyOf({ headers, url: `/api/account/1/chat/${chat}/events` } as Parameters<
        typeof callerKeyOf
      >[0]);
    expect(key('H1-aK2')).not.toBe(key('H1-bK2'));
  });
});

describe('of networks', () => {
  const STRANGERS = 20;
  const network = (n: number) => `198.51.100.${n}`;

  it('[FAIR5] those that were not there before do not pass one that was', async () => {
    const simulation = new Simulation();
    for (let n = 0; n < 300; n += 1) simulation.add('victim');
    await simulation.until(300);
    for (let stranger = 1; stranger <= STRANGERS; stranger += 1) {
      for (let n = 0; n < 100; n += 1) simulation.add('stranger', 5, network(stranger));
    }
    await simulation.until(310);
    const before = simulation.done.length;
    simulation.add('victim');
    // One of each that waits may be before it.
    expect(await simulation.waitFor('victim', before)).toBeLessThanOrEqual(STRANGERS + 1);
  });

  it('[FAIR5] nor does a crowd of ever new ones', async () => {
    const simulation = new Simulation();
    let stranger = 0;
    const waits: number[] = [];
    for (let n = 0; n < 100; n += 1) simulation.add('victim');
    await simulation.until(100);
    for (let round = 0; round < 50; round += 1) {
      for (let n = 0; n < STRANGERS; n += 1) {
        stranger += 1;
        const own = `2001:db8:${stranger.toString(16)}::/64`;
        for (let each = 0; each < 5; each += 1) simulation.add('stranger', 2, own);
      }
      const before = simulation.done.length;
      simulation.add('victim');
      waits.push(await simulation.waitFor('victim', before));
      await simulation.until(100 + (round + 1) * (5 * STRANGERS + 1));
    }
    expect(Math.max(...waits)).toBeLessThanOrEqual(STRANGERS + 1);
  });
});

describe('a request that was begun', () => {
  it('[FAIR6] goes on without waiting for a round of others, unless its caller took much', async () => {
    const simulation = new Simulation();
    const begun = (caller: string) =>
      simulation.queue.add(
        '192.0.2.9',
        () => simulation.done.push({ caller, at: simulation.now }),
        caller,
        false,
        true,
      );
    for (let n = 0; n < 120; n += 1) simulation.add('took much', 1, '192.0.2.9');
    await simulation.until(120);
    for (let n = 0; n < 100; n += 1) simulation.add('other', 1, `198.51.100.${n % 20}`);
    const before = simulation.done.length;
    begun('took much');
    begun('victim');
    expect(simulation.done.slice(before).map(({ caller }) => caller)).toEqual(['victim']);
    expect(await simulation.waitFor('took much', before)).toBeGreaterThan(1);
  });
});

describe('while much waits for the disk', () => {
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  it('[FAIR4] what is large waits, of whichever network, and what is small does not', async () => {
    let hasRoom = false;
    const done: string[] = [];
    const queue = new FairQueue(undefined, undefined, () => hasRoom);
    const add = (network: string, what: string, isLarge: boolean) =>
      queue.add(network, () => done.push(what), what, isLarge);
    add('192.0.2.1', 'large', true);
    add('192.0.2.1', 'small beside it', false);
    add('192.0.2.2', 'large elsewhere', true);
    add('192.0.2.3', 'small elsewhere', false);
    await turn();
    await turn();
    expect(done.toSorted()).toEqual(['small beside it', 'small elsewhere']);
    // What comes now is not held up by those that wait.
    add('192.0.2.3', 'later', false);
    await turn();
    expect(done.at(-1)).toBe('later');

    // It is seen without anybody adding anything.
    hasRoom = true;
    await vi.waitFor(() => expect(done).toHaveLength(5));
    expect(done.slice(3).toSorted()).toEqual(['large', 'large elsewhere']);
  });

  it('[FAIR4] one large thing after another is carried out as room comes', async () => {
    let room = 1;
    const done: number[] = [];
    const queue = new FairQueue(undefined, undefined, () => room > 0);
    for (let n = 0; n < 4; n += 1) {
      const work = () => {
        done.push(n);
        room -= 1;
      };
      queue.add('192.0.2.1', work, 'a', true);
    }
    for (let n = 1; n <= 4; n += 1) {
      await vi.waitFor(() => expect(done).toHaveLength(n));
      expect(room).toBe(0);
      room = 1;
    }
    expect(done).toEqual([0, 1, 2, 3]);
  });
});

describe('a credential that floods', () => {
  const worker = { caller: 'worker', ask: LINE, connections: 1, pause: 3.1 };
  const floods = [1, 8, 32, 256].flatMap((connections) => [
    ['reads', connections, { caller: 'flood', ask: POLL, connections, pause: 0.03 }] as const,
    ['lines', connections, { caller: 'flood', ask: LINE, connections, pause: 0.03 }] as const,
  ]);
  /** Ms, once the queue knows who takes much. */
  const FROM = 1_500;
  const ANSWERS = 400;
  const p99Of = async (clients: readonly Client[]) => {
    const done = await new Machine([worker, ...clients]).run(FROM, ANSWERS);
    return { p99: p99(done.get(worker) ?? []), done };
  };

  it.each(floods)(
    '[FAIR3] with %s over %d connections raises the p99 of another to twice at most',
    async (_, __, flood) => {
      const alone = (await p99Of([])).p99;
      const beside = await p99Of([flood]);
      expect(beside.p99 / alone).toBeLessThanOrEqual(2);
      // It was a flood, and was served.
      expect(beside.done.get(flood)?.length).toBeGreaterThan(5 * ANSWERS);
    },
  );
});

describe('with a server', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    // Turns alone are to be fair: no flood ends by the limit of its credential.
    fixture = await Fixture.start({ credentials: { requestsPerSecond: 1_000_000 } });
  });
  afterAll(() => fixture.stop());

  it('[FAIR1] requests, their bodies, what the disk is done with and what comes within WebSockets take turns as their caller', async () => {
    const { chat, agent } = await fixture.chat({ skill: 'Sales' }, 'agent1');
    const { turns } = fixture.server.running.server;
    const added: string[] = [];
    const add = vi.spyOn(turns, 'add').mockImplementation((network, work, caller) => {
      added.push(caller ?? '');
      FairQueue.prototype.add.call(turns, network, work, caller);
    });
    try {
      const own = `Bearer ${agent.login.bearer}`;
      await chat.line('over HTTP');
      expect(added).toEqual([own, own, own]);
      const socket = new WebSocket(`${agent.uri.replace(/^http/, 'ws')}/ws`, {
        headers: { authorization: own },
      });
      const answered = new Promise<string>((resolve) => {
        socket.on('message', (data) => {
          if (String(data).includes('"response"')) resolve(String(data));
        });
      });
      await new Promise((resolve) => socket.once('open', resolve));
      added.length = 0;
      const body = { event: { '@type': 'line', text: 'over a WebSocket' } };
      const target = `${new URL(chat.uri).pathname}/events`;
      socket.send(JSON.stringify({ type: 'request', id: 1, method: 'POST', target, body }));
      expect(JSON.parse(await answered)).toMatchObject({ id: 1, status: 201 });
      expect(added).toEqual([own]);
      socket.terminate();
    } finally {
      add.mockRestore();
    }
  });

  it('[FAIR4] bodies and frames are large or not by what they hold, and the store says whether there is room', async () => {
    const [talks, writes] = [await fixture.chat({}, 'agent1'), await fixture.chat({}, 'agent2')];
    const { server } = fixture.server.running;
    let unwritten = 10_000_000;
    const store = vi.spyOn(server.store, 'unwritten').mockImplementation(() => unwritten);
    const socket = new WebSocket(`${writes.agent.uri.replace(/^http/, 'ws')}/ws`, {
      headers: { authorization: `Bearer ${writes.agent.login.bearer}` },
    });
    const done: string[] = [];
    try {
      await new Promise((resolve) => socket.once('open', resolve));
      const frame = new Promise((resolve) => {
        socket.on('message', (data) => {
          if (String(data).includes('"response"')) resolve(done.push('frame'));
        });
      });
      const text = 'x'.repeat(5_000);
      const target = `${new URL(writes.chat.uri).pathname}/events`;
      const body = { event: { '@type': 'line', text } };
      socket.send(JSON.stringify({ type: 'request', id: 1, method: 'POST', target, body }));
      const long = writes.visitor.line(text).then(() => done.push('long'));
      for (const line of ['short', 'short again']) await talks.chat.line(line);
      await talks.visitor.line('short').then(() => done.push('short'));
      expect(done).toEqual(['short']);
      unwritten = 0;
      await Promise.all([long, frame]);
    } finally {
      store.mockRestore();
      socket.terminate();
    }
  });

  it('[FAIR1] a request passes hundreds of another credential that wait', async () => {
    const worker = await fixture.agent('agent2');
    // Costly, and nobody's: who floods is distinguished by what it brings, whether that is right or not.
    const flood = { method: 'GET', headers: { authorization: 'Bearer of-a-flood' } };
    const url = `${fixture.server.http}/docs/search.json?q=chat`;
    const COUNT = 400;
    let answered = 0;
    const all = Array.from({ length: COUNT }, () => {
      return new Promise<void>((resolve, reject) => {
        const sent = request(url, { ...flood, agent: false }, (response) => {
          response.resume().on('end', () => {
            answered += 1;
            resolve();
          });
        });
        sent.on('error', reject).end();
      });
    });
    // Some of them are being answered, and all of them are there.
    while (answered < 5) await new Promise((resolve) => setImmediate(resolve));
    const before = answered;
    expect((await worker.get('/availability')).status).toBe(200);
    const passed = answered - before;
    expect(passed).toBeLessThan(COUNT / 4);
    await Promise.all(all);
  });

  /** Nothing else runs on the machine. */
  const isQuiet = process.env['PARLEY_FAIRNESS'] !== undefined;
  const ROUNDS = 5;
  const MAX_RATIO = 2;

  it.runIf(isQuiet)(
    '[FAIR3] who floods raises the p99 of another credential to twice at most, by the clock',
    { timeout: 180_000 },
    async () => {
      const flooder = asks((await fixture.chat({ skill: 'Sales' }, 'agent1')).chat);
      const worker = asks((await fixture.chat({ skill: 'Sales' }, 'agent2')).chat);
      const work = { asks: [worker.line], connections: 1, pauseMs: 3, ms: 1_500 };
      const flood = { asks: [flooder.poll], connections: 32, pauseMs: 0, ms: 0 };
      // The first requests of a process are slow.
      await start(work).report;
      const rounds: { quiet: Report; flooded: Report; flood: Report }[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const quiet = await start(work).report;
        const flooding = start(flood, constants.priority.PRIORITY_LOW);
        await flooding.begun;
        const flooded = await start(work).report;
        flooding.stop();
        rounds.push({ quiet, flooded, flood: await flooding.report });
      }
      const line = JSON.stringify(rounds);
      process.stdout.write(`${line}\n`);
      // It was a flood: many times what the other one asks.
      for (const { flooded, flood: brought } of rounds) {
        expect(brought.n).toBeGreaterThan(5 * flooded.n);
      }
      const ratios = rounds.map(({ quiet, flooded }) => flooded.p99 / quiet.p99);
      const median = ratios.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
      expect([median <= MAX_RATIO, ratios]).toEqual([true, ratios]);
    },
  );
});

function asks(chat: AgentChat) {
  const headers = { authorization: `Bearer ${chat.agent.login.bearer}` };
  const body = JSON.stringify({ event: { '@type': 'line', text: 'hello' } });
  const url = `${chat.uri}/events`;
  return {
    poll: { method: 'GET', url: `${url}?from=2&v=1`, headers },
    line: { method: 'POST', url: `${url}?v=1`, headers, body },
  };
}
