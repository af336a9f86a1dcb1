/** Long polls: `wait=N` on what clients poll. The clock stands still, so N never passes by itself. */
import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Fixture } from './chat-fixture.js';
import { at, linkAt, type Reply } from './harness.js';
import { type Poll, settle, startPoll, untilWaiting, waiting } from './push-fixture.js';
import { SigningClient } from './auth-client.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start();
});
afterEach(async () => {
  await fixture.clear();
  fixture.clock.advance(61_000);
  await untilWaiting(fixture, 0);
});
afterAll(() => fixture.stop());

const lines = (reply: Reply, path = 'events.event') =>
  [at(reply.body, path) ?? []].flat().map((event) => at(event, 'text'));

describe('a poll that waits', () => {
  it('[PUSH1] may wait from 1 to 60 seconds, and is refused else, also when there is news', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    const asks = [
      (wait: string) => chat.get(`?from=9&wait=${wait}`),
      (wait: string) => chat.get(`/events?from=0&wait=${wait}`),
      (wait: string) => visitor.get(`?wait=${wait}`),
      (wait: string) => visitor.get(`/events?from=9&wait=${wait}`),
      (wait: string) => agent.get(`/incomingRequests?wait=${wait}`),
      (wait: string) => agent.get(`/chat?chatSessionKeys=${chat.id}&wait=${wait}`),
    ];
    for (const ask of asks) {
      for (const wait of ['0', '61', '-1', '1.5', '1s', '1e1', '+5', '999999999999999999']) {
        const reply = await ask(encodeURIComponent(wait));
        expect([wait, reply.status, at(reply.body, 'error.message')]).toEqual([
          wait,
          400,
          `Query parameter wait must be a whole number from 1 to 60, got "${wait}".`,
        ]);
      }
    }
    expect(waiting(fixture)).toBe(0);
  });

  it('[PUSH2] is answered at once when there is something new, as without wait', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    await visitor.line('hello');
    await fixture.visitor();
    for (const [caller, path] of [
      [chat, '/events?from=4'],
      [chat, '?from=4'],
      [visitor, '/events?from=4'],
      [visitor, ''],
      [agent, '/incomingRequests'],
      [agent, `/chat?chatSessionKeys=${chat.id}&fromEventIds=4`],
    ] as const) {
      const plain = await caller.get(path);
      const waited = await caller.get(`${path}${path.includes('?') ? '&' : '?'}wait=60`);
      expect([path, waited.status, waited.text]).toEqual([path, 200, plain.text]);
    }
  });

  it('[PUSH3] is answered as soon as an event comes, by the links that lead on', async () => {
    const { chat, visitor } = await fixture.chat();
    const forAgent = await startPoll(fixture, () => chat.get('/events?from=4&wait=60'));
    const whole = await startPoll(fixture, () => chat.get('?from=4&wait=60'));
    const forVisitor = await startPoll(fixture, () => visitor.get('?from=4&wait=60'));
    const id = await visitor.line('hello');
    const reply = await forAgent.reply;
    expect([reply.status, lines(reply)]).toEqual([200, ['hello']]);
    expect(lines(await whole.reply, 'chat.events.event')).toEqual(['hello']);
    expect(lines(await forVisitor.reply, 'chat.events.event')).toEqual(['hello']);
    const next = linkAt(reply.body, 'events.link', 'next');
    expect(next).toBe(`${chat.uri}/events?from=${id + 1}`);
    const more = await startPoll(fixture, () => chat.get(`${next}&wait=60`));
    await chat.line('hi');
    expect(lines(await more.reply)).toEqual(['hi']);
    const end = await startPoll(fixture, () => visitor.get(`/events?from=${id + 2}&wait=60`));
    await chat.end();
    expect((await end.reply).text).toContain('"ended"');
  });

  it('[PUSH4] gets the ordinary document after N seconds, or 304 when it named its tag', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    for (const [caller, path] of [
      [chat, '/events?from=4&'],
      [chat, '?from=4&'],
      [visitor, '/events?from=4&'],
      [visitor, '?from=4&'],
      [agent, '/incomingRequests?'],
      [agent, `/chat?chatSessionKeys=${chat.id}&fromEventIds=4&`],
    ] as const) {
      const plain = await caller.get(path);
      const tag = String(plain.headers.etag);
      const poll = await startPoll(fixture, () => caller.get(`${path}wait=10`));
      const known = await startPoll(fixture, () =>
        caller.get(`${path}wait=10`, { 'if-none-match': tag }),
      );
      fixture.clock.advance(9_999);
      await settle(fixture);
      expect([path, poll.answered(), known.answered()]).toEqual([path, null, null]);
      fixture.clock.advance(1);
      const { status, headers } = await poll.reply;
      expect([path, status, headers.etag]).toEqual([path, 200, tag]);
      const unchanged = await known.reply;
      expect([path, unchanged.status, unchanged.text]).toEqual([path, 304, '']);
    }
  });

  it('[PUSH5] with a tag it has already, waits for what is not that', async () => {
    const { chat, visitor } = await fixture.chat();
    const tag = String((await chat.get('/events')).headers.etag);
    const poll = await startPoll(fixture, () =>
      chat.get('/events?wait=60', { 'if-none-match': tag }),
    );
    await visitor.line('hello');
    expect(lines(await poll.reply)).toContain('hello');
    expect((await chat.get('/events?wait=60', { 'if-none-match': tag })).status).toBe(200);
  });
});

describe('incomingRequests', () => {
  const count = (reply: Reply) => at(reply.body, 'incomingRequests.ringingCount');

  it('[PUSH6] without a tag waits while nothing rings', async () => {
    const agent = await fixture.agent();
    const poll = await startPoll(fixture, () => agent.get('/incomingRequests?wait=60'));
    await fixture.visitor();
    expect(count(await poll.reply)).toBe('1');
    expect(count(await agent.get('/incomingRequests?wait=60'))).toBe('1');
  });

  it('[PUSH6] with a tag waits until something begins or stops to ring', async () => {
    const agent = await fixture.agent();
    const ask = async (after: Reply) =>
      startPoll(fixture, () =>
        agent.get('/incomingRequests?wait=60', { 'if-none-match': String(after.headers.etag) }),
      );
    const none = await agent.get('/incomingRequests');
    const first = await ask(none);
    const visitor = await fixture.visitor();
    const one = await first.reply;
    const second = await ask(one);
    const other = await fixture.visitor();
    const two = await second.reply;
    const third = await ask(two);
    // A visitor who gives up, a ring that is answered, an agent who goes away.
    await visitor.end();
    const left = await third.reply;
    const fourth = await ask(left);
    await agent.accept();
    const accepted = await fourth.reply;
    expect([none, one, two, left, accepted].map(count)).toEqual(['0', '1', '2', '1', '0']);
    await other.end();
    await fixture.visitor();
    const rings = await agent.get('/incomingRequests');
    const fifth = await ask(rings);
    await agent.become('Away');
    expect(count(await fifth.reply)).toBe('0');
  });

  it('[PUSH6] shows a ring that was not answered, which the clock alone brings', async () => {
    const agent = await fixture.agent();
    await fixture.visitor();
    const tag = String((await agent.get('/incomingRequests')).headers.etag);
    const poll = await startPoll(fixture, () =>
      agent.get('/incomingRequests?wait=60', { 'if-none-match': tag }),
    );
    fixture.clock.advance(20_000);
    expect(count(await poll.reply)).toBe('0');
    expect(await agent.availability()).toBe('Away');
  });
});

describe('several chats', () => {
  it('[PUSH7] are answered with the news of any of them, and when one comes or goes', async () => {
    const agent = await fixture.agent();
    const first = await fixture.visitor();
    const one = await agent.accept();
    const second = await fixture.visitor();
    const two = await agent.accept();
    const path = `/chat?chatSessionKeys=${one.id},${two.id},nobodys&wait=60&fromEventIds=`;
    const chats = (reply: Reply) =>
      [at(reply.body, 'chats.chat') ?? []]
        .flat()
        .map((chat) => [
          at(chat, 'info.chatSessionKey'),
          ...[at(chat, 'events.event') ?? []].flat().map((event) => at(event, 'text')),
        ]);
    const news = await startPoll(fixture, () => agent.get(`${path}4,4`));
    await second.line('hello');
    expect(chats(await news.reply)).toEqual([[one.id], [two.id, 'hello']]);
    const gone = await startPoll(fixture, () => agent.get(`${path}4,5`));
    const { bearer } = await fixture.login('admin1');
    await fixture.agent('agent2');
    const moved = await fixture.server.call('PUT', `/supervision/chats/${one.id}/assignment`, {
      bearer,
      body: { agentId: 102 },
    });
    expect(moved.status).toBe(200);
    expect(chats(await gone.reply)).toEqual([[two.id]]);
    // Who asks for it again waits for the other alone.
    const left = await startPoll(fixture, () => agent.get(`${path}4,5`));
    await first.line('anybody?');
    await settle(fixture);
    expect(left.answered()).toBeNull();
    await second.line('bye');
    expect(chats(await left.reply)).toEqual([[two.id, 'bye']]);
  });
});

describe('what a waiting connection is', () => {
  it('[PUSH8] a heartbeat until its time is over, of agents and of visitors', async () => {
    await fixture.server.configure({ agentLostSeconds: 30, visitorTimeoutSeconds: 15 });
    const { agent, chat, visitor } = await fixture.chat();
    for (let round = 0; round < 3; round += 1) {
      const polls = [
        await startPoll(fixture, () => agent.get('/incomingRequests?wait=60')),
        await startPoll(fixture, () => visitor.get('/events?from=4&wait=60')),
      ];
      fixture.clock.advance(60_000);
      for (const { reply } of polls) expect((await reply).status).toBe(200);
    }
    // From its end on nothing holds them any more.
    await agent.get();
    const { state } = await fixture.host();
    const phase = () => state.chats.get(chat.id)?.phase.name;
    fixture.clock.advance(14_000);
    expect(phase()).toBe('active');
    fixture.clock.advance(2_000);
    expect(phase()).toBe('ended');
    expect(state.sessions.size).toBe(1);
    fixture.clock.advance(15_000);
    expect(state.sessions.size).toBe(0);
    await fixture.server.configure({ agentLostSeconds: 120, visitorTimeoutSeconds: 40 });
  });

  it('[PUSH9] a place that is free at once when the client hangs up', async () => {
    const { chat, visitor } = await fixture.chat();
    const { hostname, port, pathname } = new URL(`${visitor.uri}/events`);
    const asked = request({
      hostname,
      port,
      path: `${pathname}?from=4&wait=60`,
      headers: { authorization: `LivePerson appKey=${visitor.credential().appKey}` },
      agent: false,
    });
    asked.on('error', () => {});
    asked.end();
    await untilWaiting(fixture, 1);
    fixture.clock.advance(30_000);
    asked.destroy();
    await untilWaiting(fixture, 0);
    // It is a heartbeat no more.
    const { state } = await fixture.host();
    fixture.clock.advance(39_000);
    expect(state.chats.get(chat.id)?.phase.name).toBe('active');
    fixture.clock.advance(2_000);
    expect(state.chats.get(chat.id)?.phase.name).toBe('ended');
  });

  it('[PUSH10] one of sixteen for the same, beyond which 429 says so', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    const polls: Poll[] = [];
    for (let each = 0; each < 16; each += 1) {
      polls.push(await startPoll(fixture, () => chat.get('/events?from=4&wait=60')));
    }
    const refused = await chat.get('/events?from=4&wait=60');
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '5']);
    expect(at(refused.body, 'error.message')).toContain('16 requests for the same wait already');
    // Other readers, other things and plain calls have their own.
    expect((await chat.get('/events?from=4')).status).toBe(200);
    await startPoll(fixture, () => visitor.get('/events?from=4&wait=60'));
    await startPoll(fixture, () => agent.get('/incomingRequests?wait=60'));
    await visitor.line('hello');
    for (const { reply } of polls) expect((await reply).status).toBe(200);
    await startPoll(fixture, () => chat.get('/events?from=5&wait=60'));
  });

  it('[PUSH11] nothing that holds up another: what is signed once waits as well', async () => {
    const visitor = await fixture.visitor();
    const client = new SigningClient(fixture.clock);
    const opened = await client.call('POST', `${fixture.base}/agentSession`);
    const session = String(opened.headers.location);
    const uri = `${session}/incomingRequests?wait=60`;
    const rings = await client.call('GET', uri);
    expect(at(rings.body, 'incomingRequests.ringingCount')).toBe('1');
    const tag = String(rings.headers.etag);
    const poll = await startPoll(fixture, () =>
      client.call('GET', uri, { headers: { 'if-none-match': tag } }),
    );
    await visitor.end();
    expect(at((await poll.reply).body, 'incomingRequests.ringingCount')).toBe('0');
  });
});
