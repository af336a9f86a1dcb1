/** What clients meet when the store cannot write, and how the account goes on afterwards. */
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  at,
  DEMO_ACCOUNT,
  DEMO_VISITOR_KEY,
  FakeClock,
  type Reply,
  startTestServer,
  type TestServer,
} from '../harness.js';
import { Faults, LaterFate } from './faults.js';
import { newVisitor, readingsDone, shownIn, Workplace } from './actors.js';

let clock: FakeClock;
let server: TestServer;
let faults: Faults;

beforeEach(async () => {
  clock = new FakeClock();
  server = await startTestServer({ clock, logLevel: 'silent' });
  faults = new Faults(server.running.server.store);
});

afterEach(() => server.stop());

function expectUnavailable(reply: Reply): void {
  expect(reply.status, reply.text).toBe(503);
  expect(Number(reply.headers['retry-after'])).toBeGreaterThanOrEqual(1);
  expect(at(reply.body, 'error.responseStatus')).toBe('SERVICE_UNAVAILABLE');
}

/** Sends a request and resolves when the account is at work on it, with the reply still to come. */
async function begin(send: () => Promise<Reply>): Promise<{ readonly reply: Promise<Reply> }> {
  const host = server.running.server.accounts.loaded(DEMO_ACCOUNT)?.host;
  if (host === undefined) throw new Error('the demo account is not loaded');
  const commands = vi.spyOn(host, 'submit');
  const reads = vi.spyOn(host, 'whenDurable');
  const count = () => commands.mock.calls.length + reads.mock.calls.length;
  const before = count();
  const reply = send();
  await vi.waitUntil(() => count() > before, { interval: 1, timeout: 10_000 });
  return { reply };
}

describe('a write that cannot be kept', () => {
  it('[DUR10] is answered with 503 and Retry-After, in every API', async () => {
    const agent = await Workplace.open(server, 'agent1');
    const visitor = await newVisitor(server);
    const chat = await agent.accept();
    faults.fill();
    const appKey = DEMO_VISITOR_KEY;
    const { bearer, csrf } = agent;
    const body = { username: 'agent2', password: 'parley-demo' };
    expectUnavailable(await visitor.say('lost'));
    expectUnavailable(await chat.say('lost'));
    expectUnavailable(await chat.end());
    expectUnavailable(await agent.call('PUT', '/availability', { availability: { chat: 'Away' } }));
    expectUnavailable(await server.call('POST', '/agentSession?v=1&NC=true', { bearer }));
    expectUnavailable(await server.call('POST', '/chat/request?v=1', { appKey, body: {} }));
    expectUnavailable(await server.call('POST', '/login?v=1.3', { body }));
    expectUnavailable(await server.call('POST', '/refresh?v=1.3', { bearer, body: { csrf } }));
    expectUnavailable(await server.call('POST', '/logout?v=1.3', { bearer, body: { csrf } }));
  });

  it('[DUR11] is shown to nobody, and the next event takes its id', async () => {
    const agent = await Workplace.open(server, 'agent1');
    const visitor = await newVisitor(server);
    const chat = await agent.accept();
    const before = await chat.shown();

    faults.nextAppend('refused');
    expectUnavailable(await chat.say('lost'));

    expect(await visitor.shown()).toEqual(before);
    expect(await chat.shown()).toEqual(before);
    const again = await chat.say('kept');
    expect(again.headers.location).toMatch(new RegExp(`/events/${before.length}$`));
    expect(await visitor.shown()).toEqual([...before, [before.length, 'kept']]);
  });

  it('[DUR12] takes along what was built on it, and every read that would have shown it', async () => {
    const agent = await Workplace.open(server, 'agent1');
    const visitor = await newVisitor(server);
    const chat = await agent.accept();
    const before = await chat.shown();

    const verdict = new LaterFate();
    faults.nextAppend(verdict.fate);
    const first = await begin(() => chat.say('first'));
    const second = await begin(() => visitor.say('second'));
    const read = await begin(() => visitor.read());
    const ended = await begin(() => visitor.end());
    verdict.decide('refused');

    for (const { reply } of [first, second, read, ended]) expectUnavailable(await reply);
    expect(await visitor.shown()).toEqual(before);
  });

  it('[DUR13] a read waits for what it shows until that is kept; one that shows nothing of it does not wait', async () => {
    const agent = await Workplace.open(server, 'agent1');
    const visitor = await newVisitor(server);
    const chat = await agent.accept();
    const other = await newVisitor(server);
    const verdict = new LaterFate();
    faults.nextAppend(verdict.fate);
    const line = await begin(() => chat.say('worth waiting for'));
    const answers: string[] = [];
    const read = await begin(() => visitor.read());
    void read.reply.then(() => answers.push('read'));
    // A whole other request is answered meanwhile.
    await other.shown();
    expect(answers).toEqual([]);
    verdict.decide('done');
    expect((await line.reply).status).toBe(201);
    expect(shownIn((await read.reply).body).at(-1)?.[1]).toBe('worth waiting for');
  });

  it('[DUR14] that was kept after all is there once, with the id that comes next', async () => {
    const agent = await Workplace.open(server, 'agent1');
    const visitor = await newVisitor(server);
    const chat = await agent.accept();
    const before = await chat.shown();
    faults.nextAppend('unconfirmed');
    expectUnavailable(await chat.say('perhaps'));
    expect(await visitor.shown()).toEqual([...before, [before.length, 'perhaps']]);
    expect((await chat.say('certainly')).headers.location).toMatch(
      new RegExp(`/events/${before.length + 1}$`),
    );
  });
});

describe('a session or login that cannot be kept', () => {
  it('[DUR15] a takeover that was not kept is shown to nobody: the old session goes on', async () => {
    const agent = await Workplace.open(server, 'agent1');
    await newVisitor(server);
    const chat = await agent.accept();
    const verdict = new LaterFate();
    faults.nextAppend(verdict.fate);
    const { bearer } = agent;
    const opening = await begin(() => server.call('POST', '/agentSession?v=1&NC=true', { bearer }));
    const meanwhile = await begin(() => agent.call('GET', '/availability'));
    verdict.decide('refused');
    expectUnavailable(await opening.reply);
    expectUnavailable(await meanwhile.reply);
    expect(await agent.availability()).toBe('Online');
    expect((await chat.say('still here')).status).toBe(201);
  });

  it('[DUR16] a login that was not kept is none; one that was works at once, whatever befell the account meanwhile', async () => {
    faults.putLogin = () => 'refused';
    const body = { username: 'agent1', password: 'parley-demo' };
    const refused = await server.call('POST', '/login?v=1.3', { body });
    expectUnavailable(refused);
    expect(refused.text).not.toContain('bearer');
    expect(refused.headers['set-cookie']).toBeUndefined();

    const verdict = new LaterFate();
    const asked = new Promise<void>((resolve) => {
      faults.putLogin = () => {
        resolve();
        return verdict.fate;
      };
    });
    const login = server.login('agent1');
    await asked;
    faults.nextAppend('refused');
    const appKey = DEMO_VISITOR_KEY;
    expectUnavailable(await server.call('POST', '/chat/request?v=1', { appKey, body: {} }));
    await newVisitor(server);
    verdict.decide('done');
    const { bearer } = await login;
    const opened = await server.call('POST', '/agentSession?v=1&NC=true', { bearer });
    expect(opened.status, opened.text).toBe(201);
  });

  it('[DUR17] a logout that was not kept can be repeated, and is in force from then on', async () => {
    const agent = await Workplace.open(server, 'agent1');
    const { bearer, csrf } = agent;
    const logout = () => server.call('POST', '/logout?v=1.3', { bearer, body: { csrf } });
    faults.fill();
    expectUnavailable(await logout());
    faults.repair();
    expect(await agent.availability()).toBe('Online');
    expect((await logout()).status).toBe(200);
    const open = () => server.call('POST', '/agentSession?v=1&NC=true', { bearer });
    expect((await open()).status).toBe(401);
    expect((await logout()).status).toBe(401);
    server = await server.restart();
    expect((await open()).status).toBe(401);
  });

  it('[DUR26] a refresh that is under way does not undo a logout', async () => {
    const { bearer, csrf } = await server.login('agent1');
    await readingsDone(server);
    const body = { csrf };
    const verdict = new LaterFate();
    const asked = new Promise<void>((resolve) => {
      faults.putLogin = () => {
        resolve();
        return verdict.fate;
      };
    });
    // The store keeps the order of its calls.
    faults.deleteLogin = () => verdict.fate;
    const refresh = server.call('POST', '/refresh?v=1.3', { bearer, body });
    await asked;
    const logout = await begin(() => server.call('POST', '/logout?v=1.3', { bearer, body }));
    verdict.decide('done');
    // The login works until its end is on disk, and the refresh was there before.
    expect((await refresh).status).toBe(200);
    expect((await logout.reply).status).toBe(200);
    const use = () => server.call('POST', '/agentSession?v=1&NC=true', { bearer });
    expect((await use()).status).toBe(401);
    server = await server.restart();
    expect((await use()).status).toBe(401);
  });

  it('[DUR27] logins and logouts hold while the store is read again', async () => {
    const { store, accounts } = server.running.server;
    const leaving = await server.login('agent1');
    await readingsDone(server);
    const load = store.logins.load.bind(store.logins);
    const first = new LaterFate();
    const later = new LaterFate();
    onTestFinished(() => later.decide('done'));
    const verdicts = [first];
    const reading = new Promise<void>((resolve) => {
      vi.spyOn(store.logins, 'load').mockImplementation(async (...args) => {
        const records = await load(...args);
        resolve();
        await (verdicts.shift() ?? later).fate;
        return records;
      });
    });
    const refreshed = accounts.refresh(DEMO_ACCOUNT);
    await reading;
    const { csrf } = leaving;
    await server.call('POST', '/logout?v=1.3', { bearer: leaving.bearer, body: { csrf } });
    const coming = await server.login('agent2');
    first.decide('done');
    await refreshed;
    const open = (bearer: string) => server.call('POST', '/agentSession?v=1&NC=true', { bearer });
    expect((await open(leaving.bearer)).status).toBe(401);
    expect((await open(coming.bearer)).status).toBe(201);
  });
});

describe('an account that was dropped', () => {
  it('[DUR18] goes on where it was: same bearer, same session, same chats, rings with their whole time', async () => {
    const agent = await Workplace.open(server, 'agent1');
    const visitor = await newVisitor(server);
    const chat = await agent.accept();
    await agent.call('PUT', '/availability', { availability: { chat: 'Occupied' } });
    await agent.call('PUT', '/availability', { availability: { chat: 'Online' } });
    await newVisitor(server);
    clock.advance(15_000);
    faults.nextAppend('refused');
    expectUnavailable(await visitor.say('lost'));
    expect(await agent.ringingCount()).toBe('1');
    clock.advance(19_000);
    expect(await agent.ringingCount()).toBe('1');
    expect(await agent.availability()).toBe('Online');
    expect((await chat.say('going on')).status).toBe(201);
    clock.advance(1_000);
    expect(await agent.availability()).toBe('Away');
  });

  it('[DUR19] answers 503 as long as it cannot be read, and comes back when it can', async () => {
    const agent = await Workplace.open(server, 'agent1');
    faults.nextAppend('refused');
    faults.load = () => 'refused';
    expectUnavailable(await agent.call('PUT', '/availability', { availability: { chat: 'Away' } }));
    expectUnavailable(await agent.call('GET', '/availability'));
    expectUnavailable(await agent.call('GET', '/availability'));
    faults.repair();
    expect(await agent.availability()).toBe('Online');
  });

  it('[DUR20] comes back by itself, so that what falls due happens although nobody asks', async () => {
    const agent = await Workplace.open(server, 'agent1');
    const visitor = await newVisitor(server);
    faults.nextAppend('refused');
    faults.load = () => 'refused';
    expectUnavailable(await visitor.say('lost'));
    const { accounts } = server.running.server;
    expect(accounts.loaded(DEMO_ACCOUNT)).toBeUndefined();
    const loads = vi.mocked(server.running.server.store.journal.load);
    for (const pause of [1_000, 2_000, 4_000]) {
      const before = loads.mock.calls.length;
      clock.advance(pause);
      await vi.waitUntil(() => loads.mock.calls.length > before, { interval: 1, timeout: 10_000 });
    }
    faults.repair();
    clock.advance(8_000);
    const returned = () => accounts.loaded(DEMO_ACCOUNT);
    const { host } = await vi.waitUntil(returned, { interval: 1, timeout: 10_000 });
    clock.advance(20_000);
    const session = agent.session.slice('/agentSession/'.length);
    expect(host.state.sessions.get(session)?.availability).toBe('Away');
  });
});
