import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, readEntry, readFeed, systemText } from '@parley/engine';
import { agent, AMY, BEN, BILLING, SALES } from './account.js';
import { START, VISITOR, Fixture } from './fixture.js';

function fixtureWithChat(): { fixture: Fixture; chat: string } {
  const fixture = new Fixture();
  fixture.open(AMY);
  return { fixture, chat: fixture.chatWith(AMY) };
}

describe('who sees what', () => {
  function mixed() {
    const fixture = new Fixture();
    fixture.open(AMY, BEN);
    const chat = fixture.chatWith(AMY, { preChatLines: ['secret'] });
    fixture.line(chat, fixture.as(AMY), 'a note', { subType: 'ONLY_TO_REP' });
    fixture.line(chat, fixture.as(AMY), 'hello');
    fixture.line(chat, fixture.as(AMY), 'another note', { subType: 'ONLY_TO_REP' });
    return { fixture, chat };
  }

  it('[SEE1] a visitor never sees what is for agents', () => {
    const { fixture, chat } = mixed();
    expect(fixture.visitorFeed(chat)).toEqual([
      '0 state waiting',
      '1 system 4',
      '3 state chatting',
      '4 system 3',
      '6 Amy: hello',
    ]);
    const entries = fixture.chat(chat);
    const seen = entries.feed.map(({ id }) => readEntry(entries, 'visitor', id)?.id ?? null);
    expect(seen).toEqual([0, 1, null, 3, 4, null, 6, null]);
    expect(readFeed(entries, 'visitor', 7)).toEqual({ entries: [], next: 7 });
  });

  it('[SEE2] the chatting agent sees everything', () => {
    const { fixture, chat } = mixed();
    expect(fixture.canSee(AMY, chat)).toBe(true);
    expect(fixture.feed(chat)).toEqual([
      '0 state waiting',
      '1 system 4',
      '2 (info: secret)',
      '3 state chatting',
      '4 system 3',
      '5 (Amy: a note)',
      '6 Amy: hello',
      '7 (Amy: another note)',
    ]);
    expect(readEntry(fixture.chat(chat), 'agent', 7)).toMatchObject({ text: 'another note' });
  });

  it('[SEE3] other agents see nothing of it', () => {
    const { fixture, chat } = mixed();
    const waiting = fixture.request({ skill: BILLING });
    expect(fixture.canSee(BEN, chat)).toBe(false);
    expect([fixture.canSee(AMY, waiting), fixture.canSee(BEN, waiting)]).toEqual([false, false]);
    for (const chatId of [chat, waiting, 'no-such-chat']) {
      expect(
        fixture.refused<'chat.end'>({ type: 'chat.end', chatId, from: fixture.as(BEN) }),
      ).toEqual({
        rejected: 'unknown-chat',
        chatId,
      });
    }
  });

  it('[SEE4] nor does the agent it rings at, until accepted', () => {
    const { fixture } = mixed();
    const chat = fixture.request();
    expect(fixture.where(chat)).toBe(`ringing ${BEN}`);
    expect(fixture.canSee(BEN, chat)).toBe(false);
    fixture.accept(BEN);
    expect(fixture.canSee(BEN, chat)).toBe(true);
  });
});

describe('the feed', () => {
  it('[FEED1] begins with waiting, the welcome and the pre-chat lines', () => {
    const fixture = new Fixture();
    const chat = fixture.request({ preChatLines: ['topic: shoes', 'size: 44'] });
    const hidden = { at: START, type: 'line', textType: 'plain', by: 'info', source: 'system' };
    expect(fixture.chat(chat).feed).toEqual([
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
    const fixture = new Fixture();
    fixture.open(AMY, BEN);
    const chat = fixture.chatWith(AMY, { preChatLines: ['a'] });
    fixture.line(chat, VISITOR, 'b');
    fixture.transfer(chat, AMY, { skillId: SALES }, 'c');
    fixture.accept(BEN);
    fixture.close(BEN);
    fixture.pass(5);
    fixture.accept(AMY);
    fixture.end(chat, fixture.as(AMY));
    fixture.line(chat, fixture.as(AMY), 'd', { subType: 'ONLY_TO_REP' });
    const { feed } = fixture.chat(chat);
    expect(feed.map(({ id }) => id)).toEqual(feed.map((_, index) => index));
    expect(feed).toHaveLength(18);
  });

  it('[FEED3] is read on from where the reader was', () => {
    const { fixture, chat } = fixtureWithChat();
    const read = (from: number) => {
      const { entries, next } = readFeed(fixture.chat(chat), 'agent', from);
      return [entries.map(({ id }) => id), next];
    };
    expect(read(0)).toEqual([[0, 1, 2, 3], 4]);
    expect(read(2)).toEqual([[2, 3], 4]);
    expect(read(4)).toEqual([[], 4]);
    expect(read(9)).toEqual([[], 9]);
    expect(read(-5)).toEqual([[0, 1, 2, 3], 4]);
    fixture.line(chat, VISITOR, 'hi');
    expect(read(4)).toEqual([[4], 5]);
    expect(readEntry(fixture.chat(chat), 'agent', 4)).toMatchObject({ text: 'hi' });
    expect(readEntry(fixture.chat(chat), 'agent', 5)).toBeNull();
    expect(readEntry(fixture.chat(chat), 'agent', -1)).toBeNull();
  });

  it('[FEED3] lets no line slip between two reads of a visitor', () => {
    const { fixture, chat } = fixtureWithChat();
    const { next } = readFeed(fixture.chat(chat), 'visitor', 0);
    fixture.line(chat, fixture.as(AMY), 'a note', { subType: 'ONLY_TO_REP' });
    expect(readFeed(fixture.chat(chat), 'visitor', next)).toEqual({ entries: [], next });
    fixture.line(chat, fixture.as(AMY), 'hello');
    expect(fixture.visitorFeed(chat, next)).toEqual(['5 Amy: hello']);
    expect(readFeed(fixture.chat(chat), 'visitor', next).next).toBe(6);
  });

  it('[FEED4] marks what the system says', () => {
    const { fixture, chat } = fixtureWithChat();
    expect(fixture.chat(chat).feed[3]).toEqual({
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
    const fixture = new Fixture({
      settings: {
        language: 'fr-FR',
        texts: { 'de-DE': { 4: 'Willkommen.' }, 'fr-FR': { 4: 'Bienvenue.', 5: 'Fini.' } },
      },
    });
    fixture.open(AMY);
    const texts = ['de-DE', 'fr-FR', 'nl-NL', '__proto__', null].map((language) => {
      const chat = fixture.chatWith(AMY, { visitor: { language } });
      const joined = fixture.lastSystemLine(chat).text;
      const first = fixture.chat(chat).feed[1];
      fixture.end(chat, fixture.as(AMY));
      return [first?.type === 'line' ? first.text : '', joined, fixture.lastSystemLine(chat).text];
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
    const fixture = new Fixture({ users: [agent(AMY, { nickname: '{skill}$&' })] });
    fixture.open(AMY);
    const chat = fixture.chatWith(AMY);
    expect(fixture.lastSystemLine(chat).text).toBe('You are now chatting with {skill}$&.');
  });

  it('[FEED8] has one end, and only notes after it', () => {
    const { fixture, chat } = fixtureWithChat();
    fixture.end(chat, fixture.as(AMY));
    fixture.line(chat, fixture.as(AMY), 'a note', { subType: 'ONLY_TO_REP' });
    fixture.do<'chat.visitorLost'>({ type: 'chat.visitorLost', chatId: chat });
    fixture.close(AMY);
    fixture.pass(600);
    expect(fixture.feed(chat, 4)).toEqual(['4 system 5', '5 state ended', '6 (Amy: a note)']);
  });
});
