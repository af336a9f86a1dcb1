/** Previews, the place in the queue, transcripts paged backwards. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { SALES, Fixture } from './chat-fixture.js';
import { at, linkAt, UNTHROTTLED } from './harness.js';
import { settle } from './push-fixture.js';
import { closeStreams, type SseReader, streamOf } from './stream-fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start({ throttle: UNTHROTTLED });
});
afterEach(async () => {
  closeStreams();
  await fixture.server.configure({ visitorPreview: false });
  await fixture.clear();
});
afterAll(() => fixture.stop());

const info = (reader: SseReader) => reader.ofType('info').map(({ data }) => data['info']);

const untilSent = (reader: SseReader, sent: unknown) =>
  vi.waitFor(() => expect(info(reader).at(-1)).toEqual(sent), 5_000);

describe('previews', () => {
  it('[PREV1] what a visitor types is shown to the agent, where the account shows it', async () => {
    const { agent, visitor } = await fixture.chat();
    const [ours, theirs] = [await streamOf(agent), await streamOf(visitor)];
    const type = (preview: string) =>
      visitor.put('/info/visitorTyping', { visitorTyping: 'typing', preview });
    const refused = await type('not yet');
    expect([refused.status, info(ours)]).toEqual([403, []]);
    await fixture.server.configure({ visitorPreview: true });
    const taken = await type('Where is <b>');
    expect([taken.status, taken.body]).toEqual([200, { visitorTyping: 'typing' }]);
    await untilSent(ours, { visitorTyping: 'typing', visitorPreview: 'Where is <b>' });
    await type('Where is my order');
    fixture.clock.advance(500);
    await untilSent(ours, { visitorPreview: 'Where is my order' });
    await untilSent(theirs, { visitorTyping: 'typing' });
    // It is nowhere else: not in the info, not in the feed.
    expect((await agent.chat(`${agent.uri}/chat/${visitor.id}`).get()).text).not.toContain('order');
    expect((await visitor.get()).text).not.toContain('order');
    await visitor.line('Where is my order?');
    fixture.clock.advance(500);
    await untilSent(ours, { visitorTyping: 'not-typing', visitorPreview: null });
  });

  it('[PREV2] what an agent is about to say grows before both, until the line takes its place', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    const [ours, theirs] = [await streamOf(agent), await streamOf(visitor)];
    const type = (preview: string) =>
      chat.put('/info/agentTyping', { agentTyping: 'typing', preview });
    fixture.clock.advance(1_000);
    await type('Let');
    await untilSent(theirs, { agentTyping: 'typing', agentPreview: 'Let' });
    await type('Let me');
    await type('Let me look');
    await settle(fixture);
    fixture.clock.advance(500);
    await untilSent(theirs, { agentPreview: 'Let me look' });
    await untilSent(ours, { agentPreview: 'Let me look' });
    expect(info(theirs).length).toBe(2);
    await chat.line('Let me look.');
    fixture.clock.advance(500);
    await untilSent(theirs, { agentTyping: 'not-typing', agentPreview: null });
  });

  it('[PREV3] it is gone after ten seconds, and takes 2,000 characters', async () => {
    await fixture.server.configure({ typingSeconds: 60 });
    const { chat, visitor } = await fixture.chat();
    const theirs = await streamOf(visitor);
    const type = (preview: unknown) =>
      chat.put('/info/agentTyping', { agentTyping: 'typing', preview });
    fixture.clock.advance(1_000);
    expect((await type('x'.repeat(2_001))).status).toBe(400);
    expect((await type({})).status).toBe(400);
    expect((await type('x'.repeat(2_000))).status).toBe(200);
    await theirs.next('info');
    fixture.clock.advance(9_999);
    await settle(fixture);
    expect(info(theirs).length).toBe(1);
    fixture.clock.advance(1);
    await untilSent(theirs, { agentPreview: null });
    await fixture.server.configure({ typingSeconds: 10 });
    const xml = '<agentTyping>typing</agentTyping>';
    const reply = await chat.call('PUT', '/info/agentTyping', { body: xml });
    expect(reply.status).toBe(200);
  });
});

describe('the place in the queue', () => {
  it('[QUEUE1] stands in the info of a visitor’s waiting chat, and goes when it is accepted', async () => {
    const first = await fixture.visitor({ skillId: SALES });
    const second = await fixture.visitor({ skillId: SALES });
    const place = async (visitor: typeof first) => {
      const { body } = await visitor.get('/info');
      return [at(body, 'info.queuePosition'), at(body, 'info.estimatedWait')];
    };
    expect([await place(first), await place(second)]).toEqual([
      [1, -1],
      [2, -1],
    ]);
    const { headers } = await second.get('/info');
    const tag = String(headers.etag);
    expect((await second.get('/info', { 'if-none-match': tag })).status).toBe(304);
    const agent = await fixture.agent();
    await agent.accept();
    expect((await second.get('/info', { 'if-none-match': tag })).status).toBe(200);
    expect([await place(first), await place(second)]).toEqual([
      [undefined, undefined],
      [1, 0],
    ]);
    expect((await second.get()).text).toContain('"queuePosition":1');
  });
});

describe('transcripts', () => {
  it('[EVENTPAGE1] are paged backwards with before and limit, whole and in order', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    for (let each = 0; each < 7; each += 1) {
      await chat.line(`whisper ${each}`, { subType: 'ONLY_TO_REP' });
      await visitor.line(`line ${each}`);
    }
    for (const reader of [chat, visitor]) {
      const whole = await reader.events();
      const pages: unknown[][] = [];
      let uri = `${reader.uri}/events?before=1000000&limit=4`;
      for (;;) {
        const { body } = await reader.get(uri);
        const event = at(body, 'events.event');
        pages.unshift([event ?? []].flat());
        const links = JSON.stringify(at(body, 'events.link'));
        if (!links.includes('"prev"')) break;
        uri = linkAt(body, 'events.link', 'prev');
      }
      expect(pages.flat()).toEqual(whole);
      expect(pages.slice(1).every(({ length }) => length === 4)).toBe(true);
    }
    const last = await visitor.get('/events?before=17&limit=2');
    expect(linkAt(last.body, 'events.link', 'next')).toBe(`${visitor.uri}/events?from=16`);
    const none = await visitor.get('/events?before=0');
    expect([at(none.body, 'events.event'), JSON.stringify(none.body).includes('prev')]).toEqual([
      undefined,
      false,
    ]);
    expect((await agent.get()).status).toBe(200);
  });

  it('[EVENTPAGE2] limit bounds a page forward too; what cannot be is 400', async () => {
    const { visitor } = await fixture.chat();
    const page = await visitor.get('/events?from=1&limit=2');
    expect(at(page.body, 'events.event.length')).toBe(2);
    expect(linkAt(page.body, 'events.link', 'next')).toBe(`${visitor.uri}/events?from=3`);
    for (const query of ['limit=0', 'limit=1001', 'limit=x', 'before=-1', 'before=x']) {
      expect([query, (await visitor.get(`/events?${query}`)).status]).toEqual([query, 400]);
    }
  });
});
