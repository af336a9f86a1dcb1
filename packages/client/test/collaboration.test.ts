/** Several agents of an account at one chat: offers by their ids, roles, invitations, and who left. */
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import {
  DEMO_ACCOUNT,
  DEMO_PASSWORD,
  startTestServer,
  type TestServer,
} from '../../server/test/harness.js';
import { type Agent, type AgentOptions, connectAgent, RefusedError } from '../src/agent/index.js';
import { Network } from './support/network.js';
import { PlainVisitor } from './support/visitor.js';

let server: TestServer;
let agents: Agent[] = [];
const visitors: PlainVisitor[] = [];

beforeAll(async () => {
  server = await startTestServer();
});

afterEach(async () => {
  for (const visitor of visitors.splice(0)) await visitor.end().catch(() => {});
  await Promise.all(agents.map((agent) => agent.close().catch(() => {})));
  agents = [];
});

afterAll(() => server.stop());

async function connect(username: string, more: Partial<AgentOptions> = {}): Promise<Agent> {
  const agent = await connectAgent({
    account: DEMO_ACCOUNT,
    domainApi: server.http,
    login: { username, password: DEMO_PASSWORD },
    ...more,
  });
  agents.push(agent);
  return agent;
}

async function visit(visitorName: string): Promise<PlainVisitor> {
  const visitor = await PlainVisitor.start(server, { visitorName, skill: 'Sales' });
  visitors.push(visitor);
  return visitor;
}

const until = (what: () => unknown) => vi.waitFor(what, { timeout: 5_000, interval: 10 });

async function take(agent: Agent) {
  await until(() => expect(agent.ringing.length).toBeGreaterThan(0));
  const chat = await agent.ringing[0]?.accept();
  if (chat == null) throw new Error('it went to somebody else');
  return chat;
}

it('[CLIENT80] offers say who calls and how long they ring, and are accepted and declined by their ids', async () => {
  const anna = await connect('agent1');
  await visit('Vera');
  await until(() => expect(anna.ringing.length).toBe(1));
  await visit('Will');
  await until(() => expect(anna.ringing.length).toBe(2));
  const [vera, will] = anna.ringing;
  expect(vera).toMatchObject({ role: 'agent', skill: 'Sales', visitorName: 'Vera', text: null });
  expect(will).toMatchObject({ role: 'agent', visitorName: 'Will', invitedBy: null });
  expect(vera?.skillId).toBeGreaterThan(0);
  expect(vera?.remaining).toBeGreaterThan(1_000);
  expect(vera?.remaining).toBeLessThanOrEqual((vera?.ringsUntil ?? 0) - Date.now() + 50);

  // Not the longest-ringing.
  const chat = await anna.accept(will?.id ?? '');
  expect(chat?.visitor.name).toBe('Will');
  expect(chat?.role).toBe('agent');
  expect(await anna.accept(will?.id ?? '')).toBe(null);

  const ben = await connect('agent2');
  expect(await anna.decline(vera?.id ?? '')).toBe(true);
  await until(() => expect(ben.ringing.map(({ visitorName }) => visitorName)).toEqual(['Vera']));
  await until(() => expect(anna.availability.chat).toBe('Away'));
  expect(await anna.decline(vera?.id ?? '')).toBe(false);
  expect(await vera?.decline()).toBe(false);
});

it('[CLIENT81] somebody is invited, comes in their role, whispers, and leaves', async () => {
  const anna = await connect('agent1');
  const ben = await connect('agent2');
  await ben.setAvailability('Away');
  const visitor = await visit('Vera');
  const chat = await take(anna);
  await ben.setAvailability('Online');
  const { id: benId } = await ben.info();

  const invitation = await chat.invite(
    { agentId: benId },
    { role: 'listener', text: 'Is this covered?' },
  );
  await until(() => expect(ben.ringing.length).toBe(1));
  const [offer] = ben.ringing;
  expect(offer).toMatchObject({ role: 'listener', text: 'Is this covered?' });
  expect(offer?.invitedBy).toBe((await anna.info()).id);
  expect(await chat.participants()).toMatchObject([
    { agentId: offer?.invitedBy, role: 'agent', state: 'joined', id: 'agent' },
    { agentId: benId, role: 'listener', state: 'ringing', id: invitation.id },
  ]);

  // A loop that answers visitors is not given what it could not answer.
  const stop = new AbortController();
  const given: string[] = [];
  const offers = (async () => {
    for await (const each of ben.offers({ signal: stop.signal })) given.push(each.role);
  })();
  const listening = ben.offers({ roles: ['listener', 'assistant'] });
  const theirs = await (await listening.next()).value?.accept();
  if (theirs == null) throw new Error('the invitation went');
  await listening.return();
  stop.abort();
  await offers;
  expect(given).toEqual([]);
  expect(theirs.role).toBe('listener');
  await theirs.whisper('It is.');
  await expect(theirs.say('It is.')).rejects.toThrow(RefusedError);
  expect(await visitor.texts('agent')).toEqual([]);
  expect(
    await anna.chats
      .get(chat.id)
      ?.leave()
      .catch((error: RefusedError) => error.status),
  ).toBe(403);

  expect(await theirs.leave()).toBe(true);
  expect(theirs.over).toBe('left');
  expect(await theirs.leave()).toBe(false);
  expect(await chat.participants()).toHaveLength(1);
  expect(await invitation.withdraw()).toBe(false);

  const again = await chat.invite({ agentId: benId }, { role: 'assistant' });
  await until(() => expect(ben.ringing.length).toBe(1));
  expect(await again.withdraw()).toBe(true);
  await until(() => expect(ben.ringing).toEqual([]));
});

it('[CLIENT82] each own chat comes with its role; one beside the agent outlives a newer session', async () => {
  const anna = await connect('agent1');
  const ben = await connect('agent2');
  await ben.setAvailability('Away');
  await visit('Vera');
  const chat = await take(anna);
  await ben.setAvailability('Online');
  const roles: string[] = [];
  const reading = (async () => {
    for await (const each of ben.eachChat()) roles.push(`${each.visitor.name} ${each.role}`);
  })();
  const { id: benId } = await ben.info();
  await chat.invite({ agentId: benId }, { role: 'assistant' });
  const theirs = await take(ben);
  await until(() => expect(roles).toEqual(['Vera assistant']));

  const network = new Network();
  const later = await connect('agent2', { fetch: network.fetch });
  expect(theirs.over).toBe('session');
  await reading;
  expect(later.chats.get(chat.id)?.role).toBe('assistant');
  expect(await later.chats.get(chat.id)?.say('I am still here.')).not.toBe(null);

  // Given the chat itself, it is its agent from then on.
  const changed: string[] = [];
  later.chats.get(chat.id)?.on('role', (role) => changed.push(role));
  const agentsOf = (async () => {
    for await (const each of later.eachChat({ roles: ['agent'] })) return each.id;
    return null;
  })();
  await chat.transfer({ agentId: benId });
  await take(later);
  expect(changed).toEqual(['agent']);
  expect(await agentsOf).toBe(chat.id);
});

it('[CLIENT83] a line that is taken back while it waits is not sent; a signal ends what waits', async () => {
  const network = new Network();
  const anna = await connect('agent1', { fetch: network.fetch });
  const visitor = await visit('Vera');
  const chat = await take(anna);
  network.down();
  const stop = new AbortController();
  const first = chat.say('first');
  const second = chat.say('second', { signal: stop.signal });
  const third = chat.say('third');
  stop.abort(new Error('thought better of it'));
  await expect(second).rejects.toThrow('thought better of it');
  expect(chat.pending.map(({ event }) => event.text)).toEqual(['first', 'third']);
  const gone = AbortSignal.abort(new Error('too late'));
  await expect(chat.whisper('never', { signal: gone })).rejects.toThrow('too late');
  await expect(chat.end(gone)).rejects.toThrow('too late');
  await chat.typing(true, undefined, gone);
  await chat.read(1, gone);
  network.up();
  await Promise.all([first, third]);
  expect(await visitor.texts('agent')).toEqual(['first', 'third']);
}, 15_000);

it('[CLIENT84] memory holds the last events of a long chat, and a slow reader gets all of them', async () => {
  const anna = await connect('agent1', { keep: 5 });
  const visitor = await visit('Vera');
  const chat = await take(anna);
  const slow = chat.lines({ from: 'visitor' });
  const expected = Array.from({ length: 40 }, (_, index) => `line ${index}`);
  await visitor.say('line 0');
  const read = [(await slow.next()).value?.text];
  for (const text of expected.slice(1)) await visitor.say(text);
  await until(() => expect(chat.history.at(-1)).toMatchObject({ text: 'line 39' }));
  expect(chat.history.length).toBeLessThan(10);
  while (read.length < expected.length) read.push((await slow.next()).value?.text);
  expect(read).toEqual(expected);
  expect((await chat.page({ limit: 3 })).events).toHaveLength(3);
});
