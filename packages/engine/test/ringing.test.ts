import { describe, expect, it } from 'vitest';
import { feedState, serviceOf } from '@parley/engine';
import { agent, AMY, BEN, BILLING, CAT, SALES } from './account.js';
import { VISITOR, Fixture } from './fixture.js';

describe('ringing', () => {
  it('[RING1] rings one agent, for 20 s', () => {
    const fixture = new Fixture();
    fixture.open(AMY, BEN);
    const chat = fixture.request();
    expect(serviceOf(fixture.chat(chat))).toMatchObject({
      name: 'ringing',
      userId: AMY,
      offer: { role: 'agent', since: fixture.now, until: fixture.now + 20_000 },
    });
    expect(fixture.session(BEN).ringing).toEqual([]);
    fixture.pass(19.999);
    expect(fixture.where(chat)).toBe(`ringing ${AMY}`);
    expect(fixture.accept(AMY)).toBe(chat);
  });

  it('[RING1] rings as long as the account says', () => {
    const fixture = new Fixture({ settings: { ringSeconds: 7 } });
    fixture.open(AMY);
    const chat = fixture.request();
    fixture.pass(6.999);
    expect(fixture.where(chat)).toBe(`ringing ${AMY}`);
    fixture.pass(0.001);
    expect(fixture.where(chat)).toBe('waiting');
  });

  it('[RING2] sends an agent who does not answer Away and rings the next', () => {
    const fixture = new Fixture();
    fixture.open(AMY, BEN);
    const chat = fixture.request();
    const younger = fixture.request({ skill: BILLING });
    const before = fixture.feed(chat);
    fixture.pass(20);
    expect(fixture.session(AMY)).toMatchObject({
      availability: 'Away',
      availabilitySince: fixture.now,
      ringing: [],
    });
    expect(serviceOf(fixture.chat(chat))).toMatchObject({
      name: 'ringing',
      userId: BEN,
      offer: { until: fixture.now + 20_000 },
    });
    fixture.pass(20);
    expect(fixture.session(BEN).availability).toBe('Away');
    expect(fixture.places(chat, younger)).toEqual(['waiting', 'waiting']);
    expect(fixture.feed(chat)).toEqual(before);
  });

  it('[RING2] puts the chat ahead of those that came after it', () => {
    const fixture = new Fixture();
    fixture.open(AMY);
    const first = fixture.request();
    const second = fixture.request();
    fixture.pass(20);
    expect(fixture.state.queues.get(`skill:${SALES}`)).toEqual([first, second]);
    fixture.open(BEN);
    expect(fixture.places(first, second)).toEqual([`ringing ${BEN}`, 'waiting']);
  });

  it('[RING2] rings nobody twice unasked, whatever time is slept through', () => {
    const fixture = new Fixture();
    fixture.open(AMY, BEN);
    const chat = fixture.request();
    fixture.sleep(3600);
    fixture.tick();
    expect(serviceOf(fixture.chat(chat))).toMatchObject({
      name: 'ringing',
      userId: BEN,
      offer: { until: fixture.now + 20_000 },
    });
  });

  it('[RING3] passes on whatever else rings at an agent sent Away', () => {
    const fixture = new Fixture({
      users: [agent(AMY, { maxChats: 2 }), agent(BEN, { maxChats: 2 })],
    });
    fixture.open(AMY);
    const first = fixture.request();
    fixture.pass(10);
    const second = fixture.request();
    fixture.open(BEN);
    fixture.pass(10);
    expect(fixture.places(first, second)).toEqual([`ringing ${BEN}`, `ringing ${BEN}`]);
    expect(fixture.session(BEN).ringing).toEqual([first, second]);
    expect(
      fixture.journal.flatMap(({ event }) =>
        event.type === 'chat.offerWithdrawn' ? [[event.chatId, event.reason]] : [],
      ),
    ).toEqual([
      [first, 'unanswered'],
      [second, 'away'],
    ]);
  });

  it('[RING4] accepts the longest-ringing chat', () => {
    const fixture = new Fixture({ users: [agent(AMY, { maxChats: 2 })] });
    fixture.open(AMY);
    const first = fixture.request();
    fixture.pass(1);
    const second = fixture.request();
    expect(fixture.accept(AMY)).toBe(first);
    expect(fixture.feed(first)).toEqual([
      '0 state waiting',
      '1 system 4',
      '2 state chatting',
      '3 system 3',
    ]);
    expect(fixture.lastSystemLine(first).text).toBe('You are now chatting with Amy.');
    expect(fixture.places(first, second)).toEqual([`chatting ${AMY}`, `ringing ${AMY}`]);
    expect(fixture.accept(AMY)).toBe(second);
  });

  it('[RING5] has nothing to accept when nothing rings', () => {
    const fixture = new Fixture();
    const sessionId = fixture.login(AMY);
    expect(fixture.refused<'session.accept'>({ type: 'session.accept', sessionId })).toEqual({
      rejected: 'nothing-ringing',
    });
  });

  it('[RING6] is over at the instant it is over', () => {
    const fixture = new Fixture();
    const sessionId = fixture.login(AMY);
    const chat = fixture.request();
    fixture.sleep(20);
    expect(fixture.refused<'session.accept'>({ type: 'session.accept', sessionId })).toEqual({
      rejected: 'nothing-ringing',
    });
    expect(fixture.session(AMY).availability).toBe('Away');
    expect(fixture.where(chat)).toBe('waiting');
  });

  it('[RING6] can be accepted in the last millisecond', () => {
    const fixture = new Fixture();
    fixture.open(AMY);
    const chat = fixture.request();
    fixture.sleep(19.999);
    expect(fixture.accept(AMY)).toBe(chat);
    fixture.pass(10);
    expect(fixture.session(AMY).availability).toBe('Online');
  });

  it('[RING7] stops when the visitor leaves, and the next chat rings', () => {
    const fixture = new Fixture();
    fixture.open(AMY);
    const gone = fixture.request();
    fixture.pass(5);
    const next = fixture.request();
    fixture.end(gone, VISITOR);
    expect(fixture.places(gone, next)).toEqual(['ended', `ringing ${AMY}`]);
    fixture.pass(15);
    expect(fixture.session(AMY).availability).toBe('Online');
    expect(fixture.where(next)).toBe(`ringing ${AMY}`);
  });

  it('[RING8] keeps the longest-waiting in front among chats from different agents', () => {
    const fixture = new Fixture({ users: [agent(AMY), agent(BEN), agent(CAT)] });
    fixture.open(AMY, BEN);
    const first = fixture.request();
    fixture.pass(1);
    const second = fixture.request();
    expect(fixture.places(first, second)).toEqual([`ringing ${AMY}`, `ringing ${BEN}`]);
    const third = fixture.request();
    fixture.pass(20);
    expect(fixture.state.queues.get(`skill:${SALES}`)).toEqual([first, second, third]);
    fixture.open(CAT);
    expect(fixture.where(first)).toBe(`ringing ${CAT}`);
  });

  it('[RING8] keeps them so when both rings are found over at once', () => {
    const fixture = new Fixture({ users: [agent(AMY), agent(BEN), agent(CAT)] });
    fixture.open(AMY, BEN);
    const first = fixture.request();
    fixture.pass(1);
    const second = fixture.request();
    fixture.sleep(600);
    fixture.open(CAT);
    expect(fixture.places(first, second)).toEqual([`ringing ${CAT}`, 'waiting']);
  });

  it('[RING8] keeps chats given away by different agents in the order they wait', () => {
    const fixture = new Fixture({
      users: [agent(AMY), agent(BEN), agent(CAT, { skillIds: [BILLING] })],
    });
    fixture.open(AMY, BEN, CAT);
    const busy = fixture.chatWith(CAT, { skill: BILLING });
    const [first, second] = [fixture.chatWith(AMY), fixture.chatWith(BEN)];
    fixture.pass(1);
    fixture.transfer(second, BEN, { skillId: BILLING });
    fixture.pass(1);
    fixture.transfer(first, AMY, { skillId: BILLING });
    expect(fixture.state.queues.get(`skill:${BILLING}`)).toEqual([second, first]);
    fixture.end(busy);
    expect(fixture.where(second)).toBe(`ringing ${CAT}`);
  });

  it('[RING9] is waiting to whoever asks', () => {
    const fixture = new Fixture();
    const chat = fixture.request();
    const states = [feedState(fixture.chat(chat))];
    fixture.open(AMY);
    expect(fixture.where(chat)).toBe(`ringing ${AMY}`);
    states.push(feedState(fixture.chat(chat)));
    fixture.accept(AMY);
    states.push(feedState(fixture.chat(chat)));
    fixture.end(chat);
    states.push(feedState(fixture.chat(chat)));
    expect(states).toEqual(['waiting', 'waiting', 'chatting', 'ended']);
  });

  it('[RING10] a chat for a named agent waits for that agent again', () => {
    const fixture = new Fixture();
    fixture.open(AMY, BEN);
    const chat = fixture.request({ agent: AMY });
    fixture.pass(20);
    expect(fixture.where(chat)).toBe('waiting');
    fixture.set(AMY, 'Online');
    expect(fixture.where(chat)).toBe(`ringing ${AMY}`);
  });
});
