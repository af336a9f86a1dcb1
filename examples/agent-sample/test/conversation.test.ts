import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { DemoServer } from './demo-server.js';
import { type Call, Sample } from './sample.js';

const LINES = ['Hi, is anybody there?', 'My parcel has not come.', 'Thank you!'];

let server: DemoServer;
let sample: Sample | null = null;

beforeAll(async () => {
  server = await DemoServer.start();
}, 60_000);

afterEach(() => sample?.kill());

afterAll(() => server.stop());

const visitor = {
  authorization: 'LivePerson appKey=parley-demo-visitor-key',
  'content-type': 'application/json',
};

/** Waits for something that another process does. */
function until<T>(what: () => T | Promise<T>): Promise<NonNullable<Exclude<T, false>>> {
  return vi.waitUntil(what, { interval: 50, timeout: 30_000 }) as Promise<
    NonNullable<Exclude<T, false>>
  >;
}

interface ShownEvent {
  readonly source?: string;
  readonly text?: string;
  readonly state?: string;
}

async function eventsOf(chat: string): Promise<readonly ShownEvent[]> {
  const answer = await fetch(`${chat}/events?v=1`, { headers: visitor });
  const { events } = (await answer.json()) as { events: { event: readonly ShownEvent[] } };
  return events.event;
}

async function textsOf(chat: string, source: string): Promise<(string | undefined)[]> {
  return (await eventsOf(chat)).filter((event) => event.source === source).map(({ text }) => text);
}

async function post(url: string, body: unknown): Promise<Response> {
  const answer = await fetch(url, { method: 'POST', headers: visitor, body: JSON.stringify(body) });
  expect(answer.status).toBe(201);
  return answer;
}

/** All calls but those to the documented entry points went to links, with the version appended. */
function expectLinksFollowed(calls: readonly Call[]): void {
  const base = `${server.ready.https}/api/account/${server.ready.account}`;
  const entryPoints = [
    `${base}/service/agentVep/baseURI.json?version=1.0`,
    `${base}/login?v=1.3`,
    `${base}/agentSession?v=1&NC=true`,
    `${base}/logout?v=1.3`,
  ];
  const built = calls.filter(({ url }) => entryPoints.includes(url));
  expect(built.map(({ url }) => url)).toEqual(entryPoints);
  const followed = calls.filter(({ url }) => !entryPoints.includes(url));
  for (const { url } of followed) expect(url).toMatch(/^https:[^?]+\?(from=\d+&)?v=1&NC=true$/);
  const polls = followed.filter(({ method, url }) => method === 'GET' && url.includes('/events?'));
  const positions = polls.map(({ url }) => Number(/from=(\d+)/.exec(url)?.[1]));
  expect(positions.length).toBeGreaterThan(2);
  expect(positions).toEqual(positions.toSorted((a, b) => a - b));
  expect(positions[0]).toBeGreaterThan(0);
}

it('[SAMPLE1, SAMPLE2, SAMPLE3, SAMPLE4] finds its account, talks to a visitor to the end of its script by following links, and leaves nothing behind', {
  timeout: 120_000,
}, async () => {
  const { ready, base } = server;
  sample = new Sample(ready, { NODE_EXTRA_CA_CERTS: ready.caCert });
  const { output } = await until(() => sample?.output.includes('waiting for a chat') && sample);
  expect(output).toContain(`Account ${ready.account} lives at ${new URL(ready.https).host}.`);

  const started = await post(`${base}/chat/request?v=1`, { request: { visitorName: 'Vera' } });
  const chat = started.headers.get('location') ?? '';
  await until(async () => (await eventsOf(chat)).some(({ state }) => state === 'chatting'));
  for (const [index, text] of LINES.entries()) {
    await post(`${chat}/events?v=1`, { event: { '@type': 'line', text } });
    await until(async () => (await textsOf(chat, 'agent')).length === index + 1);
  }
  expect(await sample.exited, sample.output).toBe(0);

  expect(sample.output.split('\n').slice(1)).toEqual([
    'Logged in as agent1.',
    'Online; waiting for a chat. Ctrl-C logs out.',
    'Accepted a chat.',
    'The chat is now waiting.',
    expect.stringContaining('info: Thank you for choosing to chat with us.'),
    'The chat is now chatting.',
    expect.stringContaining('info: You are now chatting with'),
    ...['Vera', 'agent', 'Vera', 'agent', 'Vera'].map((who) =>
      expect.stringMatching(who === 'Vera' ? /^Vera: / : /^\w+: /),
    ),
    'That was the whole script: ending the chat.',
    ...[/^\w+: Thank you\./, /^info: The agent ended the chat\.$/, /^The chat is now ended\.$/].map(
      (line) => expect.stringMatching(line),
    ),
    'Logged out.',
    '',
  ]);
  const events = await eventsOf(chat);
  expect(events.at(-1)).toMatchObject({ state: 'ended' });
  expect(await textsOf(chat, 'visitor')).toEqual(LINES);
  expect(await textsOf(chat, 'agent')).toHaveLength(LINES.length);

  const { calls } = sample;
  expect(calls.filter(({ status }) => status >= 400)).toEqual([]);
  expectLinksFollowed(calls);

  const bearer = calls.at(-1)?.authorization ?? '';
  expect(bearer).toMatch(/^Bearer /);
  const session = calls.find(({ url }) => /agentSession\/\d+\?/.test(url))?.url ?? '';
  const url = session.replace(ready.https, ready.http);
  const afterwards = await fetch(url, { headers: { authorization: bearer } });
  expect(afterwards.status).toBe(401);
});

it('[SAMPLE5] says in one line what to do about a certificate that is not trusted, and exits with 1', {
  timeout: 60_000,
}, async () => {
  sample = new Sample(server.ready, {});
  expect(await sample.exited).toBe(1);
  expect(sample.output).toMatch(
    /^The server's certificate is not trusted .*NODE_EXTRA_CA_CERTS.*\n$/,
  );
});

it('[SAMPLE6] logs out when it is interrupted', { timeout: 60_000 }, async () => {
  const { ready } = server;
  sample = new Sample(ready, { NODE_EXTRA_CA_CERTS: ready.caCert });
  await until(() => sample?.output.includes('waiting for a chat'));
  sample.interrupt();
  expect(await sample.exited).toBe(0);
  expect(sample.output).toMatch(/Logged out\.\n$/);
});

it('[SAMPLE7] prints what the server says of a wrong password, and does not try again', {
  timeout: 60_000,
}, async () => {
  const { ready } = server;
  const environment = { NODE_EXTRA_CA_CERTS: ready.caCert, PARLEY_PASSWORD: 'not-the-password' };
  sample = new Sample(ready, environment);
  expect(await sample.exited).toBe(1);
  expect(sample.output).toMatch(/password .* is wrong/);
  expect(sample.calls.filter(({ url }) => url.includes('/login'))).toHaveLength(1);
});
