/** What a reader is answered is on disk; what is on disk is answered without waiting for anything else. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Fixture } from './chat-fixture.js';
import type { Reply } from './harness.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start();
});
afterEach(() => fixture.clear());
afterAll(() => fixture.stop());

/** Holds back everything that is to be stored from now on, until it is let go. */
function holdStore(): { readonly release: () => void } {
  const { journal } = fixture.server.running.server.store;
  const append = journal.append.bind(journal);
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const spy = vi.spyOn(journal, 'append');
  spy.mockImplementation(async (accountId, entries) => {
    await gate;
    await append(accountId, entries);
  });
  return {
    release() {
      spy.mockRestore();
      release();
    },
  };
}

/** Notes when an answer has come. */
function watch(reply: Promise<Reply>): { readonly reply: Promise<Reply>; came: boolean } {
  const watched = { reply, came: false };
  void reply.then(() => {
    watched.came = true;
  });
  return watched;
}

/** Long enough for every answer that does not wait for the store. */
async function others(): Promise<void> {
  for (let i = 0; i < 3; i += 1) await fixture.visit('GET', '?v=1');
}

describe('reading', () => {
  it('[READ1] a line is shown to nobody before it is on disk', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    const store = holdStore();
    const line = watch(visitor.post('/events', { event: { '@type': 'line', text: 'soon' } }));
    await others();
    const readers = [
      chat.get('/events?from=4'),
      chat.get(),
      chat.get('/events/4'),
      chat.get('/info'),
      visitor.get('/events?from=4'),
      agent.get(`/chat?chatSessionKeys=${chat.id}&fromEventIds=4`),
    ].map(watch);
    await others();
    expect([line.came, ...readers.map(({ came }) => came)]).toEqual(Array(7).fill(false));
    store.release();
    expect((await line.reply).status).toBe(201);
    const replies = await Promise.all(readers.map(({ reply }) => reply));
    expect(replies.map(({ status }) => status)).toEqual(Array(6).fill(200));
    expect((await readers[0]?.reply)?.text).toContain('soon');
  });

  it('[READ1] nor is a ring, an availability, or that a chat is gone', async () => {
    const { agent, chat } = await fixture.chat();
    const ben = await fixture.agent('agent2');
    const store = holdStore();
    const writes = [
      chat.post('/transfer', { transfer: { agent: { id: 102 } } }),
      agent.put('/availability', { availability: { chat: 'Away' } }),
    ].map(watch);
    await others();
    const readers = [
      ben.get('/incomingRequests'),
      agent.get('/availability'),
      ben.get('/availableAgents'),
      chat.get('/events'),
      fixture.visit('GET', '/chat/availability'),
    ].map(watch);
    await others();
    expect([...writes, ...readers].map(({ came }) => came)).toEqual(Array(7).fill(false));
    store.release();
    const replies = await Promise.all(readers.map(({ reply }) => reply));
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 404, 200]);
  });

  it('[READ2] what is on disk is answered at once, whatever else is being stored', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    const other = await fixture.visitor();
    await agent.accept();
    const store = holdStore();
    const line = watch(other.post('/events', { event: { '@type': 'line', text: 'slow' } }));
    await others();
    const replies = await Promise.all([
      chat.get('/events'),
      chat.get('/info'),
      visitor.get(),
      agent.get('/incomingRequests'),
      agent.get('/availability'),
      agent.get('/info'),
    ]);
    expect(replies.map(({ status }) => status)).toEqual(Array(6).fill(200));
    expect(line.came).toBe(false);
    store.release();
    expect((await line.reply).status).toBe(201);
  });

  it('[READ3] an answer shows what was there when it was asked, not what came meanwhile', async () => {
    const { chat, visitor } = await fixture.chat();
    const store = holdStore();
    const first = visitor.post('/events', { event: { '@type': 'line', text: 'first' } });
    await others();
    const reader = watch(chat.get('/events?from=4'));
    await others();
    const second = visitor.post('/events', { event: { '@type': 'line', text: 'second' } });
    await others();
    expect(reader.came).toBe(false);
    store.release();
    await Promise.all([first, second]);
    const { text } = await reader.reply;
    expect([text.includes('first'), text.includes('second')]).toEqual([true, false]);
  });
});
