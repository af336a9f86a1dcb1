import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import {
  DEMO_ACCOUNT,
  DEMO_PASSWORD,
  DEMO_VISITOR_KEY,
  startTestServer,
  type TestServer,
} from '../../server/test/harness.js';
import { type Agent, connectAgent } from '../src/agent/index.js';
import {
  type ChatStart,
  RefusedError,
  resumeChat,
  startChat,
  transcriptPage,
  type VisitorChat,
  visitor,
  type VisitorOptions,
} from '../src/visitor/index.js';
import { Network } from './support/network.js';

let server: TestServer;
let agent: Agent | null = null;
let chats: VisitorChat[] = [];

beforeAll(async () => {
  server = await startTestServer();
});

afterEach(async () => {
  for (const chat of chats) {
    if (chat.over === null) await chat.end();
    chat.close();
  }
  chats = [];
  await agent?.close();
  agent = null;
});

afterAll(() => server.stop());

const here = () => ({
  account: DEMO_ACCOUNT,
  domainApi: server.http,
  appKey: DEMO_VISITOR_KEY,
});

async function start(more: Partial<VisitorOptions & ChatStart> = {}): Promise<VisitorChat> {
  const chat = await startChat({ ...here(), ...more });
  chats.push(chat);
  return chat;
}

async function agentTakes() {
  agent = await connectAgent({
    account: DEMO_ACCOUNT,
    domainApi: server.http,
    login: { username: 'agent1', password: DEMO_PASSWORD },
  });
  for await (const offer of agent.offers()) {
    const chat = await offer.accept();
    if (chat !== null) return chat;
  }
  throw new Error('no chat came');
}

/** Waits for something that is pushed. */
function until(what: () => void): Promise<void> {
  return vi.waitFor(what, { timeout: 5_000, interval: 20 });
}

it('[CLIENT20] starts a chat, gets what is said, and when it is over', async () => {
  const chat = await start({ skill: 'Sales', visitorName: 'Vera', firstLine: 'Hello?' });
  expect(chat.state).toBe('waiting');
  const heard: string[] = [];
  const states: string[] = [];
  chat.on('lines', (lines) => heard.push(...lines.map(({ text }) => text)));
  chat.on('state', (state) => states.push(state));
  const theirs = await agentTakes();
  await until(() => expect(chat.state).toBe('chatting'));
  await until(() => expect(heard).toContain('Hello?'));
  await theirs.say('Hello Vera');
  await until(() => expect(heard).toContain('Hello Vera'));
  await theirs.whisper('nobody shall hear this');
  const sent = await chat.say('Bye');
  expect(chat.lines.find(({ text }) => text === 'Bye')?.id ?? sent?.id).toBe(sent?.id);
  await theirs.end();
  await until(() => expect(chat.over).toBe('ended'));
  expect(states).toEqual(['chatting', 'ended']);
  expect(heard).not.toContain('nobody shall hear this');
  expect(chat.lines.map(({ text }) => text)).toEqual(heard);
  expect(await chat.say('too late')).toBe(null);
});

it('[CLIENT21] goes on after a reload, with lines that were not stored yet, once each', async () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  };
  const network = new Network();
  const before = await start({ fetch: network.fetch, storage });
  const saved = JSON.parse(JSON.stringify(before.saved()));
  network.loseAnswers();
  const first = before.say('stored, but the answer is lost');
  await until(() => expect(network.sent.at(-1)).toMatch(/^POST .*\/events$/));
  const second = before.say('never sent');
  await new Promise((resolve) => setTimeout(resolve, 50));
  network.down();
  before.close();
  await expect(first).rejects.toThrow();
  await expect(second).rejects.toThrow();

  network.up();
  const after = await resumeChat(saved, { fetch: network.fetch, storage });
  if (after === null) throw new Error('the chat is gone');
  chats.push(after);
  await until(() => expect(after.pending).toEqual([]));
  const lines = () => after.lines.filter(({ source }) => source === 'visitor');
  await until(() =>
    expect(lines().map(({ text }) => text)).toEqual([
      'stored, but the answer is lost',
      'never sent',
    ]),
  );
  expect(kept.size).toBe(0);
});

it('[CLIENT22] says what is known of the queue, and who is there', async () => {
  const page = visitor(here());
  expect(await page.isAvailable({ skill: 'Sales' })).toBe(false);
  expect(await page.estimatedWait('Sales')).toBe(-1);
  const chat = await start({ skill: 'Sales' });
  const queues: unknown[] = [];
  chat.on('queue', (queue) => queues.push(queue));
  await agentTakes();
  expect(await page.isAvailable({ skill: 'Sales' })).toBe(true);
  expect(await page.estimatedWait('Sales')).toBe(0);
  expect(await page.preChatSurvey('Sales')).toBe(null);
});

it('[CLIENT23] says why a chat cannot be started, with code and remedy', async () => {
  const failed = await startChat({ ...here(), skill: 'Nothing' }).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(RefusedError);
  expect(failed).toMatchObject({
    status: 400,
    code: 1006,
    message: expect.stringContaining('Nothing'),
    remedy: expect.stringContaining('Correct'),
  });
});

it('[CLIENT24] a chat that is over can be read, and one that is gone is null', async () => {
  const chat = await start();
  await chat.end();
  expect(chat.over).toBe('ended');
  const again = await resumeChat(chat.saved());
  expect(again?.over).toBe('ended');
  expect(await again?.exitSurvey()).toBe(null);
  const saved = { ...chat.saved(), uri: `${chat.saved().uri.slice(0, -4)}9999` };
  expect(await resumeChat(saved)).toBe(null);
});

it('[CLIENT26] reads the transcript backwards, page by page', async () => {
  const chat = await start();
  for (let number = 0; number < 5; number += 1) await chat.say(`line ${number}`);
  const last = await transcriptPage(chat, { limit: 2 });
  expect(last.events).toMatchObject([{ text: 'line 3' }, { text: 'line 4' }]);
  expect(last.hasEarlier).toBe(true);
  const before = last.events[0]?.id ?? 0;
  const earlier = await transcriptPage(chat, { before, limit: 1_000 });
  expect(earlier.events.at(-1)).toMatchObject({ text: 'line 2' });
  expect(earlier.hasEarlier).toBe(false);
});

it('[CLIENT83] a signal ends each call of a visitor, and takes back a line that waits', async () => {
  const page = visitor(here());
  const gone = AbortSignal.abort(new Error('the page is gone'));
  await expect(page.isAvailable({}, gone)).rejects.toThrow('the page is gone');
  await expect(page.estimatedWait('Sales', gone)).rejects.toThrow('the page is gone');
  await expect(page.preChatSurvey('Sales', gone)).rejects.toThrow('the page is gone');
  await expect(page.submitOfflineSurvey({}, {}, gone)).rejects.toThrow('the page is gone');
  const network = new Network();
  const chat = await start({ fetch: network.fetch });
  await expect(chat.setName('Vera', gone)).rejects.toThrow('the page is gone');
  await expect(transcriptPage(chat, { signal: gone })).rejects.toThrow('the page is gone');
  network.down();
  const stop = new AbortController();
  const line = chat.say('never sent', { signal: stop.signal });
  stop.abort(new Error('thought better of it'));
  await expect(line).rejects.toThrow('thought better of it');
  network.up();
  await chat.say('sent');
  expect(
    (await transcriptPage(chat)).events.map((event) => 'text' in event && event.text),
  ).not.toContain('never sent');
});
