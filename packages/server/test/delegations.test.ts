/** Programs that work in an agent's session: what they may do, and what waits for the agent. */
import { DELEGATED_RIGHTS, type DelegatedRight } from '@parley/engine';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DELEGATED } from '../src/agent/delegated.js';
import { type Agent, type AgentChat, Fixture } from './chat-fixture.js';
import { at, linkAt, type Reply, textAt, UNTHROTTLED } from './harness.js';
import { closeStreams, openStream, type SseReader } from './stream-fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start({ throttle: UNTHROTTLED });
});
afterEach(async () => {
  closeStreams();
  await fixture.clear();
});
afterAll(() => fixture.stop());

const S = '/api/account/:account/agentSession/:session';

type Call = (method: string, path: string, body?: unknown) => Promise<Reply>;

interface Program {
  readonly call: Call;
  readonly bearer: string;
  readonly location: string;
}

const delegating = (agent: Agent, rights: readonly string[], approval: readonly string[] = []) =>
  agent.post('/delegations', { delegation: { name: 'Helper', rights, approval } });

/** A program in the session of the agent. */
async function program(
  agent: Agent,
  rights: readonly DelegatedRight[],
  approval: readonly DelegatedRight[] = [],
): Promise<Program> {
  const made = await delegating(agent, rights, approval);
  if (made.status !== 201) throw new Error(made.text);
  const bearer = textAt(made.body, 'delegation.bearer');
  const call: Call = (method, path, body) => {
    const url = path.startsWith('http') ? path : agent.uri + path;
    return fixture.server.call(method, url, { bearer, ...(body === undefined ? {} : { body }) });
  };
  return { call, bearer, location: made.headers.location ?? '' };
}

const line = (text: string, more: object = {}) => ({ event: { '@type': 'line', text, ...more } });

const below = (chat: AgentChat, path: string) => `/chat/${chat.id}${path}`;

/** A body with which an operation gets as far as to its own checks. */
const BODIES: Readonly<Record<string, unknown>> = {
  'POST /chat/:chat/events': line('hello'),
};

/** The right that an operation takes, once more. */
const RIGHTS: Readonly<Record<string, DelegatedRight>> = {
  'PUT /availability': 'availability',
  'POST /incomingRequests': 'accept',
  'DELETE /incomingRequests/:offer': 'accept',
  'POST /chat/:chat/events': 'speak',
  'PUT /chat/:chat/info/agentTyping': 'speak',
  'PUT /chat/:chat/read': 'speak',
  'PUT /chat/:chat/suggestions/:suggestion': 'speak',
  'POST /chat/:chat/suggestions': 'suggest',
  'POST /chat/:chat/transfer': 'transfer',
  'POST /chat/:chat/takeOver': 'transfer',
  'POST /chat/:chat/escalation': 'transfer',
  'POST /chat/:chat/collaborationChannels': 'invite',
  'DELETE /chat/:chat/collaborationChannels/:channel': 'invite',
  'PUT /chat/:chat/survey': 'survey',
};

/** What no program does. */
const NEVER = [
  'DELETE ',
  'GET /delegations',
  'POST /delegations',
  'DELETE /delegations/:delegation',
  'POST /tickets',
  'GET /ws',
];

describe('a program in the session of an agent', { timeout: 60_000 }, () => {
  it('[DELEG2] may do what was delegated, at every operation, and nothing else', async () => {
    const { agent, chat } = await fixture.chat({ skill: 'Sales' });
    const { operations } = fixture.server.running.server;
    const own = operations.filter(({ url }) => url === S || url.startsWith(`${S}/`));
    const all = await program(agent, DELEGATED_RIGHTS);
    const walked = new Set<string>();
    for (const { method, url } of own) {
      const name = `${method} ${url.slice(S.length)}`;
      const path = url.slice(S.length).replace(':chat', chat.id).replace(/:\w+/g, '1');
      const isNever = NEVER.includes(name);
      const right = RIGHTS[name] ?? (method === 'GET' && !isNever ? 'read' : null);
      if (right === null && !isNever) throw new Error(`${name} is new: which right does it take?`);
      const others = DELEGATED_RIGHTS.filter((each) => each !== right);
      const lacking = right === null ? all : await program(agent, others);
      const { seq } = (await fixture.host()).state;
      const refused = await lacking.call(method, path, BODIES[name]);
      expect([name, refused.status]).toEqual([name, 403]);
      expect([name, (await fixture.host()).state.seq]).toEqual([name, seq]);
      if (right !== null) await agent.call('DELETE', lacking.location);
      walked.add(name);
    }
    expect(Object.keys(DELEGATED).sort()).toEqual([...Object.keys(RIGHTS), ...NEVER].sort());
    expect([...walked]).toEqual(expect.arrayContaining([...Object.keys(RIGHTS), ...NEVER]));
  });

  it('[DELEG2] speaks, whispers and ends by rights of their own', async () => {
    const { agent, chat } = await fixture.chat({ skill: 'Sales' });
    const events = below(chat, '/events');
    const whisper = line('note', { subType: 'ONLY_TO_REP' });
    const end = { event: { '@type': 'state', state: 'ended' } };
    const statuses = async (right: DelegatedRight) => {
      const { call } = await program(agent, [right]);
      const found: number[] = [];
      for (const body of [line('hello'), whisper, end]) {
        found.push((await call('POST', events, body)).status);
      }
      return found;
    };
    expect(await statuses('speak')).toEqual([201, 403, 403]);
    expect(await statuses('whisper')).toEqual([403, 201, 403]);
    expect(await statuses('end')).toEqual([403, 403, 201]);
    const said = await chat.events();
    expect(said.find(({ text }) => text === 'hello')).toMatchObject({ by: 'Anna' });
  });

  it('[DELEG1] gets a bearer for this session alone, which ends with the delegation and the session', async () => {
    const { agent, chat } = await fixture.chat({ skill: 'Sales' });
    const link = linkAt((await agent.get()).body, 'agentSessionId.link', 'delegations');
    expect(link).toBe(`${agent.uri}/delegations`);
    const { call, location, bearer } = await program(agent, ['read']);
    const listed = await agent.get('/delegations');
    expect(at(listed.body, 'delegations.delegation')).toMatchObject([
      { name: 'Helper', rights: ['read'], approval: [] },
    ]);
    expect(listed.text).not.toContain(bearer);
    expect((await call('GET', below(chat, ''))).status).toBe(200);
    const { http } = fixture.server;
    const base = `${http}/api/account/12345678`;
    for (const path of ['/approvals', '/configuration/settings', '/supervision/chats']) {
      expect([path, (await call('GET', `${base}${path}`)).status]).toEqual([path, 401]);
    }
    expect((await call('POST', `${base}/agentSession`)).status).toBe(401);
    const ben = await fixture.agent('agent2');
    expect((await call('GET', ben.uri)).status).toBe(401);
    expect((await agent.call('DELETE', location)).status).toBe(200);
    expect((await call('GET', below(chat, ''))).status).toBe(401);
    expect((await agent.call('DELETE', location)).status).toBe(404);
    const next = await program(agent, ['read']);
    // A newer session takes this one over.
    await fixture.agent('agent1');
    expect((await next.call('GET', '')).status).toBe(401);
  });

  it('[DELEG6] reads the canned texts that its agent may use', async () => {
    const agent = await fixture.agent('agent1');
    const { bearer } = await fixture.login('admin1');
    const make = async (body: object) => {
      const url = '/configuration/canned-content';
      const made = await fixture.server.call('POST', url, { bearer, body });
      expect(made.status).toBe(201);
    };
    const texts = [{ language: 'en', text: 'Within 30 days.' }];
    await make({ name: 'Returns', isEnabled: true, texts });
    await make({ name: 'Off', isEnabled: false, texts });
    const { call } = await program(agent, ['read']);
    expect(at((await call('GET', '/cannedTexts')).body, 'cannedTexts.cannedText')).toMatchObject([
      { name: 'Returns', text: texts },
    ]);
    const blind = await program(agent, ['speak']);
    expect((await blind.call('GET', '/cannedTexts')).status).toBe(403);
  });

  it('[DELEG5] ends by itself after the time that it was given', async () => {
    const agent = await fixture.agent('agent1');
    const asking = (expiresIn: unknown) =>
      agent.post('/delegations', { delegation: { name: 'Helper', rights: ['read'], expiresIn } });
    for (const wrong of [59, 604_801, 'a day', 60.5]) {
      expect([wrong, (await asking(wrong)).status]).toEqual([wrong, 400]);
    }
    const made = await asking(60);
    const bearer = textAt(made.body, 'delegation.bearer');
    expect(textAt(made.body, 'delegation.until')).not.toBe('');
    const read = () => fixture.server.call('GET', agent.uri, { bearer });
    expect((await read()).status).toBe(200);
    fixture.clock.advance(60_000);
    expect((await read()).status).toBe(401);
    expect(at((await agent.get('/delegations')).body, 'delegations.delegation')).toEqual([]);
  });

  it('[DELEG1] says what cannot be delegated', async () => {
    const agent = await fixture.agent('agent1');
    expect((await delegating(agent, [])).status).toBe(400);
    expect((await delegating(agent, ['fly'])).status).toBe(400);
    expect((await delegating(agent, ['read'], ['speak'])).status).toBe(400);
    expect((await delegating(agent, ['read'], ['read'])).status).toBe(400);
    for (let n = 0; n < 10; n += 1) await program(agent, ['read']);
    expect((await delegating(agent, ['read'])).status).toBe(409);
  });

  it('[DELEG3] takes nothing over, keeps nobody alive, and reads along without a cookie', async () => {
    const { bearer } = await fixture.login('agent1');
    const opened = await fixture.server.call('POST', '/agentSession', { bearer });
    const cookie = String(opened.headers['set-cookie']?.[0]).split(';')[0] ?? '';
    const uri = opened.headers.location ?? '';
    const made = await fixture.server.call('POST', `${uri}/delegations`, {
      ...{ bearer, headers: { cookie } },
      body: { delegation: { name: 'Helper', rights: ['read'] } },
    });
    const own = { bearer: textAt(made.body, 'delegation.bearer') };
    for (let seconds = 0; seconds < 110; seconds += 50) {
      fixture.clock.advance(50_000);
      const asked = await fixture.server.call('GET', uri, own);
      expect(asked.status).toBe(seconds < 100 ? 200 : 401);
    }
    expect((await fixture.host()).state.sessionOfUser.has(101)).toBe(false);
  });

  it('[DELEG4] suggests to the agent in their own chats, by its name', async () => {
    const { agent, chat } = await fixture.chat({ skill: 'Sales' });
    const { call } = await program(agent, ['suggest']);
    const suggested = await call('POST', below(chat, '/suggestions'), {
      suggestion: { text: 'In stock' },
    });
    expect(suggested.status).toBe(201);
    expect(at((await chat.get('/suggestions')).body, 'suggestions.suggestion')).toMatchObject([
      { text: 'In stock', agentId: 101, program: 'Helper', state: 'open' },
    ]);
    expect((await chat.put('/suggestions/1', { outcome: 'dismissed' })).status).toBe(200);
  });
});

describe('approvals', () => {
  /** What waits, once something does. */
  async function waiting(stream: SseReader, after = 0): Promise<{ id: string }> {
    const { data } = await stream.next('approval', after);
    return data['approval'] as { id: string };
  }

  const decide = (agent: Agent, id: string, decision: string) =>
    fixture.server.call('PUT', `/approvals/${id}`, {
      ...agent.credential(),
      body: { decision },
    });

  async function helped() {
    const { agent, chat, visitor } = await fixture.chat({ skill: 'Sales' });
    const helper = await program(agent, ['speak', 'whisper'], ['speak']);
    const stream = await openStream(agent);
    await stream.next('hello');
    const say = (text: string) => helper.call('POST', below(chat, '/events'), line(text));
    return { agent, chat, visitor, helper, stream, say };
  }

  it('[APPROVE1] hold a write until the agent allows it, and then it is done', async () => {
    const { agent, chat, helper, stream, say } = await helped();
    const saying = say('Yes, in all sizes');
    const asked = await waiting(stream);
    expect(asked).toMatchObject({
      ...{ program: 'Helper', right: 'speak', method: 'POST', state: 'pending' },
      ...{ path: `/chat/${chat.id}/events`, chatSessionKey: chat.id },
      body: line('Yes, in all sizes'),
    });
    const note = line('note', { subType: 'ONLY_TO_REP' });
    expect((await helper.call('POST', below(chat, '/events'), note)).status).toBe(201);
    const { body } = await fixture.server.call('GET', '/approvals', agent.credential());
    expect(at(body, 'approvals.approval')).toMatchObject([{ id: asked.id }]);
    expect(await chat.feed(0)).not.toContainEqual(expect.stringContaining('Yes, in all sizes'));
    const ben = await fixture.agent('agent2');
    expect((await decide(ben, asked.id, 'approve')).status).toBe(404);
    const decided = await decide(agent, asked.id, 'approve');
    expect([decided.status, textAt(decided.body, 'approval.state')]).toEqual([200, 'approved']);
    expect((await saying).status).toBe(201);
    expect((await chat.events()).map(({ text }) => text)).toContain('Yes, in all sizes');
    expect(await waiting(stream, 1)).toMatchObject({ id: asked.id, state: 'approved' });
    expect((await decide(agent, asked.id, 'refuse')).status).toBe(409);
  });

  it('[APPROVE2] refuse what the agent refuses, and what nobody decides within two minutes', async () => {
    const { agent, chat, stream, say } = await helped();
    const refused = say('no');
    await decide(agent, (await waiting(stream)).id, 'refuse');
    const reply = await refused;
    expect([reply.status, reply.text]).toEqual([403, expect.stringContaining('refused this')]);
    const late = say('late');
    const { id } = await waiting(stream, 2);
    for (let seconds = 0; seconds <= 120; seconds += 60) {
      await agent.get();
      fixture.clock.advance(60_000);
    }
    expect((await late).status).toBe(403);
    expect(await waiting(stream, 3)).toMatchObject({ id, state: 'gone' });
    expect((await decide(agent, id, 'approve')).status).toBe(409);
    expect((await chat.events()).map(({ text }) => text)).not.toContain('late');
  });

  it('[APPROVE3] look at everything anew once they are given', async () => {
    const { agent, chat, visitor, stream, say } = await helped();
    const saying = say('too late');
    const { id } = await waiting(stream);
    await visitor.end();
    await decide(agent, id, 'approve');
    expect((await saying).status).toBe(409);
    expect((await chat.events()).map(({ text }) => text)).not.toContain('too late');
  });

  it('[APPROVE3] end with the delegation', async () => {
    const { agent, helper, stream, say } = await helped();
    const saying = say('never');
    await waiting(stream);
    await agent.call('DELETE', helper.location);
    expect((await saying).status).toBe(401);
  });
});

describe('approvals of a program with a session of its own', () => {
  /** A bot in a chat; what it says waits for somebody who supervises it. */
  async function bot() {
    const { agent, chat } = await fixture.chat({ skill: 'Sales' });
    const { http } = fixture.server;
    const say = (text: string, more: Readonly<Record<string, string>> = {}) =>
      fixture.server.call('POST', `${agent.uri}/chat/${chat.id}/events`, {
        ...agent.credential(),
        headers: { ...agent.credential().headers, 'approval-for': 'speak, end', ...more },
        body: line(text),
      });
    const base = `${http}/api/account/12345678`;
    return { agent, chat, say, base };
  }

  const listed = async (who: Agent) =>
    at(
      (await fixture.server.call('GET', '/approvals', who.credential())).body,
      'approvals.approval',
    );

  const decide = (who: Agent, id: string, decision: string) =>
    fixture.server.call('PUT', `/approvals/${id}`, { ...who.credential(), body: { decision } });

  it('[APPROVE4] wait for an administrator or a manager of its group, and nobody else sees them', async () => {
    const { agent, chat, say } = await bot();
    const ben = await fixture.agent('agent2');
    const nobody = await say('Is anybody there?');
    expect([nobody.status, nobody.text]).toEqual([
      403,
      expect.stringContaining('Nobody who may approve this is logged in'),
    ]);
    const admin = await fixture.agent('manager1');
    const stream = await openStream(admin);
    await stream.next('hello');
    const saying = say('In all sizes');
    const { data } = await stream.next('approval');
    const asked = data['approval'] as { id: string };
    expect(asked).toMatchObject({
      ...{ program: 'Anna', agentId: 101, right: 'speak', state: 'pending' },
      ...{ chatSessionKey: chat.id, body: line('In all sizes') },
    });
    expect(data['approval']).not.toHaveProperty('delegationId');
    expect(await listed(admin)).toMatchObject([{ id: asked.id }]);
    for (const other of [agent, ben]) {
      expect(await listed(other)).toEqual([]);
      expect((await decide(other, asked.id, 'approve')).status).toBe(404);
    }
    expect((await chat.events()).map(({ text }) => text)).not.toContain('In all sizes');
    expect((await decide(admin, asked.id, 'approve')).status).toBe(200);
    expect((await saying).status).toBe(201);
    expect((await chat.events()).map(({ text }) => text)).toContain('In all sizes');
    const again = say('And for free');
    const { data: second } = await stream.next('approval', 2);
    await decide(admin, (second['approval'] as { id: string }).id, 'refuse');
    const refused = await again;
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('refused this')]);
  });

  it('[APPROVE4] are over when the last one who may decide leaves, and when nobody does in time', async () => {
    const { agent, say } = await bot();
    const admin = await fixture.agent('manager1');
    const stream = await openStream(admin);
    await stream.next('hello');
    const late = say('late');
    await stream.next('approval');
    for (let seconds = 0; seconds <= 120; seconds += 60) {
      await agent.get();
      await admin.get();
      fixture.clock.advance(60_000);
    }
    expect((await late).text).toContain('within two minutes');
    expect(await listed(admin)).toEqual([]);
    const left = say('left');
    await stream.next('approval', 2);
    await admin.call('DELETE', '');
    expect((await left).text).toContain('Nobody who may approve this is logged in');
  });

  it('[APPROVE4] are for what the request names alone: reading, typing and other rights go on', async () => {
    const { agent, chat, say } = await bot();
    const headers = { ...agent.credential().headers, 'approval-for': 'speak' };
    const call = (method: string, path: string, body?: unknown) =>
      fixture.server.call(method, `${agent.uri}/chat/${chat.id}${path}`, {
        ...agent.credential(),
        ...{ headers, ...(body === undefined ? {} : { body }) },
      });
    expect((await call('GET', '')).status).toBe(200);
    expect((await call('PUT', '/read', { read: 1 })).status).toBe(200);
    expect((await call('POST', '/events', line('note', { subType: 'ONLY_TO_REP' }))).status).toBe(
      201,
    );
    const wrong = await say('Hello', { 'approval-for': 'speak, fly' });
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining('Approval-For')]);
  });
});
