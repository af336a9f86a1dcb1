/** How streams end, and how their readers go on: with nothing lost, and nothing that is not theirs any more. */
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Recent } from '../src/push/recent.js';
import { WHOLE_BATCH, Positions, readerMark } from '../src/push/positions.js';
import { MAX_STREAMS_OF_READER } from '../src/push/streams.js';
import { type Agent, Fixture } from './chat-fixture.js';
import { at, call, UNTHROTTLED } from './harness.js';
import { settle } from './push-fixture.js';
import { closeStreams, eventsIn, openStream, type SseReader, streamOf } from './stream-fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start({ throttle: UNTHROTTLED });
});
afterEach(async () => {
  closeStreams();
  await fixture.clear();
});
afterAll(() => fixture.stop());

const open = (of: Fixture = fixture) => {
  const { sse, webSocket } = of.server.running.server.streams.counts;
  return sse + webSocket;
};

const line = (text: string) => ({ event: { '@type': 'line', text } });

/** Why the stream ended, when it did. */
async function byeOf(reader: SseReader): Promise<unknown> {
  await reader.untilEnded();
  return reader.frames.at(-1)?.type === 'bye' ? reader.frames.at(-1)?.data['why'] : null;
}

describe('whoever comes again with the position', () => {
  it('[STREAM10] gets what came since, and nothing twice, of every chat', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    const second = await fixture.visitor();
    const other = await agent.accept();
    const reader = await streamOf(agent);
    await chat.line('one');
    await reader.next('events');
    const { position } = reader;
    reader.close();
    await visitor.line('two');
    await second.line('three');
    await chat.line('four');
    await other.line('five', { subType: 'ONLY_TO_REP' });
    const resumed = await streamOf(agent, { lastEventId: position });
    const { data, position: first } = await resumed.next('hello');
    expect([first, at(data, 'chat.0.next'), at(data, 'chat.1.next')]).toEqual([null, 5, 4]);
    await vi.waitFor(() =>
      expect(resumed.events).toEqual(['5:two', '4:three', '6:four', '5:five']),
    );
    expect(resumed.ofType('resync')).toEqual([]);
    // From each place in between it goes on just there.
    const frames = resumed.ofType('events');
    for (const [index, frame] of frames.entries()) {
      const again = await streamOf(agent, { query: `?position=${frame.position}` });
      const rest = ['5:two', '4:three', '6:four', '5:five'].slice(index + 1);
      await settle(fixture);
      await vi.waitFor(() => expect(again.events).toEqual(rest), 5_000);
    }
    const theirs = await streamOf(visitor);
    theirs.close();
    await chat.line('six');
    const back = await streamOf(visitor, { lastEventId: theirs.position });
    await back.next('events');
    expect(back.events).toEqual(['7:six']);
  });

  it('[STREAM10] gets the end of a chat that ended meanwhile, and that it left', async () => {
    const { agent, visitor } = await fixture.chat();
    const reader = await streamOf(agent);
    reader.close();
    await visitor.line('bye');
    await visitor.end();
    const resumed = await streamOf(agent, { lastEventId: reader.position });
    const { data } = await resumed.next('chat');
    expect(data).toMatchObject({
      change: 'left',
      why: 'end',
      chat: { chatSessionKey: visitor.id },
    });
    expect(resumed.events).toEqual(['4:bye', '5:ended']);
  });

  it('[STREAM10] goes on in the session that took over', async () => {
    const { agent, visitor } = await fixture.chat();
    const reader = await streamOf(agent);
    await visitor.line('one');
    await reader.next('events');
    const newer = await fixture.agent();
    expect(await byeOf(reader)).toBe('takeover');
    await visitor.line('two');
    const resumed = await streamOf(newer, { lastEventId: reader.position });
    await resumed.next('events');
    expect(resumed.events).toEqual(['5:two']);
  });

  it('[STREAM11] is sent where chats go on, when the position is too old, or nobody’s', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    const reader = await streamOf(agent);
    const theirs = await streamOf(visitor);
    await chat.line('one');
    await theirs.next('events');
    for (const position of [theirs.position, 'A'.repeat(22), 'nonsense', '%00']) {
      const again = await streamOf(agent, { query: `?position=${position}` });
      const { data, position: now } = await again.next('resync');
      expect(again.frames.map(({ type }) => type)).toEqual(['hello', 'resync']);
      expect([again.frames[0]?.position, now]).toEqual([null, expect.any(String)]);
      expect(data).toMatchObject({ chat: [{ chatSessionKey: chat.id, next: 5 }] });
      again.close();
    }
    const restarted = new Positions();
    expect(restarted.open(reader.position, readerMark('12345678/agent:101'))).toBeNull();
  });

  it('[STREAM11] a position says nothing, is its reader’s alone, and is remembered for so long', () => {
    const positions = new Positions();
    const [mine, other] = [readerMark('a/agent:1'), readerMark('a/agent:2')];
    const at7 = { seq: 7, sent: 3 };
    expect(positions.open(positions.seal(at7, mine), mine)).toEqual(at7);
    expect(positions.open(positions.seal(at7, mine), other)).toBeNull();
    expect(positions.seal({ seq: 7, sent: 4 }, mine).slice(0, 4)).not.toBe(
      positions.seal(at7, mine).slice(0, 4),
    );
    const recent = new Recent(10, 4);
    const line = (chatId: string, id: number) =>
      ({
        type: 'chat.line',
        chatId,
        feed: [{ id, at: 0, type: 'state', state: 'chatting' }],
      }) as const;
    const append = (seq: number, ...events: ReturnType<typeof line>[]) =>
      recent.append({ accountId: 'a', seq, events, topics: new Set() });
    append(11, line('x', 1), line('y', 1));
    append(12, line('x', 2));
    expect(recent.after({ seq: 10, sent: WHOLE_BATCH })?.length).toBe(3);
    expect(recent.after({ seq: 10, sent: 0 })).toBeNull();
    expect(recent.after({ seq: 11, sent: 1 })?.map(({ chatId }) => chatId)).toEqual(['y', 'x']);
    for (let seq = 13; seq < 30; seq += 1) append(seq, line('x', seq));
    expect(recent.after({ seq: 11, sent: WHOLE_BATCH })).toBeNull();
    expect(recent.after({ seq: 27, sent: WHOLE_BATCH })?.map(({ from }) => from)).toEqual([28, 29]);
    expect(recent.endOf('x')).toBe(30);
  });
});

describe('whoever may read no more', () => {
  const ends: Record<string, readonly [string, (agent: Agent) => Promise<unknown>]> = {
    'logs out': [
      'logout',
      ({ login: { bearer, csrf } }) =>
        fixture.server.call('POST', '/logout?v=1.3', { bearer, body: { csrf } }),
    ],
    'is disabled': ['logout', () => fixture.changeUser(101, { enabled: false })],
    'is signed out': [
      'logout',
      () => fixture.changeUser(101, { signedOutAt: fixture.clock.now() }),
    ],
    'is an agent no more': ['session-ended', () => fixture.changeUser(101, { roles: ['manager'] })],
    'ends the session': ['session-ended', (agent) => agent.call('DELETE')],
    'is taken over': ['takeover', () => fixture.agent()],
  };
  it.each(Object.entries(ends))(
    '[STREAM12] %s: the stream ends at once and says so',
    async (_, [why, end]) => {
      fixture.clock.advance(1_000);
      const { agent, visitor } = await fixture.chat();
      const reader = await streamOf(agent);
      await end(agent);
      const bye = await byeOf(reader);
      const count = reader.events.length;
      await visitor.line('is anybody there?').catch(() => null);
      expect([bye, count]).toEqual([why, reader.events.length]);
      expect(fixture.server.log).not.toContain('unknown-bearer');
      await fixture.changeUser(101, { enabled: true, roles: ['agent'] });
      fixture.forgetLogins();
      fixture.clock.advance(1_000);
    },
  );

  it('[STREAM12] a bearer whose time is over ends it with the next comment', async () => {
    const agent = await fixture.agent();
    const reader = await streamOf(agent);
    for (let minute = 0; minute < 20 && !reader.ended; minute += 1) {
      fixture.clock.advance(60_000);
      await settle(fixture);
    }
    expect(reader.frames.at(-1)?.type).toBe('bye');
    fixture.forgetLogins();
  });

  it('[STREAM13] a chat that went to another leaves, and nothing of it is sent afterwards', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    const reader = await streamOf(agent);
    await fixture.agent('agent2');
    const { bearer } = await fixture.login('admin1');
    const assigned = fixture.server.call('PUT', `/supervision/chats/${chat.id}/assignment`, {
      bearer,
      body: { agentId: 102 },
    });
    await Promise.all([assigned, visitor.line('at the same time')]);
    await reader.next('chat');
    const count = reader.frames.length;
    await visitor.line('and then');
    await visitor.put('/info/visitorTyping', { visitorTyping: 'typing' });
    fixture.clock.advance(1_000);
    await settle(fixture);
    expect(
      reader.frames
        .slice(count)
        .map(({ type }) => type)
        .filter((type) => type !== 'roster'),
    ).toEqual([]);
    expect(reader.events).not.toContain('6:and then');
  });

  it('[STREAM12] a visitor’s ends when the chat can be read no more', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    await chat.end();
    const reader = await streamOf(visitor);
    await fixture.pass(30 * 60 + 10, agent);
    expect(await byeOf(reader)).toBe('session-ended');
    expect((await openStream(visitor)).response?.statusCode).toBe(404);
  });
});

describe('what a stream takes', () => {
  it('[STREAM14] shows every fifteen seconds that it lives, and is no heartbeat of its reader', async () => {
    const { agent } = await fixture.chat();
    const reader = await streamOf(agent);
    fixture.clock.advance(15_000);
    await vi.waitFor(() => expect(reader.comments).toBe(1), 5_000);
    fixture.clock.advance(15_000);
    await vi.waitFor(() => expect(reader.comments).toBe(2), 5_000);
    fixture.clock.advance(90_000);
    expect(await byeOf(reader)).toBe('session-ended');
  });

  it('[STREAM15] who does not read is dropped, and goes on later', async () => {
    const { agent, chat } = await fixture.chat();
    const chats = [chat];
    for (let each = 0; each < 4; each += 1) {
      await fixture.visitor();
      chats.push(await agent.accept());
    }
    const { host, hostname, port, pathname } = new URL(`${agent.uri}/stream`);
    const socket = connect(Number(port), hostname);
    socket.write(
      `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${agent.login.bearer}\r\nConnection: close\r\n\r\n`,
    );
    socket.pause();
    await vi.waitFor(() => expect(open()).toBe(1), 5_000);
    const { streams } = fixture.server.running.server;
    const before = streams.counts.droppedSlow;
    // Three bytes each: the system takes some megabytes before anything waits here.
    const text = '€'.repeat(7_500);
    for (let round = 0; open() === 1 && round < 15; round += 1) {
      const lines = Array.from({ length: 50 }, (_, each) => chats[each % chats.length]);
      await Promise.all(lines.map((each) => each?.post('/events', line(text))));
    }
    expect([open(), streams.counts.droppedSlow]).toEqual([0, before + 1]);
    let got = '';
    socket.setEncoding('latin1').on('data', (part: string) => {
      got += part;
    });
    socket.resume();
    await new Promise((resolve) => {
      socket.once('close', resolve);
      socket.once('end', () => socket.destroy());
    });
    expect(got.trimEnd()).toMatch(/event: bye\s+data: {"why":"slow"}/);
    const position = [...got.matchAll(/^id: (\S+)/gm)].at(-1)?.[1] ?? '';
    const last = new Map(
      [...got.matchAll(/"uri":"([^"]+)".*"@id":"(\d+)"/g)].map(([, uri, id]) => [uri, Number(id)]),
    );
    await chats[0]?.line('and on');
    const resumed = await streamOf(agent, { lastEventId: position });
    expect(resumed.ofType('resync')).toEqual([]);
    await vi.waitFor(() => expect(resumed.events.at(-1)).toMatch(/and on$/), 5_000);
    for (const { uri } of chats) {
      const [first] = resumed.ofType('events').filter(({ data }) => data['uri'] === uri);
      if (first === undefined) continue;
      expect(Number.parseInt(eventsIn(first)[0] ?? '', 10)).toBe((last.get(uri) ?? 3) + 1);
    }
  });

  it('[STREAM16] so many are open of one reader, and none more', async () => {
    const agent = await fixture.agent();
    for (let each = 0; each < MAX_STREAMS_OF_READER; each += 1) await streamOf(agent);
    const refused = await call('GET', `${agent.uri}/stream`, { bearer: agent.login.bearer });
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '5']);
    closeStreams();
    await vi.waitFor(() => expect(open()).toBe(0), 5_000);
    await streamOf(agent);
  });

  it('[STREAM16] a client that hangs up leaves nothing behind; HEAD opens none', async () => {
    const { agent, visitor } = await fixture.chat();
    const readers = [await streamOf(agent), await streamOf(visitor)];
    expect(open()).toBe(2);
    for (const reader of readers) reader.close();
    await vi.waitFor(() => expect(open()).toBe(0), 5_000);
    const head = await agent.call('HEAD', '/stream');
    expect([head.status, head.headers['content-type'], open()]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
      0,
    ]);
  });
});

describe('a store that refuses', () => {
  it('[STREAM17] sends nobody what was refused; streams go on in the account as it is loaded again', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    const readers = [await streamOf(agent), await streamOf(visitor)];
    const { store } = fixture.server.running.server;
    const append = vi.spyOn(store.journal, 'append').mockRejectedValueOnce(new Error('planted'));
    const lost = await visitor.post('/events', { event: { '@type': 'line', text: 'lost' } });
    expect(lost.status).toBe(503);
    append.mockRestore();
    await vi.waitFor(async () => expect((await visitor.get('/events?from=4')).status).toBe(200), {
      timeout: 10_000,
    });
    await chat.line('kept');
    for (const reader of readers) {
      await vi.waitFor(() => expect(reader.events).toEqual(['4:kept']), 5_000);
      const resumed = await streamOf(reader === readers[0] ? agent : visitor, {
        lastEventId: reader.position,
      });
      await settle(fixture);
      expect(resumed.ofType('resync')).toEqual([]);
      expect(resumed.events).toEqual([]);
    }
  });
});

it('[STREAM18] a server that stops says so to everybody, and takes no new ones', async () => {
  const stopping = await Fixture.start({ drainMs: 50 });
  const { agent, visitor } = await stopping.chat();
  const readers = [await streamOf(agent), await streamOf(visitor)];
  const stopped = stopping.stop();
  for (const reader of readers) expect(await byeOf(reader)).toBe('shutdown');
  await stopped;
});
