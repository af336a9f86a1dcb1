import { describe, expect, it } from 'vitest';
import { serviceOf } from '@parley/engine';
import { agent, AMY, BEN, BILLING, CAT, SALES } from './account.js';
import { World } from './world.js';

const BEGUN = ['0 state waiting', '1 system 4'];
const TOLD = [...BEGUN, '2 system 2'];

describe('waiting too long', () => {
  it('[WAIT1] is told with line 2, and the chat waits on', () => {
    const world = new World();
    const chat = world.request();
    world.pass(119.999);
    expect(world.feed(chat)).toEqual(BEGUN);
    world.pass(0.001);
    expect(world.feed(chat)).toEqual(TOLD);
    expect(world.lastSystemLine(chat).text).toBe('All of our agents are busy right now.');
    world.pass(3600);
    world.open(AMY);
    expect(world.where(chat)).toBe(`ringing ${AMY}`);
  });

  it('[WAIT1] is told when all who hold the skill are Away or Occupied', () => {
    const world = new World({
      users: [agent(AMY), agent(BEN), agent(CAT, { skillIds: [BILLING] })],
    });
    world.open(AMY, BEN, CAT);
    world.set(AMY, 'Away');
    world.set(BEN, 'Occupied');
    const chat = world.request();
    world.pass(120);
    expect(world.feed(chat)).toEqual(TOLD);
  });

  it('[WAIT2] is told once, however often the chat waits', () => {
    const world = new World({ users: [agent(AMY), agent(BEN)] });
    const chat = world.request();
    world.pass(120);
    world.open(AMY);
    world.pass(200);
    expect(world.where(chat)).toBe('waiting');
    world.set(AMY, 'Online');
    world.accept(AMY);
    world.open(BEN);
    world.close(AMY);
    world.close(BEN);
    world.pass(1000);
    const told = world.feed(chat).filter((entry) => entry.endsWith('system 2'));
    expect(told).toEqual(['2 system 2']);
  });

  it('[WAIT3] is not told while someone online is merely full', () => {
    const world = new World();
    world.open(AMY);
    world.chatWith(AMY);
    const chat = world.request();
    world.pass(1000);
    expect(world.feed(chat)).toEqual(BEGUN);
    world.set(AMY, 'Away');
    expect(world.feed(chat)).toEqual(TOLD);
  });

  it.each([
    ['turns Occupied', (world: World) => world.set(AMY, 'Occupied')],
    ['logs out', (world: World) => world.close(AMY, 'deleted')],
    ['does not answer', (world: World) => world.pass(20)],
  ])('[WAIT3] is told when the last agent %s', (_, leave) => {
    const world = new World({ users: [agent(AMY, { maxChats: 2 })] });
    world.open(AMY);
    world.chatWith(AMY);
    world.request({ maxWait: 1 });
    const waiting = world.request({ maxWait: 1 });
    world.pass(19.999 - 1);
    expect(world.feed(waiting)).toEqual(BEGUN);
    leave(world);
    expect(world.feed(waiting)).toEqual(TOLD);
  });

  it('[WAIT3] is told when a ring is over after the time, and nobody else is online', () => {
    const world = new World();
    const chat = world.request({ maxWait: 25 });
    world.pass(10);
    world.open(AMY);
    world.pass(20);
    expect(world.where(chat)).toBe('waiting');
    expect(world.feed(chat)).toEqual(TOLD);
    expect(world.state.deadlines.next()).toBeNull();
  });

  it('[WAIT4] ends the chat where the account chooses so', () => {
    const world = new World({
      settings: { nobodyOnline: { atStart: 'wait', afterMaxWait: 'end' } },
    });
    const chat = world.request();
    world.pass(120);
    expect(world.feed(chat)).toEqual([...TOLD, '3 state ended']);
    expect(serviceOf(world.chat(chat))).toMatchObject({
      name: 'ended',
      by: 'system',
      lastUserId: null,
    });
    world.open(AMY);
    expect(world.where(chat)).toBe('ended');
  });

  it.each([
    ["the request's", { maxWait: 5, skill: BILLING }, 5],
    ["the skill's", { skill: BILLING }, 60],
    ["the account's 120 s without a skill", { skill: null }, 120],
    ["the account's 120 s for a named agent", { agent: AMY }, 120],
  ])('[WAIT5] the time is %s', (_, wish, seconds) => {
    const world = new World();
    const chat = world.request(wish);
    world.pass(seconds - 0.001);
    expect(world.feed(chat)).toEqual(BEGUN);
    world.pass(0.001);
    expect(world.feed(chat)).toEqual(TOLD);
  });

  it('[WAIT5] with 0 line 2 comes with the request, unless someone is there', () => {
    const world = new World();
    expect(world.feed(world.request({ maxWait: 0 }))).toEqual(TOLD);
    world.open(AMY);
    expect(world.feed(world.request({ maxWait: 0 }))).toEqual(BEGUN);
  });

  it('[WAIT6] a request is refused where the account refuses it', () => {
    const world = new World({
      users: [agent(AMY), agent(BEN, { skillIds: [BILLING] })],
      settings: { nobodyOnline: { atStart: 'refuse', afterMaxWait: 'wait' } },
    });
    world.open(AMY, BEN);
    world.set(AMY, 'Occupied');
    for (const wish of [{ skill: SALES }, { agent: AMY }]) {
      expect(world.refused<'chat.request'>(world.asking(wish))).toEqual({
        rejected: 'nobody-online',
      });
    }
    expect(world.state.chats.size).toBe(0);
    expect(world.places(world.request({ skill: BILLING }), world.request({ skill: null }))).toEqual(
      [`ringing ${BEN}`, 'waiting'],
    );
  });

  it('[WAIT7] only the named agent counts for a chat that waits for one', () => {
    const world = new World();
    world.open(AMY, BEN);
    world.chatWith(AMY);
    const chat = world.request({ agent: AMY });
    world.pass(200);
    expect(world.feed(chat)).toEqual(BEGUN);
    world.set(AMY, 'Away');
    expect(world.feed(chat)).toEqual(TOLD);
  });

  it('[WAIT8] an Occupied agent counts for a chat that was given away', () => {
    const world = new World({
      users: [agent(AMY), agent(BEN, { skillIds: [BILLING] })],
      settings: { nobodyOnline: { atStart: 'wait', afterMaxWait: 'end' } },
    });
    world.open(AMY, BEN);
    const busy = world.chatWith(BEN, { skill: BILLING });
    world.set(BEN, 'Occupied');
    const chat = world.chatWith(AMY);
    world.transfer(chat, AMY, { skillId: BILLING });
    world.pass(1000);
    expect(world.where(chat)).toBe('waiting');
    world.end(busy);
    expect(world.where(chat)).toBe(`ringing ${BEN}`);
  });
});
