/** Reading positions over HTTP, and the browser SDK's word for them. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type AgentChat, type Visitor, Fixture } from './chat-fixture.js';
import { at, DEMO_ACCOUNT, linkAt, type Reply } from './harness.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start();
});
afterEach(() => fixture.clear());
afterAll(() => fixture.stop());

type Side = AgentChat | Visitor;

/** What a side's info says of both positions. */
async function shown(side: Side): Promise<unknown[]> {
  const { body } = await side.get('/info');
  return [at(body, 'info.agentRead'), at(body, 'info.visitorRead')];
}

const read = (side: Side, id: unknown) => side.put('/read', { read: id });
const answerOf = (reply: Reply) => [reply.status, reply.text];

/** What the original's browser SDK posts. */
const lineStatus = (visitor: Side, more: Readonly<Record<string, unknown>>) =>
  visitor.post('/events', { event: { '@type': 'line-status', lineStatus: 'READ', ...more } });

describe('reading positions', () => {
  it('[SEEN1] are put to the link read, behind the original’s, and shown in info', async () => {
    const { chat, visitor } = await fixture.chat();
    expect(await shown(chat)).toEqual([undefined, undefined]);
    for (const side of [chat, visitor]) {
      const { body } = await side.get();
      const links = at(body, 'chat.link') as { '@rel': string }[];
      // Behind what the original has, and before why the chat went where it went.
      const relations = links.map((link) => link['@rel']).filter((rel) => rel !== 'routing');
      expect(relations.at(-1)).toBe('read');
      const put = await side.call('PUT', linkAt(body, 'chat.link', 'read'), { body: { read: 2 } });
      expect(answerOf(put)).toEqual([200, '{"read":2}']);
    }
    expect([await shown(chat), await shown(visitor)]).toEqual([
      [2, 2],
      [2, 2],
    ]);
    expect((await chat.get('/info')).text).toMatch(/"agentRead":2,"visitorRead":2\}\}$/);
  });

  it('[SEEN1] in XML and HAL', async () => {
    const { chat, visitor } = await fixture.chat();
    const headers = { 'content-type': 'application/xml', accept: 'application/xml' };
    const put = await visitor.call('PUT', '/read', { body: '<read>3</read>', headers });
    expect(put.text).toBe('<?xml version="1.0" encoding="UTF-8"?><read>3</read>');
    expect((await chat.get('/info.xml')).text).toContain('<visitorRead>3</visitorRead></info>');
    const hal = await chat.get('/info', { accept: 'application/hal+json' });
    expect(hal.body).toMatchObject({ visitorRead: 3 });
  });

  it('[SEEN2] only go forward; beyond the last event they are 400 and change nothing', async () => {
    const { chat, visitor } = await fixture.chat();
    await read(visitor, 3);
    expect(answerOf(await read(visitor, 1))).toEqual([200, '{"read":3}']);
    const beyond = await read(visitor, 4);
    expect([beyond.status, at(beyond.body, 'error.message')]).toEqual([
      400,
      'read must be the id of an event of this chat, 3 at most, got 4.',
    ]);
    for (const nonsense of [-1, 'all', null, { id: 1 }, '']) {
      expect((await read(visitor, nonsense)).status).toBe(400);
    }
    expect(await shown(chat)).toEqual([undefined, 3]);
  });

  it('[SEEN3] show a visitor nothing of hidden events, in no answer', async () => {
    const { chat, visitor } = await fixture.chat();
    await read(chat, 3);
    const seen = async () => [
      await shown(visitor),
      at((await visitor.get('/info')).body, 'info.lastUpdate'),
      at((await read(visitor, 4)).body, 'error.message'),
      at((await read(visitor, 5)).body, 'error.message'),
    ];
    const before = await seen();
    fixture.clock.advance(1_000);
    await chat.line('a note', { subType: 'ONLY_TO_REP' });
    await read(chat, 4);
    expect(await shown(chat)).toEqual([4, undefined]);
    expect(await seen()).toEqual(before);
    expect(before[2]).toBe('read must be the id of an event of this chat, 3 at most, got 4.');
  });

  it('[SEEN4] are for the agent who has the chat alone', async () => {
    const { chat } = await fixture.chat();
    const other = await fixture.agent('agent2');
    const elsewhere = chat.uri.replace(
      /agentSession\/\d+/,
      /agentSession\/\d+/.exec(other.uri)?.[0] ?? '',
    );
    const reply = await other.call('PUT', `${elsewhere}/read`, { body: { read: 2 } });
    expect(reply.status).toBe(404);
    expect(await shown(chat)).toEqual([undefined, undefined]);
  });

  it('[SEEN5] are on disk when they are answered, also of an ended chat', async () => {
    const fresh = await Fixture.start();
    const { chat, visitor } = await fresh.chat();
    await read(chat, 2);
    await visitor.end();
    expect((await read(visitor, 4)).status).toBe(200);
    const server = await fresh.server.restart();
    const state = server.running.server.accounts.loaded(DEMO_ACCOUNT)?.host.state;
    expect(state?.chats.get(chat.id)?.read).toEqual({ agent: 2, visitor: 4 });
    await server.stop();
  });
});

describe('line-status', () => {
  it('[SEEN7] moves the reading position and is no event: 201 with the address of the line', async () => {
    const { chat, visitor } = await fixture.chat();
    const line = await chat.line('hello');
    const before = await visitor.feed();
    for (const refSequenceId of [line, String(line)]) {
      const reply = await lineStatus(visitor, { refSequenceId, metadata: [{ a: 1 }] });
      const uri = `${visitor.uri}/events/${line}`;
      expect([reply.status, reply.headers.location]).toEqual([201, uri]);
      expect(linkAt(reply.body, 'chatEventLocation.link', 'location')).toBe(uri);
    }
    expect(await visitor.feed()).toEqual(before);
    expect(await shown(chat)).toEqual([undefined, line]);
  });

  it.each<Readonly<Record<string, unknown>>>([
    {},
    { refSequenceId: 'x' },
    { refSequenceId: null },
    { refSequenceId: { of: [1] } },
    { refSequenceId: { toString: 7 } },
    { refSequenceId: [{ toString: 1, valueOf: null }] },
    { refSequenceId: [1] },
    { lineStatus: 7 },
  ])('[SEEN7] what names no event moves nothing, and is taken all the same: %j', async (more) => {
    const { chat, visitor } = await fixture.chat();
    expect((await lineStatus(visitor, more)).status).toBe(201);
    expect(await shown(chat)).toEqual([undefined, undefined]);
  });

  it('[SEEN7] beyond the last event it means all that there is', async () => {
    const { chat, visitor } = await fixture.chat();
    expect((await lineStatus(visitor, { refSequenceId: 99 })).status).toBe(201);
    expect(await shown(chat)).toEqual([undefined, 3]);
  });

  it('[SEEN7] is a heartbeat', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    for (let seconds = 0; seconds < 120; seconds += 30) {
      fixture.clock.advance(30_000);
      await agent.get();
      expect((await lineStatus(visitor, { refSequenceId: 1 })).status).toBe(201);
    }
    expect(at((await chat.get('/info')).body, 'info.state')).toBe('chatting');
  });
});
