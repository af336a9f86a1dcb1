/** What a stop leaves behind: the same after a clean one, which keeps a snapshot, and without. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { at, FakeClock, startTestServer, type TestServer } from '../harness.js';
import { Faults } from './faults.js';
import { newVisitor, Workplace } from './actors.js';

/** Far longer than any grace, ring or timeout. */
const NIGHT_MS = 7 * 60 * 60_000;

describe.each(['a snapshot', 'the journal alone'])('read from %s', (from) => {
  let clock: FakeClock;
  let server: TestServer;

  beforeEach(async () => {
    clock = new FakeClock();
    server = await startTestServer({ clock, logLevel: 'silent' });
    const faults = new Faults(server.running.server.store);
    if (from === 'the journal alone') faults.saveSnapshot = () => 'refused';
  });

  afterEach(() => server.stop());

  it('[DUR21] everybody has the whole grace again, however long the stop was', async () => {
    let agent = await Workplace.open(server, 'agent1');
    let visitor = await newVisitor(server);
    let chat = await agent.accept();
    clock.advance(30_000);

    await server.running.close();
    clock.advance(NIGHT_MS);
    server = await server.restart();
    [agent, visitor, chat] = [agent.on(server), visitor.on(server), chat.on(server)];

    clock.advance(39_000);
    expect((await visitor.shown()).at(-1)?.[1]).toBe('You are now chatting with Anna.');
    clock.advance(39_000);
    await visitor.shown();
    clock.advance(39_000);
    await visitor.shown();
    clock.advance(2_000);
    expect(await agent.availability()).toBe('Online');
    clock.advance(38_000);
    expect((await chat.shown()).at(-1)?.[1]).toBe('state ended');
    clock.advance(119_000);
    expect(await agent.availability()).toBe('Online');
    clock.advance(120_000);
    expect((await agent.call('GET', '/availability')).status).toBe(404);
  });

  it('[DUR22] a ring has its whole time again, at the same agent', async () => {
    let agent = await Workplace.open(server, 'agent1');
    await newVisitor(server);
    clock.advance(19_000);

    await server.running.close();
    clock.advance(NIGHT_MS);
    server = await server.restart();
    agent = agent.on(server);

    clock.advance(19_000);
    expect(await agent.ringingCount()).toBe('1');
    expect(await agent.availability()).toBe('Online');
    clock.advance(1_000);
    expect(await agent.ringingCount()).toBe('0');
    expect(await agent.availability()).toBe('Away');
  });

  it('[DUR23] availability, queue order, hidden lines and ended chats are as they were', async () => {
    let agent = await Workplace.open(server, 'agent1');
    const ended = await newVisitor(server);
    const noted = await agent.accept();
    await ended.end();
    await noted.say('a note after the end', 'ONLY_TO_REP');
    await agent.call('PUT', '/availability', { availability: { chat: 'Away' } });
    const first = await newVisitor(server, { visitorName: 'first', preChatLines: ['hidden'] });
    const second = await newVisitor(server, { visitorName: 'second' });
    const before = [await ended.shown(), await noted.shown(), await first.shown()];

    server = await server.restart();
    agent = agent.on(server);

    expect(await agent.availability()).toBe('Away');
    expect([
      await ended.on(server).shown(),
      await noted.on(server).shown(),
      await first.on(server).shown(),
    ]).toEqual(before);
    expect((await ended.on(server).say('too late')).status).toBe(409);
    await agent.call('PUT', '/availability', { availability: { chat: 'Online' } });
    for (const waiting of [first, second]) {
      const accepted = await agent.accept();
      expect(accepted.chat.split('/').at(-1)).toBe(waiting.chat.split('/').at(-1));
    }
  });

  it('[DUR24] logins go on, with their cookie and csrf token, until the end they had', async () => {
    const { bearer, csrf } = await server.login('agent1');
    const second = await server.login('agent1');
    await server.call('POST', '/logout?v=1.3', { bearer, body: { csrf } });

    server = await server.restart();

    const opened = (token: string) =>
      server.call('POST', '/agentSession?v=1&NC=true', { bearer: token });
    expect((await opened(bearer)).status).toBe(401);
    expect((await opened(second.bearer)).status).toBe(201);
    const { cookie } = second;
    const refreshed = await server.call('POST', '/refresh?v=1.3', {
      cookie,
      body: { csrf: second.csrf },
    });
    expect(refreshed.status, refreshed.text).toBe(200);
    clock.advance(NIGHT_MS);
    expect((await opened(second.bearer)).status).toBe(201);
    server = await server.restart();
    clock.advance(60 * 60_000);
    const late = await opened(second.bearer);
    expect([late.status, at(late.body, 'error.internalCode')]).toEqual([401, 10]);
  });

  it('[DUR25] an agent who was chatting when the server stopped takes the chats over with a new session', async () => {
    const agent = await Workplace.open(server, 'agent1');
    await newVisitor(server);
    const chat = await agent.accept();
    server = await server.restart();
    const reopened = await Workplace.open(server, 'agent1');
    const taken = await reopened.call('GET', '/chatSessions');
    expect(at(taken.body, 'chatSessions.chatSession.0.chatSessionKey')).toBe(
      chat.chat.split('/').at(-1),
    );
    expect((await agent.on(server).call('GET', '/availability')).status).toBe(404);
  });
});
