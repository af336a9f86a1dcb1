/** What is suggested to agents, over HTTP and streams. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Agent, type AgentChat, Fixture, type Visitor } from './chat-fixture.js';
import { at, linkAt, type Reply, textAt, UNTHROTTLED } from './harness.js';
import { closeStreams, openStream } from './stream-fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start({ throttle: UNTHROTTLED });
});
afterEach(async () => {
  closeStreams();
  await fixture.clear();
});
afterAll(() => fixture.stop());

const BOT = 103;
const BEN = 102;

interface Heard {
  readonly agent: AgentChat;
  readonly visitor: Visitor;
  readonly bot: AgentChat;
  readonly botAgent: Agent;
}

/** A chat to which the bot listens. */
async function heard(): Promise<Heard> {
  const { chat: agent, visitor } = await fixture.chat({ skill: 'Sales' });
  const botAgent = await fixture.agent('bot1');
  return { agent, visitor, botAgent, bot: await invited(agent, botAgent, BOT) };
}

async function invited(chat: AgentChat, agent: Agent, agentId: number): Promise<AgentChat> {
  await chat.post('/collaborationChannels', { channel: { agentId, role: 'listener' } });
  return agent.accept();
}

const suggest = (chat: AgentChat, suggestion: object): Promise<Reply> =>
  chat.post('/suggestions', { suggestion });

const idOf = ({ headers: { location = '' } }: Reply) => Number(location.replace(/.*\//, ''));

const listed = async (chat: AgentChat) =>
  at((await chat.get('/suggestions')).body, 'suggestions.suggestion') as readonly {
    readonly id: number;
    readonly state: string;
    readonly [field: string]: unknown;
  }[];

const states = async (chat: AgentChat) =>
  (await listed(chat)).map(({ id, state }) => `${id} ${state}`);

const messageOf = ({ body }: Reply) => textAt(body, 'error.message');

/** The suggestions that a stream brought: `1 open`. */
const brought = (stream: Awaited<ReturnType<typeof openStream>>) =>
  stream.ofType('suggestion').map(({ data }) => {
    const suggestion = data['suggestion'] as { readonly id: number; readonly state: string };
    return `${suggestion.id} ${suggestion.state}`;
  });

describe('suggestions over HTTP', () => {
  it('[SUGGEST8] are made by whoever listens, and decided by the agent', async () => {
    const { agent, bot } = await heard();
    const link = linkAt((await agent.get()).body, 'chat.link', 'suggestions');
    expect(link).toBe(`${agent.uri}/suggestions`);
    const reply = await suggest(bot, {
      ...{ text: 'In stock', source: 'Stock list', confidence: 0.75, expiresIn: 60 },
    });
    expect(reply.status).toBe(201);
    expect(reply.headers.location).toBe(`${bot.uri}/suggestions/1`);
    expect(linkAt(reply.body, 'suggestionLocation.link', 'location')).toBe(reply.headers.location);
    const one = await bot.get('/suggestions/1');
    expect(at(one.body, 'suggestion')).toMatchObject({
      ...{ id: 1, agentId: BOT, text: 'In stock', textType: 'plain', source: 'Stock list' },
      ...{ confidence: 0.75, state: 'open', expiresAt: expect.any(String) },
    });
    const html = { text: '<b>Hi</b><script>x</script>', textType: 'html' };
    expect(idOf(await suggest(bot, html))).toBe(2);
    expect((await listed(agent))[1]).toMatchObject({ text: '<b>Hi</b>', textType: 'html' });
    const lineId = await agent.line('In stock');
    const decided = await agent.put('/suggestions/1', { outcome: 'accepted', lineId });
    expect([decided.status, at(decided.body, 'suggestion')]).toEqual([
      200,
      expect.objectContaining({ state: 'accepted', lineId, closedAt: expect.any(String) }),
    ]);
    expect(await states(bot)).toEqual(['1 accepted', '2 open']);
    const xml = await agent.get('/suggestions', { accept: 'application/xml' });
    expect(xml.text).toContain('<state>accepted</state>');
  });

  it('[SUGGEST8] say what is wrong, and change nothing by it', async () => {
    const { agent, bot } = await heard();
    await suggest(bot, { text: 'Yes' });
    const asked = async (wanted: number, reply: Promise<Reply>, words: RegExp) => {
      const { seq } = (await fixture.host()).state;
      const got = await reply;
      expect([got.status, messageOf(got)]).toEqual([wanted, expect.stringMatching(words)]);
      expect((await fixture.host()).state.seq).toBe(seq);
    };
    await asked(400, suggest(bot, { text: '' }), /text/);
    await asked(400, suggest(bot, { text: 'x', confidence: 1.5 }), /confidence/);
    await asked(400, suggest(bot, { text: 'x', textType: 'rich-content' }), /textType/);
    await asked(400, suggest(bot, { text: 'x', expiresIn: 0 }), /expiresIn/);
    await asked(
      400,
      suggest(bot, { text: '<script>x</script>', textType: 'html' }),
      /suggestion\.text/,
    );
    await asked(404, suggest(bot, { text: 'x', replacesId: 7 }), /no such suggestion/);
    await asked(403, suggest(agent, { text: 'x' }), /suggests nothing/);
    const put = (chat: AgentChat, id: number, body: object) => chat.put(`/suggestions/${id}`, body);
    await asked(403, put(bot, 1, { outcome: 'accepted' }), /only its agent decides/);
    await asked(404, put(agent, 2, { outcome: 'accepted' }), /no such suggestion/);
    await asked(400, put(agent, 1, { outcome: 'maybe' }), /outcome/);
    await asked(400, put(agent, 1, { outcome: 'dismissed', lineId: 3 }), /lineId/);
    await asked(400, put(agent, 1, { outcome: 'accepted', lineId: 0 }), /event 0 is no line/);
    await put(agent, 1, { outcome: 'dismissed' });
    await asked(409, put(agent, 1, { outcome: 'accepted' }), /it is dismissed/);
  });

  it('[SUGGEST9] are listed with a tag: all of them to the agent, to others their own', async () => {
    const { agent, bot } = await heard();
    const ben = await invited(agent, await fixture.agent('agent2'), BEN);
    const { headers } = await agent.get('/suggestions');
    await suggest(bot, { text: 'of the bot' });
    await suggest(ben, { text: 'of Ben' });
    const changed = await agent.get('/suggestions', { 'if-none-match': headers.etag ?? '' });
    expect(changed.status).toBe(200);
    const tag = { 'if-none-match': changed.headers.etag ?? '' };
    expect((await agent.get('/suggestions', tag)).status).toBe(304);
    expect(await states(agent)).toEqual(['1 open', '2 open']);
    expect(await states(bot)).toEqual(['1 open']);
    expect(await states(ben)).toEqual(['2 open']);
    expect((await ben.get('/suggestions/1')).status).toBe(404);
  });

  it('[SUGGEST10] come over streams to who sees them, and again after a cut', async () => {
    const { agent, bot, botAgent } = await heard();
    await suggest(bot, { text: 'before' });
    const stream = await openStream(agent.agent);
    await stream.next('suggestion');
    expect(stream.ofType('suggestion')[0]?.data).toMatchObject({
      uri: agent.uri,
      suggestion: { text: 'before', agentId: BOT, link: [{ href: `${agent.uri}/suggestions/1` }] },
    });
    const author = await openStream(botAgent);
    await author.next('suggestion');
    await agent.put('/suggestions/1', { outcome: 'dismissed' });
    await author.next('suggestion', 1);
    expect(brought(author)).toEqual(['1 open', '1 dismissed']);
    await agent.line('a line, and with it a position');
    await stream.next('events');
    const lastEventId = stream.position;
    expect(brought(stream)).toEqual(['1 open', '1 dismissed']);
    stream.close();
    await suggest(bot, { text: 'meanwhile' });
    await suggest(bot, { text: 'instead', replacesId: 2 });
    const resumed = await openStream(agent.agent, { lastEventId });
    await resumed.next('suggestion', 1);
    expect(brought(resumed)).toEqual(['2 replaced', '3 open']);
  });

  it('[SUGGEST10] come to a new agent: all that is open', async () => {
    const { agent, bot } = await heard();
    const benAgent = await fixture.agent('agent2');
    const ben = await invited(agent, benAgent, BEN);
    const stream = await openStream(benAgent);
    await suggest(bot, { text: 'for the agent' });
    await agent.post('/transfer', { transfer: { agent: { id: BEN } } });
    await benAgent.accept();
    await stream.next('suggestion');
    expect(brought(stream)).toEqual(['1 open']);
    expect(await states(ben)).toEqual(['1 open']);
  });

  it('[SUGGEST11] are counted for who may know, across a restart', async () => {
    const { agent, bot } = await heard();
    const path = `/bots/${BOT}/suggestions/figures`;
    const bearerOf = async (name: string) => (await fixture.login(name)).bearer;
    const figures = async (name: string) =>
      fixture.server.call('GET', path, { bearer: await bearerOf(name) });
    const before = at((await figures('bot1')).body, 'figures') as Record<string, number>;
    for (const outcome of ['accepted', 'dismissed', 'edited', 'dismissed']) {
      const id = idOf(await suggest(bot, { text: 'x' }));
      await agent.put(`/suggestions/${id}`, { outcome });
    }
    await suggest(bot, { text: 'x' });
    const after = at((await figures('bot1')).body, 'figures') as Record<string, number>;
    const more = Object.entries(after).flatMap(([name, value]) =>
      typeof value === 'number' && name !== 'userId' ? [[name, value - (before[name] ?? 0)]] : [],
    );
    expect(Object.fromEntries(more)).toEqual({
      ...{ suggested: 5, accepted: 1, edited: 1, dismissed: 2, replaced: 0, expired: 0 },
      undecided: 1,
    });
    expect((await figures('admin1')).status).toBe(200);
    expect((await figures('agent1')).status).toBe(404);
    const reply = await fixture.server.call('GET', '/bots/103x/suggestions/figures', {
      bearer: await bearerOf('admin1'),
    });
    expect(reply.status).toBe(404);
  });

  it('[SUGGEST8] heed Idempotency-Key: the same request again suggests nothing twice', async () => {
    const { bot } = await heard();
    const send = (text: string) =>
      bot.call('POST', '/suggestions', {
        body: { suggestion: { text } },
        headers: { 'idempotency-key': 'key-1' },
      });
    const first = await send('Yes');
    const again = await send('Yes');
    expect([again.status, again.headers.location]).toEqual([201, first.headers.location]);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect((await send('No')).status).toBe(422);
    expect(await states(bot)).toEqual(['1 open']);
  });
});
