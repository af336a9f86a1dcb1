/**
 * Chats over a network that cuts, delays, tears apart and repeats (hostile-network.ts): readers over SSE, over
 * WebSockets and by waiting polls, and people who send each line until it is answered. Each line is there once
 * and in order, and each reader finds each event that it may see once and in order, and none that it may not.
 * The clock stands still: a wake-up that is lost would be waited for for ever.
 *
 * `PARLEY_PUSH_SEED` repeats a run, `PARLEY_PUSH_RUNS` makes more of them. A seed that failed once stands in
 * KEPT, with what was found.
 */
import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Agent, type ChatEvent, type Visitor, Fixture } from './chat-fixture.js';
import { at, UNTHROTTLED } from './harness.js';
import { HostileNetwork } from './hostile-network.js';
import { randomFrom } from './push-fixture.js';
import { isWhisper, lastOf, nameOf, type Network, Reader } from './stream-reader.js';

const RUNS = Number(process.env['PARLEY_PUSH_RUNS'] ?? 1);
const FIRST_SEED = Number(process.env['PARLEY_PUSH_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const KEPT: readonly number[] = [];
const CHATS = 2;
const LINES = 10;
/** How often something is tried before it counts as lost. */
const MAX_TRIES = 2_000;

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start({ throttle: UNTHROTTLED });
});
afterAll(() => fixture.stop());

interface Answered {
  readonly status: number;
  readonly body: unknown;
}

interface Asked {
  readonly method?: string;
  readonly body?: unknown;
  readonly key?: string;
}

/** Asks once; null when the connection was cut before the answer was whole. */
function ask(
  of: Agent | Visitor,
  url: string,
  { method = 'GET', body, key }: Asked,
): Promise<Answered | null> {
  return new Promise((resolve) => {
    const { bearer, appKey } = of.credential();
    const authorization = bearer === undefined ? `LivePerson appKey=${appKey}` : `Bearer ${bearer}`;
    const headers = {
      authorization,
      'content-type': 'application/json',
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    };
    const asked = request(url, { method, headers, agent: false });
    asked.on('error', () => resolve(null));
    asked.on('response', (response) => {
      const status = response.statusCode ?? 0;
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', () => resolve(null));
      response.on('end', () => resolve({ status, body: text === '' ? null : JSON.parse(text) }));
    });
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Asks until there is an answer; what comes while the first is still under way is asked again. */
async function insist(of: Agent | Visitor, url: string, asked: Asked): Promise<Answered> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const answered = await ask(of, url, asked);
    const code = answered === null ? null : at(answered.body, 'error.internalCode');
    if (answered !== null && !(answered.status === 409 && code === IN_FLIGHT)) return answered;
    await pause(1);
  }
  throw new Error(`${asked.method ?? 'GET'} ${url} is never answered`);
}

/** `requestInFlight` */
const IN_FLIGHT = 1511;

/** Follows a chat by waiting polls to its end. */
async function poll(of: Agent | Visitor, uri: string): Promise<ChatEvent[]> {
  const events: ChatEvent[] = [];
  for (let tries = 0; events.at(-1)?.state !== 'ended'; tries += 1) {
    if (tries > MAX_TRIES) throw new Error(`${uri} never ends`);
    const got = await ask(of, `${uri}/events?from=${lastOf(events) + 1}&wait=60`, {});
    if (got === null) continue;
    expect(got.status).toBe(200);
    events.push(...([at(got.body, 'events.event') ?? []].flat() as ChatEvent[]));
  }
  return events;
}

interface Talk {
  readonly visitor: Visitor;
  readonly agent: Agent;
  /** Texts in the order in which each was answered. */
  readonly said: Record<'agent' | 'visitor', string[]>;
}

/** One after another, each until it is answered. */
async function talk(
  { visitor, agent, said }: Talk,
  who: 'agent' | 'visitor',
  network: Network,
  random: () => number,
): Promise<void> {
  const of = who === 'visitor' ? visitor : agent;
  const uri = who === 'visitor' ? visitor.uri : `${agent.uri}/chat/${visitor.id}`;
  for (let line = 0; line < LINES; line += 1) {
    if (random() < 0.6) await pause(random() * 8);
    const text = `${who} ${line} — é`;
    const isPrivate = who === 'agent' && random() < 0.5;
    const body = {
      event: { '@type': 'line', text, ...(isPrivate ? { subType: 'ONLY_TO_REP' } : {}) },
    };
    const asked = { method: 'POST', body, key: randomUUID() };
    const { status } = await insist(of, network.through(`${uri}/events`), asked);
    expect([text, status]).toEqual([text, 201]);
    said[who].push(text);
  }
}

async function run(seed: number): Promise<HostileNetwork['did']> {
  const random = randomFrom(seed);
  const hostile = await HostileNetwork.before(fixture.server.http, random);
  // It is the network alone that cuts.
  const never = { bytes: Number.POSITIVE_INFINITY, ms: 1_500 };
  const network: Network = { through: (url) => hostile.through(url), cut: () => never };
  try {
    const agent = await fixture.agent('agent1');
    const talks: Talk[] = [];
    for (let each = 0; each < CHATS; each += 1) {
      const visitor = await fixture.visitor({ agent: 'agent1' });
      talks.push({ visitor, agent, said: { agent: [], visitor: [] } });
      await agent.accept();
    }
    const ids = talks.map(({ visitor }) => visitor.id);
    const readers = [
      new Reader(() => agent, random, ids, network),
      new Reader(() => agent, random, ids, network),
      ...talks.map(({ visitor }) => new Reader(() => visitor, random, [visitor.id], network)),
    ];
    const streamed = Promise.all(readers.map((reader) => reader.run()));
    const polled = Promise.all(
      talks.map(async ({ visitor }) => ({
        agents: await poll(agent, network.through(`${agent.uri}/chat/${visitor.id}`)),
        visitors: await poll(visitor, network.through(visitor.uri)),
      })),
    );
    const wrote = talks.map(async (each) => {
      await Promise.all([
        talk(each, 'agent', network, random),
        talk(each, 'visitor', network, random),
      ]);
      const body = { event: { '@type': 'state', state: 'ended' } };
      const url = network.through(`${each.visitor.uri}/events`);
      await insist(each.visitor, url, { method: 'POST', body, key: randomUUID() });
    });
    await Promise.all([...wrote, streamed, polled]);

    for (const [index, { visitor, said }] of talks.entries()) {
      const whole = await agent.chat(`${agent.uri}/chat/${visitor.id}`).events();
      const shown = await visitor.events();
      for (const who of ['agent', 'visitor'] as const) {
        const lines = whole.filter(({ text }) => text?.startsWith(`${who} `));
        // What was answered is there, in order; and nothing that was sent twice is there twice.
        expect(lines.map(({ text }) => text)).toEqual(said[who]);
      }
      const names = { agents: whole.map(nameOf), visitors: shown.map(nameOf) };
      for (const reader of readers.slice(0, 2)) {
        expect(reader.got.get(visitor.id)?.map(nameOf)).toEqual(names.agents);
      }
      expect(readers[2 + index]?.got.get(visitor.id)?.map(nameOf)).toEqual(names.visitors);
      const got = (await polled)[index];
      expect(got?.agents.map(nameOf)).toEqual(names.agents);
      expect(got?.visitors.map(nameOf)).toEqual(names.visitors);
      expect([whole.some(isWhisper), shown.some(isWhisper)]).toEqual([true, false]);
    }
    expect(readers.reduce((all, { resyncs }) => all + resyncs, 0)).toBe(0);
    return hostile.did;
  } finally {
    await hostile.stop();
    await fixture.clear();
  }
}

it(
  '[STREAM19, PUSH17, IDEM1] whatever a network does with bytes, connections and requests, each line is stored and read once and in order',
  async () => {
    const did: HostileNetwork['did'][] = [];
    const seeds = Array.from({ length: RUNS }, (_, index) => FIRST_SEED + index);
    for (const seed of [...KEPT, ...seeds]) {
      try {
        did.push(await run(seed));
      } catch (error) {
        throw new Error(`PARLEY_PUSH_SEED=${seed}`, { cause: error });
      }
    }
    const sum = (what: keyof HostileNetwork['did']) =>
      did.reduce((all, each) => all + each[what], 0);
    // It was as bad as it was meant to be.
    const least = { connections: 60, pieces: 1_000, late: 20, cut: 15, again: 15 };
    for (const [what, count] of Object.entries(least)) {
      const found = sum(what as keyof typeof least);
      expect([what, found > count * did.length]).toEqual([what, true]);
    }
    const all = Object.keys(least).map((what) => `${sum(what as keyof typeof least)} ${what}`);
    if (RUNS > 1) process.stdout.write(`${all.join(', ')}; seeds from ${FIRST_SEED}\n`);
  },
  60_000 + RUNS * 20_000,
);
