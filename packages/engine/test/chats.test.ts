import { describe, expect, it } from 'vitest';
import { durationMs, type Party, serviceOf } from '@parley/engine';
import { AMY, agent, BEN, BILLING, CAT } from './account.js';
import { START, VISITOR, Fixture } from './fixture.js';

function fixtureWithChat(): { fixture: Fixture; chat: string } {
  const fixture = new Fixture();
  fixture.open(AMY);
  return { fixture, chat: fixture.chatWith(AMY) };
}

describe('lines', () => {
  it('[LINE1] are answered with their event id', () => {
    const { fixture, chat } = fixtureWithChat();
    expect(fixture.line(chat, fixture.as(AMY), 'hello')).toBe(4);
    expect(fixture.line(chat, VISITOR, 'hi')).toBe(5);
    expect(fixture.feed(chat, 4)).toEqual(['4 Amy: hello', '5 -: hi']);
  });

  it('[LINE2] carry who speaks', () => {
    const { fixture, chat } = fixtureWithChat();
    fixture.pass(3);
    fixture.line(chat, fixture.as(AMY), 'hello');
    fixture.line(chat, VISITOR, 'hi');
    const common = { at: START + 3000, type: 'line', textType: 'plain', subType: 'REGULAR' };
    expect(fixture.chat(chat).feed.slice(4)).toEqual([
      { ...common, id: 4, text: 'hello', by: 'Amy', source: 'agent', author: AMY },
      { ...common, id: 5, text: 'hi', by: null, source: 'visitor' },
    ]);
    const named = fixture.request({ visitor: { name: 'Vera' } });
    fixture.line(named, VISITOR, 'anyone?');
    expect(fixture.feed(named, 2)).toEqual(['2 Vera: anyone?']);
  });

  it('[LINE3] of a visitor are plain and for everybody', () => {
    const { fixture, chat } = fixtureWithChat();
    const asked = { textType: 'rich-content', subType: 'ONLY_TO_REP', json: { a: 1 } } as const;
    fixture.line(chat, VISITOR, '<b>hi</b>', asked);
    expect(fixture.chat(chat).feed[4]).toEqual({
      id: 4,
      at: fixture.now,
      type: 'line',
      text: '<b>hi</b>',
      textType: 'plain',
      by: null,
      source: 'visitor',
      subType: 'REGULAR',
    });
  });

  it('[LINE4] of an agent are as asked', () => {
    const { fixture, chat } = fixtureWithChat();
    const amy = fixture.as(AMY);
    fixture.line(chat, amy, '<b>hello</b>', { textType: 'html' });
    fixture.line(chat, amy, 'a card', { textType: 'rich-content', json: { type: 'text' } });
    fixture.line(chat, amy, 'a note', { subType: 'ONLY_TO_REP', json: { type: 'text' } });
    const [html, rich, note] = fixture.chat(chat).feed.slice(4);
    expect(html).toMatchObject({ text: '<b>hello</b>', textType: 'html', subType: 'REGULAR' });
    expect(rich).toMatchObject({ textType: 'rich-content', json: { type: 'text' } });
    expect(note).toMatchObject({ textType: 'plain', subType: 'ONLY_TO_REP' });
    expect(note).not.toHaveProperty('json');
  });

  it('[LINE5] are not taken by an ended chat', () => {
    const { fixture, chat } = fixtureWithChat();
    fixture.end(chat);
    const refusal = { rejected: 'chat-ended', chatId: chat };
    expect(fixture.refused<'chat.addLine'>(fixture.saying(chat, VISITOR, 'bye'))).toEqual(refusal);
    expect(
      fixture.refused<'chat.addLine'>(
        fixture.saying(chat, VISITOR, 'bye', { subType: 'ONLY_TO_REP' }),
      ),
    ).toEqual(refusal);
    expect(fixture.refused<'chat.addLine'>(fixture.saying(chat, fixture.as(AMY), 'bye'))).toEqual(
      refusal,
    );
    expect(fixture.feed(chat, 4)).toEqual(['4 state ended']);
  });

  it('[LINE6] are taken by an ended chat as notes of its last agent', () => {
    const { fixture, chat } = fixtureWithChat();
    fixture.open(BEN);
    fixture.end(chat);
    const note = { subType: 'ONLY_TO_REP' } as const;
    expect(fixture.line(chat, fixture.as(AMY), 'nice', note)).toBe(5);
    expect(fixture.feed(chat, 4)).toEqual(['4 state ended', '5 (Amy: nice)']);
    expect(
      fixture.refused<'chat.addLine'>(fixture.saying(chat, fixture.as(BEN), 'mine?', note)),
    ).toEqual({ rejected: 'unknown-chat', chatId: chat });
  });

  it('[LINE7] are not taken from an agent who is not in the chat', () => {
    const { fixture, chat } = fixtureWithChat();
    fixture.open(BEN);
    const waiting = fixture.request({ skill: BILLING });
    const ringing = fixture.request();
    expect(fixture.where(ringing)).toBe(`ringing ${BEN}`);
    const never: Party = { party: 'agent', sessionId: 'never' };
    for (const [chatId, from] of [
      [chat, fixture.as(BEN)],
      [waiting, fixture.as(BEN)],
      [ringing, fixture.as(BEN)],
      [chat, never],
      ['no-such-chat', fixture.as(BEN)],
      ['no-such-chat', VISITOR],
    ] as const) {
      expect(fixture.refused<'chat.addLine'>(fixture.saying(chatId, from, 'let me in'))).toEqual({
        rejected: 'unknown-chat',
        chatId,
      });
    }
  });

  it('[LINE8] are taken from a visitor who waits', () => {
    const fixture = new Fixture();
    const chat = fixture.request();
    fixture.line(chat, VISITOR, 'first');
    fixture.open(AMY);
    expect(fixture.where(chat)).toBe(`ringing ${AMY}`);
    fixture.line(chat, VISITOR, 'second');
    fixture.accept(AMY);
    expect(fixture.feed(chat, 2)).toEqual([
      '2 -: first',
      '3 -: second',
      '4 state chatting',
      '5 system 3',
    ]);
  });

  it("[LINE9] carry the visitor's name as it is when they are said", () => {
    const { fixture, chat } = fixtureWithChat();
    const name = (to: string) => ({ type: 'chat.setVisitorName', chatId: chat, name: to }) as const;
    fixture.line(chat, VISITOR, 'one');
    fixture.do<'chat.setVisitorName'>(name('Vera'));
    fixture.line(chat, VISITOR, 'two');
    const from = fixture.journal.length;
    fixture.do<'chat.setVisitorName'>(name('Vera'));
    expect(fixture.eventTypes(from)).toEqual([]);
    expect(fixture.feed(chat, 4)).toEqual(['4 -: one', '5 Vera: two']);
    fixture.end(chat);
    expect(fixture.refused<'chat.setVisitorName'>(name('Wim'))).toEqual({
      rejected: 'chat-ended',
      chatId: chat,
    });
    expect(fixture.chat(chat).visitorName).toBe('Vera');
    expect(
      fixture.refused<'chat.setVisitorName'>({ ...name('Wim'), chatId: 'no-such-chat' }),
    ).toEqual({ rejected: 'unknown-chat', chatId: 'no-such-chat' });
  });
});

describe('the end', () => {
  it('[END1] by the agent', () => {
    const { fixture, chat } = fixtureWithChat();
    expect(fixture.end(chat, fixture.as(AMY))).toBe(5);
    expect(fixture.feed(chat, 4)).toEqual(['4 system 5', '5 state ended']);
    expect(fixture.lastSystemLine(chat).text).toBe('The agent ended the chat.');
    expect(serviceOf(fixture.chat(chat))).toMatchObject({
      name: 'ended',
      by: 'agent',
      lastUserId: AMY,
    });
  });

  it('[END2] by the visitor', () => {
    const { fixture, chat } = fixtureWithChat();
    const waiting = fixture.request();
    fixture.open(BEN);
    const ringing = fixture.request({ agent: BEN });
    for (const [chatId, id] of [
      [chat, 4],
      [waiting, 2],
      [ringing, 2],
    ] as const) {
      expect(fixture.end(chatId, VISITOR)).toBe(id);
      expect(fixture.feed(chatId, id)).toEqual([`${id} state ended`]);
      expect(serviceOf(fixture.chat(chatId))).toMatchObject({ name: 'ended', by: 'visitor' });
    }
  });

  it('[END3] comes once', () => {
    const { fixture, chat } = fixtureWithChat();
    fixture.end(chat);
    for (const from of [VISITOR, fixture.as(AMY)]) {
      expect(fixture.refused<'chat.end'>({ type: 'chat.end', chatId: chat, from })).toEqual({
        rejected: 'chat-ended',
        chatId: chat,
      });
    }
  });

  it('[END4] leaves the chat readable for 30 min', () => {
    const { fixture, chat } = fixtureWithChat();
    fixture.pass(10);
    fixture.end(chat);
    fixture.pass(1799.999);
    expect(fixture.where(chat)).toBe('ended');
    expect(fixture.canSee(AMY, chat)).toBe(true);
    expect(durationMs(fixture.chat(chat), fixture.now)).toBe(10_000);
    fixture.pass(0.001);
    expect(fixture.where(chat)).toBe('forgotten');
    expect(fixture.refused<'chat.end'>({ type: 'chat.end', chatId: chat, from: VISITOR })).toEqual({
      rejected: 'unknown-chat',
      chatId: chat,
    });
  });

  it('[END5] leaves it open to the agent it ended with, and to those beside', () => {
    const fixture = new Fixture({ users: [AMY, BEN, CAT].map((id) => agent(id)) });
    const seenBy = (id: string) => [AMY, BEN, CAT].map((userId) => fixture.canSee(userId, id));
    fixture.open(AMY);
    const chat = fixture.chatWith(AMY);
    fixture.open(BEN, CAT);
    fixture.joined(chat, AMY, CAT, 'listener');
    fixture.transfer(chat, AMY, { userId: BEN });
    fixture.accept(BEN);
    fixture.end(chat);
    expect(seenBy(chat)).toEqual([false, true, true]);
    const other = fixture.chatWith(AMY);
    fixture.joined(other, AMY, CAT, 'listener');
    fixture.transfer(other, AMY, { userId: BEN });
    for (const userId of [BEN, AMY, CAT]) fixture.set(userId, 'Away');
    expect(fixture.where(other)).toBe('waiting');
    fixture.end(other);
    expect(seenBy(other)).toEqual([false, false, true]);
  });

  it("[END6] leaves it open to the agent's next session", () => {
    const { fixture, chat } = fixtureWithChat();
    fixture.end(chat);
    fixture.close(AMY);
    fixture.open(AMY);
    expect(fixture.canSee(AMY, chat)).toBe(true);
    fixture.line(chat, fixture.as(AMY), 'a late note', { subType: 'ONLY_TO_REP' });
    expect(fixture.feed(chat, 5)).toEqual(['5 (Amy: a late note)']);
  });

  it.each([
    ['the agent', (fixture: Fixture, chat: string) => fixture.end(chat, fixture.as(AMY))],
    ['the visitor', (fixture: Fixture, chat: string) => fixture.end(chat)],
    [
      'silence',
      (fixture: Fixture, chatId: string) =>
        fixture.do<'chat.visitorLost'>({ type: 'chat.visitorLost', chatId }),
    ],
  ])('[END7] by %s makes room at once', (_, endChat) => {
    const { fixture, chat } = fixtureWithChat();
    const next = fixture.request();
    endChat(fixture, chat);
    expect(fixture.where(next)).toBe(`ringing ${AMY}`);
  });
});

describe("the visitor's silence", () => {
  const silence = (fixture: Fixture, chatId: string) =>
    fixture.do<'chat.visitorLost'>({ type: 'chat.visitorLost', chatId });

  it('[QUIET1] ends the chat wherever it is', () => {
    const { fixture, chat } = fixtureWithChat();
    const waiting = fixture.request();
    fixture.open(BEN);
    const ringing = fixture.request({ agent: BEN });
    for (const [chatId, id] of [
      [chat, 4],
      [waiting, 2],
      [ringing, 2],
    ] as const) {
      silence(fixture, chatId);
      expect(fixture.feed(chatId, id)).toEqual([`${id} system 6`, `${id + 1} state ended`]);
      expect(fixture.lastSystemLine(chatId).text).toBe('The chat was disconnected.');
      expect(serviceOf(fixture.chat(chatId))).toMatchObject({ name: 'ended', by: 'system' });
    }
    expect(fixture.canSee(AMY, chat)).toBe(true);
  });

  it('[QUIET2] is as long as was said with the request', () => {
    const fixture = new Fixture();
    const asked = fixture.request({ timeout: 600 });
    const usual = fixture.request();
    fixture.changeSettings({ visitorTimeoutSeconds: 90 });
    const later = fixture.request();
    expect([asked, usual, later].map((chat) => fixture.chat(chat).timeout)).toEqual([600, 40, 90]);
  });

  it('[QUIET3] means nothing once the chat has ended', () => {
    const { fixture, chat } = fixtureWithChat();
    fixture.end(chat);
    const from = fixture.journal.length;
    silence(fixture, chat);
    silence(fixture, 'no-such-chat');
    expect(fixture.eventTypes(from)).toEqual([]);
  });
});
