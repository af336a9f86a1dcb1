/** Reading positions. */
import { fromSnapshot, readPosition, type StateSnapshot, takeSnapshot } from '@parley/engine';
import { describe, expect, it } from 'vitest';
import { AMY, BEN, SALES } from './account.js';
import { VISITOR, World } from './world.js';

/** A chat with Amy: 0 waiting, 1 thanks, 2 chatting, 3 "now chatting with". */
function chatting() {
  const world = new World();
  world.open(AMY);
  const chatId = world.chatWith(AMY);
  const read = (from: Parameters<World['line']>[1], id: number) =>
    world.do<'chat.read'>({ type: 'chat.read', chatId, from, read: id }).read;
  const told = (reader: 'agent' | 'visitor') => {
    const chat = world.chat(chatId);
    return [readPosition(chat, 'agent', reader), readPosition(chat, 'visitor', reader)];
  };
  return { world, chatId, read, told };
}

describe('reading positions', () => {
  it('[SEEN1] nothing is told before somebody says what they read', () => {
    const { told } = chatting();
    expect([told('agent'), told('visitor')]).toEqual([
      [null, null],
      [null, null],
    ]);
  });

  it('[SEEN1] each side’s is told to both', () => {
    const { world, read, told } = chatting();
    expect(read(VISITOR, 2)).toBe(2);
    expect(read(world.as(AMY), 3)).toBe(3);
    expect([told('agent'), told('visitor')]).toEqual([
      [3, 2],
      [3, 2],
    ]);
  });

  it('[SEEN2] they only go forward, and never beyond what there is', () => {
    const { world, chatId, read } = chatting();
    expect(read(VISITOR, 3)).toBe(3);
    const { length } = world.journal;
    expect([read(VISITOR, 1), read(VISITOR, 3), read(VISITOR, 99)]).toEqual([3, 3, 3]);
    expect(world.journal.length).toBe(length);
    world.line(chatId, VISITOR, 'hello');
    expect(read(VISITOR, 99)).toBe(4);
  });

  it('[SEEN3] a whisper that the agent read shows nowhere to the visitor', () => {
    const { world, chatId, read, told } = chatting();
    world.line(chatId, world.as(AMY), 'a note', { subType: 'ONLY_TO_REP' });
    const before = read(world.as(AMY), 3);
    const toVisitor = told('visitor');
    expect([before, read(world.as(AMY), 4)]).toEqual([3, 4]);
    expect(told('agent')).toEqual([4, null]);
    expect(told('visitor')).toEqual(toVisitor);
  });

  it('[SEEN3] a visitor who names a hidden event has read what is before it', () => {
    const { world, chatId, read } = chatting();
    world.line(chatId, world.as(AMY), 'a note', { subType: 'ONLY_TO_REP' });
    world.line(chatId, world.as(AMY), 'hello');
    expect([read(VISITOR, 4), read(VISITOR, 5)]).toEqual([3, 5]);
  });

  it('[SEEN4] only the agent who has the chat reads it', () => {
    const { world, chatId, told, read } = chatting();
    world.open(BEN);
    const from = world.as(BEN);
    expect(world.refused<'chat.read'>({ type: 'chat.read', chatId, from, read: 3 })).toEqual({
      rejected: 'unknown-chat',
      chatId,
    });
    read(world.as(AMY), 2);
    world.transfer(chatId, AMY, { skillId: SALES });
    world.accept(BEN);
    expect(told('agent')).toEqual([2, null]);
    expect(read(world.as(BEN), 1)).toBe(2);
    expect(read(world.as(BEN), 5)).toBe(5);
  });

  it('[SEEN5] they can still be given in an ended chat, and outlive restarts', () => {
    const { world, chatId, read, told } = chatting();
    read(world.as(AMY), 3);
    world.end(chatId);
    expect(read(VISITOR, 4)).toBe(4);
    world.restart();
    expect(told('agent')).toEqual([3, 4]);
  });

  it('[SEEN5] snapshots of before there were any are read', () => {
    const { world, chatId, told } = chatting();
    const old = JSON.parse(JSON.stringify(takeSnapshot(world.state))) as {
      chats: Record<string, unknown>[];
    };
    for (const chat of old.chats) delete chat['read'];
    world.state = fromSnapshot(old as unknown as StateSnapshot);
    expect(told('agent')).toEqual([null, null]);
    expect(world.chat(chatId).read).toBeNull();
  });

  it('[SEEN6] reading is no change of the chat: lastUpdate and the feed stay', () => {
    const { world, chatId, read } = chatting();
    const { lastUpdate, feed } = world.chat(chatId);
    const entries = feed.length;
    world.pass(5);
    read(VISITOR, 3);
    expect(world.chat(chatId).lastUpdate).toBe(lastUpdate);
    expect(world.chat(chatId).feed.length).toBe(entries);
  });
});
