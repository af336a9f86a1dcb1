import { describe, expect, it } from 'vitest';
import { availableSlots, estimatedWait, isAvailable } from '@parley/engine';
import { agent, AMY, BEN, BILLING, CAT, SALES } from './account.js';
import { World } from './world.js';

const slots = (world: World, skillId: number | null = SALES) =>
  availableSlots(world.state, world.config, { skillId }, world.now);
const slotsOf = (world: World, userId: number) =>
  availableSlots(world.state, world.config, { userId }, world.now);
const wait = (world: World, skillId: number | null = SALES) =>
  estimatedWait(world.state, world.config, skillId, world.now);

/** Has Amy accept a chat after each of these waits (s), and end it. */
function serve(world: World, waits: readonly number[]): void {
  for (const seconds of waits) {
    const chat = world.request();
    world.pass(seconds);
    world.accept(AMY);
    world.end(chat);
  }
}

describe('available slots', () => {
  it('[EST1] are what Online agents of the skill have left', () => {
    const world = new World({
      users: [
        agent(AMY, { maxChats: 3 }),
        agent(BEN, { maxChats: 4 }),
        agent(CAT, { maxChats: 5, skillIds: [BILLING] }),
      ],
    });
    expect(slots(world)).toBe(0);
    world.open(AMY, BEN, CAT);
    expect([slots(world), slots(world, BILLING), slots(world, 99)]).toEqual([7, 5, 0]);
    world.chatWith(AMY);
    world.request();
    expect(slots(world)).toBe(5);
    world.set(BEN, 'Occupied');
    expect(slots(world)).toBe(2);
    world.set(AMY, 'Away');
    expect(slots(world)).toBe(0);
  });

  it('[EST2] are less by what waits, and never below 0', () => {
    const world = new World({ users: [agent(AMY, { maxChats: 2 }), agent(BEN)] });
    world.open(AMY);
    world.set(AMY, 'Away');
    const chats = [world.request(), world.request(), world.request(), world.request()];
    world.open(BEN);
    world.set(AMY, 'Online');
    expect(slots(world)).toBe(0);
    for (const chat of chats) world.end(chat);
    expect(slots(world)).toBe(3);
  });

  it('[EST2] take off chats that wait although someone has room', () => {
    const world = new World({ users: [agent(AMY, { maxChats: 5 }), agent(BEN)] });
    world.open(AMY);
    const given = [world.chatWith(AMY), world.chatWith(AMY)];
    world.open(BEN);
    world.chatWith(BEN);
    for (const chat of given) world.transfer(chat, AMY, { skillId: SALES });
    expect(world.places(...given)).toEqual(['waiting', 'waiting']);
    expect(slots(world)).toBe(3);
  });

  it('[EST2] count an agent above the cap as full, not as a debt', () => {
    const world = new World({ users: [agent(AMY, { maxChats: 2 }), agent(BEN), agent(CAT)] });
    world.open(AMY);
    const chat = world.chatWith(AMY);
    world.chatWith(AMY);
    world.open(BEN);
    world.chatWith(BEN);
    world.transfer(chat, AMY, { userId: BEN });
    expect(world.session(BEN).ringing).toEqual([chat]);
    expect([slotsOf(world, AMY), slotsOf(world, BEN), slots(world)]).toEqual([1, 0, 1]);
  });

  it('[EST3] are -1 when one of them has no cap', () => {
    const world = new World({ users: [agent(AMY), agent(BEN, { maxChats: -1 })] });
    world.open(AMY, BEN);
    expect(slots(world)).toBe(-1);
    world.set(BEN, 'Occupied');
    expect(slots(world)).toBe(1);
  });

  it("[EST4] are one agent's, or the account's", () => {
    const world = new World({
      users: [agent(AMY, { maxChats: 2 }), agent(BEN, { maxChats: 3, skillIds: [BILLING] })],
    });
    world.open(AMY, BEN);
    expect([slotsOf(world, AMY), slotsOf(world, BEN), slotsOf(world, 99)]).toEqual([2, 3, 0]);
    expect(slots(world, null)).toBe(5);
    world.set(BEN, 'Away');
    world.request({ agent: BEN });
    world.request({ skill: BILLING });
    expect([slotsOf(world, AMY), slotsOf(world, BEN), slots(world, null)]).toEqual([2, 0, 0]);
  });
});

describe('the estimated wait', () => {
  it('[EST5] is 0, -1 or -2 where nothing is to be counted', () => {
    const world = new World();
    expect(wait(world)).toBe(-1);
    world.open(AMY);
    expect(wait(world)).toBe(0);
    serve(world, [4, 4, 4]);
    world.chatWith(AMY);
    expect(wait(world)).toBe(-2);
    world.set(AMY, 'Away');
    expect(wait(world)).toBe(-1);
  });

  /** Amy alone, all of whose chats took a minute and were picked up after two seconds. */
  const steady = () => {
    const world = new World();
    world.open(AMY);
    for (let served = 0; served < 8; served += 1) {
      const chat = world.request();
      world.pass(2);
      world.accept(AMY);
      world.pass(60);
      world.end(chat);
    }
    return world;
  };

  it('[EST6] is what is left of the chat that an agent is in', () => {
    const world = steady();
    world.chatWith(AMY);
    const waits = [0, 20, 40].map((seconds) => {
      const later = steady();
      later.chatWith(AMY);
      later.pass(seconds);
      return wait(later);
    });
    expect(wait(world)).toBe(waits[0]);
    // About 62, 42 and 22 s; the pace, a chat in 62 s, pulls a little towards itself.
    const [now = 0, soon = 0, sooner = 0] = waits;
    expect(now).toBeGreaterThan(54);
    expect(now).toBeLessThan(66);
    expect(soon).toBeGreaterThan(38);
    expect(soon).toBeLessThan(50);
    expect(sooner).toBeGreaterThan(20);
    expect(sooner).toBeLessThan(32);
  });

  it('[EST6] is longer by a chat for each that waits ahead, in whatever queue it shares agents with', () => {
    const world = steady();
    world.chatWith(AMY);
    const waits = [wait(world)];
    for (let ahead = 1; ahead <= 4; ahead += 1) {
      // A chat without a skill takes Amy as well.
      world.request({ skill: ahead % 2 === 0 ? null : SALES });
      waits.push(wait(world));
    }
    for (const [ahead, seconds] of waits.entries()) {
      expect(seconds / (62 * (ahead + 1))).toBeGreaterThan(0.75);
      expect(seconds / (62 * (ahead + 1))).toBeLessThan(1.25);
    }
    expect(wait(world, BILLING)).toBe(-1);
  });

  it('[EST6] is shorter with every further agent who is at work', () => {
    const world = steady();
    world.chatWith(AMY);
    for (let ahead = 0; ahead < 4; ahead += 1) world.request();
    const alone = wait(world);
    world.open(BEN);
    world.accept(BEN);
    expect(wait(world)).toBeLessThan(alone * 0.75);
  });

  it('[EST6] follows chats that drag on, by the wait that the first in the queue has behind it', () => {
    const world = steady();
    world.chatWith(AMY);
    world.request();
    const before = wait(world);
    world.pass(600);
    expect(wait(world)).toBeGreaterThan(before);
  });

  it('[EST6] is never less than a second when all are busy', () => {
    const world = new World();
    world.open(AMY);
    serve(world, [0, 0, 0, 0]);
    world.chatWith(AMY);
    expect(wait(world)).toBe(1);
  });

  it('[EST5] forgets what is more than 30 min ago', () => {
    const world = new World();
    world.open(AMY);
    serve(world, [10, 10, 10, 10]);
    world.chatWith(AMY);
    world.pass(1799);
    expect(wait(world)).toBe(-2);
    world.end(world.session(AMY).chatting[0] ?? '');
    serve(world, [10, 10, 10, 10]);
    world.chatWith(AMY);
    expect(wait(world)).toBeGreaterThan(0);
  });

  it('[EST5] counts a wait of exactly 30 min ago', () => {
    const world = new World();
    world.open(AMY);
    serve(world, [0, 0, 0, 0]);
    world.chatWith(AMY);
    world.pass(1800);
    expect(wait(world)).toBeGreaterThan(0);
    world.pass(0.001);
    expect(wait(world)).toBe(-2);
  });
});

describe('availability of a skill or an agent', () => {
  const available = (world: World, maxWait: number | null, userId?: number) =>
    isAvailable(
      world.state,
      world.config,
      userId === undefined ? { skillId: SALES } : { userId },
      maxWait,
      world.now,
    );

  it('[EST7] is given when someone is Online', () => {
    const world = new World();
    expect(available(world, null)).toBe(false);
    world.open(AMY);
    expect(available(world, null)).toBe(true);
    world.chatWith(AMY);
    expect([available(world, null), available(world, 0)]).toEqual([true, false]);
    world.set(AMY, 'Occupied');
    expect([available(world, null), available(world, 3600)]).toEqual([false, false]);
  });

  it('[EST7] is given within a time when the wait fits, or is not known', () => {
    const world = new World();
    world.open(AMY);
    expect(available(world, 0)).toBe(true);
    world.chatWith(AMY);
    expect([wait(world), available(world, 1)]).toEqual([-2, true]);
    world.end(world.session(AMY).chatting[0] ?? '');
    serve(world, [12, 12, 12, 12]);
    world.chatWith(AMY);
    expect(wait(world)).toBe(8);
    expect([available(world, 7), available(world, 8)]).toEqual([false, true]);
  });

  it('[EST8] depends on the agent who is asked about', () => {
    const world = new World();
    world.open(AMY);
    serve(world, [12, 12, 12, 12]);
    world.chatWith(AMY);
    world.open(BEN);
    expect(wait(world)).toBe(0);
    expect([available(world, 0, BEN), available(world, 0, AMY)]).toEqual([true, false]);
    expect([available(world, 7, AMY), available(world, 10, AMY)]).toEqual([false, true]);
    world.request({ agent: AMY });
    expect(available(world, 10, AMY)).toBe(false);
    expect([available(world, null, CAT), available(world, null, AMY)]).toEqual([false, true]);
  });
});
