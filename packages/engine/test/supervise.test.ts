import { describe, expect, it } from 'vitest';
import { agent, AMY, BEN, BILLING, CAT, SALES } from './account.js';
import { Fixture } from './fixture.js';

const BOSS = 9;

/** Takes a skill away, and from whoever holds it, as its deletion does. */
function deleteSkill(fixture: Fixture, skillId: number): void {
  const users = new Map(
    [...fixture.config.users].map(([id, user]) => [
      id,
      { ...user, skillIds: user.skillIds.filter((held) => held !== skillId) },
    ]),
  );
  const skills = new Map(fixture.config.skills);
  skills.delete(skillId);
  fixture.config = { ...fixture.config, users, skills };
  fixture.do<'config.changed'>({ type: 'config.changed' });
}

const move = (fixture: Fixture, chatId: string, to: { skillId: number } | { userId: number }) =>
  fixture.do<'chat.assign'>({ type: 'chat.assign', chatId, byUserId: BOSS, to });
const refusedMove = (
  fixture: Fixture,
  chatId: string,
  to: { skillId: number } | { userId: number },
) => fixture.refused<'chat.assign'>({ type: 'chat.assign', chatId, byUserId: BOSS, to });

describe('what a chat waits for is gone', () => {
  it('[STRAND1] chats of a deleted skill go to whoever is there, in their order', () => {
    const fixture = new Fixture({ users: [agent(AMY, { skillIds: [BILLING] }), agent(BEN)] });
    const chats = [fixture.request(), fixture.request()];
    fixture.open(AMY);
    expect(fixture.places(...chats)).toEqual(['waiting', 'waiting']);
    deleteSkill(fixture, SALES);
    expect(fixture.places(...chats)).toEqual([`ringing ${AMY}`, 'waiting']);
    expect(fixture.chat(chats[1] ?? '').skillId).toBe(null);
    fixture.accept(AMY);
    fixture.end(chats[0] ?? '');
    expect(fixture.where(chats[1] ?? '')).toBe(`ringing ${AMY}`);
  });

  it('[STRAND1] a chat of a deleted skill that loses its agent later is freed then', () => {
    const fixture = new Fixture({ users: [agent(AMY), agent(BEN, { skillIds: [BILLING] })] });
    fixture.open(AMY);
    const chat = fixture.chatWith(AMY);
    deleteSkill(fixture, SALES);
    fixture.open(BEN);
    expect(fixture.where(chat)).toBe(`chatting ${AMY}`);
    fixture.close(AMY);
    expect(fixture.where(chat)).toBe(`ringing ${BEN}`);
    const ringing = new Fixture({ users: [agent(AMY), agent(BEN, { skillIds: [BILLING] })] });
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
    const fixture = new Fixture();
    fixture.open(BEN);
    const chat = fixture.request({ agent: AMY });
    expect(fixture.where(chat)).toBe('waiting');
    fixture.reconfigure(AMY, facts);
    expect(fixture.where(chat)).toBe(`ringing ${BEN}`);
  });

  it('[STRAND2] a chat for an agent who is only away waits on', () => {
    const fixture = new Fixture();
    fixture.open(BEN);
    const chat = fixture.request({ agent: AMY });
    fixture.open(AMY);
    fixture.set(AMY, 'Away');
    fixture.close(AMY);
    expect(fixture.where(chat)).toBe('waiting');
  });

  it('[STRAND2] a chat that rings at an agent who is disabled goes on', () => {
    const fixture = new Fixture();
    fixture.open(AMY, BEN);
    const chat = fixture.request({ agent: AMY });
    expect(fixture.where(chat)).toBe(`ringing ${AMY}`);
    fixture.reconfigure(AMY, { enabled: false });
    expect(fixture.where(chat)).toBe(`ringing ${BEN}`);
  });
});

describe('chats moved by somebody else', () => {
  it('[SUPER1] a waiting chat goes to another skill, and keeps its place in time', () => {
    const fixture = new Fixture({
      users: [agent(AMY, { skillIds: [BILLING] }), agent(BEN, { skillIds: [BILLING] })],
    });
    const stuck = fixture.request();
    fixture.pass(30);
    const later = fixture.request({ skill: BILLING });
    move(fixture, stuck, { skillId: BILLING });
    expect(fixture.chat(stuck).skillId).toBe(BILLING);
    fixture.open(AMY);
    expect(fixture.places(stuck, later)).toEqual([`ringing ${AMY}`, 'waiting']);
    expect(fixture.visitorFeed(stuck).at(-1)).toBe('2 system 15');
  });

  it('[SUPER1] a chat goes to an agent, whatever their skills, and back to its skill unanswered', () => {
    const fixture = new Fixture({ users: [agent(AMY), agent(BEN, { skillIds: [BILLING] })] });
    const stuck = fixture.request();
    fixture.open(BEN);
    move(fixture, stuck, { userId: BEN });
    expect(fixture.where(stuck)).toBe(`ringing ${BEN}`);
    // What somebody chose stays, however the agent's skills are changed.
    fixture.reconfigure(BEN, { skillIds: [] });
    expect(fixture.where(stuck)).toBe(`ringing ${BEN}`);
    fixture.pass(21);
    expect(fixture.where(stuck)).toBe('waiting');
    fixture.open(AMY);
    expect(fixture.where(stuck)).toBe(`ringing ${AMY}`);
  });

  it('[SUPER1] a ringing chat stops ringing where it did', () => {
    const fixture = new Fixture();
    fixture.open(AMY, BEN);
    const chat = fixture.request();
    expect(fixture.where(chat)).toBe(`ringing ${AMY}`);
    move(fixture, chat, { userId: BEN });
    expect(fixture.where(chat)).toBe(`ringing ${BEN}`);
    expect(fixture.session(AMY).ringing).toEqual([]);
    expect(fixture.session(AMY).availability).toBe('Online');
  });

  it('[SUPER1] a chat with an agent is transferred: they have it no longer', () => {
    const fixture = new Fixture({
      users: [agent(AMY), agent(BEN), agent(CAT, { skillIds: [BILLING] })],
    });
    fixture.open(AMY, BEN, CAT);
    const chat = fixture.chatWith(AMY);
    move(fixture, chat, { skillId: BILLING });
    expect(fixture.canSee(AMY, chat)).toBe(false);
    expect(fixture.where(chat)).toBe(`ringing ${CAT}`);
    expect(
      fixture.journal.findLast(({ event }) => event.type === 'chat.transferred')?.event,
    ).toMatchObject({ fromUserId: AMY, byUserId: BOSS });
  });

  it('[SUPER2] what cannot take it is said: unknown, absent, full, its own agent, nobody', () => {
    const fixture = new Fixture({
      users: [agent(AMY), agent(BEN), agent(CAT, { enabled: false })],
    });
    fixture.open(AMY);
    const chat = fixture.chatWith(AMY);
    const because = (to: { skillId: number } | { userId: number }) =>
      Reflect.get(refusedMove(fixture, chat, to), 'because');
    expect(because({ skillId: 99 })).toBe('unknown');
    expect(because({ skillId: SALES })).toBe('nobody');
    expect(because({ userId: CAT })).toBe('unknown');
    expect(because({ userId: BEN })).toBe('absent');
    expect(because({ userId: AMY })).toBe('giver');
    fixture.open(BEN);
    fixture.chatWith(BEN);
    fixture.request();
    move(fixture, fixture.request(), { userId: BEN });
    expect(because({ userId: BEN })).toBe('full');
    expect(refusedMove(fixture, 'none', { userId: BEN })).toMatchObject({
      rejected: 'unknown-chat',
    });
    fixture.end(chat);
    expect(refusedMove(fixture, chat, { userId: BEN })).toMatchObject({ rejected: 'chat-ended' });
  });

  it('[SUPER3] any chat can be ended, waiting, ringing or with an agent', () => {
    const fixture = new Fixture();
    const close = (chatId: string) =>
      fixture.do<'chat.close'>({ type: 'chat.close', chatId, byUserId: BOSS });
    const waiting = fixture.request();
    expect(close(waiting)).toEqual({ eventId: 3 });
    expect(fixture.visitorFeed(waiting).slice(-2)).toEqual(['2 system 5', '3 state ended']);
    fixture.open(AMY);
    const ringing = fixture.request();
    close(ringing);
    expect(fixture.session(AMY).ringing).toEqual([]);
    const talking = fixture.chatWith(AMY);
    close(talking);
    expect(fixture.session(AMY).chatting).toEqual([]);
    expect(fixture.places(waiting, ringing, talking)).toEqual(['ended', 'ended', 'ended']);
    const again = fixture.refused<'chat.close'>({
      type: 'chat.close',
      chatId: talking,
      byUserId: BOSS,
    });
    expect(again).toMatchObject({ rejected: 'chat-ended' });
  });
});
