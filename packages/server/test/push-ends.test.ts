/** Whoever may no longer see what they wait for is answered at once, as by a plain call. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { bySystem } from '@parley/runtime/accounts/submission';
import { creation } from '@parley/configuration/records/record-changes';
import { type Agent, type AgentChat, SALES, type Visitor, Fixture } from './chat-fixture.js';
import { at, call, DEMO_ACCOUNT, type Reply, UNTHROTTLED } from './harness.js';
import { type Poll, settle, startPoll, untilWaiting } from './push-fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start({ throttle: UNTHROTTLED });
});
afterEach(async () => {
  await fixture.clear();
  fixture.clock.advance(61_000);
  await untilWaiting(fixture, 0);
});
afterAll(() => fixture.stop());

/** An agent with a chat, and polls on all that the agent can wait for. */
async function agentWaits(): Promise<{
  agent: Agent;
  chat: AgentChat;
  visitor: Visitor;
  polls: Record<string, Poll>;
  plain: Record<string, () => Promise<Reply>>;
}> {
  const { agent, chat, visitor } = await fixture.chat();
  const asks: Record<string, string> = {
    events: `${chat.uri}/events?from=4`,
    chat: `${chat.uri}?from=4`,
    incoming: `${agent.uri}/incomingRequests?v=1`,
    several: `${agent.uri}/chat?chatSessionKeys=${chat.id}&fromEventIds=4`,
  };
  const polls: Record<string, Poll> = {};
  const plain: Record<string, () => Promise<Reply>> = {};
  for (const [name, url] of Object.entries(asks)) {
    plain[name] = () => agent.get(url);
    polls[name] = await startPoll(fixture, () => agent.get(`${url}&wait=60`));
  }
  return { agent, chat, visitor, polls, plain };
}

/** Expects the answers to be those of plain calls, and the statuses to be these. */
async function endsLikePlain(
  polls: Record<string, Poll>,
  plain: Record<string, () => Promise<Reply>>,
  statuses: Record<string, number>,
): Promise<void> {
  for (const [name, status] of Object.entries(statuses)) {
    const got = await polls[name]?.reply;
    const expected = await plain[name]?.();
    expect([name, got?.status, got?.text]).toEqual([name, status, expected?.text]);
  }
}

const all = (status: number) => ({
  events: status,
  chat: status,
  incoming: status,
  several: status,
});

describe('an agent who waits', () => {
  it('[PUSH12] learns at once that the session ended, or was taken over', async () => {
    const ended = await agentWaits();
    await ended.agent.call('DELETE');
    await endsLikePlain(ended.polls, ended.plain, all(404));
    const taken = await agentWaits();
    await fixture.agent();
    await endsLikePlain(taken.polls, taken.plain, all(404));
  });

  it('[PUSH12] learns at once of the logout', async () => {
    const { agent, polls, plain } = await agentWaits();
    const { bearer, csrf } = agent.login;
    const reply = await fixture.server.call('POST', '/logout?v=1.3', { bearer, body: { csrf } });
    expect(reply.status).toBe(200);
    await Promise.all(Object.values(polls).map((poll) => poll.reply));
    // Nobody was guessing.
    expect(fixture.server.log).not.toContain('unknown-bearer');
    await endsLikePlain(polls, plain, all(401));
    fixture.forgetLogins();
  });

  it('[PUSH12] learns at once of another login’s end by an administrator, and of being disabled', async () => {
    const disabled = await agentWaits();
    await fixture.changeUser(101, { enabled: false });
    await endsLikePlain(disabled.polls, disabled.plain, all(401));
    await fixture.changeUser(101, { enabled: true });
    fixture.forgetLogins();
    // What was opened at the moment of the end is ended with it.
    fixture.clock.advance(1_000);
    const signedOut = await agentWaits();
    await fixture.changeUser(101, { signedOutAt: fixture.clock.now() });
    await endsLikePlain(signedOut.polls, signedOut.plain, all(401));
    fixture.forgetLogins();
    fixture.clock.advance(1_000);
  });

  it('[PUSH12] learns at once that the chat went to another', async () => {
    const { chat, polls, plain } = await agentWaits();
    await fixture.agent('agent2');
    const { bearer } = await fixture.login('admin1');
    await fixture.server.call('PUT', `/supervision/chats/${chat.id}/assignment`, {
      bearer,
      body: { agentId: 102 },
    });
    await endsLikePlain(polls, plain, { events: 404, chat: 404, several: 200 });
    await settle(fixture);
    expect(polls.incoming?.answered()).toBeNull();
  });

  it('[PUSH12] learns at once that a chat that was over can be read no more', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    await chat.end();
    await fixture.pass(30 * 60 - 20, agent);
    const polls = [
      await startPoll(fixture, () => chat.get('/events?from=6&wait=60')),
      await startPoll(fixture, () => visitor.get('/events?from=6&wait=60')),
    ];
    fixture.clock.advance(19_999);
    await settle(fixture);
    expect(polls.map(({ answered }) => answered())).toEqual([null, null]);
    fixture.clock.advance(1);
    const replies = await Promise.all(polls.map(({ reply }) => reply));
    expect(replies.map(({ status }) => status)).toEqual([404, 404]);
  });
});

describe('a visitor who waits', () => {
  it('[PUSH12] learns at once that the app key is one no more', async () => {
    const { store, accounts } = fixture.server.running.server;
    const [demo] = (await store.config.list(DEMO_ACCOUNT, 'appKey')).items;
    const record = JSON.parse(demo?.data ?? '{}');
    const written = await store.config.write(DEMO_ACCOUNT, {
      changes: [
        creation('appKey', { ...record, kind: 'visitor', key: 'f'.repeat(32), userId: null }),
      ],
    });
    await accounts.refresh(DEMO_ACCOUNT);
    const visitor = await fixture.visitor();
    const url = `${visitor.uri}/events?from=2`;
    const ask = (query = '') => call('GET', url + query, { appKey: 'f'.repeat(32) });
    const poll = await startPoll(fixture, () => ask('&wait=60'));
    const other = await startPoll(fixture, () => visitor.get('/events?from=2&wait=60'));
    await store.config.write(DEMO_ACCOUNT, {
      changes: [{ op: 'delete', kind: 'appKey', id: written.items[0]?.id ?? 0 }],
    });
    await accounts.refresh(DEMO_ACCOUNT);
    const got = await poll.reply;
    expect([got.status, got.text]).toEqual([401, (await ask()).text]);
    await settle(fixture);
    expect(other.answered()).toBeNull();
  });

  it('[PUSH13] hears nothing of whispers', async () => {
    const { chat, visitor } = await fixture.chat();
    const poll = await startPoll(fixture, () => visitor.get('/events?from=4&wait=60'));
    const whole = await startPoll(fixture, () => visitor.get('?from=4&wait=60'));
    await chat.line('only among us', { subType: 'ONLY_TO_REP' });
    await settle(fixture);
    expect([poll.answered(), whole.answered()]).toEqual([null, null]);
    const tag = String((await visitor.get('/events?from=4')).headers.etag);
    const id = await chat.line('hello');
    const { text, headers } = await poll.reply;
    expect([text.includes('hello'), text.includes('only among us')]).toEqual([true, false]);
    expect(headers.etag).not.toBe(tag);
    expect((await whole.reply).text).not.toContain('only among us');
    expect(id).toBe(5);
  });
});

describe('what happens elsewhere', () => {
  it('[PUSH14] is heard by nobody: not in other chats, nor in other accounts', async () => {
    const { store, accounts } = fixture.server.running.server;
    await store.accounts.create({ id: 'other', createdAt: 0 });
    const other = await accounts.get('other');
    const { chat, visitor, agent } = await fixture.chat();
    const polls = [
      await startPoll(fixture, () => chat.get('/events?from=4&wait=60')),
      await startPoll(fixture, () => visitor.get('/events?from=4&wait=60')),
      await startPoll(fixture, () => agent.get('/incomingRequests?wait=60')),
    ];
    const host = await fixture.host();
    const look = vi.spyOn(host.heartbeats, 'touch');
    await agent.become('Occupied');
    look.mockClear();
    const elsewhere = await fixture.visitor({ skillId: SALES });
    await elsewhere.line('I am elsewhere');
    await elsewhere.end();
    await other?.host.execute<'visit.see'>(
      bySystem({ type: 'visit.see', sessionId: 's', visitorId: 'v' }),
    );
    await settle(fixture);
    expect(polls.map(({ answered }) => answered())).toEqual([null, null, null]);
    // Nobody was even looked at again.
    const looked = look.mock.calls.map(([key]) => key);
    expect(looked.filter((key) => key === chat.id || key === agent.uri.split('/').at(-1))).toEqual(
      [],
    );
    look.mockRestore();
  });
});

describe('a store that refuses', () => {
  it('[PUSH15] answers whoever waits as by a plain call, or go on waiting when all is well again', async () => {
    const { chat, visitor } = await fixture.chat();
    const poll = await startPoll(fixture, () => chat.get('/events?from=4&wait=60'));
    const { store } = fixture.server.running.server;
    const append = vi.spyOn(store.journal, 'append').mockRejectedValueOnce(new Error('planted'));
    expect(
      (await visitor.post('/events', { event: { '@type': 'line', text: 'lost' } })).status,
    ).toBe(503);
    append.mockRestore();
    await vi.waitFor(async () => expect((await visitor.get('/events?from=4')).status).toBe(200));
    await settle(fixture);
    expect(poll.answered()).toBeNull();
    const id = await visitor.line('kept');
    const reply = await poll.reply;
    expect([reply.status, id]).toEqual([200, 4]);
    expect(at(reply.body, 'events.event.text')).toBe('kept');
  });
});

it('[PUSH16] a server that stops answers everybody who waits, with the document', async () => {
  const stopping = await Fixture.start({ drainMs: 50 });
  const { agent, chat, visitor } = await stopping.chat();
  const tag = String((await chat.get('?from=4')).headers.etag);
  const polls = [
    await startPoll(stopping, () => chat.get('/events?from=4&wait=60')),
    await startPoll(stopping, () => visitor.get('?from=4&wait=60')),
    await startPoll(stopping, () => agent.get('/incomingRequests?wait=60')),
    await startPoll(stopping, () => chat.get('?from=4&wait=60', { 'if-none-match': tag })),
  ];
  const stopped = stopping.stop();
  const replies = await Promise.all(polls.map(({ reply }) => reply));
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 304]);
  expect(replies[0]?.text).toContain('/events?from=4"');
  await stopped;
});
