/** What visitors fill memory with has a bound, in each account and in the process. */
import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ProcessMemory } from '@parley/runtime/accounts/process-memory';
import { limitsInMarkdown } from '../src/reference/limit-table.js';
import { Fixture } from './chat-fixture.js';
import { at, type Reply } from './harness.js';
import { ENGAGEMENT, idsOf } from './visit-fixture.js';

const MEBIBYTE = 1024 * 1024;

const refusal = (reply: Reply) => [
  reply.status,
  at(reply.body, 'error.internalCode'),
  reply.headers['retry-after'],
];

const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });

/** Stored as six times as many bytes. */
const ESCAPED = '\u0001';

describe('memory of visitors', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.start({
      trustedProxies: ['127.0.0.1'],
      memory: { processBytes: 8 * MEBIBYTE },
      visitors: { waitingChats: 100_000 },
    });
  });
  afterEach(() => fixture.clear());
  afterAll(() => fixture.stop());

  const report = (address: string, body: object = {}) =>
    fixture.visit('POST', ENGAGEMENT, { body, ...from(address) });
  const ask = (address: string, request: object = {}) =>
    fixture.visit('POST', '/chat/request', { body: { request }, ...from(address) });
  // As much as a visit may hold, in one report.
  const pages = Array.from({ length: 30 }, () => ({ url: `https://a/${'x'.repeat(1_900)}` }));

  it('[MEM5] reports without end from a few addresses push out their own visits, no others', async () => {
    const host = await fixture.host();
    const visits = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        report(`10.0.0.${n}`, { pages: [{ url: 'https://a/' }] }),
      ),
    );
    const quiet = visits.map((reply) => idsOf(reply).sessionId);
    const chat = await ask('10.0.1.1');
    expect(chat.status).toBe(201);
    for (let n = 0; n < 150; n += 1) {
      expect((await report(`192.0.2.${n % 4}`, { pages })).status).toBe(200);
    }
    const { visits: left, memory } = host.state;
    expect(quiet.filter((sessionId) => !left.has(sessionId))).toEqual([]);
    expect(left.size).toBeLessThan(80);
    expect(memory.bytes.idle).toBeLessThan(((8 * 3) / 8) * MEBIBYTE);
    expect((await report('10.0.0.99')).status).toBe(200);
  });

  it('[MEM6] an address whose live chats hold all they may gets 429, others go on', async () => {
    const preChatLines = Array.from({ length: 3 }, () => ESCAPED.repeat(3_000));
    const asked: Reply[] = [];
    while (asked.at(-1)?.status !== 429 && asked.length < 200) {
      asked.push(await ask('192.0.2.1', { preChatLines }));
    }
    const refused = asked.at(-1);
    expect(refused && refusal(refused)).toEqual([429, 1601, '30']);
    expect(at(refused?.body, 'error.message')).toMatch(
      /^Live chats from this address hold [\d,]+ bytes .*visitorIp/,
    );
    expect(asked.length).toBeLessThan(10);
    expect((await ask('192.0.2.2')).status).toBe(201);
    expect((await report('192.0.2.1')).status).toBe(200);
  });

  it('[MEM6] newcomers get 503 when all that strangers may hold is held; served chats go on', async () => {
    const { chat, visitor } = await fixture.chat();
    const preChatLines = [ESCAPED.repeat(6_000)];
    for (let n = 0; n < 40; n += 1) {
      const from = `203.0.113.${n}`;
      for (let asked = 0; asked < 200; asked += 1) {
        if ((await ask(from, { preChatLines })).status !== 201) break;
      }
    }
    const refused = await ask('198.51.100.1', { preChatLines });
    expect(refusal(refused)).toEqual([503, 1707, '30']);
    expect(at(refused.body, 'error.message')).toContain('try again in 30 seconds');
    for (let n = 0; n < 20; n += 1) {
      await visitor.line('I go on '.repeat(100));
      await chat.line('so do I '.repeat(100));
    }
    await chat.end();
    await fixture.clear();
    expect((await ask('198.51.100.1', { preChatLines })).status).toBe(201);
  });

  it('[MEM7] what an account holds is counted for the process, until it is dropped', async () => {
    const { memory } = fixture.server.running.server;
    await report('10.9.9.9', { pages });
    const host = await fixture.host();
    expect(memory.held).toEqual(host.state.memory.bytes);
    expect(memory.held.idle).toBeGreaterThan(50_000);
    host.abandon(new Error('dropped by the test'));
    expect(memory.held).toEqual({ live: 0, idle: 0 });
    const again = await fixture.host();
    expect(again).not.toBe(host);
    expect(memory.held).toEqual(again.state.memory.bytes);
    expect(memory.held.idle).toBeGreaterThan(50_000);
  });
});

describe('the memory of a process', () => {
  const limits = { processBytes: 8_000_000, accountBytes: 8_000_000 };

  it('[MEM7] one account has three quarters of it at most', () => {
    const room = new ProcessMemory(limits).account(() => {}).room();
    expect(room.live + room.idle).toBe(6_000_000);
    const small = { ...limits, accountBytes: 1_000_000 };
    const less = new ProcessMemory(small).account(() => {}).room();
    expect(less.live + less.idle).toBe(1_000_000);
  });

  it('[MEM7] accounts that are full leave room for the next', () => {
    const memory = new ProcessMemory(limits);
    const rooms = Array.from({ length: 6 }, () => {
      const account = memory.account(() => {});
      const { left } = account.room();
      account.hold({ live: left.stranger * 0.8, idle: 0 });
      return account.room().left;
    });
    expect(rooms.at(-1)?.stranger).toBeLessThan(1_000);
    // Strangers have three quarters of what is in use; who is served, and who works, go on.
    expect(rooms.at(-1)?.served).toBeGreaterThan(900_000);
    expect(rooms.at(-1)?.user).toBeGreaterThan(1_200_000);
  });

  it('[MEM7] who holds most that is idle gives way when others need room', () => {
    const memory = new ProcessMemory(limits);
    const asked: string[] = [];
    const large = memory.account(() => {
      asked.push('large');
      large.hold({ live: 0, idle: Math.min(large.held.idle, large.room().idle) });
    });
    large.hold({ live: 0, idle: large.room().idle });
    const others = Array.from({ length: 10 }, (_, n) => memory.account(() => asked.push(`${n}`)));
    for (const account of others) {
      for (let more = 0; more < 10; more += 1) {
        const idle = Math.min(account.held.idle + 10_000, account.room().idle);
        account.hold({ live: 0, idle });
      }
    }
    expect(others.map(({ held }) => held.idle)).toEqual(others.map(() => 100_000));
    expect(new Set(asked)).toEqual(new Set(['large']));
    expect(memory.held.idle).toBeLessThan(3_000_000);
    large.release();
    expect(memory.held.idle).toBe(1_000_000);
  });
});

it('[MEM10] docs/limits.md lists the limits that the server goes by', async () => {
  const page = new URL('../../../docs/limits.md', import.meta.url);
  expect(await readFile(page, 'utf8'), 'write it anew: node scripts/write-limits.mjs').toBe(
    limitsInMarkdown(),
  );
});
