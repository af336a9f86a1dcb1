/** ETag and If-None-Match on what clients poll. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Agent, type AgentChat, type Visitor, Fixture } from './chat-fixture.js';
import { at, type Reply } from './harness.js';
import { isKnownTag, strongTag, weakTag } from '../src/http/entity-tag.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start();
});
afterEach(() => fixture.clear());
afterAll(() => fixture.stop());

type Headers = Readonly<Record<string, string>>;
type Ask = (headers?: Headers) => Promise<Reply>;

const tagOf = (reply: Reply) => String(reply.headers.etag);

/** Every resource that has a tag, as somebody reads it. */
async function resources() {
  const { agent, chat, visitor } = await fixture.chat();
  const { bearer } = await fixture.login('admin1');
  const asks: Record<string, Ask> = {
    'events of the agent': (headers) => chat.get('/events?from=1', headers),
    'nothing new for the agent': (headers) => chat.get('/events?from=4', headers),
    'the agent’s chat': (headers) => chat.get('', headers),
    'the agent’s info': (headers) => chat.get('/info', headers),
    'several chats': (headers) => agent.get(`/chat?chatSessionKeys=${chat.id}`, headers),
    'incoming requests': (headers) => agent.get('/incomingRequests', headers),
    'available agents': (headers) => agent.get('/availableAgents', headers),
    'events of the visitor': (headers) => visitor.get('/events', headers),
    'the visitor’s chat': (headers) => visitor.get('', headers),
    'the visitor’s info': (headers) => visitor.get('/info', headers),
    'supervised chats': (headers = {}) =>
      fixture.server.call('GET', '/supervision/chats', { bearer, headers }),
  };
  return { agent, chat, visitor, asks };
}

describe('a resource that is polled', () => {
  it('[TAG1] is 304 without a body for who has its tag, and 200 for others', async () => {
    const { asks } = await resources();
    for (const [name, ask] of Object.entries(asks)) {
      const first = await ask();
      const tag = tagOf(first);
      expect([name, first.status, tag]).toEqual([
        name,
        200,
        expect.stringMatching(/^(W\/)?"[A-Za-z0-9_-]{22}"$/),
      ]);
      for (const known of [tag, `"x", ${tag}`, `W/${tag.replace('W/', '')}`, '*']) {
        const again = await ask({ 'if-none-match': known });
        expect([name, known, again.status, again.text, tagOf(again)]).toEqual([
          name,
          known,
          304,
          '',
          tag,
        ]);
        expect(again.headers['cache-control']).toBe('no-store');
      }
      expect([name, (await ask({ 'if-none-match': '"x"' })).status]).toEqual([name, 200]);
    }
  });

  it('[TAG2] has another tag in each representation, and for each reader', async () => {
    const { asks } = await resources();
    const tags: string[] = [];
    for (const ask of Object.values(asks)) {
      for (const accept of ['application/json', 'application/xml', 'application/hal+json']) {
        tags.push(tagOf(await ask({ accept })).replace('W/', ''));
      }
    }
    expect(new Set(tags).size).toBe(tags.length);
  });

  it('[TAG3] keeps its tag while only time passes', async () => {
    const { asks, agent, visitor } = await resources();
    const before: string[] = [];
    for (const ask of Object.values(asks)) before.push(tagOf(await ask()));
    await fixture.pass(30, agent, visitor);
    for (const [index, [name, ask]] of Object.entries(asks).entries()) {
      expect([name, tagOf(await ask())]).toEqual([name, before[index]]);
    }
  });

  it('[TAG4] has another tag when what it shows has changed', async () => {
    const changes: readonly (readonly [
      string,
      (actors: { agent: Agent; chat: AgentChat; visitor: Visitor }) => Promise<unknown>,
      readonly string[],
    ])[] = [
      ['a line', ({ visitor }) => visitor.line('hello'), ['events of the agent', 'several chats']],
      [
        'a name',
        ({ visitor }) => visitor.put('/info/visitorName', { visitorName: 'Vera' }),
        ['the agent’s info', 'the visitor’s info', 'supervised chats'],
      ],
      [
        'typing',
        ({ chat }) => chat.put('/info/agentTyping', { agentTyping: 'typing' }),
        ['the visitor’s info', 'the visitor’s chat', 'the agent’s chat'],
      ],
      ['reading', ({ chat }) => chat.put('/read', { read: 2 }), ['the visitor’s info']],
      ['a ring', () => fixture.visitor(), ['incoming requests', 'available agents']],
      ['an absence', ({ agent }) => agent.become('Away'), ['available agents']],
      ['the end', ({ visitor }) => visitor.end(), ['events of the visitor', 'supervised chats']],
    ];
    for (const [what, change, changed] of changes) {
      const { asks, ...actors } = await resources();
      const before = new Map<string, string>();
      for (const name of changed) before.set(name, tagOf((await asks[name]?.()) as Reply));
      await change(actors);
      for (const name of changed) {
        const reply = (await asks[name]?.({ 'if-none-match': before.get(name) ?? '' })) as Reply;
        expect([what, name, reply.status]).toEqual([what, name, 200]);
      }
      await fixture.clear();
    }
  });

  it('[TAG4] distinguishes one ring from another that took its place', async () => {
    const agent = await fixture.agent();
    const first = await fixture.visitor();
    const tag = tagOf(await agent.get('/incomingRequests'));
    await first.end();
    await fixture.visitor();
    const reply = await agent.get('/incomingRequests', { 'if-none-match': tag });
    expect([reply.status, at(reply.body, 'incomingRequests.ringingCount')]).toEqual([200, '1']);
  });

  it('[TAG5] keeps its tag for a visitor when something hidden from visitors happened', async () => {
    const { asks, chat } = await resources();
    const seen = ['events of the visitor', 'the visitor’s chat', 'the visitor’s info'];
    const before = new Map<string, string>();
    for (const name of seen) before.set(name, tagOf((await asks[name]?.()) as Reply));
    fixture.clock.advance(5_000);
    await chat.line('only among us', { subType: 'ONLY_TO_REP' });
    for (const name of seen) {
      const reply = (await asks[name]?.({ 'if-none-match': before.get(name) ?? '' })) as Reply;
      expect([name, reply.status]).toEqual([name, 304]);
    }
    const forAgent = await asks['events of the agent']?.();
    expect(forAgent?.text).toContain('only among us');
  });

  it('[TAG6] a page of another origin may send the tag and read it', async () => {
    const { visitor } = await resources();
    const origin = 'https://shop.example';
    const asked = await fixture.server.call('OPTIONS', `${visitor.uri}/events`, {
      headers: { origin, 'access-control-request-method': 'GET' },
    });
    expect(asked.headers['access-control-allow-headers']).toContain('If-None-Match');
    const reply = await visitor.get('/events', { origin });
    expect(reply.headers['access-control-expose-headers']).toContain('ETag');
    const again = await visitor.get('/events', { origin, 'if-none-match': tagOf(reply) });
    expect([again.status, again.headers['access-control-allow-origin']]).toEqual([304, '*']);
  });
});

describe('tags', () => {
  it('[TAG1] are compared weakly, whatever else the header holds', () => {
    const strong = strongTag('a');
    const weak = weakTag('a');
    expect(isKnownTag(undefined, strong)).toBe(false);
    expect(isKnownTag('', strong)).toBe(false);
    expect(isKnownTag(strong, strongTag('b'))).toBe(false);
    expect(isKnownTag(`W/${strong}`, strong)).toBe(true);
    expect(isKnownTag(weak.slice(2), weak)).toBe(true);
    expect(isKnownTag(`,, "b" ,${weak}`, weak)).toBe(true);
    expect(isKnownTag(strong.replaceAll('"', ''), strong)).toBe(false);
  });
});
