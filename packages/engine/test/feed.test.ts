import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, readEntry, readFeed, systemText } from '@parley/engine';
import { agent, AMY, BEN, BILLING, SALES } from './account.js';
import { START, VISITOR, World } from './world.js';

function worldWithChat(): { world: World; chat: string } {
  const world = new World();
  world.open(AMY);
  return { world, chat: world.chatWith(AMY) };
}

describe('who sees what', () => {
  function mixed() {
    const world = new World();
    world.open(AMY, BEN);
    const chat = world.chatWith(AMY, { preChatLines: ['secret'] });
    world.line(chat, world.as(AMY), 'a note', { subType: 'ONLY_TO_REP' });
    world.line(chat, world.as(AMY), 'hello');
    world.line(chat, world.as(AMY), 'another note', { subType: 'ONLY_TO_REP' });
    return { world, chat };
  }

  it('[SEE1] a visitor never sees what is for agents', () => {
    const { world, chat } = mixed();
    expect(world.visitorFeed(chat)).toEqual([
      '0 state waiting',
      '1 system 4',
      '3 state chatting',
      '4 system 3',
      '6 Amy: hello',
    ]);
    const entries = world.chat(chat);
    const seen = entries.feed.map(({ id }) => readEntry(entries, 'visitor', id)?.id ?? null);
    expect(seen).toEqual([0, 1, null, 3, 4, null, 6, null]);
    expect(readFeed(entries, 'visitor', 7)).toEqual({ entries: [], next: 7 });
  });

  it('[SEE2] the chatting agent sees everything', () => {
    const { world, chat } = mixed();
    expect(world.canSee(AMY, chat)).toBe(true);
    expect(world.feed(chat)).toEqual([
      '0 state waiting',
      '1 system 4',
      '2 (info: secret)',
      '3 state chatting',
      '4 system 3',
      '5 (Amy: a note)',
      '6 Amy: hello',
      '7 (Amy: another note)',
    ]);
    expect(readEntry(world.chat(chat), 'agent', 7)).toMatchObject({ text: 'another note' });
  });

  it('[SEE3] other agents see nothing of it', () => {
    const { world, chat } = mixed();
    const waiting = world.request({ skill: BILLING });
    expect(world.canSee(BEN, chat)).toBe(false);
    expect([world.canSee(AMY, waiting), world.canSee(BEN, waiting)]).toEqual([false, false]);
    for (const chatId of [chat, waiting, 'no-such-chat']) {
      expect(world.refused<'chat.end'>({ type: 'chat.end', chatId, from: world.as(BEN) })).toEqual({
        rejected: 'unknown-chat',
        chatId,
      });
    }
  });

  it('[SEE4] nor does the agent it rings at, until accepted', () => {
    const { world } = mixed();
    const chat = world.request();
    expect(world.where(chat)).toBe(`ringing ${BEN}`);
    expect(world.canSee(BEN, chat)).toBe(false);
    world.accept(BEN);
    expect(world.canSee(BEN, chat)).toBe(true);
  });
});

describe('the feed', () => {
  it('[FEED1] begins with waiting, the welcome and the pre-chat lines', () => {
    const world = new World();
    const chat = world.request({ preChatLines: ['topic: shoes', 'size: 44'] });
    const hidden = { at: START, type: 'line', textType: 'plain', by: 'info', source: 'system' };
    expect(world.chat(chat).feed).toEqual([
      { id: 0, at: START, type: 'state', state: 'waiting' },
      {
        id: 1,
        at: START,
        type: 'line',
        text: 'Thank you for choosing to chat with us. An agent will be with you shortly.',
        textType: 'plain',
        by: 'info',
        source: 'system',
        subType: 'REGULAR',
        systemMessageId: 4,
      },
      { ...hidden, id: 2, text: 'topic: shoes', subType: 'ONLY_TO_REP', author: 'visitor' },
      { ...hidden, id: 3, text: 'size: 44', subType: 'ONLY_TO_REP', author: 'visitor' },
    ]);
  });

  it('[FEED2] numbers its events without gap', () => {
    const world = new World();
    world.open(AMY, BEN);
    const chat = world.chatWith(AMY, { preChatLines: ['a'] });
    world.line(chat, VISITOR, 'b');
    world.transfer(chat, AMY, { skillId: SALES }, 'c');
    world.accept(BEN);
    world.close(BEN);
    world.pass(5);
    world.accept(AMY);
    world.end(chat, world.as(AMY));
    world.line(chat, world.as(AMY), 'd', { subType: 'ONLY_TO_REP' });
    const { feed } = world.chat(chat);
    expect(feed.map(({ id }) => id)).toEqual(feed.map((_, index) => index));
    expect(feed).toHaveLength(18);
  });

  it('[FEED3] is read on from where the reader was', () => {
    const { world, chat } = worldWithChat();
    const read = (from: number) => {
      const { entries, next } = readFeed(world.chat(chat), 'agent', from);
      return [entries.map(({ id }) => id), next];
    };
    expect(read(0)).toEqual([[0, 1, 2, 3], 4]);
    expect(read(2)).toEqual([[2, 3], 4]);
    expect(read(4)).toEqual([[], 4]);
    expect(read(9)).toEqual([[], 9]);
    expect(read(-5)).toEqual([[0, 1, 2, 3], 4]);
    world.line(chat, VISITOR, 'hi');
    expect(read(4)).toEqual([[4], 5]);
    expect(readEntry(world.chat(chat), 'agent', 4)).toMatchObject({ text: 'hi' });
    expect(readEntry(world.chat(chat), 'agent', 5)).toBeNull();
    expect(readEntry(world.chat(chat), 'agent', -1)).toBeNull();
  });

  it('[FEED3] lets no line slip between two reads of a visitor', () => {
    const { world, chat } = worldWithChat();
    const { next } = readFeed(world.chat(chat), 'visitor', 0);
    world.line(chat, world.as(AMY), 'a note', { subType: 'ONLY_TO_REP' });
    expect(readFeed(world.chat(chat), 'visitor', next)).toEqual({ entries: [], next });
    world.line(chat, world.as(AMY), 'hello');
    expect(world.visitorFeed(chat, next)).toEqual(['5 Amy: hello']);
    expect(readFeed(world.chat(chat), 'visitor', next).next).toBe(6);
  });

  it('[FEED4] marks what the system says', () => {
    const { world, chat } = worldWithChat();
    expect(world.chat(chat).feed[3]).toEqual({
      id: 3,
      at: START,
      type: 'line',
      text: 'You are now chatting with Amy.',
      textType: 'plain',
      by: 'info',
      source: 'system',
      subType: 'REGULAR',
      systemMessageId: 3,
    });
  });

  it.each([
    [2, 'All of our agents are busy right now.'],
    [3, 'You are now chatting with Amy.'],
    [4, 'Thank you for choosing to chat with us. An agent will be with you shortly.'],
    [5, 'The agent ended the chat.'],
    [6, 'The chat was disconnected.'],
    [13, 'You are being transferred to Amy.'],
    [15, 'You are being transferred to Sales.'],
    [23, 'Your agent was disconnected. Another agent will be with you shortly.'],
  ] as const)('[FEED5] says %i as built in', (id, text) => {
    expect(systemText(DEFAULT_SETTINGS, null, id, { nickname: 'Amy', skill: 'Sales' })).toBe(text);
  });

  it("[FEED6] speaks the chat's language, else the account's, else English", () => {
    const world = new World({
      settings: {
        language: 'fr-FR',
        texts: { 'de-DE': { 4: 'Willkommen.' }, 'fr-FR': { 4: 'Bienvenue.', 5: 'Fini.' } },
      },
    });
    world.open(AMY);
    const texts = ['de-DE', 'fr-FR', 'nl-NL', '__proto__', null].map((language) => {
      const chat = world.chatWith(AMY, { visitor: { language } });
      const joined = world.lastSystemLine(chat).text;
      const first = world.chat(chat).feed[1];
      world.end(chat, world.as(AMY));
      return [first?.type === 'line' ? first.text : '', joined, world.lastSystemLine(chat).text];
    });
    const english = 'You are now chatting with Amy.';
    expect(texts).toEqual([
      ['Willkommen.', english, 'Fini.'],
      ['Bienvenue.', english, 'Fini.'],
      ['Bienvenue.', english, 'Fini.'],
      ['Bienvenue.', english, 'Fini.'],
      ['Bienvenue.', english, 'Fini.'],
    ]);
  });

  it('[FEED7] fills placeholders once', () => {
    const settings = {
      ...DEFAULT_SETTINGS,
      texts: { 'en-US': { 15: '{skill}{constructor}{} {nickname}' } },
    };
    const fill = { skill: '{nickname} $& $1' };
    expect(systemText(settings, null, 15, fill)).toBe('{nickname} $& $1{constructor}{} {nickname}');
    const world = new World({ users: [agent(AMY, { nickname: '{skill}$&' })] });
    world.open(AMY);
    const chat = world.chatWith(AMY);
    expect(world.lastSystemLine(chat).text).toBe('You are now chatting with {skill}$&.');
  });

  it('[FEED8] has one end, and only notes after it', () => {
    const { world, chat } = worldWithChat();
    world.end(chat, world.as(AMY));
    world.line(chat, world.as(AMY), 'a note', { subType: 'ONLY_TO_REP' });
    world.do<'chat.visitorLost'>({ type: 'chat.visitorLost', chatId: chat });
    world.close(AMY);
    world.pass(600);
    expect(world.feed(chat, 4)).toEqual(['4 system 5', '5 state ended', '6 (Amy: a note)']);
  });
});
