/** Streams over server-sent events: what agents and visitors are sent, and when. */
import { eventsDocument, FRAMES, type FrameType, visitorEventsDocument } from '@parley/protocol';
import { Compile } from 'typebox/compile';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventsValue } from '../src/chat/documents.js';
import { eventsData } from '../src/push/frame-data.js';
import { SALES, Fixture } from './chat-fixture.js';
import { at, DEMO_ACCOUNT, linkAt, UNTHROTTLED } from './harness.js';
import { settle } from './push-fixture.js';
import { closeStreams, openStream, type SseReader, streamOf } from './stream-fixture.js';

let fixture: Fixture;
const readers: SseReader[] = [];
beforeAll(async () => {
  fixture = await Fixture.start({ throttle: UNTHROTTLED });
});
afterEach(async () => {
  closeStreams();
  await fixture.clear();
});
afterAll(() => fixture.stop());

const info = (reader: SseReader) => reader.ofType('info').map(({ data }) => data['info']);

describe('the first frame', () => {
  it('[STREAM1] is linked, and sends an agent the session, availability, what rings and own chats', async () => {
    const { agent, chat } = await fixture.chat();
    await fixture.visitor({ visitorName: 'Vera', skillId: SALES });
    const links = at((await agent.get()).body, 'agentSessionId.link');
    expect(linkAt({ links }, 'links', 'stream')).toBe(`${agent.uri}/stream`);
    const reader = await streamOf(agent);
    expect(reader.response?.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const { position, data } = await reader.next('hello');
    expect(position).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(data).toMatchObject({
      agentSession: { agentId: 101, link: [{ '@href': agent.uri, '@rel': 'self' }] },
      availability: { chat: 'Online', voice: 'Offline', since: '2024-07-01T12:00:00.000+00:00' },
      incomingRequests: {
        ringingCount: '1',
        offer: [{ role: 'agent', skillId: SALES, visitorName: 'Vera', waited: 0, remaining: 20 }],
      },
      chat: [{ chatSessionKey: chat.id, role: 'agent', next: 4 }],
    });
    expect(linkAt(data, 'chat.0.link', 'next')).toBe(`${chat.uri}/events?from=4`);
  });

  it('[STREAM1] is linked, and sends a visitor where the chat goes on', async () => {
    const { visitor } = await fixture.chat();
    const links = at((await visitor.get()).body, 'chat.link');
    expect(linkAt({ links }, 'links', 'stream')).toBe(`${visitor.uri}/stream`);
    const { data } = await (await streamOf(visitor)).next('hello');
    expect(data).toEqual({
      chat: [
        {
          chatSessionKey: visitor.id,
          next: 4,
          link: [
            { '@href': visitor.uri, '@rel': 'self' },
            { '@href': `${visitor.uri}/events?from=4`, '@rel': 'next' },
          ],
        },
      ],
    });
  });
});

describe('what comes into chats', () => {
  it('[STREAM2] is sent to both sides as it is read of the chat, in order', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    const [ours, theirs] = [await streamOf(agent), await streamOf(visitor)];
    await chat.line('one');
    await visitor.line('two <b>');
    await chat.end();
    await ours.next('chat');
    await theirs.next('info');
    const sent = ['4:one', '5:two <b>', '6:The agent ended the chat.', '7:ended'];
    expect([ours.events, theirs.events]).toEqual([sent, sent]);
    const uris = [ours, theirs].map((reader) => reader.ofType('events')[0]?.data['uri']);
    expect(uris).toEqual([chat.uri, visitor.uri]);
  });

  it('[STREAM2] is written once for all who read the same, in the words of the documents', async () => {
    const { chat, visitor } = await fixture.chat({ visitorName: 'Vera' });
    await chat.line('one');
    await visitor.line('two');
    await chat.line('only among us', { subType: 'ONLY_TO_REP' });
    await chat.end();
    const account = fixture.server.running.server.accounts.loaded(DEMO_ACCOUNT);
    const kept = account?.host.state.chats.get(chat.id);
    if (account === undefined || kept === undefined) throw new Error('no chat');
    const length = kept.feed.length;
    for (const reader of ['agent', 'visitor'] as const) {
      const document = reader === 'agent' ? eventsDocument : visitorEventsDocument;
      const uri = reader === 'agent' ? chat.uri : visitor.uri;
      for (let from = 0; from < length; from += 1) {
        const view = { account, chat: kept, reader, uri };
        const { event } = eventsValue(view, from);
        const written = eventsData(account, kept, reader, uri, from, length);
        const whole = document.write(eventsValue(view, from), 'json');
        expect(written === null ? null : JSON.parse(written).events.event).toEqual(
          JSON.parse(whole).events.event,
        );
        expect(event.length === 0).toBe(written === null);
        if (written !== null) expect(JSON.parse(written).events).toEqual(JSON.parse(whole).events);
      }
    }
  });

  it('[STREAM3] shows visitors nothing of what is hidden from them', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    const [ours, theirs] = [await streamOf(agent), await streamOf(visitor)];
    await chat.line('only among us', { subType: 'ONLY_TO_REP' });
    await chat.put('/read', { read: 4 });
    await ours.next('info');
    const late = await streamOf(visitor);
    expect(late.ofType('hello')[0]?.data).toMatchObject({ chat: [{ next: 4 }] });
    await chat.line('aloud');
    await theirs.next('events');
    expect(theirs.events).toEqual(['5:aloud']);
    expect(ours.events).toEqual(['4:only among us', '5:aloud']);
    expect(JSON.stringify(theirs.frames)).not.toContain('among us');
    expect(info(theirs)).toEqual([{ agentRead: 3 }]);
    expect(info(ours)).toEqual([{ agentRead: 4 }]);
  });

  it('[STREAM4] is sent only when it is on disk', async () => {
    const { chat, visitor } = await fixture.chat();
    const reader = await streamOf(visitor);
    const { journal } = fixture.server.running.server.store;
    const real = journal.append.bind(journal);
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const append = vi.spyOn(journal, 'append').mockImplementationOnce(async (...given) => {
      await gate;
      return real(...given);
    });
    const line = chat.line('slowly');
    await settle(fixture);
    const late = openStream(visitor);
    await settle(fixture);
    expect(reader.events).toEqual([]);
    release();
    await line;
    append.mockRestore();
    await reader.next('events');
    // Whoever began meanwhile is sent where the chat goes on as it is on disk, and nothing twice.
    const other = await late;
    const { data } = await other.next('hello');
    await chat.line('quickly');
    await vi.waitFor(() => expect(reader.events).toEqual(['4:slowly', '5:quickly']), 5_000);
    const next = Number(at(data, 'chat.0.next'));
    await vi.waitFor(
      () => expect(other.events).toEqual(['4:slowly', '5:quickly'].slice(next - 4)),
      5_000,
    );
  });
});

describe('chats of an agent', () => {
  it('[STREAM5] come and go, with why, and what rings is sent with who and how long', async () => {
    const agent = await fixture.agent();
    const reader = await streamOf(agent);
    const visitor = await fixture.visitor({ visitorName: 'Vera' });
    const rang = await reader.next('incoming');
    expect(rang.data).toMatchObject({
      incomingRequests: { ringingCount: '1', offer: [{ visitorName: 'Vera', remaining: 20 }] },
    });
    const chat = await agent.accept();
    const came = await reader.next('chat');
    expect(came.data).toMatchObject({
      change: 'came',
      why: 'accept',
      chat: { chatSessionKey: visitor.id, role: 'agent' },
    });
    const { data } = await reader.next('incoming', 1);
    expect(data).toEqual({ incomingRequests: { ringingCount: '0', offer: [] } });
    // Up to there it is read as ever, from there on it is sent.
    const next = Number(at(came.data, 'chat.next'));
    const before = await chat.events();
    expect(before.map((event) => Number(event['@id']))).toEqual([0, 1, 2, 3]);
    await visitor.line('hello');
    await vi.waitFor(() => expect(reader.events.at(-1)).toBe('4:hello'), 5_000);
    expect(reader.events.map((event) => Number.parseInt(event, 10))).toEqual(
      Array.from({ length: 5 - next }, (_, index) => next + index),
    );
    await fixture.agent('agent2');
    await chat.post('/transfer', { transfer: { agent: { id: 102 } } });
    const left = await reader.next('chat', 1);
    expect(left.data).toMatchObject({ change: 'left', why: 'transfer' });
    const count = reader.events.length;
    await visitor.line('where are you?');
    await settle(fixture);
    expect(reader.events.length).toBe(count);
  });

  it('[STREAM5] leave when they end, after all that was said', async () => {
    const { agent, visitor } = await fixture.chat();
    const reader = await streamOf(agent);
    await visitor.end();
    const { data } = await reader.next('chat');
    expect(data).toMatchObject({
      change: 'left',
      why: 'end',
      chat: { chatSessionKey: visitor.id },
    });
    const types = reader.frames.map(({ type }) => type);
    expect(types.slice(0, 4)).toEqual(['hello', 'events', 'info', 'chat']);
  });

  it('[STREAM6] the own availability is sent, and that of others to other agents', async () => {
    const agent = await fixture.agent();
    const other = await fixture.agent('agent2');
    const [reader, others] = [await streamOf(agent), await streamOf(other)];
    await agent.become('Away');
    expect((await reader.next('availability')).data).toEqual({
      availability: { chat: 'Away', voice: 'Offline', since: '2024-07-01T12:00:00.000+00:00' },
    });
    fixture.clock.advance(1_000);
    expect((await others.next('roster')).data).toMatchObject({
      agent: [{ id: 101, nickname: 'Anna', availability: 'Away' }],
    });
    await settle(fixture);
    expect(reader.ofType('roster')).toEqual([]);
    // However often it changes, it is sent once a second at most.
    await agent.become('Online');
    await agent.become('Occupied');
    await settle(fixture);
    expect(others.ofType('roster').length).toBe(1);
    fixture.clock.advance(1_000);
    await others.next('roster', 1);
    expect(others.ofType('roster')[1]?.data).toMatchObject({
      agent: [{ availability: 'Occupied' }],
    });
  });
});

describe('the info of a chat', () => {
  it('[STREAM7] is sent field by field as it changes', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    const [ours, theirs] = [await streamOf(agent), await streamOf(visitor)];
    await visitor.put('/info/visitorName', { visitorName: 'Vera' });
    await ours.next('info');
    await theirs.next('info');
    await visitor.put('/read', { read: 3 });
    await ours.next('info', 1);
    await chat.end();
    await theirs.next('info', 2);
    expect(info(ours).slice(0, 2)).toEqual([{ visitorName: 'Vera' }, { visitorRead: 3 }]);
    expect(info(theirs)).toEqual([
      { visitorName: 'Vera' },
      { visitorRead: 3 },
      { state: 'ended', participant: [] },
    ]);
  });

  it('[STREAM8] typing is sent twice a second at most, and ends by itself', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    const [ours, theirs] = [await streamOf(agent), await streamOf(visitor)];
    const say = (typing: string) => chat.put('/info/agentTyping', { agentTyping: typing });
    fixture.clock.advance(1_000);
    await say('typing');
    await theirs.next('info');
    await say('not-typing');
    await say('typing');
    await say('not-typing');
    await settle(fixture);
    expect(info(theirs)).toEqual([{ agentTyping: 'typing' }]);
    fixture.clock.advance(500);
    await theirs.next('info', 1);
    await visitor.put('/info/visitorTyping', { visitorTyping: 'typing' });
    fixture.clock.advance(500);
    await ours.next('info', 2);
    fixture.clock.advance(20_000);
    await ours.next('info', 3);
    expect(info(ours)).toEqual([
      { agentTyping: 'typing' },
      { agentTyping: 'not-typing' },
      { visitorTyping: 'typing' },
      { visitorTyping: 'not-typing' },
    ]);
  });

  it('[STREAM9] who waits is sent the place in the queue and how long it may take', async () => {
    const first = await fixture.visitor({ skillId: SALES });
    const second = await fixture.visitor({ skillId: SALES });
    const reader = await streamOf(second);
    await vi.waitFor(
      () => expect(info(reader)).toEqual([{ queuePosition: 2, estimatedWait: -1 }]),
      5_000,
    );
    await first.end();
    fixture.clock.advance(1_000);
    await reader.next('info', 1);
    expect(info(reader)[1]).toEqual({ queuePosition: 1, estimatedWait: -1 });
    const agent = await fixture.agent();
    await agent.accept();
    await vi.waitFor(() =>
      expect(Object.assign({}, ...info(reader))).toMatchObject({
        state: 'chatting',
        agentName: 'Anna',
        queuePosition: null,
        estimatedWait: null,
      }),
    );
  });

  it('[STREAM9, QUEUE1] who waits is sent another estimate when agents come and take the chats before', async () => {
    await fixture.visitor({ skillId: SALES });
    const second = await fixture.visitor({ skillId: SALES });
    const reader = await streamOf(second);
    const known = () => Object.assign({}, ...info(reader));
    await vi.waitFor(() => expect(known()).toEqual({ queuePosition: 2, estimatedWait: -1 }), 5_000);
    const agent = await fixture.agent();
    await agent.accept();
    fixture.clock.advance(1_000);
    await vi.waitFor(
      () => expect(known()).toMatchObject({ queuePosition: 1, estimatedWait: 0 }),
      5_000,
    );
  });
});

it('[STREAM1, STREAM2, STREAM5, STREAM7] every frame is as the protocol describes it', async () => {
  const agent = await fixture.agent();
  const other = await fixture.agent('agent2');
  const reader = await streamOf(agent);
  const visitor = await fixture.visitor({ visitorName: 'Vera', skillId: SALES });
  const theirs = await streamOf(visitor);
  await reader.next('incoming');
  const chat = await agent.accept();
  await chat.line('hello');
  await visitor.put('/info/visitorTyping', { visitorTyping: 'typing' });
  await other.become('Away');
  fixture.clock.advance(1_000);
  await reader.next('roster');
  await agent.become('Occupied');
  await chat.end();
  await reader.next('chat', 1);
  await agent.call('DELETE');
  await reader.next('bye');
  readers.push(reader, theirs);
  for (const { type, data } of readers.flatMap(({ frames }) => frames)) {
    const check = Compile(FRAMES[type as FrameType]);
    expect([type, [...check.Errors(data)]]).toEqual([type, []]);
  }
  const types = new Set(reader.frames.map(({ type }) => type));
  expect([...types].sort()).toEqual(
    ['availability', 'bye', 'chat', 'events', 'hello', 'incoming', 'info', 'roster'].sort(),
  );
});

it('[STREAM22] who supervises is sent that something changed, once a second at most, and nobody else', async () => {
  const other = await fixture.agent('agent2');
  const manager = await fixture.agent('manager1');
  await manager.become('Away');
  fixture.clock.advance(2_000);
  const [others, board] = [await streamOf(other), await streamOf(manager)];
  const visitor = await fixture.visitor({ visitorName: 'Vera', skillId: SALES });
  fixture.clock.advance(1_000);
  const { data } = await board.next('supervision');
  expect(data).toEqual({ at: expect.any(Number) });
  expect(Compile(FRAMES.supervision).Check(data)).toBe(true);
  // However much changes, and whatever is said, once a second.
  const chat = await other.accept();
  await chat.line('hello');
  await settle(fixture);
  expect(board.ofType('supervision').length).toBe(1);
  fixture.clock.advance(1_000);
  await board.next('supervision', 1);
  await chat.line('and again');
  await visitor.line('well');
  fixture.clock.advance(5_000);
  await settle(fixture);
  expect(board.ofType('supervision').length).toBe(2);
  expect(others.ofType('supervision')).toEqual([]);
});
