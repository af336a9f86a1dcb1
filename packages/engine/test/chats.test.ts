import { describe, expect, it } from 'vitest';
import { durationMs, type Party, serviceOf } from '@parley/engine';
import { AMY, BEN, BILLING } from './account.js';
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
      { ...common, id: 4, text: 'hello', by: 'Amy', source: 'agent', author: AMY },
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
    expect(serviceOf(world.chat(chat))).toMatchObject({
      name: 'ended',
      by: 'agent',
      lastUserId: AMY,
    });
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
      expect(serviceOf(world.chat(chatId))).toMatchObject({ name: 'ended', by: 'visitor' });
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
      expect(serviceOf(world.chat(chatId))).toMatchObject({ name: 'ended', by: 'system' });
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
