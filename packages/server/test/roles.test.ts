/**
 * Every operation on a chat, by everybody who may be in it: what a role may not do is refused and
 * changes nothing, and of listeners and supervisors the visitor learns nothing, in nothing.
 */
import fc from 'fast-check';
import type { RegisteredOperation } from '@parley/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Agent, type AgentChat, Fixture, type Visitor } from './chat-fixture.js';
import { validBodies } from './fuzz/bodies.js';
import { linkAt, textAt, UNTHROTTLED } from './harness.js';
import { MailServer, mailTo } from './mail-server.js';
import { closeStreams, openStream } from './stream-fixture.js';

let mails: MailServer;
let fixture: Fixture;
beforeAll(async () => {
  mails = await MailServer.start();
  fixture = await Fixture.start({ throttle: UNTHROTTLED, settings: { mail: mailTo(mails) } });
});
afterEach(async () => {
  closeStreams();
  await fixture.clear();
});
afterAll(async () => {
  await fixture.stop();
  await mails.stop();
});

const C = '/api/account/:account/agentSession/:session/chat/:chat';
const V = '/api/account/:account/chat/:chat';

const ROLES = ['assistant', 'listener', 'supervisor'] as const;
type Role = (typeof ROLES)[number];

/** Writes on a chat of which somebody beside the agent is refused some, by role. */
const REFUSED: Readonly<Record<string, readonly Role[]>> = {
  'POST /events': ['listener', 'supervisor'],
  'PUT /info/agentTyping': ['listener', 'supervisor'],
  'PUT /read': [],
  'PUT /survey': ROLES,
  'POST /transfer': ROLES,
  'POST /escalation': ROLES,
  'POST /collaborationChannels': ['assistant', 'listener'],
  'DELETE /collaborationChannels/:channel': ['assistant', 'listener'],
  'POST /takeOver': ['assistant', 'listener'],
  'POST /suggestions': [],
  'PUT /suggestions/:suggestion': ROLES,
};

/** In all that is said by those whom the visitor does not hear, and of them. */
const CANARY = 'canary';

interface Cast {
  readonly visitor: Visitor;
  readonly agent: AgentChat;
  readonly roles: Readonly<Record<Role, AgentChat>>;
  /** Of somebody whom the agent invited. */
  readonly channel: string;
  /** Somebody of the account who is not in the chat. */
  readonly outsider: AgentChat;
}

const seenBy = (agent: Agent, chat: AgentChat): AgentChat =>
  agent.chat(`${agent.uri}/chat/${chat.id}`);

/** A session to watch from. */
async function watcher(): Promise<Agent> {
  const login = await fixture.login('admin1');
  const { bearer } = login;
  const body = { loginData: { role: 'supervisor' } };
  const reply = await fixture.server.call('POST', '/agentSession?NC=true', { bearer, body });
  return new Agent(fixture, reply.headers.location ?? '', login);
}

/** A chat with somebody in each role, and an invitation that rings at nobody any more. */
async function cast(): Promise<Cast> {
  const { chat: agent, visitor } = await fixture.chat({ skill: 'Sales' });
  const invite = async (id: number, role: string) => {
    const channel = { agentId: id, role, text: `${CANARY} invitation` };
    const reply = await agent.post('/collaborationChannels', { channel });
    if (reply.status !== 201) throw new Error(reply.text);
    return reply.headers.location ?? '';
  };
  const ben = await fixture.agent('agent2');
  const bot = await fixture.agent('bot1');
  const location = await invite(102, 'assistant');
  const assistant = await ben.accept();
  await invite(103, 'listener');
  const listener = await bot.accept();
  const supervisor = seenBy(await watcher(), agent);
  await supervisor.post('/collaborationChannels', { channel: { role: 'supervisor' } });
  const outsider = seenBy(await fixture.agent('manager1'), agent);
  await fixture.changeUser(104, { roles: ['agent'], managerOf: [] });
  const channel = location.slice(location.lastIndexOf('/') + 1);
  return { visitor, agent, roles: { assistant, listener, supervisor }, channel, outsider };
}

const operationsOn = (prefix: string): readonly RegisteredOperation[] =>
  fixture.server.running.server.operations.filter(
    ({ url }) => url === prefix || url.startsWith(`${prefix}/`),
  );

const pathOf = ({ url }: RegisteredOperation, prefix: string, channel: string): string =>
  url
    .slice(prefix.length)
    .replace(':event', '0')
    .replace(':channel', channel)
    .replace(':suggestion', '1');

function bodyOf({ method, url, operation }: RegisteredOperation): { readonly body?: unknown } {
  if (url === `${C}/collaborationChannels` && method === 'POST') {
    return { body: { channel: { skillId: 12, role: 'listener' } } };
  }
  if (url === `${C}/events` && method === 'POST') {
    return { body: { event: { '@type': 'line', text: 'hello' } } };
  }
  if (operation.body === undefined) return {};
  return { body: fc.sample(validBodies(operation.body), { numRuns: 1, seed: 7 })[0] };
}

describe('a chat', { timeout: 60_000 }, () => {
  it('[ISO13] refuses each role what is not its own, and changes nothing by it', async () => {
    const { roles, channel } = await cast();
    const state = async () => (await fixture.host()).state.seq;
    const walked = new Set<string>();
    for (const operation of operationsOn(C)) {
      if (operation.method === 'GET') continue;
      const path = pathOf(operation, C, channel);
      const name = `${operation.method} ${operation.url.slice(C.length)}`;
      const refused = REFUSED[name];
      if (refused === undefined) throw new Error(`${name} is new: say in REFUSED who may not.`);
      for (const role of refused) {
        const before = await state();
        const other = role === 'assistant' && path.endsWith(channel) ? 'agent' : channel;
        const asked = pathOf(operation, C, other);
        const reply = await roles[role].call(operation.method, asked, bodyOf(operation));
        // Whether the account has such a survey, and such an answer, is looked at before.
        const allowed = name === 'PUT /survey' ? [400, 403, 404] : [403];
        expect([name, role, allowed]).toEqual([name, role, expect.arrayContaining([reply.status])]);
        expect([name, role, await state()]).toEqual([name, role, before]);
      }
      walked.add(name);
    }
    expect([...walked].sort()).toEqual(Object.keys(REFUSED).sort());
  });

  it('[ISO13] shows itself to everybody in it alike, and to nobody else of the account', async () => {
    const { agent, roles, outsider, channel } = await cast();
    let walked = 0;
    for (const operation of operationsOn(C)) {
      const path = pathOf(operation, C, channel);
      const options = bodyOf(operation);
      const foreign = await outsider.call(operation.method, path, options);
      expect([operation.method, path, foreign.status]).toEqual([operation.method, path, 404]);
      if (operation.method !== 'GET') continue;
      const own = await agent.get(path);
      for (const role of ROLES) {
        const reply = await roles[role].get(path);
        expect([path, role, reply.status]).toEqual([path, role, own.status]);
      }
      walked += 1;
    }
    expect(walked).toBeGreaterThan(8);
  });

  it('[ISO14] is to its visitor, byte for byte, as if no listener or supervisor were there', async () => {
    const { agent, visitor, roles } = await cast();
    await visitor.line('hello');
    await roles.assistant.line('hello yourself');
    const reads = operationsOn(V).filter(
      ({ method, operation }) => method === 'GET' && operation.stream === undefined,
    );
    const queries = [
      '',
      '?from=0',
      '?collaboration=true',
      '?before=99&limit=50&collaboration=true',
    ];
    const accepts = ['application/json', 'application/xml', 'application/hal+json'];
    const look = async () => {
      const seen: Record<string, unknown> = {};
      for (const operation of reads) {
        // Elsewhere they mean nothing.
        const isFeed = [V, `${V}/events`].includes(operation.url);
        for (const query of isFeed ? queries : ['']) {
          for (const accept of accepts) {
            const path = pathOf(operation, V, '') + query;
            const { status, headers, text } = await visitor.get(path, { accept });
            const plain = text.replaceAll(/"requestId":"[^"]*"/g, '');
            seen[`${path} ${accept}`] = [status, headers.etag, plain];
          }
        }
      }
      return seen;
    };
    // Ids of events that only agents see are ids that there are not.
    const ids = () => Promise.all([4, 5, 6, 9, 10, 11].map((id) => visitor.get(`/events/${id}`)));
    const stream = await openStream(visitor);
    await stream.next('hello');
    const { ticket } = (await visitor.post('/tickets')).body as { ticket: string };
    const frames: string[] = [];
    const socket = new WebSocket(`${visitor.uri.replace('http', 'ws')}/ws?ticket=${ticket}`);
    socket.on('message', (data) => frames.push(String(data)));
    await new Promise((resolve) => socket.once('open', resolve));
    const before = await look();
    const waiting = visitor.get('/events?from=9&wait=5');

    for (const role of ['listener', 'supervisor'] as const) {
      const event = { '@type': 'line', text: `${CANARY} whisper`, subType: 'ONLY_TO_REP' };
      expect((await roles[role].post('/events', { event })).status).toBe(201);
      await roles[role].post('/events', { event: { '@type': 'line', text: `${CANARY} line` } });
      const typing = { agentTyping: 'typing', preview: `${CANARY} preview` };
      await roles[role].put('/info/agentTyping', typing);
      await roles[role].put('/read', { read: 9 });
      const suggested = await roles[role].post('/suggestions', {
        suggestion: { text: `${CANARY} suggestion`, source: CANARY, expiresIn: 60 },
      });
      const outcome = { outcome: role === 'listener' ? 'dismissed' : 'edited' };
      const path = suggested.headers.location?.slice(roles[role].uri.length) ?? '';
      expect((await agent.put(path, outcome)).status).toBe(200);
    }
    for (const role of ['listener', 'supervisor'] as const) {
      const own = (await roles[role].get('/collaborationChannels')).body as {
        collaborationChannels: { channel: { id: string; role: string }[] };
      };
      const mine = own.collaborationChannels.channel.find((each) => each.role === role);
      const left = await roles[role].call('DELETE', `/collaborationChannels/${mine?.id}`);
      expect(left.status).toBe(200);
    }
    expect(await agent.feed(9)).toHaveLength(2);
    expect(await look()).toEqual(before);
    expect(JSON.stringify((await ids()).map(({ text }) => text))).not.toContain(CANARY);
    // The visitor's long poll goes on, and their streams say nothing, until something is for them.
    const line = await agent.line('still there?');
    const polled = await waiting;
    expect(polled.text).toContain('still there?');
    expect(polled.text).not.toContain(CANARY);
    await stream.next('events');
    const shown = JSON.stringify(stream.frames);
    expect(stream.events).toEqual([`${line}:still there?`]);
    expect(shown).not.toMatch(/canary|listener|supervisor/);
    expect(frames.join('')).not.toMatch(/canary|listener|supervisor/);
    expect(frames.join('')).toContain('still there?');
    socket.terminate();

    await agent.end();
    await visitor.put('/transcriptRequest', { email: 'vera@example.com' });
    const mail = await mails.mail();
    const parts = [...mail.parts.values()].join('\n');
    expect(parts).toContain('hello yourself');
    expect(parts).not.toContain(CANARY);
    expect((await agent.get('/suggestions')).text).toContain(CANARY);
  });

  it('[ISO15] keeps what is for agents alone from a visitor, whichever role says it, and tells it to agents', async () => {
    const { agent, visitor, roles } = await cast();
    const whisper = { subType: 'ONLY_TO_REP' };
    await agent.line(`${CANARY} 1`, whisper);
    for (const role of ROLES) await roles[role].line(`${CANARY} ${role}`, whisper);
    const shown = await visitor.get('/events?from=0&collaboration=true');
    expect(shown.text).not.toContain(CANARY);
    const several = await agent.agent.get(
      `/chat?chatSessionKeys=${agent.id}&fromEventIds=0&collaboration=true`,
    );
    for (const role of ROLES) {
      expect(several.text).toContain(`${CANARY} ${role}`);
      expect((await roles[role].get('/events?from=0')).text).toContain(`${CANARY} ${role}`);
    }
    const next = linkAt((await visitor.get('/events?from=0')).body, 'events.link', 'next');
    // Where the visitor reads on does not say how much was whispered.
    expect(next).toBe(`${visitor.uri}/events?from=4`);
    expect(textAt((await visitor.get('/info')).body, 'info.agentName')).toBe('Anna');
  });
});
