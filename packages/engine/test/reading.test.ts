/** Reading positions. */
import { fromSnapshot, readPosition, type StateSnapshot, takeSnapshot } from '@parley/engine';
import { describe, expect, it } from 'vitest';
import { AMY, BEN, SALES } from './account.js';
import { VISITOR, Fixture } from './fixture.js';

/** A chat with Amy: 0 waiting, 1 thanks, 2 chatting, 3 "now chatting with". */
function chatting() {
  const fixture = new Fixture();
  fixture.open(AMY);
  const chatId = fixture.chatWith(AMY);
  const read = (from: Parameters<Fixture['line']>[1], id: number) =>
    fixture.do<'chat.read'>({ type: 'chat.read', chatId, from, read: id }).read;
  const shown = (reader: 'agent' | 'visitor') => {
    const chat = fixture.chat(chatId);
    return [readPosition(chat, 'agent', reader), readPosition(chat, 'visitor', reader)];
  };
  return { fixture, chatId, read, shown };
}

describe('reading positions', () => {
  it('[SEEN1] nothing is shown before somebody says what they read', () => {
    const { shown } = chatting();
    expect([shown('agent'), shown('visitor')]).toEqual([
      [null, null],
      [null, null],
    ]);
  });

  it('[SEEN1] each side’s is shown to both', () => {
    const { fixture, read, shown } = chatting();
    expect(read(VISITOR, 2)).toBe(2);
    expect(read(fixture.as(AMY), 3)).toBe(3);
    expect([shown('agent'), shown('visitor')]).toEqual([
      [3, 2],
      [3, 2],
    ]);
  });

  it('[SEEN2] they only go forward, and never beyond what there is', () => {
    const { fixture, chatId, read } = chatting();
    expect(read(VISITOR, 3)).toBe(3);
    const { length } = fixture.journal;
    expect([read(VISITOR, 1), read(VISITOR, 3), read(VISITOR, 99)]).toEqual([3, 3, 3]);
    expect(fixture.journal.length).toBe(length);
    fixture.line(chatId, VISITOR, 'hello');
    expect(read(VISITOR, 99)).toBe(4);
  });

  it('[SEEN3] a whisper that the agent read shows nowhere to the visitor', () => {
    const { fixture, chatId, read, shown } = chatting();
    fixture.line(chatId, fixture.as(AMY), 'a note', { subType: 'ONLY_TO_REP' });
    const before = read(fixture.as(AMY), 3);
    const toVisitor = shown('visitor');
    expect([before, read(fixture.as(AMY), 4)]).toEqual([3, 4]);
    expect(shown('agent')).toEqual([4, null]);
    expect(shown('visitor')).toEqual(toVisitor);
  });

  it('[SEEN3] a visitor who names a hidden event has read what is before it', () => {
    const { fixture, chatId, read } = chatting();
    fixture.line(chatId, fixture.as(AMY), 'a note', { subType: 'ONLY_TO_REP' });
    fixture.line(chatId, fixture.as(AMY), 'hello');
    expect([read(VISITOR, 4), read(VISITOR, 5)]).toEqual([3, 5]);
  });

  it('[SEEN4] only the agent who has the chat reads it', () => {
    const { fixture, chatId, shown, read } = chatting();
    fixture.open(BEN);
    const from = fixture.as(BEN);
    expect(fixture.refused<'chat.read'>({ type: 'chat.read', chatId, from, read: 3 })).toEqual({
      rejected: 'unknown-chat',
      chatId,
    });
    read(fixture.as(AMY), 2);
    fixture.transfer(chatId, AMY, { skillId: SALES });
    fixture.accept(BEN);
    expect(shown('agent')).toEqual([2, null]);
    expect(read(fixture.as(BEN), 1)).toBe(2);
    expect(read(fixture.as(BEN), 5)).toBe(5);
  });

  it('[SEEN5] they can still be given in an ended chat, and outlive restarts', () => {
    const { fixture, chatId, read, shown } = chatting();
    read(fixture.as(AMY), 3);
    fixture.end(chatId);
    expect(read(VISITOR, 4)).toBe(4);
    fixture.restart();
    expect(shown('agent')).toEqual([3, 4]);
  });

  it('[SEEN5] snapshots of before there were any are read', () => {
    const { fixture, chatId, shown } = chatting();
    const old = JSON.parse(JSON.stringify(takeSnapshot(fixture.state))) as {
      chats: Record<string, unknown>[];
    };
    for (const chat of old.chats) delete chat['read'];
    fixture.state = fromSnapshot(old as unknown as StateSnapshot);
    expect(shown('agent')).toEqual([null, null]);
    expect(fixture.chat(chatId).read).toBeNull();
  });

  it('[SEEN6] reading is no change of the chat: lastUpdate and the feed stay', () => {
    const { fixture, chatId, read } = chatting();
    const { lastUpdate, feed } = fixture.chat(chatId);
    const entries = feed.length;
    fixture.pass(5);
    read(VISITOR, 3);
    expect(fixture.chat(chatId).lastUpdate).toBe(lastUpdate);
    expect(fixture.chat(chatId).feed.length).toBe(entries);
  });
});
