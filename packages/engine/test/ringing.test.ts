import { describe, expect, it } from 'vitest';
import { feedState, serviceOf } from '@parley/engine';
import { agent, AMY, BEN, BILLING, CAT, SALES } from './account.js';
import { VISITOR, World } from './world.js';

describe('ringing', () => {
  it('[RING1] rings one agent, for 20 s', () => {
    const world = new World();
    world.open(AMY, BEN);
    const chat = world.request();
    expect(serviceOf(world.chat(chat))).toMatchObject({
      name: 'ringing',
      userId: AMY,
      offer: { role: 'agent', since: world.now, until: world.now + 20_000 },
    });
    expect(world.session(BEN).ringing).toEqual([]);
    world.pass(19.999);
    expect(world.where(chat)).toBe(`ringing ${AMY}`);
    expect(world.accept(AMY)).toBe(chat);
  });

  it('[RING1] rings as long as the account says', () => {
    const world = new World({ settings: { ringSeconds: 7 } });
    world.open(AMY);
    const chat = world.request();
    world.pass(6.999);
    expect(world.where(chat)).toBe(`ringing ${AMY}`);
    world.pass(0.001);
    expect(world.where(chat)).toBe('waiting');
  });

  it('[RING2] sends an agent who does not answer Away and rings the next', () => {
    const world = new World();
    world.open(AMY, BEN);
    const chat = world.request();
    const younger = world.request({ skill: BILLING });
    const before = world.feed(chat);
    world.pass(20);
    expect(world.session(AMY)).toMatchObject({
      availability: 'Away',
      availabilitySince: world.now,
      ringing: [],
    });
    expect(serviceOf(world.chat(chat))).toMatchObject({
      name: 'ringing',
      userId: BEN,
      offer: { until: world.now + 20_000 },
    });
    world.pass(20);
    expect(world.session(BEN).availability).toBe('Away');
    expect(world.places(chat, younger)).toEqual(['waiting', 'waiting']);
    expect(world.feed(chat)).toEqual(before);
  });

  it('[RING2] puts the chat ahead of those that came after it', () => {
    const world = new World();
    world.open(AMY);
    const first = world.request();
    const second = world.request();
    world.pass(20);
    expect(world.state.queues.get(`skill:${SALES}`)).toEqual([first, second]);
    world.open(BEN);
    expect(world.places(first, second)).toEqual([`ringing ${BEN}`, 'waiting']);
  });

  it('[RING2] rings nobody twice unasked, whatever time is slept through', () => {
    const world = new World();
    world.open(AMY, BEN);
    const chat = world.request();
    world.sleep(3600);
    world.tick();
    expect(serviceOf(world.chat(chat))).toMatchObject({
      name: 'ringing',
      userId: BEN,
      offer: { until: world.now + 20_000 },
    });
  });

  it('[RING3] passes on whatever else rings at an agent sent Away', () => {
    const world = new World({ users: [agent(AMY, { maxChats: 2 }), agent(BEN, { maxChats: 2 })] });
    world.open(AMY);
    const first = world.request();
    world.pass(10);
    const second = world.request();
    world.open(BEN);
    world.pass(10);
    expect(world.places(first, second)).toEqual([`ringing ${BEN}`, `ringing ${BEN}`]);
    expect(world.session(BEN).ringing).toEqual([first, second]);
    expect(
      world.journal.flatMap(({ event }) =>
        event.type === 'chat.unrang' ? [[event.chatId, event.reason]] : [],
      ),
    ).toEqual([
      [first, 'unanswered'],
      [second, 'away'],
    ]);
  });

  it('[RING4] accepts the longest-ringing chat', () => {
    const world = new World({ users: [agent(AMY, { maxChats: 2 })] });
    world.open(AMY);
    const first = world.request();
    world.pass(1);
    const second = world.request();
    expect(world.accept(AMY)).toBe(first);
    expect(world.feed(first)).toEqual([
      '0 state waiting',
      '1 system 4',
      '2 state chatting',
      '3 system 3',
    ]);
    expect(world.lastSystemLine(first).text).toBe('You are now chatting with Amy.');
    expect(world.places(first, second)).toEqual([`chatting ${AMY}`, `ringing ${AMY}`]);
    expect(world.accept(AMY)).toBe(second);
  });

  it('[RING5] has nothing to accept when nothing rings', () => {
    const world = new World();
    const sessionId = world.login(AMY);
    expect(world.refused<'session.accept'>({ type: 'session.accept', sessionId })).toEqual({
      rejected: 'nothing-ringing',
    });
  });

  it('[RING6] is over at the instant it is over', () => {
    const world = new World();
    const sessionId = world.login(AMY);
    const chat = world.request();
    world.sleep(20);
    expect(world.refused<'session.accept'>({ type: 'session.accept', sessionId })).toEqual({
      rejected: 'nothing-ringing',
    });
    expect(world.session(AMY).availability).toBe('Away');
    expect(world.where(chat)).toBe('waiting');
  });

  it('[RING6] can be accepted in the last millisecond', () => {
    const world = new World();
    world.open(AMY);
    const chat = world.request();
    world.sleep(19.999);
    expect(world.accept(AMY)).toBe(chat);
    world.pass(10);
    expect(world.session(AMY).availability).toBe('Online');
  });

  it('[RING7] stops when the visitor leaves, and the next chat rings', () => {
    const world = new World();
    world.open(AMY);
    const gone = world.request();
    world.pass(5);
    const next = world.request();
    world.end(gone, VISITOR);
    expect(world.places(gone, next)).toEqual(['ended', `ringing ${AMY}`]);
    world.pass(15);
    expect(world.session(AMY).availability).toBe('Online');
    expect(world.where(next)).toBe(`ringing ${AMY}`);
  });

  it('[RING8] keeps the longest-waiting in front among chats from different agents', () => {
    const world = new World({ users: [agent(AMY), agent(BEN), agent(CAT)] });
    world.open(AMY, BEN);
    const first = world.request();
    world.pass(1);
    const second = world.request();
    expect(world.places(first, second)).toEqual([`ringing ${AMY}`, `ringing ${BEN}`]);
    const third = world.request();
    world.pass(20);
    expect(world.state.queues.get(`skill:${SALES}`)).toEqual([first, second, third]);
    world.open(CAT);
    expect(world.where(first)).toBe(`ringing ${CAT}`);
  });

  it('[RING8] keeps them so when both rings are found over at once', () => {
    const world = new World({ users: [agent(AMY), agent(BEN), agent(CAT)] });
    world.open(AMY, BEN);
    const first = world.request();
    world.pass(1);
    const second = world.request();
    world.sleep(600);
    world.open(CAT);
    expect(world.places(first, second)).toEqual([`ringing ${CAT}`, 'waiting']);
  });

  it('[RING8] keeps chats given away by different agents in the order they wait', () => {
    const world = new World({
      users: [agent(AMY), agent(BEN), agent(CAT, { skillIds: [BILLING] })],
    });
    world.open(AMY, BEN, CAT);
    const busy = world.chatWith(CAT, { skill: BILLING });
    const [first, second] = [world.chatWith(AMY), world.chatWith(BEN)];
    world.pass(1);
    world.transfer(second, BEN, { skillId: BILLING });
    world.pass(1);
    world.transfer(first, AMY, { skillId: BILLING });
    expect(world.state.queues.get(`skill:${BILLING}`)).toEqual([second, first]);
    world.end(busy);
    expect(world.where(second)).toBe(`ringing ${CAT}`);
  });

  it('[RING9] is waiting to whoever asks', () => {
    const world = new World();
    const chat = world.request();
    const states = [feedState(world.chat(chat))];
    world.open(AMY);
    expect(world.where(chat)).toBe(`ringing ${AMY}`);
    states.push(feedState(world.chat(chat)));
    world.accept(AMY);
    states.push(feedState(world.chat(chat)));
    world.end(chat);
    states.push(feedState(world.chat(chat)));
    expect(states).toEqual(['waiting', 'waiting', 'chatting', 'ended']);
  });

  it('[RING10] a chat for a named agent waits for that agent again', () => {
    const world = new World();
    world.open(AMY, BEN);
    const chat = world.request({ agent: AMY });
    world.pass(20);
    expect(world.where(chat)).toBe('waiting');
    world.set(AMY, 'Online');
    expect(world.where(chat)).toBe(`ringing ${AMY}`);
  });
});
