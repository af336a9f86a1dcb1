/**
 * Readers of streams whose connections are cut at any byte, and late, and come again with the position,
 * while people write, whisper and take sessions over: each finds each event that it may see once and in
 * order, and none that it may not. The clock stands still: a wake-up that is lost would be waited for
 * for ever.
 *
 * `PARLEY_PUSH_SEED` repeats a run, `PARLEY_PUSH_RUNS` makes more of them.
 */
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Agent, type ChatEvent, type Visitor, Fixture } from './chat-fixture.js';
import { at, linkAt, UNTHROTTLED } from './harness.js';
import { randomFrom } from './push-fixture.js';
import { type Frame, FrameParser } from './stream-fixture.js';

const RUNS = Number(process.env['PARLEY_PUSH_RUNS'] ?? 2);
const FIRST_SEED = Number(process.env['PARLEY_PUSH_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const CHATS = 4;
const LINES = 25;
/** How long a reader may take to get all, ms. */
const MAX_MS = 30_000;

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start({ throttle: UNTHROTTLED });
});
afterAll(() => fixture.stop());

/** How long a connection lasts: so many bytes or ms, or until the server ends it. */
interface Cut {
  readonly bytes: number;
  readonly ms: number;
}

function cutFrom(random: () => number): Cut {
  const how = random();
  return {
    bytes: how < 0.4 ? Math.floor(random() * 3_000) : Number.POSITIVE_INFINITY,
    ms: how > 0.8 ? random() * 30 : 1_000,
  };
}

interface Connection {
  readonly status: number;
  readonly frames: readonly Frame[];
}

/** Reads a stream until it is cut; gives the frames that came whole. */
function readSse(url: string, authorization: string, position: string, cut: Cut) {
  return new Promise<Connection>((resolve) => {
    const headers = { authorization, ...(position === '' ? {} : { 'last-event-id': position }) };
    const asked = request(url, { headers, agent: false });
    const parser = new FrameParser();
    const decoder = new TextDecoder();
    const frames: Frame[] = [];
    let status = 0;
    let bytes = 0;
    const timer = setTimeout(() => asked.destroy(), cut.ms);
    const over = () => {
      clearTimeout(timer);
      resolve({ status, frames });
    };
    asked.on('error', () => {});
    asked.on('close', over);
    asked.on('response', (response) => {
      status = response.statusCode ?? 0;
      response.on('error', () => {});
      response.on('data', (chunk: Buffer) => {
        const rest = cut.bytes - bytes;
        bytes += chunk.length;
        if (status === 200) {
          const whole = chunk.subarray(0, Math.max(0, rest));
          frames.push(...parser.take(decoder.decode(whole, { stream: true })));
        }
        if (bytes >= cut.bytes || frames.at(-1)?.type === 'bye') asked.destroy();
      });
    });
    asked.end();
  });
}

function readWebSocket(url: string, authorization: string, position: string, cut: Cut) {
  return new Promise<Connection>((resolve) => {
    const query = position === '' ? '' : `?position=${position}`;
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}${query}`, {
      headers: { authorization },
    });
    const frames: Frame[] = [];
    let status = 101;
    let bytes = 0;
    const timer = setTimeout(() => socket.terminate(), cut.ms);
    socket.on('message', (data) => {
      bytes += String(data).length;
      if (bytes > cut.bytes) socket.terminate();
      else frames.push({ position: null, ...JSON.parse(String(data)) });
    });
    socket.on('unexpected-response', (_request, response) => {
      status = response.statusCode ?? 0;
      response.destroy();
      socket.terminate();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve({ status, frames });
    });
  });
}

/** What a reader has of each chat. */
type Got = Map<string, ChatEvent[]>;

class Reader {
  readonly got: Got = new Map();
  readonly #of: () => Agent | Visitor;
  readonly #random: () => number;
  resyncs = 0;
  connections = 0;

  constructor(of: () => Agent | Visitor, random: () => number, chats: readonly string[]) {
    this.#of = of;
    this.#random = random;
    for (const id of chats) this.got.set(id, []);
  }

  /** Reads to the end of all its chats. */
  async run(): Promise<void> {
    let position = '';
    const began = performance.now();
    for (; !this.#isDone(); this.connections += 1) {
      if (performance.now() - began > MAX_MS) {
        throw new Error(`a reader never gets the end: ${this.#sent()}`);
      }
      const of = this.#of();
      const { bearer, appKey } = of.credential();
      const authorization =
        bearer === undefined ? `LivePerson appKey=${appKey}` : `Bearer ${bearer}`;
      const over = this.#random() < 0.5 ? readSse : readWebSocket;
      const path = over === readSse ? 'stream' : 'ws';
      const { status, frames } = await over(
        `${of.uri}/${path}`,
        authorization,
        position,
        cutFrom(this.#random),
      );
      // The session was taken over, or the connection was cut before it was answered.
      if (![0, 101, 200, 404].includes(status)) throw new Error(`status ${status}`);
      for (const frame of frames) {
        // Without what is before, what comes behind is of no use.
        if (!(await this.#take(frame, of))) break;
        position = frame.position ?? position;
      }
    }
  }

  async #take({ type, data, position }: Frame, of: Agent | Visitor): Promise<boolean> {
    if (type === 'resync') this.resyncs += 1;
    const chats = ['hello', 'resync'].includes(type)
      ? (data['chat'] as unknown[])
      : type === 'chat' && data['change'] === 'came'
        ? [data['chat']]
        : [];
    const listed = new Set(chats.map((chat) => String(at(chat, 'chatSessionKey'))));
    // A stream that goes on from no position knows nothing of chats that are over.
    const isNew = type === 'resync' || (type === 'hello' && position !== null);
    const over = isNew ? [...this.got.keys()].filter((id) => !listed.has(id)) : [];
    for (const chat of chats) {
      const next = Number(at(chat, 'next'));
      const uri = linkAt(chat, 'link', 'next').replace(/\?.*/, '');
      if (!(await this.#read(of, String(at(chat, 'chatSessionKey')), uri, next))) return false;
    }
    for (const id of over) {
      const uri = `${of.uri}/chat/${id}/events`;
      if (!(await this.#read(of, id, uri, Number.POSITIVE_INFINITY))) return false;
    }
    if (type !== 'events') return true;
    const uri = String(data['uri']);
    const own = this.#of_(uri.slice(uri.lastIndexOf('/') + 1));
    for (const event of [at(data, 'events.event') ?? []].flat() as ChatEvent[]) {
      if (Number(event['@id']) <= lastOf(own)) {
        throw new Error(`event ${event['@id']} came twice, or late: ${this.#sent()}`);
      }
      own.push(event);
    }
    return true;
  }

  /** Reads as ever what is before the stream; false when the session was taken over meanwhile. */
  async #read(of: Agent | Visitor, id: string, uri: string, next: number): Promise<boolean> {
    const own = this.#of_(id);
    if (lastOf(own) + 1 >= next || own.at(-1)?.state === 'ended') return true;
    const reply = await of.get(`${uri}?from=${lastOf(own) + 1}`);
    if (reply.status === 404) return false;
    const events = [at(reply.body, 'events.event') ?? []].flat() as ChatEvent[];
    own.push(...events.filter((event) => Number(event['@id']) < next));
    return true;
  }

  #of_(chatId: string): ChatEvent[] {
    const own = this.got.get(chatId) ?? [];
    this.got.set(chatId, own);
    return own;
  }

  #isDone(): boolean {
    return [...this.got.values()].every((events) => events.at(-1)?.state === 'ended');
  }

  #sent(): string {
    return JSON.stringify([...this.got].map(([id, events]) => [id, events.map(nameOf)]));
  }
}

const lastOf = (events: readonly ChatEvent[]) => Number(events.at(-1)?.['@id'] ?? -1);
const isWhisper = ({ subType }: ChatEvent) => subType === 'ONLY_TO_REP';
const nameOf = (event: ChatEvent) => `${event['@id']}:${event.text ?? event.state}`;

interface Talk {
  readonly visitor: Visitor;
  readonly agent: () => Agent;
}

async function write({ visitor, agent }: Talk, random: () => number): Promise<void> {
  for (let line = 0; line < LINES; line += 1) {
    if (random() < 0.6) await pause(random() * 8);
    if (random() < 0.4) await visitor.line(`v${line}`);
    else {
      const subType = random() < 0.5 ? 'ONLY_TO_REP' : 'REGULAR';
      const body = { event: { '@type': 'line', text: `a${line} — é`, subType } };
      // The session may just have been taken over.
      for (let status = 0; status !== 201; ) {
        const uri = `${agent().uri}/chat/${visitor.id}/events`;
        status = (await agent().call('POST', uri, { body })).status;
        expect([201, 404]).toContain(status);
      }
    }
    if (random() < 0.2) await visitor.put('/info/visitorTyping', { visitorTyping: 'typing' });
  }
  await visitor.end();
}

async function run(seed: number): Promise<number> {
  const random = randomFrom(seed);
  let session = await fixture.agent('agent1');
  const agent = () => session;
  const talks: Talk[] = [];
  for (let each = 0; each < CHATS; each += 1) {
    talks.push({ visitor: await fixture.visitor({ agent: 'agent1' }), agent });
    await session.accept();
  }
  const ids = talks.map(({ visitor }) => visitor.id);
  const readers = [
    new Reader(agent, random, ids),
    new Reader(agent, random, ids),
    ...talks.map(({ visitor }) => new Reader(() => visitor, random, [visitor.id])),
  ];
  const reading = Promise.all(readers.map((reader) => reader.run()));
  let isWriting = true;
  const takingOver = (async () => {
    while (isWriting) {
      await pause(60 + random() * 100);
      if (isWriting) session = await fixture.agent('agent1');
    }
  })();
  await Promise.all(talks.map((talk) => write(talk, random)));
  isWriting = false;
  await takingOver;
  await reading;
  let whispers = 0;
  for (const [index, reader] of readers.entries()) {
    for (const [chatId, events] of reader.got) {
      const talk = talks.find(({ visitor }) => visitor.id === chatId);
      const whole =
        index < 2
          ? await agent().chat(`${agent().uri}/chat/${chatId}`).events()
          : await talk?.visitor.events();
      expect(events.map(nameOf)).toEqual(whole?.map(nameOf));
      // That agents have theirs, few as they may be, is in the comparison.
      if (index >= 2) expect(events.some(isWhisper)).toBe(false);
      else whispers += events.filter(isWhisper).length;
    }
    expect(reader.resyncs).toBe(0);
  }
  expect(whispers).toBeGreaterThan(0);
  return readers.reduce((all, { connections }) => all + connections, 0);
}

it(
  '[STREAM19] whoever comes again, however often connections are cut, gets each event once and in order',
  async () => {
    let connections = 0;
    for (let index = 0; index < RUNS; index += 1) {
      const seed = FIRST_SEED + index;
      try {
        connections += await run(seed);
      } catch (error) {
        throw new Error(`PARLEY_PUSH_SEED=${seed}`, { cause: error });
      }
      await fixture.clear();
    }
    expect(connections).toBeGreaterThan(20 * RUNS);
    if (RUNS > 2) process.stdout.write(`${connections} connections, seeds from ${FIRST_SEED}\n`);
  },
  60_000 + RUNS * 20_000,
);
