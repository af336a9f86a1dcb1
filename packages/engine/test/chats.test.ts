import { describe, expect, it } from 'vitest';
import {
  DEFAULT_SETTINGS,
  durationMs,
  type Party,
  readEntry,
  readFeed,
  systemText,
} from '@parley/engine';
import { agent, AMY, BEN, BILLING, SALES } from './account.js';
import { START, VISITOR, World } from './world.js';

function worldWithChat(): { world: World; chat: string } {
  const world = new World();
  world.open(AMY);
  return { world, chat: world.chatWith(AMY) };
}

describe('lines', () => {
  it('[LINE1] are answered with their event id', () => {
    const { world, chat } = worldWithChat();
    expect(world.line(chat, world.as(AMY), 'hello')).toBe(4);
    expect(world.line(chat, VISITOR, 'hi')).toBe(5);
    expect(world.feed(chat, 4)).toEqual(['4 Amy: hello', '5 -: hi']);
  });

  it('[LINE2] carry who speaks', () => {
    const { world, chat } = worldWithChat();
    world.pass(3);
    world.line(chat, world.as(AMY), 'hello');
    world.line(chat, VISITOR, 'hi');
    const common = { at: START + 3000, type: 'line', textType: 'plain', subType: 'REGULAR' };
    expect(world.chat(chat).feed.slice(4)).toEqual([
      { ...common, id: 4, text: 'hello', by: 'Amy', source: 'agent' },
      { ...common, id: 5, text: 'hi', by: null, source: 'visitor' },
    ]);
    const named = world.request({ visitor: { name: 'Vera' } });
    world.line(named, VISITOR, 'anyone?');
    expect(world.feed(named, 2)).toEqual(['2 Vera: anyone?']);
  });

  it('[LINE3] of a visitor are plain and for everybody', () => {
    const { world, chat } = worldWithChat();
    const asked = { textType: 'rich-content', subType: 'ONLY_TO_REP', json: { a: 1 } } as const;
    world.line(chat, VISITOR, '<b>hi</b>', asked);
    expect(world.chat(chat).feed[4]).toEqual({
      id: 4,
      at: world.now,
      type: 'line',
      text: '<b>hi</b>',
      textType: 'plain',
      by: null,
      source: 'visitor',
      subType: 'REGULAR',
    });
  });

  it('[LINE4] of an agent are as asked', () => {
    const { world, chat } = worldWithChat();
    const amy = world.as(AMY);
    world.line(chat, amy, '<b>hello</b>', { textType: 'html' });
    world.line(chat, amy, 'a card', { textType: 'rich-content', json: { type: 'text' } });
    world.line(chat, amy, 'a note', { subType: 'ONLY_TO_REP', json: { type: 'text' } });
    const [html, rich, note] = world.chat(chat).feed.slice(4);
    expect(html).toMatchObject({ text: '<b>hello</b>', textType: 'html', subType: 'REGULAR' });
    expect(rich).toMatchObject({ textType: 'rich-content', json: { type: 'text' } });
    expect(note).toMatchObject({ textType: 'plain', subType: 'ONLY_TO_REP' });
    expect(note).not.toHaveProperty('json');
  });

  it('[LINE5] are not taken by an ended chat', () => {
    const { world, chat } = worldWithChat();
    world.end(chat);
    const refusal = { rejected: 'chat-ended', chatId: chat };
    expect(world.refused<'chat.addLine'>(world.saying(chat, VISITOR, 'bye'))).toEqual(refusal);
    expect(
      world.refused<'chat.addLine'>(world.saying(chat, VISITOR, 'bye', { subType: 'ONLY_TO_REP' })),
    ).toEqual(refusal);
    expect(world.refused<'chat.addLine'>(world.saying(chat, world.as(AMY), 'bye'))).toEqual(
      refusal,
    );
    expect(world.feed(chat, 4)).toEqual(['4 state ended']);
  });

  it('[LINE6] are taken by an ended chat as notes of its last agent', () => {
    const { world, chat } = worldWithChat();
    world.open(BEN);
    world.end(chat);
    const note = { subType: 'ONLY_TO_REP' } as const;
    expect(world.line(chat, world.as(AMY), 'nice', note)).toBe(5);
    expect(world.feed(chat, 4)).toEqual(['4 state ended', '5 (Amy: nice)']);
    expect(world.refused<'chat.addLine'>(world.saying(chat, world.as(BEN), 'mine?', note))).toEqual(
      { rejected: 'unknown-chat', chatId: chat },
    );
  });

  it('[LINE7] are not taken from an agent who is not in the chat', () => {
    const { world, chat } = worldWithChat();
    world.open(BEN);
    const waiting = world.request({ skill: BILLING });
    const ringing = world.request();
    expect(world.where(ringing)).toBe(`ringing ${BEN}`);
    const never: Party = { party: 'agent', sessionId: 'never' };
    for (const [chatId, from] of [
      [chat, world.as(BEN)],
      [waiting, world.as(BEN)],
      [ringing, world.as(BEN)],
      [chat, never],
      ['no-such-chat', world.as(BEN)],
      ['no-such-chat', VISITOR],
    ] as const) {
      expect(world.refused<'chat.addLine'>(world.saying(chatId, from, 'let me in'))).toEqual({
        rejected: 'unknown-chat',
        chatId,
      });
    }
  });

  it('[LINE8] are taken from a visitor who waits', () => {
    const world = new World();
    const chat = world.request();
    world.line(chat, VISITOR, 'first');
    world.open(AMY);
    expect(world.where(chat)).toBe(`ringing ${AMY}`);
    world.line(chat, VISITOR, 'second');
    world.accept(AMY);
    expect(world.feed(chat, 2)).toEqual([
      '2 -: first',
      '3 -: second',
      '4 state chatting',
      '5 system 3',
    ]);
  });

  it("[LINE9] carry the visitor's name as it is when they are said", () => {
    const { world, chat } = worldWithChat();
    const name = (to: string) => ({ type: 'chat.setVisitorName', chatId: chat, name: to }) as const;
    world.line(chat, VISITOR, 'one');
    world.do<'chat.setVisitorName'>(name('Vera'));
    world.line(chat, VISITOR, 'two');
    const from = world.journal.length;
    world.do<'chat.setVisitorName'>(name('Vera'));
    expect(world.eventTypes(from)).toEqual([]);
    expect(world.feed(chat, 4)).toEqual(['4 -: one', '5 Vera: two']);
    world.end(chat);
    expect(world.refused<'chat.setVisitorName'>(name('Wim'))).toEqual({
      rejected: 'chat-ended',
      chatId: chat,
    });
    expect(world.chat(chat).visitorName).toBe('Vera');
    expect(
      world.refused<'chat.setVisitorName'>({ ...name('Wim'), chatId: 'no-such-chat' }),
    ).toEqual({ rejected: 'unknown-chat', chatId: 'no-such-chat' });
  });
});

describe('the end', () => {
  it('[END1] by the agent', () => {
    const { world, chat } = worldWithChat();
    expect(world.end(chat, world.as(AMY))).toBe(5);
    expect(world.feed(chat, 4)).toEqual(['4 system 5', '5 state ended']);
    expect(world.lastSystemLine(chat).text).toBe('The agent ended the chat.');
    expect(world.chat(chat).stage).toMatchObject({ name: 'ended', by: 'agent', lastUserId: AMY });
  });

  it('[END2] by the visitor', () => {
    const { world, chat } = worldWithChat();
    const waiting = world.request();
    world.open(BEN);
    const ringing = world.request({ agent: BEN });
    for (const [chatId, id] of [
      [chat, 4],
      [waiting, 2],
      [ringing, 2],
    ] as const) {
      expect(world.end(chatId, VISITOR)).toBe(id);
      expect(world.feed(chatId, id)).toEqual([`${id} state ended`]);
      expect(world.chat(chatId).stage).toMatchObject({ name: 'ended', by: 'visitor' });
    }
  });

  it('[END3] comes once', () => {
    const { world, chat } = worldWithChat();
    world.end(chat);
    for (const from of [VISITOR, world.as(AMY)]) {
      expect(world.refused<'chat.end'>({ type: 'chat.end', chatId: chat, from })).toEqual({
        rejected: 'chat-ended',
        chatId: chat,
      });
    }
  });

  it('[END4] leaves the chat readable for 30 min', () => {
    const { world, chat } = worldWithChat();
    world.pass(10);
    world.end(chat);
    world.pass(1799.999);
    expect(world.where(chat)).toBe('ended');
    expect(world.canSee(AMY, chat)).toBe(true);
    expect(durationMs(world.chat(chat), world.now)).toBe(10_000);
    world.pass(0.001);
    expect(world.where(chat)).toBe('forgotten');
    expect(world.refused<'chat.end'>({ type: 'chat.end', chatId: chat, from: VISITOR })).toEqual({
      rejected: 'unknown-chat',
      chatId: chat,
    });
  });

  it('[END5] leaves it open to the agent it ended with', () => {
    const { world, chat } = worldWithChat();
    world.open(BEN);
    world.transfer(chat, AMY, { userId: BEN });
    world.accept(BEN);
    world.end(chat);
    expect([world.canSee(AMY, chat), world.canSee(BEN, chat)]).toEqual([false, true]);
    const other = world.chatWith(AMY);
    world.transfer(other, AMY, { userId: BEN });
    world.set(BEN, 'Away');
    world.set(AMY, 'Away');
    expect(world.where(other)).toBe('waiting');
    world.end(other);
    expect([world.canSee(AMY, other), world.canSee(BEN, other)]).toEqual([false, false]);
  });

  it("[END6] leaves it open to the agent's next session", () => {
    const { world, chat } = worldWithChat();
    world.end(chat);
    world.close(AMY);
    world.open(AMY);
    expect(world.canSee(AMY, chat)).toBe(true);
    world.line(chat, world.as(AMY), 'a late note', { subType: 'ONLY_TO_REP' });
    expect(world.feed(chat, 5)).toEqual(['5 (Amy: a late note)']);
  });

  it.each([
    ['the agent', (world: World, chat: string) => world.end(chat, world.as(AMY))],
    ['the visitor', (world: World, chat: string) => world.end(chat)],
    [
      'silence',
      (world: World, chatId: string) =>
        world.do<'chat.visitorLost'>({ type: 'chat.visitorLost', chatId }),
    ],
  ])('[END7] by %s makes room at once', (_, endChat) => {
    const { world, chat } = worldWithChat();
    const next = world.request();
    endChat(world, chat);
    expect(world.where(next)).toBe(`ringing ${AMY}`);
  });
});

describe("the visitor's silence", () => {
  const silence = (world: World, chatId: string) =>
    world.do<'chat.visitorLost'>({ type: 'chat.visitorLost', chatId });

  it('[QUIET1] ends the chat wherever it is', () => {
    const { world, chat } = worldWithChat();
    const waiting = world.request();
    world.open(BEN);
    const ringing = world.request({ agent: BEN });
    for (const [chatId, id] of [
      [chat, 4],
      [waiting, 2],
      [ringing, 2],
    ] as const) {
      silence(world, chatId);
      expect(world.feed(chatId, id)).toEqual([`${id} system 6`, `${id + 1} state ended`]);
      expect(world.lastSystemLine(chatId).text).toBe('The chat was disconnected.');
      expect(world.chat(chatId).stage).toMatchObject({ name: 'ended', by: 'system' });
    }
    expect(world.canSee(AMY, chat)).toBe(true);
  });

  it('[QUIET2] is as long as was said with the request', () => {
    const world = new World();
    const asked = world.request({ timeout: 600 });
    const usual = world.request();
    world.changeSettings({ visitorTimeoutSeconds: 90 });
    const later = world.request();
    expect([asked, usual, later].map((chat) => world.chat(chat).timeout)).toEqual([600, 40, 90]);
  });

  it('[QUIET3] means nothing once the chat has ended', () => {
    const { world, chat } = worldWithChat();
    world.end(chat);
    const from = world.journal.length;
    silence(world, chat);
    silence(world, 'no-such-chat');
    expect(world.eventTypes(from)).toEqual([]);
  });
});

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
      { ...hidden, id: 2, text: 'topic: shoes', subType: 'ONLY_TO_REP' },
      { ...hidden, id: 3, text: 'size: 44', subType: 'ONLY_TO_REP' },
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
