/**
 * Many readers who follow chats by waiting polls, drop their connections at random and ask again, while
 * people write, whisper and take sessions over: nobody misses an event or gets one twice. The clock
 * stands still, so no poll ends by its time: a wake-up that is lost would be waited for for ever.
 *
 * `PARLEY_PUSH_SEED` repeats a run, `PARLEY_PUSH_RUNS` makes more of them.
 */
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Agent, type ChatEvent, type Visitor, Fixture } from './chat-fixture.js';
import { at, linkAt } from './harness.js';
import { randomFrom } from './push-fixture.js';

const RUNS = Number(process.env['PARLEY_PUSH_RUNS'] ?? 2);
const FIRST_SEED = Number(process.env['PARLEY_PUSH_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const CHATS = 4;
const LINES = 25;

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start();
});
afterAll(() => fixture.stop());

interface Got {
  readonly status: number;
  readonly body: unknown;
}

/** Asks and waits; null when the connection was dropped after so many ms, before or behind the answer. */
function ask(url: string, authorization: string, dropAfter: number | null): Promise<Got | null> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers: { authorization }, agent: false });
    let dropped = false;
    asked.on('error', (error) => (dropped ? resolve(null) : reject(error)));
    asked.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', () => resolve(null));
      response.on('end', () => {
        resolve(dropped ? null : { status: response.statusCode ?? 0, body: JSON.parse(text) });
      });
    });
    asked.end();
    if (dropAfter === null) return;
    setTimeout(() => {
      dropped = true;
      asked.destroy();
    }, dropAfter);
  });
}

/** A chat of the run: its agent's session changes when it is taken over. */
interface Talk {
  readonly visitor: Visitor;
  agent: Agent;
  /** The last event that each reader has got. */
  readonly got: Record<'agent' | 'visitor', number>;
}

const agentsUri = ({ agent, visitor }: Talk) => `${agent.uri}/chat/${visitor.id}`;

/** Follows a chat to its end by waiting polls; gives all events in the order in which they came. */
async function follow(talk: Talk, reader: 'agent' | 'visitor', random: () => number) {
  const events: ChatEvent[] = [];
  let next = '?from=0';
  for (let asked = 0; !events.some(({ state }) => state === 'ended'); asked += 1) {
    if (asked > 20_000) throw new Error(`the ${reader} of ${talk.visitor.id} never gets its end`);
    const whole = random() < 0.5;
    const uri = reader === 'agent' ? agentsUri(talk) : talk.visitor.uri;
    const authorization =
      reader === 'agent'
        ? `Bearer ${talk.agent.login.bearer}`
        : `LivePerson appKey=${talk.visitor.credential().appKey}`;
    const got = await ask(
      `${uri}${whole ? '' : '/events'}${next}&wait=60`,
      authorization,
      random() < 0.4 ? random() * 15 : null,
    );
    // Dropped, or the session was taken over while it waited.
    if (got === null || (reader === 'agent' && got.status === 404)) continue;
    expect(got.status).toBe(200);
    const answered = [
      at(got.body, `${whole ? 'chat.' : ''}events.event`) ?? [],
    ].flat() as ChatEvent[];
    expect(answered.length).toBeGreaterThan(0);
    events.push(...answered);
    talk.got[reader] = Number(answered.at(-1)?.['@id']);
    const link = linkAt(got.body, `${whole ? 'chat.' : ''}events.link`, 'next');
    next = link.slice(link.indexOf('?'));
  }
  return events;
}

/** A line of the chat's agent, in whichever session it is; gives the event's id. */
async function agentsLine(talk: Talk, text: string, subType: string): Promise<number> {
  for (let attempts = 0; attempts < 1_000; attempts += 1) {
    const event = { '@type': 'line', text, subType };
    const reply = await talk.agent.call('POST', `${agentsUri(talk)}/events`, { body: { event } });
    if (reply.status === 201) return Number(/\d+$/.exec(reply.headers.location ?? '')?.[0]);
    // The session was just taken over.
    expect(reply.status).toBe(404);
    await pause(1);
  }
  throw new Error(`the chat ${talk.visitor.id} is in no session of its agent`);
}

/** @throws Error when the reader does not get the event: nothing else would wake them. */
async function heard({ got, visitor }: Talk, reader: 'agent' | 'visitor', id: number) {
  for (let looks = 0; got[reader] < id; looks += 1) {
    if (looks > 10_000) throw new Error(`the ${reader} of ${visitor.id} never gets event ${id}`);
    await pause(1);
  }
}

async function write(talk: Talk, random: () => number): Promise<void> {
  for (let line = 0; line < LINES; line += 1) {
    if (random() < 0.5) await pause(random() * 6);
    const who = random();
    const subType = who < 0.75 ? 'ONLY_TO_REP' : 'REGULAR';
    const by = who < 0.5 ? 'visitor' : 'agent';
    const id =
      by === 'visitor'
        ? await talk.visitor.line(`v${line}`)
        : await agentsLine(talk, `a${line}`, subType);
    // Nobody writes on before it was heard: nothing else will wake who missed it.
    if (random() < 0.4) {
      await heard(talk, 'agent', id);
      if (by === 'visitor' || subType === 'REGULAR') await heard(talk, 'visitor', id);
    }
  }
  await talk.visitor.end();
}

async function run(seed: number): Promise<void> {
  const random = randomFrom(seed);
  const agents = [await fixture.agent('agent1'), await fixture.agent('bot1')];
  const talks: Talk[] = [];
  for (let each = 0; each < CHATS; each += 1) {
    const visitor = await fixture.visitor();
    const agent = agents.find((one) => one !== undefined && each % 2 === agents.indexOf(one));
    talks.push({
      visitor,
      agent: agent ?? (agents[0] as Agent),
      got: { agent: -1, visitor: -1 },
    });
  }
  for (const agent of agents) {
    while ((await agent.ringing()) !== '0') {
      const chat = await agent.accept();
      const talk = talks.find(({ visitor }) => visitor.id === chat.id);
      if (talk !== undefined) talk.agent = agent;
    }
  }
  let writing = true;
  const takeOver = async () => {
    while (writing) {
      await pause(20 + random() * 40);
      const before = random() < 0.5 ? 'agent1' : 'bot1';
      const index = before === 'agent1' ? 0 : 1;
      const old = agents[index];
      const agent = await fixture.agent(before);
      agents[index] = agent;
      for (const talk of talks) if (talk.agent === old) talk.agent = agent;
    }
  };
  const taking = takeOver();
  const written = Promise.all(talks.map((talk) => write(talk, random))).then(() => {
    writing = false;
  });
  const followed = await Promise.all(
    talks.flatMap((talk) => [follow(talk, 'agent', random), follow(talk, 'visitor', random)]),
  );
  await written;
  await taking;
  for (const [index, talk] of talks.entries()) {
    const reply = await talk.agent.get(`${agentsUri(talk)}/events?from=0`);
    const all = [at(reply.body, 'events.event') ?? []].flat() as ChatEvent[];
    expect(followed[2 * index]).toEqual(all);
    const open = all.filter(({ subType }) => subType !== 'ONLY_TO_REP');
    expect(open.length).toBeLessThan(all.length);
    const named = (event: ChatEvent) => [event['@id'], event.state, event.text];
    expect(followed[2 * index + 1]?.map(named)).toEqual(open.map(named));
  }
}

it.each(Array.from({ length: RUNS }, (_, index) => FIRST_SEED + index))(
  '[PUSH17] whoever follows a chat by waiting polls gets every event once and in order, visitors no whisper (seed %i)',
  async (seed) => {
    await run(seed);
    await fixture.clear();
  },
  30_000,
);
