import { describe, expect, it } from 'vitest';
import { agent, AMY, BEN, BILLING, CAT, SALES } from './account.js';
import { World } from './world.js';

const BOSS = 9;

/** Takes a skill away, and from whoever holds it, as its deletion does. */
function deleteSkill(world: World, skillId: number): void {
  const users = new Map(
    [...world.config.users].map(([id, user]) => [
      id,
      { ...user, skillIds: user.skillIds.filter((held) => held !== skillId) },
    ]),
  );
  const skills = new Map(world.config.skills);
  skills.delete(skillId);
  world.config = { ...world.config, users, skills };
  world.do<'config.changed'>({ type: 'config.changed' });
}

const move = (world: World, chatId: string, to: { skillId: number } | { userId: number }) =>
  world.do<'chat.assign'>({ type: 'chat.assign', chatId, byUserId: BOSS, to });
const refusedMove = (world: World, chatId: string, to: { skillId: number } | { userId: number }) =>
  world.refused<'chat.assign'>({ type: 'chat.assign', chatId, byUserId: BOSS, to });

describe('what a chat waits for is gone', () => {
  it('[STRAND1] chats of a deleted skill go to whoever is there, in their order', () => {
    const world = new World({ users: [agent(AMY, { skillIds: [BILLING] }), agent(BEN)] });
    const chats = [world.request(), world.request()];
    world.open(AMY);
    expect(world.places(...chats)).toEqual(['waiting', 'waiting']);
    deleteSkill(world, SALES);
    expect(world.places(...chats)).toEqual([`ringing ${AMY}`, 'waiting']);
    expect(world.chat(chats[1] ?? '').skillId).toBe(null);
    world.accept(AMY);
    world.end(chats[0] ?? '');
    expect(world.where(chats[1] ?? '')).toBe(`ringing ${AMY}`);
  });

  it('[STRAND1] a chat of a deleted skill that loses its agent later is freed then', () => {
    const world = new World({ users: [agent(AMY), agent(BEN, { skillIds: [BILLING] })] });
    world.open(AMY);
    const chat = world.chatWith(AMY);
    deleteSkill(world, SALES);
    world.open(BEN);
    expect(world.where(chat)).toBe(`chatting ${AMY}`);
    world.close(AMY);
    expect(world.where(chat)).toBe(`ringing ${BEN}`);
    const ringing = new World({ users: [agent(AMY), agent(BEN, { skillIds: [BILLING] })] });
    ringing.open(AMY);
    const rung = ringing.request();
    deleteSkill(ringing, SALES);
    expect(ringing.where(rung)).toMatch(/waiting|ringing/);
    ringing.set(AMY, 'Away');
    ringing.open(BEN);
    expect(ringing.where(rung)).toBe(`ringing ${BEN}`);
  });

  it.each([
    ['disabled', { enabled: false }],
    ['no agent any more', { roles: ['manager' as const] }],
    ['without a place for chats', { maxChats: 0 }],
  ])('[STRAND2] chats for a named agent who is %s go to others of the skill', (_, facts) => {
    const world = new World();
    world.open(BEN);
    const chat = world.request({ agent: AMY });
    expect(world.where(chat)).toBe('waiting');
    world.reconfigure(AMY, facts);
    expect(world.where(chat)).toBe(`ringing ${BEN}`);
  });

  it('[STRAND2] a chat for an agent who is only away waits on', () => {
    const world = new World();
    world.open(BEN);
    const chat = world.request({ agent: AMY });
    world.open(AMY);
    world.set(AMY, 'Away');
    world.close(AMY);
    expect(world.where(chat)).toBe('waiting');
  });

  it('[STRAND2] a chat that rings at an agent who is disabled goes on', () => {
    const world = new World();
    world.open(AMY, BEN);
    const chat = world.request({ agent: AMY });
    expect(world.where(chat)).toBe(`ringing ${AMY}`);
    world.reconfigure(AMY, { enabled: false });
    expect(world.where(chat)).toBe(`ringing ${BEN}`);
  });
});

describe('chats moved by somebody else', () => {
  it('[SUPER1] a waiting chat goes to another skill, and keeps its place in time', () => {
    const world = new World({
      users: [agent(AMY, { skillIds: [BILLING] }), agent(BEN, { skillIds: [BILLING] })],
    });
    const stuck = world.request();
    world.pass(30);
    const later = world.request({ skill: BILLING });
    move(world, stuck, { skillId: BILLING });
    expect(world.chat(stuck).skillId).toBe(BILLING);
    world.open(AMY);
    expect(world.places(stuck, later)).toEqual([`ringing ${AMY}`, 'waiting']);
    expect(world.visitorFeed(stuck).at(-1)).toBe('2 system 15');
  });

  it('[SUPER1] a chat goes to an agent, whatever their skills, and back to its skill unanswered', () => {
    const world = new World({ users: [agent(AMY), agent(BEN, { skillIds: [BILLING] })] });
    const stuck = world.request();
    world.open(BEN);
    move(world, stuck, { userId: BEN });
    expect(world.where(stuck)).toBe(`ringing ${BEN}`);
    // What somebody chose stays, however the agent's skills are changed.
    world.reconfigure(BEN, { skillIds: [] });
    expect(world.where(stuck)).toBe(`ringing ${BEN}`);
    world.pass(21);
    expect(world.where(stuck)).toBe('waiting');
    world.open(AMY);
    expect(world.where(stuck)).toBe(`ringing ${AMY}`);
  });

  it('[SUPER1] a ringing chat stops ringing where it did', () => {
    const world = new World();
    world.open(AMY, BEN);
    const chat = world.request();
    expect(world.where(chat)).toBe(`ringing ${AMY}`);
    move(world, chat, { userId: BEN });
    expect(world.where(chat)).toBe(`ringing ${BEN}`);
    expect(world.session(AMY).ringing).toEqual([]);
    expect(world.session(AMY).availability).toBe('Online');
  });

  it('[SUPER1] a chat with an agent is transferred: they have it no longer', () => {
    const world = new World({
      users: [agent(AMY), agent(BEN), agent(CAT, { skillIds: [BILLING] })],
    });
    world.open(AMY, BEN, CAT);
    const chat = world.chatWith(AMY);
    move(world, chat, { skillId: BILLING });
    expect(world.canSee(AMY, chat)).toBe(false);
    expect(world.where(chat)).toBe(`ringing ${CAT}`);
    expect(
      world.journal.findLast(({ event }) => event.type === 'chat.transferred')?.event,
    ).toMatchObject({ fromUserId: AMY, byUserId: BOSS });
  });

  it('[SUPER2] what cannot take it is said: unknown, absent, full, its own agent, nobody', () => {
    const world = new World({ users: [agent(AMY), agent(BEN), agent(CAT, { enabled: false })] });
    world.open(AMY);
    const chat = world.chatWith(AMY);
    const because = (to: { skillId: number } | { userId: number }) =>
      Reflect.get(refusedMove(world, chat, to), 'because');
    expect(because({ skillId: 99 })).toBe('unknown');
    expect(because({ skillId: SALES })).toBe('nobody');
    expect(because({ userId: CAT })).toBe('unknown');
    expect(because({ userId: BEN })).toBe('absent');
    expect(because({ userId: AMY })).toBe('giver');
    world.open(BEN);
    world.chatWith(BEN);
    world.request();
    move(world, world.request(), { userId: BEN });
    expect(because({ userId: BEN })).toBe('full');
    expect(refusedMove(world, 'none', { userId: BEN })).toMatchObject({ rejected: 'unknown-chat' });
    world.end(chat);
    expect(refusedMove(world, chat, { userId: BEN })).toMatchObject({ rejected: 'chat-ended' });
  });

  it('[SUPER3] any chat can be ended, waiting, ringing or with an agent', () => {
    const world = new World();
    const close = (chatId: string) =>
      world.do<'chat.close'>({ type: 'chat.close', chatId, byUserId: BOSS });
    const waiting = world.request();
    expect(close(waiting)).toEqual({ eventId: 3 });
    expect(world.visitorFeed(waiting).slice(-2)).toEqual(['2 system 5', '3 state ended']);
    world.open(AMY);
    const ringing = world.request();
    close(ringing);
    expect(world.session(AMY).ringing).toEqual([]);
    const talking = world.chatWith(AMY);
    close(talking);
    expect(world.session(AMY).chatting).toEqual([]);
    expect(world.places(waiting, ringing, talking)).toEqual(['ended', 'ended', 'ended']);
    const again = world.refused<'chat.close'>({
      type: 'chat.close',
      chatId: talking,
      byUserId: BOSS,
    });
    expect(again).toMatchObject({ rejected: 'chat-ended' });
  });
});
