/** Returning visitors: the agent of a chat reads the visitor's earlier chats, nobody else does. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type AgentChat, Fixture } from './chat-fixture.js';
import { give } from './give.js';
import { at, linkAt } from './harness.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start();
});
afterEach(() => fixture.clear());
afterAll(() => fixture.stop());

async function earlierOf(chat: AgentChat): Promise<string> {
  const visit = linkAt((await chat.get()).body, 'chat.link', 'visit-id');
  return linkAt((await chat.agent.get(visit)).body, 'visitId.link', 'earlier-chats');
}

/** Ids of the earlier chats listed for a chat. */
async function listed(chat: AgentChat): Promise<string[]> {
  const { body } = await chat.agent.get(await earlierOf(chat));
  const chats = [at(body, 'earlierChats.chat') ?? []].flat();
  return chats.map((each) => String(at(each, 'chatSessionKey')));
}

/** A chat of that visitor that is over. */
async function pastChat(visitorId: string): Promise<AgentChat> {
  const { chat, visitor } = await fixture.chat({ visitorId });
  await visitor.line('my order is late');
  await chat.line('let me see');
  await chat.line('third time this week', { subType: 'ONLY_TO_REP' });
  fixture.clock.advance(1_000);
  await visitor.end();
  return chat;
}

describe('earlier chats', () => {
  it('[VISIT16] chats of the same visitorId are listed, newest first, with their times', async () => {
    const first = await pastChat('return-1');
    const second = await pastChat('return-1');
    await pastChat('somebody-else');
    const { chat } = await fixture.chat({ visitorId: 'return-1' });
    expect(await listed(chat)).toEqual([second.id, first.id]);
    const uri = await earlierOf(chat);
    const { body } = await chat.agent.get(uri);
    expect(at(body, 'earlierChats.chat.0')).toEqual({
      link: { '@href': `${uri}/${second.id}`, '@rel': 'transcript' },
      chatSessionKey: second.id,
      startTime: expect.stringMatching(/^2024-07-01T12:\d\d:\d\d\.000/),
      endTime: expect.stringMatching(/^2024-07-01T12:\d\d:\d\d\.000/),
    });
  });

  it('[VISIT17] the agent reads an earlier transcript whole, long after that chat is forgotten', async () => {
    const past = await pastChat('return-2');
    const agent = await fixture.agent('agent2');
    await fixture.pass(31 * 60, agent);
    await agent.call('DELETE');
    const { chat } = await fixture.chat({ visitorId: 'return-2' });
    const uri = `${await earlierOf(chat)}/${past.id}`;
    const reply = await chat.agent.get(uri);
    expect(linkAt(reply.body, 'events.link', 'self')).toBe(uri);
    const events = at(reply.body, 'events.event') as Record<string, unknown>[];
    expect(events.map((event) => event['text'] ?? event['state'])).toEqual([
      'waiting',
      'Thank you for choosing to chat with us. An agent will be with you shortly.',
      'chatting',
      'You are now chatting with Anna.',
      'my order is late',
      'let me see',
      'third time this week',
      'ended',
    ]);
    const xml = await chat.agent.get(`${uri}.xml`);
    expect(xml.text).toContain('<text>my order is late</text>');
  });

  it('[VISIT17, SEC12] a long one is read in pages that next leads through', async () => {
    const { chat: past, visitor } = await fixture.chat({ visitorId: 'return-7' });
    const host = await fixture.host();
    const from = { party: 'visitor' } as const;
    for (let n = 0; n < 1_300; n += 1) {
      await give<'chat.addLine'>(host, {
        type: 'chat.addLine',
        chatId: past.id,
        from,
        text: `line ${n}`,
        textType: 'plain',
        subType: 'REGULAR',
      });
    }
    await visitor.end();
    const { chat } = await fixture.chat({ visitorId: 'return-7' });
    const ids: string[] = [];
    const sizes: number[] = [];
    for (let uri: string | null = `${await earlierOf(chat)}/${past.id}`; uri !== null; ) {
      const { body } = await chat.agent.get(uri);
      const page = at(body, 'events.event') as Record<string, unknown>[];
      ids.push(...page.map((event) => String(event['@id'])));
      sizes.push(page.length);
      const links = [at(body, 'events.link')].flat();
      uri = links.length > 1 ? linkAt(body, 'events.link', 'next') : null;
    }
    expect(sizes).toEqual([1_000, 305]);
    expect(ids).toEqual(ids.map((_, n) => String(n)));
  });

  it('[VISIT18] a live chat and one of another visitor are not among them, whatever id is tried', async () => {
    const past = await pastChat('return-3');
    const elsewhere = await fixture.agent('agent2');
    const live = await fixture.visitor({ visitorId: 'return-4' });
    const { chat } = await fixture.chat({ visitorId: 'return-4' });
    expect(await elsewhere.ringing()).not.toBe('');
    expect(await listed(chat)).toEqual([]);
    const uri = await earlierOf(chat);
    for (const id of [past.id, live.id, chat.id, 'nothing']) {
      expect((await chat.agent.get(`${uri}/${id}`)).status).toBe(404);
    }
  });

  it('[VISIT19] a visitor without a visitorId has no earlier chats', async () => {
    const { chat } = await fixture.chat();
    expect((await chat.agent.get(await earlierOf(chat))).text).not.toContain('chatSessionKey');
  });

  it('[VISIT20] the visitor never gets at another chat by naming its visitorId', async () => {
    const past = await pastChat('return-5');
    const { chat, visitor } = await fixture.chat({ visitorId: 'return-5' });
    const texts = await Promise.all([visitor.get(), visitor.get('/info'), visitor.get('/events')]);
    for (const { text } of texts) {
      expect(text).not.toContain(past.id);
      expect(text).not.toContain('order');
    }
    const uri = await earlierOf(chat);
    expect((await fixture.visit('GET', uri)).status).toBe(401);
    expect((await fixture.visit('GET', `${uri}/${past.id}`)).status).toBe(401);
    const other = await fixture.agent('agent2');
    expect((await other.get(`${uri}/${past.id}`)).status).toBe(404);
  });

  it('[VISIT21] the index and the transcripts outlive a restart', async () => {
    const fresh = await Fixture.start();
    const { visitor } = await fresh.chat({ visitorId: 'return-6' });
    await visitor.line('kept');
    await visitor.end();
    const server = await fresh.server.restart();
    const { projections } = server.running.server.store;
    const chats = await projections.chatsOfVisitor('12345678', 'return-6', 10);
    expect(chats).toEqual([
      { chatId: visitor.id, startedAt: expect.any(Number), endedAt: expect.any(Number) },
    ]);
    await server.stop();
  });
});
