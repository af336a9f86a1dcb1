import { describe, expect, it } from 'vitest';
import { serviceOf } from '@parley/engine';
import { agent, AMY, BEN, BILLING, CAT, SALES } from './account.js';
import { Fixture } from './fixture.js';

const BEGUN = ['0 state waiting', '1 system 4'];
const ANNOUNCED = [...BEGUN, '2 system 2'];

describe('waiting too long', () => {
  it('[WAIT1] is announced by line 2, and the chat waits on', () => {
    const fixture = new Fixture();
    const chat = fixture.request();
    fixture.pass(119.999);
    expect(fixture.feed(chat)).toEqual(BEGUN);
    fixture.pass(0.001);
    expect(fixture.feed(chat)).toEqual(ANNOUNCED);
    expect(fixture.lastSystemLine(chat).text).toBe('All of our agents are busy right now.');
    fixture.pass(3600);
    fixture.open(AMY);
    expect(fixture.where(chat)).toBe(`ringing ${AMY}`);
  });

  it('[WAIT1] is announced when all who hold the skill are Away or Occupied', () => {
    const fixture = new Fixture({
      users: [agent(AMY), agent(BEN), agent(CAT, { skillIds: [BILLING] })],
    });
    fixture.open(AMY, BEN, CAT);
    fixture.set(AMY, 'Away');
    fixture.set(BEN, 'Occupied');
    const chat = fixture.request();
    fixture.pass(120);
    expect(fixture.feed(chat)).toEqual(ANNOUNCED);
  });

  it('[WAIT2] is announced once, however often the chat waits', () => {
    const fixture = new Fixture({ users: [agent(AMY), agent(BEN)] });
    const chat = fixture.request();
    fixture.pass(120);
    fixture.open(AMY);
    fixture.pass(200);
    expect(fixture.where(chat)).toBe('waiting');
    fixture.set(AMY, 'Online');
    fixture.accept(AMY);
    fixture.open(BEN);
    fixture.close(AMY);
    fixture.close(BEN);
    fixture.pass(1000);
    const announced = fixture.feed(chat).filter((entry) => entry.endsWith('system 2'));
    expect(announced).toEqual(['2 system 2']);
  });

  it('[WAIT3] is not announced while someone online is merely full', () => {
    const fixture = new Fixture();
    fixture.open(AMY);
    fixture.chatWith(AMY);
    const chat = fixture.request();
    fixture.pass(1000);
    expect(fixture.feed(chat)).toEqual(BEGUN);
    fixture.set(AMY, 'Away');
    expect(fixture.feed(chat)).toEqual(ANNOUNCED);
  });

  it.each([
    ['turns Occupied', (fixture: Fixture) => fixture.set(AMY, 'Occupied')],
    ['logs out', (fixture: Fixture) => fixture.close(AMY, 'deleted')],
    ['does not answer', (fixture: Fixture) => fixture.pass(20)],
  ])('[WAIT3] is announced when the last agent %s', (_, leave) => {
    const fixture = new Fixture({ users: [agent(AMY, { maxChats: 2 })] });
    fixture.open(AMY);
    fixture.chatWith(AMY);
    fixture.request({ maxWait: 1 });
    const waiting = fixture.request({ maxWait: 1 });
    fixture.pass(19.999 - 1);
    expect(fixture.feed(waiting)).toEqual(BEGUN);
    leave(fixture);
    expect(fixture.feed(waiting)).toEqual(ANNOUNCED);
  });

  it('[WAIT3] is announced when a ring is over after the time, and nobody else is online', () => {
    const fixture = new Fixture();
    const chat = fixture.request({ maxWait: 25 });
    fixture.pass(10);
    fixture.open(AMY);
    fixture.pass(20);
    expect(fixture.where(chat)).toBe('waiting');
    expect(fixture.feed(chat)).toEqual(ANNOUNCED);
    expect(fixture.state.deadlines.next()).toBeNull();
  });

  it('[WAIT4] ends the chat where the account chooses so', () => {
    const fixture = new Fixture({
      settings: { nobodyOnline: { atStart: 'wait', afterMaxWait: 'end' } },
    });
    const chat = fixture.request();
    fixture.pass(120);
    expect(fixture.feed(chat)).toEqual([...ANNOUNCED, '3 state ended']);
    expect(serviceOf(fixture.chat(chat))).toMatchObject({
      name: 'ended',
      by: 'system',
      lastUserId: null,
    });
    fixture.open(AMY);
    expect(fixture.where(chat)).toBe('ended');
  });

  it.each([
    ["the request's", { maxWait: 5, skill: BILLING }, 5],
    ["the skill's", { skill: BILLING }, 60],
    ["the account's 120 s without a skill", { skill: null }, 120],
    ["the account's 120 s for a named agent", { agent: AMY }, 120],
  ])('[WAIT5] the time is %s', (_, request, seconds) => {
    const fixture = new Fixture();
    const chat = fixture.request(request);
    fixture.pass(seconds - 0.001);
    expect(fixture.feed(chat)).toEqual(BEGUN);
    fixture.pass(0.001);
    expect(fixture.feed(chat)).toEqual(ANNOUNCED);
  });

  it('[WAIT5] with 0 line 2 comes with the request, unless someone is there', () => {
    const fixture = new Fixture();
    expect(fixture.feed(fixture.request({ maxWait: 0 }))).toEqual(ANNOUNCED);
    fixture.open(AMY);
    expect(fixture.feed(fixture.request({ maxWait: 0 }))).toEqual(BEGUN);
  });

  it('[WAIT6] a request is refused where the account refuses it', () => {
    const fixture = new Fixture({
      users: [agent(AMY), agent(BEN, { skillIds: [BILLING] })],
      settings: { nobodyOnline: { atStart: 'refuse', afterMaxWait: 'wait' } },
    });
    fixture.open(AMY, BEN);
    fixture.set(AMY, 'Occupied');
    for (const request of [{ skill: SALES }, { agent: AMY }]) {
      expect(fixture.refused<'chat.request'>(fixture.asking(request))).toEqual({
        rejected: 'nobody-online',
      });
    }
    expect(fixture.state.chats.size).toBe(0);
    expect(
      fixture.places(fixture.request({ skill: BILLING }), fixture.request({ skill: null })),
    ).toEqual([`ringing ${BEN}`, 'waiting']);
  });

  it('[WAIT7] only the named agent counts for a chat that waits for one', () => {
    const fixture = new Fixture();
    fixture.open(AMY, BEN);
    fixture.chatWith(AMY);
    const chat = fixture.request({ agent: AMY });
    fixture.pass(200);
    expect(fixture.feed(chat)).toEqual(BEGUN);
    fixture.set(AMY, 'Away');
    expect(fixture.feed(chat)).toEqual(ANNOUNCED);
  });

  it('[WAIT8] an Occupied agent counts for a chat that was given away', () => {
    const fixture = new Fixture({
      users: [agent(AMY), agent(BEN, { skillIds: [BILLING] })],
      settings: { nobodyOnline: { atStart: 'wait', afterMaxWait: 'end' } },
    });
    fixture.open(AMY, BEN);
    const busy = fixture.chatWith(BEN, { skill: BILLING });
    fixture.set(BEN, 'Occupied');
    const chat = fixture.chatWith(AMY);
    fixture.transfer(chat, AMY, { skillId: BILLING });
    fixture.pass(1000);
    expect(fixture.where(chat)).toBe('waiting');
    fixture.end(busy);
    expect(fixture.where(chat)).toBe(`ringing ${BEN}`);
  });
});
