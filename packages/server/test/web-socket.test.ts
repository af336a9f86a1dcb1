/** Streams over WebSockets: frames, requests within them, tickets, heartbeats. */
import { CLOSE_CODES, CLOSE_NOT_UNDERSTOOD } from '@parley/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { SigningClient } from './auth-client.js';
import { type Agent, type Visitor, Fixture } from './chat-fixture.js';
import { at, call, linkAt, textAt, UNTHROTTLED } from './harness.js';
import { settle } from './push-fixture.js';
import { eventsIn, type Frame, streamOf, closeStreams } from './stream-fixture.js';

let fixture: Fixture;
const sockets = new Set<WebSocketReader>();
beforeAll(async () => {
  fixture = await Fixture.start({ throttle: UNTHROTTLED });
});
afterEach(async () => {
  for (const socket of sockets) socket.webSocket.terminate();
  sockets.clear();
  closeStreams();
  await fixture.clear();
});
afterAll(() => fixture.stop());

interface Response {
  readonly id: string | number;
  readonly status: number;
  readonly body: unknown;
}

class WebSocketReader {
  readonly webSocket: WebSocket;
  readonly frames: Frame[] = [];
  readonly responses: Response[] = [];
  /** The code that it was closed with. */
  closed: number | null = null;
  /** The status of a handshake that was refused. */
  refused: number | null = null;

  constructor(url: string, options: ClientOptions = {}) {
    this.webSocket = new WebSocket(url.replace(/^http/, 'ws'), options);
    sockets.add(this);
    this.webSocket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as Frame & Response;
      if (frame.type === 'response') this.responses.push(frame);
      else this.frames.push({ ...frame, position: frame.position ?? null });
    });
    this.webSocket.on('close', (code) => {
      this.closed = code;
    });
    this.webSocket.on('unexpected-response', (_request, response) => {
      this.refused = response.statusCode ?? 0;
      response.destroy();
    });
    this.webSocket.on('error', () => {});
  }

  get events(): string[] {
    return this.frames.flatMap(eventsIn);
  }

  next(type: string, after = 0): Promise<Frame> {
    return vi.waitFor(
      () => {
        const found = this.frames.filter((frame) => frame.type === type)[after];
        if (found === undefined) throw new Error(`no ${type}: ${JSON.stringify(this.frames)}`);
        return found;
      },
      { interval: 2, timeout: 5_000 },
    );
  }

  async ask(id: string, method: string, target: string, body?: unknown, more = {}) {
    this.webSocket.send(JSON.stringify({ type: 'request', id, method, target, body, ...more }));
    return this.answerTo(id);
  }

  answerTo(id: string): Promise<Response> {
    return vi.waitFor(
      () => {
        const found = this.responses.find((response) => response.id === id);
        if (found === undefined) throw new Error(`no answer to ${id}`);
        return found;
      },
      { interval: 2, timeout: 5_000 },
    );
  }

  async untilClosed(): Promise<number> {
    await vi.waitFor(() => expect(this.closed ?? this.refused).not.toBeNull(), 5_000);
    return this.closed ?? this.refused ?? 0;
  }
}

function headersOf(of: Agent | Visitor): Record<string, string> {
  const { bearer, appKey } = of.credential();
  return {
    authorization: bearer === undefined ? `LivePerson appKey=${appKey}` : `Bearer ${bearer}`,
  };
}

async function openSocket(of: Agent | Visitor, query = ''): Promise<WebSocketReader> {
  const reader = new WebSocketReader(`${of.uri}/ws${query}`, { headers: headersOf(of) });
  await reader.next('hello');
  return reader;
}

const line = (text: string) => ({ event: { '@type': 'line', text } });

describe('frames', () => {
  it('[WS1] are those of the stream, and a position of either is good for the other', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    const links = at((await agent.get()).body, 'agentSessionId.link');
    expect(linkAt({ links }, 'links', 'websocket')).toBe(`${agent.uri}/ws`);
    const socket = await openSocket(agent);
    const theirs = await openSocket(visitor);
    const stream = await streamOf(agent);
    await visitor.line('one');
    await chat.line('two');
    await chat.put('/read', { read: 5 });
    await chat.end();
    await socket.next('chat');
    await stream.next('chat');
    await theirs.next('info', 1);
    expect(socket.frames).toEqual(stream.frames);
    expect(theirs.events).toEqual(['4:one', '5:two', '6:The agent ended the chat.', '7:ended']);
    const position = socket.frames.find(({ type }) => type === 'events')?.position;
    const resumed = await openSocket(visitor, `?position=${theirs.frames[1]?.position}`);
    await resumed.next('events');
    expect(resumed.events[0]).toBe('5:two');
    const other = await openSocket(agent, `?position=${position}`);
    await other.next('chat');
    const first = socket.frames.filter(({ type }) => type === 'events').flatMap(eventsIn)[0];
    expect([first, ...other.events]).toEqual(socket.events);
  });

  it('[WS2] the last one says why, and so does the code that it is closed with', async () => {
    const { agent, visitor } = await fixture.chat();
    const ends = [await openSocket(agent), await openSocket(agent)];
    await fixture.agent();
    for (const socket of ends) {
      expect(await socket.untilClosed()).toBe(CLOSE_CODES.takeover);
      expect(socket.frames.at(-1)).toMatchObject({ type: 'bye', data: { why: 'takeover' } });
    }
    const newer = await fixture.agent();
    const { bearer, csrf } = newer.login;
    const out = await openSocket(newer);
    await fixture.server.call('POST', '/logout?v=1.3', { bearer, body: { csrf } });
    expect(await out.untilClosed()).toBe(CLOSE_CODES.logout);
    fixture.forgetLogins();
    const theirs = await openSocket(visitor);
    expect(theirs.closed).toBeNull();
  });

  it('[WS2] a server that stops closes it with shutdown', async () => {
    const stopping = await Fixture.start({ drainMs: 20 });
    const { agent } = await stopping.chat();
    const socket = await openSocket(agent);
    await Promise.all([stopping.stop(), socket.untilClosed()]);
    expect([socket.closed, socket.frames.at(-1)?.data]).toEqual([1012, { why: 'shutdown' }]);
  });
});

describe('requests within', () => {
  it('[WS3] say, type, read and accept as over HTTP', async () => {
    const agent = await fixture.agent();
    const socket = await openSocket(agent);
    const visitor = await fixture.visitor();
    await socket.next('incoming');
    const accepted = await socket.ask('a', 'POST', `${agent.uri}/incomingRequests`, {});
    expect(accepted.status).toBe(201);
    const uri = linkAt(accepted.body, 'chatLocation.link', 'location');
    expect(uri).toBe(`${agent.uri}/chat/${visitor.id}`);
    const theirs = await openSocket(visitor);
    // One after another, as they were sent.
    for (const id of ['1', '2', '3']) {
      const frame = { type: 'request', id, method: 'POST', target: `${uri}/events` };
      socket.webSocket.send(JSON.stringify({ ...frame, body: line(`line ${id}`) }));
    }
    const { status, body } = await socket.answerTo('3');
    expect([status, linkAt(body, 'chatEventLocation.link', 'location')]).toEqual([
      201,
      `${uri}/events/6`,
    ]);
    const path = new URL(visitor.uri).pathname;
    const typing = await theirs.ask('t', 'PUT', `${path}/info/visitorTyping`, {
      visitorTyping: 'typing',
    });
    expect([typing.status, typing.body]).toEqual([200, { visitorTyping: 'typing' }]);
    expect((await theirs.ask('r', 'PUT', `${path}/read`, { read: 6 })).status).toBe(200);
    await vi.waitFor(
      () => expect(theirs.events).toEqual(['4:line 1', '5:line 2', '6:line 3']),
      5_000,
    );
    await vi.waitFor(() => {
      const info = socket.frames
        .filter(({ type }) => type === 'info')
        .map(({ data }) => data['info']);
      expect(Object.assign({}, ...info)).toMatchObject({ visitorTyping: 'typing', visitorRead: 6 });
    }, 5_000);
  });

  it('[WS3] come twice with the same key and happen once', async () => {
    const { visitor } = await fixture.chat();
    const socket = await openSocket(visitor);
    const key = { idempotencyKey: 'a-key-of-this-test' };
    const first = await socket.ask('1', 'POST', `${visitor.uri}/events`, line('once'), key);
    const again = await socket.ask('2', 'POST', `${visitor.uri}/events`, line('once'), key);
    expect([again.status, again.body]).toEqual([first.status, first.body]);
    const other = await socket.ask('3', 'POST', `${visitor.uri}/events`, line('other'), key);
    expect(other.status).toBe(422);
    const overHttp = await visitor.call('POST', '/events', {
      body: line('once'),
      headers: { 'idempotency-key': key.idempotencyKey },
    });
    expect([overHttp.status, overHttp.headers['idempotency-replayed']]).toEqual([201, 'true']);
  });

  it('[WS4] reach nothing but the own session or chat, and these operations', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    const other = await fixture.visitor();
    const socket = await openSocket(visitor);
    const refusals: [string, string, number][] = [
      ['POST', `${other.uri}/events`, 404],
      ['POST', `${chat.uri}/events`, 404],
      ['GET', `${visitor.uri}/events`, 404],
      ['POST', `${visitor.uri}/tickets`, 404],
      ['POST', `${visitor.uri}/../${other.id}/events`, 400],
      ['POST', `${fixture.base.replace('12345678', 'other')}/chat/${visitor.id}/events`, 404],
      ['POST', '', 400],
    ];
    for (const [index, [method, target, status]] of refusals.entries()) {
      const answer = await socket.ask(`${index}`, method, target, line('no'));
      expect([method, target, answer.status]).toEqual([method, target, status]);
    }
    const bad = await socket.ask('b', 'POST', `${visitor.uri}/events`, { event: {} });
    expect([bad.status, at(bad.body, 'error.internalCode')]).toEqual([400, expect.any(Number)]);
    expect((await visitor.events(4)).length).toBe(0);
    const ours = await openSocket(agent);
    expect((await ours.ask('x', 'POST', `${visitor.uri}/events`, line('no'))).status).toBe(404);
  });

  it('[WS4] a frame that is not understood closes it, and one that is too large', async () => {
    const { visitor } = await fixture.chat();
    const sends: [string | Buffer, number][] = [
      ['no json', CLOSE_NOT_UNDERSTOOD],
      ['{"type":"hello"}', CLOSE_NOT_UNDERSTOOD],
      ['{"type":"request","id":{},"method":"GET","target":"/"}', CLOSE_NOT_UNDERSTOOD],
      [Buffer.from([1, 2]), CLOSE_NOT_UNDERSTOOD],
      ['x'.repeat(200_000), 1009],
    ];
    for (const [data, code] of sends) {
      const socket = await openSocket(visitor);
      socket.webSocket.send(data);
      expect(await socket.untilClosed()).toBe(code);
    }
  });
});

describe('tickets', () => {
  async function ticketOf(of: Agent | Visitor): Promise<string> {
    const reply = await of.call('POST', '/tickets');
    expect([reply.status, at(reply.body, 'expiresIn')]).toEqual([201, 30]);
    return textAt(reply.body, 'ticket');
  }

  it('[WS5] stand for bearer and cookie of that session, once, for thirty seconds', async () => {
    const login = await fixture.login('agent1');
    const opened = await fixture.server.call('POST', '/agentSession?v=1', { bearer: login.bearer });
    const uri = opened.headers.location ?? '';
    const cookie = String(opened.headers['set-cookie']).split(';', 1)[0] ?? '';
    const given = await call('POST', `${uri}/tickets`, { bearer: login.bearer, cookie });
    const links = at(
      (await call('GET', uri, { bearer: login.bearer, cookie })).body,
      'agentSessionId.link',
    );
    expect(linkAt({ links }, 'links', 'tickets')).toBe(`${uri}/tickets`);
    const ticket = textAt(given.body, 'ticket');
    const socket = new WebSocketReader(`${uri}/ws?ticket=${ticket}`);
    await socket.next('hello');
    const accepted = await socket.ask('a', 'POST', `${uri}/incomingRequests`, {});
    expect(accepted.status).toBe(404);
    expect(at(accepted.body, 'error.message')).toContain('No chat is ringing');
    const again = new WebSocketReader(`${uri}/ws?ticket=${ticket}`);
    expect(await again.untilClosed()).toBe(401);
    const csrf = login.csrf;
    await fixture.server.call('POST', '/logout?v=1.3', { bearer: login.bearer, body: { csrf } });
    expect(await socket.untilClosed()).toBe(CLOSE_CODES.logout);
    fixture.forgetLogins();
  });

  it('[WS5] are good for nothing else, and not for longer', async () => {
    const { agent, visitor } = await fixture.chat();
    const other = await fixture.visitor();
    const theirs = await ticketOf(visitor);
    const ours = await ticketOf(agent);
    for (const url of [
      `${other.uri}/ws?ticket=${theirs}`,
      `${visitor.uri}/ws?ticket=${theirs}`,
      `${visitor.uri}/ws?ticket=${ours}`,
      `${visitor.uri}/ws?ticket=nonsense`,
    ]) {
      expect(await new WebSocketReader(url).untilClosed()).toBe(401);
    }
    const old = await ticketOf(visitor);
    fixture.clock.advance(30_000);
    expect(await new WebSocketReader(`${visitor.uri}/ws?ticket=${old}`).untilClosed()).toBe(401);
    const fresh = await ticketOf(visitor);
    const asCredential = await call('GET', `${visitor.uri}/events?ticket=${fresh}`);
    expect(asCredential.status).toBe(401);
    expect(fixture.server.log).not.toContain(fresh);
  });

  it('[WS6] pages of foreign origins open none, with or without a ticket', async () => {
    const { visitor } = await fixture.chat();
    const open = (origin: string, ticket: string) =>
      new WebSocketReader(`${visitor.uri}/ws?ticket=${ticket}`, { origin });
    await fixture.server.configure({ visitorOrigins: ['https://shop.example'] });
    const foreign = open('https://evil.example', await ticketOf(visitor));
    expect(await foreign.untilClosed()).toBe(403);
    await open('https://shop.example', await ticketOf(visitor)).next('hello');
    await open(fixture.server.http, await ticketOf(visitor)).next('hello');
    await fixture.server.configure({ visitorOrigins: ['*'] });
  });
});

describe('the connection', () => {
  it('[WS7] is a heartbeat while pongs come, and is cut when they do not', async () => {
    const { agent, visitor } = await fixture.chat();
    const socket = await openSocket(agent);
    const theirs = await openSocket(visitor);
    for (let beat = 0; beat < 12; beat += 1) {
      const ponged = [socket, theirs].map(
        ({ webSocket }) => new Promise((resolve) => webSocket.once('ping', resolve)),
      );
      fixture.clock.advance(15_000);
      await Promise.all(ponged);
      await settle(fixture);
    }
    expect((await agent.get()).status).toBe(200);
    expect((await visitor.events()).at(-1)?.state).not.toBe('ended');
    // A peer that is gone, behind a proxy that keeps its connection.
    Object.assign(theirs.webSocket, { _autoPong: false });
    fixture.clock.advance(15_000);
    await settle(fixture);
    fixture.clock.advance(15_000);
    expect(await theirs.untilClosed()).toBe(1006);
  });

  it('[WS8] what is no WebSocket is refused; other upgrades are requests as any', async () => {
    const { agent, visitor } = await fixture.chat();
    const plain = await call('GET', `${visitor.uri}/ws`, { headers: headersOf(visitor) });
    expect([plain.status, plain.headers.upgrade]).toEqual([426, 'websocket']);
    const h2c = await call('POST', `${visitor.uri}/events`, {
      headers: { ...headersOf(visitor), connection: 'Upgrade', upgrade: 'h2c' },
      body: line('as it is'),
    });
    expect(h2c.status).toBe(201);
    const nowhere = new WebSocketReader(`${agent.uri}/info`, { headers: headersOf(agent) });
    expect(await nowhere.untilClosed()).toBe(200);
    const stranger = new WebSocketReader(`${agent.uri}/ws`);
    expect(await stranger.untilClosed()).toBe(401);
    const bad = await call('GET', `${visitor.uri}/ws`, {
      headers: { ...headersOf(visitor), connection: 'Upgrade', upgrade: 'websocket' },
    });
    expect([bad.status, bad.headers['sec-websocket-version']]).toEqual([426, '13']);
  });

  it('[WS9] a signed request opens one, as does its ticket, and requests within need no signature', async () => {
    const bot = new SigningClient(fixture.clock);
    const opened = await bot.call('POST', `${fixture.base}/agentSession?v=1`);
    const uri = opened.headers.location ?? '';
    const authorization = bot.sign('GET', `${uri}/ws`);
    const socket = new WebSocketReader(`${uri}/ws`, { headers: { authorization } });
    await socket.next('hello');
    const visitor = await fixture.visitor();
    await socket.next('incoming');
    expect((await socket.ask('a', 'POST', `${uri}/incomingRequests`, {})).status).toBe(201);
    const chat = `${uri}/chat/${visitor.id}`;
    expect((await socket.ask('l', 'POST', `${chat}/events`, line('hello'))).status).toBe(201);
    const again = new WebSocketReader(`${uri}/ws`, { headers: { authorization } });
    expect(await again.untilClosed()).toBe(401);
    const given = await bot.call('POST', `${uri}/tickets`);
    const other = new WebSocketReader(`${uri}/ws?ticket=${textAt(given.body, 'ticket')}`);
    await other.next('hello');
    expect((await other.ask('l', 'POST', `${chat}/events`, line('there'))).status).toBe(201);
    await vi.waitFor(() => expect(socket.events.slice(-2)).toEqual(['4:hello', '5:there']), 5_000);
  });
});
