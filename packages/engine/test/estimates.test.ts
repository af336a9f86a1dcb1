import { describe, expect, it } from 'vitest';
import { availableSlots, estimatedWait, isAvailable } from '@parley/engine';
import { agent, AMY, BEN, BILLING, CAT, SALES } from './account.js';
import { Fixture } from './fixture.js';

const slots = (fixture: Fixture, skillId: number | null = SALES) =>
  availableSlots(fixture.state, fixture.config, { skillId }, fixture.now);
const slotsOf = (fixture: Fixture, userId: number) =>
  availableSlots(fixture.state, fixture.config, { userId }, fixture.now);
const wait = (fixture: Fixture, skillId: number | null = SALES) =>
  estimatedWait(fixture.state, fixture.config, skillId, fixture.now);

/** Has Amy accept a chat after each of these waits (s), and end it. */
function serve(fixture: Fixture, waits: readonly number[]): void {
  for (const seconds of waits) {
    const chat = fixture.request();
    fixture.pass(seconds);
    fixture.accept(AMY);
    fixture.end(chat);
  }
}

describe('available slots', () => {
  it('[EST1] are what Online agents of the skill have left', () => {
    const fixture = new Fixture({
      users: [
        agent(AMY, { maxChats: 3 }),
        agent(BEN, { maxChats: 4 }),
        agent(CAT, { maxChats: 5, skillIds: [BILLING] }),
      ],
    });
    expect(slots(fixture)).toBe(0);
    fixture.open(AMY, BEN, CAT);
    expect([slots(fixture), slots(fixture, BILLING), slots(fixture, 99)]).toEqual([7, 5, 0]);
    fixture.chatWith(AMY);
    fixture.request();
    expect(slots(fixture)).toBe(5);
    fixture.set(BEN, 'Occupied');
    expect(slots(fixture)).toBe(2);
    fixture.set(AMY, 'Away');
    expect(slots(fixture)).toBe(0);
  });

  it('[EST2] are less by what waits, and never below 0', () => {
    const fixture = new Fixture({ users: [agent(AMY, { maxChats: 2 }), agent(BEN)] });
    fixture.open(AMY);
    fixture.set(AMY, 'Away');
    const chats = [fixture.request(), fixture.request(), fixture.request(), fixture.request()];
    fixture.open(BEN);
    fixture.set(AMY, 'Online');
    expect(slots(fixture)).toBe(0);
    for (const chat of chats) fixture.end(chat);
    expect(slots(fixture)).toBe(3);
  });

  it('[EST2] take off chats that wait although someone has room', () => {
    const fixture = new Fixture({ users: [agent(AMY, { maxChats: 5 }), agent(BEN)] });
    fixture.open(AMY);
    const given = [fixture.chatWith(AMY), fixture.chatWith(AMY)];
    fixture.open(BEN);
    fixture.chatWith(BEN);
    for (const chat of given) fixture.transfer(chat, AMY, { skillId: SALES });
    expect(fixture.places(...given)).toEqual(['waiting', 'waiting']);
    expect(slots(fixture)).toBe(3);
  });

  it('[EST2] count an agent above the cap as full, not as a debt', () => {
    const fixture = new Fixture({ users: [agent(AMY, { maxChats: 2 }), agent(BEN), agent(CAT)] });
    fixture.open(AMY);
    const chat = fixture.chatWith(AMY);
    fixture.chatWith(AMY);
    fixture.open(BEN);
    fixture.chatWith(BEN);
    fixture.transfer(chat, AMY, { userId: BEN });
    expect(fixture.session(BEN).ringing).toEqual([chat]);
    expect([slotsOf(fixture, AMY), slotsOf(fixture, BEN), slots(fixture)]).toEqual([1, 0, 1]);
  });

  it('[EST3] are -1 when one of them has no cap', () => {
    const fixture = new Fixture({ users: [agent(AMY), agent(BEN, { maxChats: -1 })] });
    fixture.open(AMY, BEN);
    expect(slots(fixture)).toBe(-1);
    fixture.set(BEN, 'Occupied');
    expect(slots(fixture)).toBe(1);
  });

  it("[EST4] are one agent's, or the account's", () => {
    const fixture = new Fixture({
      users: [agent(AMY, { maxChats: 2 }), agent(BEN, { maxChats: 3, skillIds: [BILLING] })],
    });
    fixture.open(AMY, BEN);
    expect([slotsOf(fixture, AMY), slotsOf(fixture, BEN), slotsOf(fixture, 99)]).toEqual([2, 3, 0]);
    expect(slots(fixture, null)).toBe(5);
    fixture.set(BEN, 'Away');
    fixture.request({ agent: BEN });
    fixture.request({ skill: BILLING });
    expect([slotsOf(fixture, AMY), slotsOf(fixture, BEN), slots(fixture, null)]).toEqual([2, 0, 0]);
  });
});

describe('the estimated wait', () => {
  it('[EST5] is 0, -1 or -2 where nothing is to be counted', () => {
    const fixture = new Fixture();
    expect(wait(fixture)).toBe(-1);
    fixture.open(AMY);
    expect(wait(fixture)).toBe(0);
    serve(fixture, [4, 4, 4]);
    fixture.chatWith(AMY);
    expect(wait(fixture)).toBe(-2);
    fixture.set(AMY, 'Away');
    expect(wait(fixture)).toBe(-1);
  });

  /** Amy alone, all of whose chats took a minute and were picked up after two seconds. */
  const steady = () => {
    const fixture = new Fixture();
    fixture.open(AMY);
    for (let served = 0; served < 8; served += 1) {
      const chat = fixture.request();
      fixture.pass(2);
      fixture.accept(AMY);
      fixture.pass(60);
      fixture.end(chat);
    }
    return fixture;
  };

  it('[EST6] is what is left of the chat that an agent is in', () => {
    const fixture = steady();
    fixture.chatWith(AMY);
    const waits = [0, 20, 40].map((seconds) => {
      const later = steady();
      later.chatWith(AMY);
      later.pass(seconds);
      return wait(later);
    });
    expect(wait(fixture)).toBe(waits[0]);
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
    const fixture = steady();
    fixture.chatWith(AMY);
    const waits = [wait(fixture)];
    for (let ahead = 1; ahead <= 4; ahead += 1) {
      // A chat without a skill takes Amy as well.
      fixture.request({ skill: ahead % 2 === 0 ? null : SALES });
      waits.push(wait(fixture));
    }
    for (const [ahead, seconds] of waits.entries()) {
      expect(seconds / (62 * (ahead + 1))).toBeGreaterThan(0.75);
      expect(seconds / (62 * (ahead + 1))).toBeLessThan(1.25);
    }
    expect(wait(fixture, BILLING)).toBe(-1);
  });

  it('[EST6] is shorter with every further agent who is at work', () => {
    const fixture = steady();
    fixture.chatWith(AMY);
    for (let ahead = 0; ahead < 4; ahead += 1) fixture.request();
    const alone = wait(fixture);
    fixture.open(BEN);
    fixture.accept(BEN);
    expect(wait(fixture)).toBeLessThan(alone * 0.75);
  });

  it('[EST6] follows chats that drag on, by the wait that the first in the queue has behind it', () => {
    const fixture = steady();
    fixture.chatWith(AMY);
    fixture.request();
    const before = wait(fixture);
    fixture.pass(600);
    expect(wait(fixture)).toBeGreaterThan(before);
  });

  it('[EST6] is never less than a second when all are busy', () => {
    const fixture = new Fixture();
    fixture.open(AMY);
    serve(fixture, [0, 0, 0, 0]);
    fixture.chatWith(AMY);
    expect(wait(fixture)).toBe(1);
  });

  it('[EST5] forgets what is more than 30 min ago', () => {
    const fixture = new Fixture();
    fixture.open(AMY);
    serve(fixture, [10, 10, 10, 10]);
    fixture.chatWith(AMY);
    fixture.pass(1799);
    expect(wait(fixture)).toBe(-2);
    fixture.end(fixture.session(AMY).chatting[0] ?? '');
    serve(fixture, [10, 10, 10, 10]);
    fixture.chatWith(AMY);
    expect(wait(fixture)).toBeGreaterThan(0);
  });

  it('[EST5] counts a wait of exactly 30 min ago', () => {
    const fixture = new Fixture();
    fixture.open(AMY);
    serve(fixture, [0, 0, 0, 0]);
    fixture.chatWith(AMY);
    fixture.pass(1800);
    expect(wait(fixture)).toBeGreaterThan(0);
    fixture.pass(0.001);
    expect(wait(fixture)).toBe(-2);
  });
});

describe('availability of a skill or an agent', () => {
  const available = (fixture: Fixture, maxWait: number | null, userId?: number) =>
    isAvailable(
      fixture.state,
      fixture.config,
      userId === undefined ? { skillId: SALES } : { userId },
      maxWait,
      fixture.now,
    );

  it('[EST7] is given when someone is Online', () => {
    const fixture = new Fixture();
    expect(available(fixture, null)).toBe(false);
    fixture.open(AMY);
    expect(available(fixture, null)).toBe(true);
    fixture.chatWith(AMY);
    expect([available(fixture, null), available(fixture, 0)]).toEqual([true, false]);
    fixture.set(AMY, 'Occupied');
    expect([available(fixture, null), available(fixture, 3600)]).toEqual([false, false]);
  });

  it('[EST7] is given within a time when the wait fits, or is not known', () => {
    const fixture = new Fixture();
    fixture.open(AMY);
    expect(available(fixture, 0)).toBe(true);
    fixture.chatWith(AMY);
    expect([wait(fixture), available(fixture, 1)]).toEqual([-2, true]);
    fixture.end(fixture.session(AMY).chatting[0] ?? '');
    serve(fixture, [12, 12, 12, 12]);
    fixture.chatWith(AMY);
    expect(wait(fixture)).toBe(8);
    expect([available(fixture, 7), available(fixture, 8)]).toEqual([false, true]);
  });

  it('[EST8] depends on the agent who is asked about', () => {
    const fixture = new Fixture();
    fixture.open(AMY);
    serve(fixture, [12, 12, 12, 12]);
    fixture.chatWith(AMY);
    fixture.open(BEN);
    expect(wait(fixture)).toBe(0);
    expect([available(fixture, 0, BEN), available(fixture, 0, AMY)]).toEqual([true, false]);
    expect([available(fixture, 7, AMY), available(fixture, 10, AMY)]).toEqual([false, true]);
    fixture.request({ agent: AMY });
    expect(available(fixture, 10, AMY)).toBe(false);
    expect([available(fixture, null, CAT), available(fixture, null, AMY)]).toEqual([false, true]);
  });
});
