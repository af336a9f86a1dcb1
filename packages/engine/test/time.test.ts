import { describe, expect, it } from 'vitest';
import {
  type AccountEvent,
  evolve,
  execute,
  takeSnapshot,
  initialState,
  readSnapshot,
  replay,
  SNAPSHOT_VERSION,
} from '@parley/engine';
import { restored } from './restored.js';
import { agent, AMY, BEN, BILLING, SALES } from './account.js';
import { VISITOR, World } from './world.js';

describe('time', () => {
  it('[DUE1] comes before the command that finds it', () => {
    const world = new World();
    world.open(AMY);
    const first = world.request();
    world.sleep(25);
    const from = world.journal.length;
    world.open(BEN);
    expect(world.eventTypes(from)).toEqual([
      'chat.unrang',
      'session.availability',
      'session.opened',
      'chat.rang',
    ]);
    expect(new Set(world.journal.slice(from).map(({ at }) => at))).toEqual(new Set([world.now]));
    expect(world.where(first)).toBe(`ringing ${BEN}`);
  });

  it('[DUE2] has nothing left that is due', () => {
    const world = new World({ settings: { ringSeconds: 0, readableSeconds: 0 } });
    world.open(AMY, BEN);
    const chat = world.request({ maxWait: 0 });
    expect(world.where(chat)).toBe('waiting');
    expect([world.session(AMY).availability, world.session(BEN).availability]).toEqual([
      'Away',
      'Away',
    ]);
    expect(world.feed(chat, 2)).toEqual(['2 system 2']);
    world.end(chat);
    expect(world.where(chat)).toBe('forgotten');
    expect(world.state.deadlines.size).toBe(0);
  });

  it('[DUE3] passes by a refused command too, and by nothing else of it', () => {
    const world = new World();
    const sessionId = world.login(AMY);
    const chat = world.request();
    world.sleep(20);
    const outcome = execute<'session.accept'>(world.state, world.config, {
      command: { type: 'session.accept', sessionId },
      actor: { by: 'user', userId: AMY },
      now: world.now,
    });
    expect(outcome).toMatchObject({ rejection: { rejected: 'nothing-ringing' } });
    expect(outcome.events.map(({ type }) => type)).toEqual(['chat.unrang', 'session.availability']);
    expect(world.where(chat)).toBe('waiting');
  });

  it('[DUE4] does nothing early, or for what is over', () => {
    const world = new World();
    world.open(AMY);
    const ringing = world.request();
    const waiting = world.request();
    const ended = world.request();
    world.end(ended);
    const from = world.journal.length;
    const due = [ringing, waiting, ended, 'no-such-chat'].flatMap((chat) =>
      ['ring', 'busy', 'forget', 'other'].map((what) => `${what}:${chat}`),
    );
    world.do<'tick'>({ type: 'tick', due: [...due, 'nonsense', ''] });
    expect(world.eventTypes(from)).toEqual([]);
    world.pass(20);
    expect(world.session(AMY).availability).toBe('Away');
  });

  it('[DUE4] does nothing to a chat that rings anew', () => {
    const world = new World();
    world.open(AMY, BEN);
    const chat = world.request();
    world.pass(20);
    world.do<'tick'>({ type: 'tick', due: [`ring:${chat}`] });
    expect(world.where(chat)).toBe(`ringing ${BEN}`);
  });

  it('[DUE4] is taken from the keys of a tick when it has come', () => {
    const world = new World();
    world.open(AMY);
    const chat = world.request();
    world.sleep(20);
    const due = world.state.deadlines.takeDue(world.now);
    expect(due).toEqual([`ring:${chat}`]);
    world.do<'tick'>({ type: 'tick', due });
    expect(world.where(chat)).toBe('waiting');
  });
});

/** A day of some of everything. */
function eventfulWorld(): World {
  const world = new World({ users: [agent(AMY, { maxChats: 2 }), agent(BEN)] });
  world.open(AMY, BEN);
  const chat = world.chatWith(AMY, { preChatLines: ['shoes'], visitor: { name: 'Vera' } });
  world.line(chat, VISITOR, 'hi');
  world.line(chat, world.as(AMY), 'see', { textType: 'rich-content', json: { type: 'text' } });
  world.pass(5);
  world.transfer(chat, AMY, { userId: BEN }, 'yours');
  world.request();
  world.request({ skill: BILLING, maxWait: 1 });
  world.pass(3);
  world.login(AMY);
  world.end(world.accept(BEN));
  world.request({ agent: BEN });
  world.request();
  world.set(AMY, 'Away');
  return world;
}

/** Everything of a state that can be told, deadlines included; uses the state's deadlines up. */
function everything(world: World, state = world.state) {
  const snapshot: unknown = JSON.parse(JSON.stringify(takeSnapshot(state)));
  const past = state.deadlines.takeDue(world.now);
  return { snapshot, past, next: state.deadlines.next(), left: state.deadlines.takeDue(Infinity) };
}

describe('a restart', () => {
  it('[SNAP1] finds the same state in the journal', () => {
    const world = eventfulWorld();
    const again = initialState();
    const text = JSON.stringify(world.journal);
    replay(again, JSON.parse(text));
    expect(again.seq).toBe(world.journal.length);
    expect(everything(world, again)).toEqual(everything(world));
  });

  it('[SNAP2] finds the same state in a snapshot and the journal after it', () => {
    const world = eventfulWorld();
    const expected = everything(world);
    expect(expected.left.length).toBeGreaterThan(2);
    for (let seq = 0; seq <= world.journal.length; seq += 1) {
      const before = initialState();
      replay(before, world.journal.slice(0, seq));
      const again = restored(before);
      replay(again, world.journal.slice(seq));
      expect(everything(world, again)).toEqual(expected);
    }
  });

  it('[SNAP3] refuses a snapshot of another version', () => {
    for (const version of [0, SNAPSHOT_VERSION + 1]) {
      expect(() => readSnapshot(version)).toThrow(
        `it is of version ${version}, and this version of Parley reads 1 to ${SNAPSHOT_VERSION}`,
      );
    }
  });

  it('[SNAP4] gives every ring its whole time again', () => {
    const world = new World({ users: [agent(AMY), agent(BEN)] });
    world.open(AMY, BEN);
    const chats = [world.request(), world.request()];
    world.pass(15);
    world.sleep(3600);
    world.state = restored(world.state);
    world.do<'account.resumed'>({ type: 'account.resumed' });
    expect(world.places(...chats)).toEqual([`ringing ${AMY}`, `ringing ${BEN}`]);
    world.pass(19.999);
    expect(world.accept(AMY)).toBe(chats[0]);
    world.pass(0.001);
    expect(world.session(AMY).availability).toBe('Online');
    expect(world.session(BEN).availability).toBe('Away');
  });

  it('[SNAP4] lets everything else that is due happen', () => {
    const world = new World();
    const waiting = world.request();
    const ended = world.request();
    world.end(ended);
    world.sleep(3600);
    world.do<'account.resumed'>({ type: 'account.resumed' });
    expect(world.feed(waiting, 2)).toEqual(['2 system 2']);
    expect(world.where(ended)).toBe('forgotten');
    const from = world.journal.length;
    world.do<'account.resumed'>({ type: 'account.resumed' });
    expect(world.eventTypes(from)).toEqual([]);
  });

  it('[SNAP5] counts the configuration as it is now', () => {
    const world = new World({ users: [agent(AMY), agent(BEN, { maxChats: 0 })] });
    world.open(AMY, BEN);
    const chat = world.chatWith(AMY);
    const waiting = world.request();
    world.config = new World({ users: [agent(AMY, { enabled: false }), agent(BEN)] }).config;
    world.do<'account.resumed'>({ type: 'account.resumed' });
    expect(world.places(chat, waiting)).toEqual([`ringing ${BEN}`, 'waiting']);
    expect([...world.state.sessionOfUser.keys()]).toEqual([BEN]);
  });

  it.each<[string, AccountEvent, RegExp]>([
    ['an unknown chat', { type: 'chat.line', chatId: 'c9', feed: [] }, /no chat c9/],
    [
      'an unknown session',
      { type: 'session.availability', sessionId: 's9', availability: 'Away', reason: 'asked' },
      /no agent session s9/,
    ],
    [
      'a gap in a feed',
      {
        type: 'chat.line',
        chatId: 'c1',
        feed: [{ id: 7, at: 0, type: 'state', state: 'waiting' }],
      },
      /chat c1: event 7 after 1/,
    ],
    [
      'a chat that does not ring',
      { type: 'chat.unrang', chatId: 'c1', userId: AMY, reason: 'away' },
      /chat c1 is waiting, not ringing/,
    ],
  ])('[SNAP6] does not guess about %s', (_, event, message) => {
    const world = new World();
    world.request();
    expect(() => evolve(world.state, event, world.now)).toThrow(message);
  });

  it('[SNAP6, STORE41] does not guess about an event of a kind it does not know, nor repeat it', () => {
    const world = new World();
    const unknown: AccountEvent = JSON.parse('{"type":"chat.merged","chatId":"c1"}');
    expect(() => evolve(world.state, unknown, world.now)).toThrow(/^unknown event chat\.merged$/);
  });
});

describe('what a state is kept as', () => {
  it('[SNAP2] holds no more than JSON does', () => {
    const world = eventfulWorld();
    const snapshot = takeSnapshot(world.state);
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
    expect(snapshot.queues.map(([key]) => key)).toContain(`skill:${SALES}`);
  });
});
