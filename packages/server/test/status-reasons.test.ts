import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Agent } from './chat-fixture.js';
import { ConfigurationFixture, type ApiRecord } from './configuration-fixture.js';
import { at } from './harness.js';

const REASONS = '/configuration/le-agents/status-reasons';

let fixture: ConfigurationFixture;
beforeAll(async () => {
  fixture = await ConfigurationFixture.start();
});
afterEach(() => fixture.fixture.clear());
afterAll(() => fixture.stop());

let made = 0;
/** A new reason, for being Away unless said otherwise. */
const newReason = (more: Readonly<Record<string, unknown>> = {}): Promise<ApiRecord> => {
  made += 1;
  return fixture.require('POST', REASONS, { text: `Reason ${made}`, state: 'Away', ...more });
};

const set = (agent: Agent, chat: string, chatReasonId?: unknown) =>
  agent.put('/availability', { availability: { chat, chatReasonId } });

/** What availableAgents answers of one agent, by login name. */
async function entryOf(agent: Agent, userName: string, query = ''): Promise<unknown> {
  const { body } = await agent.get(`/availableAgents${query}`);
  const agents = at(body, 'availableAgents.agents.agent') as readonly { userName: string }[];
  return agents?.find((each) => each.userName === userName);
}

describe('status reasons', () => {
  it('[REASON1] are made, changed and deleted like other records', async () => {
    const first = await fixture.require('POST', `${REASONS}?v=1.0`, {
      text: 'Lunch',
      state: 'Away',
    });
    expect(first).toEqual({
      id: expect.any(Number),
      text: 'Lunch',
      state: 'Away',
      enabled: true,
      deleted: false,
      order: expect.any(Number),
    });
    const two = await fixture.require('POST', REASONS, [
      { text: 'Break', state: 'Away', enabled: false, deleted: false },
      { text: 'On the floor', state: 'Online', order: 7 },
    ]);
    expect(two).toMatchObject([
      { text: 'Break', enabled: false, order: Number(first['order']) + 1 },
      { text: 'On the floor', state: 'Online', order: 7 },
    ]);
    const path = `${REASONS}/${first.id}`;
    const changed = await fixture.require('PUT', path, { ...first, text: ' Lunch break ' });
    expect(changed).toEqual({ ...first, text: 'Lunch break' });
    expect(await fixture.require('DELETE', path)).toEqual({ ...changed, deleted: true });
    expect((await fixture.call('GET', path)).status).toBe(404);
    expect(await fixture.list(`${REASONS}?include_deleted=true`)).toContainEqual({
      ...changed,
      deleted: true,
    });
    const { body } = await fixture.call('GET', '/configuration/audit?limit=1');
    expect(at(body, 'entries.0')).toMatchObject({
      action: 'statusReason.delete',
      target: `statusReason:${first.id}`,
    });
  });

  it.each([
    [{ state: 'Away' }, 400, 'text is required'],
    [{ text: ' ', state: 'Away' }, 400, 'text must not be empty'],
    [{ text: 'x'.repeat(101), state: 'Away' }, 400, 'text'],
    [{ text: 'Nowhere' }, 400, 'state is required: Online, Occupied or Away.'],
    [{ text: 'Nowhere', state: 'Offline' }, 400, 'state'],
    [{ text: 'TAKEN', state: 'Online' }, 409, 'There is a status reason "TAKEN" already'],
  ])('[REASON1, CFG10] are refused with the field named: %j', async (body, status, message) => {
    if (status === 409) await newReason({ text: 'Taken' });
    const refused = await fixture.refused('POST', REASONS, body);
    expect(refused).toEqual([status, expect.stringContaining(message)]);
  });

  it('[REASON2] are shown wherever the availability is', async () => {
    const { id } = await newReason();
    const agent = await fixture.fixture.agent();
    const colleague = await fixture.fixture.agent('agent2');
    const answer = await set(agent, 'Away', String(id));
    const availability = { chat: 'Away', voice: 'Offline', chatReasonId: String(id) };
    expect(answer.body).toEqual({ availability });
    expect((await agent.get('/availability')).body).toEqual({ availability });
    expect(at((await agent.get('/info')).body, 'info.availability')).toEqual(availability);
    expect(await entryOf(colleague, 'agent1')).toMatchObject({ '@chatReasonId': String(id) });
    expect(await entryOf(colleague, 'agent2')).not.toHaveProperty('@chatReasonId');

    const query = `?chatReasonId=${id}`;
    expect(await entryOf(colleague, 'agent1', query)).toBeDefined();
    expect(await entryOf(colleague, 'agent2', query)).toBeUndefined();
    expect(await entryOf(colleague, 'agent1', '?chatReasonId=77777')).toBeUndefined();
    expect((await colleague.get('/availableAgents?chatReasonId=lunch')).status).toBe(400);

    const xml = await agent.get('/availability.xml');
    expect(xml.text).toContain(`<chatReasonId>${id}</chatReasonId>`);
    const hal = await agent.get('/availability', { accept: 'application/hal+json' });
    expect(at(hal.body, 'chatReasonId')).toBe(id);
  });

  it('[REASON2] that change are news to who follows availableAgents', async () => {
    const [lunch, meeting] = [await newReason(), await newReason()];
    const agent = await fixture.fixture.agent();
    await set(agent, 'Away', lunch.id);
    fixture.fixture.clock.advance(5_000);
    const { body } = await agent.get('/availableAgents');
    const next = at(body, 'availableAgents.link.@href') ?? at(body, 'link.@href');
    const path = `/availableAgents?${String(next).split('?')[1]}`;
    fixture.fixture.clock.advance(5_000);
    expect(at((await agent.get(path)).body, 'availableAgents.agents.agent')).toEqual([]);
    await set(agent, 'Away', meeting.id);
    expect(at((await agent.get(path)).body, 'availableAgents.agents.agent')).toMatchObject([
      { userName: 'agent1', '@chatReasonId': String(meeting.id), elapsedTimeInState: '0' },
    ]);
  });

  it('[REASON5] that do not fit are refused, and the availability stays', async () => {
    const away = await newReason();
    const disabled = await newReason({ enabled: false });
    const gone = await newReason();
    await fixture.require('DELETE', `${REASONS}/${gone.id}`);
    const agent = await fixture.fixture.agent();
    for (const [chat, id, status, message] of [
      ['Online', away.id, 400, `Status reason ${away.id} is none for being Online`],
      ['Away', disabled.id, 409, `Status reason ${disabled.id} is disabled`],
      ['Away', gone.id, 400, `There is no status reason ${gone.id}`],
      ['Away', 77_777, 400, 'There is no status reason 77777'],
      ['Away', 'lunch', 400, 'chatReasonId'],
    ] as const) {
      const reply = await set(agent, chat, id);
      expect([reply.status, at(reply.body, 'error.message')]).toEqual([
        status,
        expect.stringContaining(message),
      ]);
    }
    const { body } = await agent.get('/availability');
    expect(body).toEqual({ availability: { chat: 'Online', voice: 'Offline' } });
  });

  it('[REASON4, REASON7] end with the state, and when they are deleted', async () => {
    const [lunch, meeting] = [await newReason(), await newReason()];
    const agent = await fixture.fixture.agent();
    const reason = async () =>
      at((await agent.get('/availability')).body, 'availability.chatReasonId');
    await set(agent, 'Away', lunch.id);
    await fixture.require('PUT', `${REASONS}/${lunch.id}`, { enabled: false });
    expect(await reason()).toBe(String(lunch.id));
    await set(agent, 'Away');
    expect(await reason()).toBeUndefined();
    await set(agent, 'Away', meeting.id);
    await fixture.require('DELETE', `${REASONS}/${meeting.id}`);
    expect(await reason()).toBeUndefined();
    expect(at((await agent.get('/availability')).body, 'availability.chat')).toBe('Away');
  });

  it('[REASON1] are read by agents, whose clients choose from them', async () => {
    const { id } = await newReason();
    const { body, status } = await fixture.call('GET', REASONS, undefined, { as: 'agent1' });
    expect(status).toBe(200);
    expect(body).toContainEqual(expect.objectContaining({ id }));
  });
});
