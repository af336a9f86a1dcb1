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
import { VISITOR, Fixture } from './fixture.js';

describe('time', () => {
  it('[DUE1] comes before the command that finds it', () => {
    const fixture = new Fixture();
    fixture.open(AMY);
    const first = fixture.request();
    fixture.sleep(25);
    const from = fixture.journal.length;
    fixture.open(BEN);
    expect(fixture.eventTypes(from)).toEqual([
      'chat.offerWithdrawn',
      'session.availability',
      'session.opened',
      'chat.rang',
    ]);
    expect(new Set(fixture.journal.slice(from).map(({ at }) => at))).toEqual(
      new Set([fixture.now]),
    );
    expect(fixture.where(first)).toBe(`ringing ${BEN}`);
  });

  it('[DUE2] has nothing left that is due', () => {
    const fixture = new Fixture({ settings: { ringSeconds: 0, readableSeconds: 0 } });
    fixture.open(AMY, BEN);
    const chat = fixture.request({ maxWait: 0 });
    expect(fixture.where(chat)).toBe('waiting');
    expect([fixture.session(AMY).availability, fixture.session(BEN).availability]).toEqual([
      'Away',
      'Away',
    ]);
    expect(fixture.feed(chat, 2)).toEqual(['2 system 2']);
    fixture.end(chat);
    expect(fixture.where(chat)).toBe('forgotten');
    expect(fixture.state.deadlines.size).toBe(0);
  });

  it('[DUE3] passes by a refused command too, and by nothing else of it', () => {
    const fixture = new Fixture();
    const sessionId = fixture.login(AMY);
    const chat = fixture.request();
    fixture.sleep(20);
    const outcome = execute<'session.accept'>(fixture.state, fixture.config, {
      command: { type: 'session.accept', sessionId },
      actor: { by: 'user', userId: AMY },
      now: fixture.now,
    });
    expect(outcome).toMatchObject({ rejection: { rejected: 'nothing-ringing' } });
    expect(outcome.events.map(({ type }) => type)).toEqual([
      'chat.offerWithdrawn',
      'session.availability',
    ]);
    expect(fixture.where(chat)).toBe('waiting');
  });

  it('[DUE4] does nothing early, or for what is over', () => {
    const fixture = new Fixture();
    fixture.open(AMY);
    const ringing = fixture.request();
    const waiting = fixture.request();
    const ended = fixture.request();
    fixture.end(ended);
    const from = fixture.journal.length;
    const due = [ringing, waiting, ended, 'no-such-chat'].flatMap((chat) =>
      ['ring', 'busy', 'forget', 'other'].map((what) => `${what}:${chat}`),
    );
    fixture.do<'tick'>({ type: 'tick', due: [...due, 'nonsense', ''] });
    expect(fixture.eventTypes(from)).toEqual([]);
    fixture.pass(20);
    expect(fixture.session(AMY).availability).toBe('Away');
  });

  it('[DUE4] does nothing to a chat that rings anew', () => {
    const fixture = new Fixture();
    fixture.open(AMY, BEN);
    const chat = fixture.request();
    fixture.pass(20);
    fixture.do<'tick'>({ type: 'tick', due: [`ring:${chat}`] });
    expect(fixture.where(chat)).toBe(`ringing ${BEN}`);
  });

  it('[DUE4] is taken from the keys of a tick when it has come', () => {
    const fixture = new Fixture();
    fixture.open(AMY);
    const chat = fixture.request();
    fixture.sleep(20);
    const due = fixture.state.deadlines.takeDue(fixture.now);
    expect(due).toEqual([`ring:${chat}`]);
    fixture.do<'tick'>({ type: 'tick', due });
    expect(fixture.where(chat)).toBe('waiting');
  });
});

/** A day of some of everything. */
function eventfulFixture(): Fixture {
  const fixture = new Fixture({ users: [agent(AMY, { maxChats: 2 }), agent(BEN)] });
  fixture.open(AMY, BEN);
  const chat = fixture.chatWith(AMY, { preChatLines: ['shoes'], visitor: { name: 'Vera' } });
  fixture.line(chat, VISITOR, 'hi');
  fixture.line(chat, fixture.as(AMY), 'see', { textType: 'rich-content', json: { type: 'text' } });
  fixture.pass(5);
  fixture.transfer(chat, AMY, { userId: BEN }, 'yours');
  fixture.request();
  fixture.request({ skill: BILLING, maxWait: 1 });
  fixture.pass(3);
  fixture.login(AMY);
  fixture.end(fixture.accept(BEN));
  fixture.request({ agent: BEN });
  fixture.request();
  fixture.set(AMY, 'Away');
  return fixture;
}

/** Everything of a state that can be seen, deadlines included; uses the state's deadlines up. */
function everything(fixture: Fixture, state = fixture.state) {
  const snapshot: unknown = JSON.parse(JSON.stringify(takeSnapshot(state)));
  const past = state.deadlines.takeDue(fixture.now);
  return { snapshot, past, next: state.deadlines.next(), left: state.deadlines.takeDue(Infinity) };
}

describe('a restart', () => {
  it('[SNAP1] finds the same state in the journal', () => {
    const fixture = eventfulFixture();
    const again = initialState();
    const text = JSON.stringify(fixture.journal);
    replay(again, JSON.parse(text));
    expect(again.seq).toBe(fixture.journal.length);
    expect(everything(fixture, again)).toEqual(everything(fixture));
  });

  it('[SNAP2] finds the same state in a snapshot and the journal after it', () => {
    const fixture = eventfulFixture();
    const expected = everything(fixture);
    expect(expected.left.length).toBeGreaterThan(2);
    for (let seq = 0; seq <= fixture.journal.length; seq += 1) {
      const before = initialState();
      replay(before, fixture.journal.slice(0, seq));
      const again = restored(before);
      replay(again, fixture.journal.slice(seq));
      expect(everything(fixture, again)).toEqual(expected);
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
    const fixture = new Fixture({ users: [agent(AMY), agent(BEN)] });
    fixture.open(AMY, BEN);
    const chats = [fixture.request(), fixture.request()];
    fixture.pass(15);
    fixture.sleep(3600);
    fixture.state = restored(fixture.state);
    fixture.do<'account.resumed'>({ type: 'account.resumed' });
    expect(fixture.places(...chats)).toEqual([`ringing ${AMY}`, `ringing ${BEN}`]);
    fixture.pass(19.999);
    expect(fixture.accept(AMY)).toBe(chats[0]);
    fixture.pass(0.001);
    expect(fixture.session(AMY).availability).toBe('Online');
    expect(fixture.session(BEN).availability).toBe('Away');
  });

  it('[SNAP4] lets everything else that is due happen', () => {
    const fixture = new Fixture();
    const waiting = fixture.request();
    const ended = fixture.request();
    fixture.end(ended);
    fixture.sleep(3600);
    fixture.do<'account.resumed'>({ type: 'account.resumed' });
    expect(fixture.feed(waiting, 2)).toEqual(['2 system 2']);
    expect(fixture.where(ended)).toBe('forgotten');
    const from = fixture.journal.length;
    fixture.do<'account.resumed'>({ type: 'account.resumed' });
    expect(fixture.eventTypes(from)).toEqual([]);
  });

  it('[SNAP5] counts the configuration as it is now', () => {
    const fixture = new Fixture({ users: [agent(AMY), agent(BEN, { maxChats: 0 })] });
    fixture.open(AMY, BEN);
    const chat = fixture.chatWith(AMY);
    const waiting = fixture.request();
    fixture.config = new Fixture({ users: [agent(AMY, { enabled: false }), agent(BEN)] }).config;
    fixture.do<'account.resumed'>({ type: 'account.resumed' });
    expect(fixture.places(chat, waiting)).toEqual([`ringing ${BEN}`, 'waiting']);
    expect([...fixture.state.sessionOfUser.keys()]).toEqual([BEN]);
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
      { type: 'chat.offerWithdrawn', chatId: 'c1', userId: AMY, reason: 'away' },
      /chat c1 is waiting, not ringing/,
    ],
  ])('[SNAP6] does not guess about %s', (_, event, message) => {
    const fixture = new Fixture();
    fixture.request();
    expect(() => evolve(fixture.state, event, fixture.now)).toThrow(message);
  });

  it('[SNAP6, STORE41] does not guess about an event of a kind it does not know, nor repeat it', () => {
    const fixture = new Fixture();
    const unknown: AccountEvent = JSON.parse('{"type":"chat.merged","chatId":"c1"}');
    expect(() => evolve(fixture.state, unknown, fixture.now)).toThrow(
      /^unknown event chat\.merged$/,
    );
  });
});

describe('what a state is kept as', () => {
  it('[SNAP2] holds no more than JSON does', () => {
    const fixture = eventfulFixture();
    const snapshot = takeSnapshot(fixture.state);
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
    expect(snapshot.queues.map(([key]) => key)).toContain(`skill:${SALES}`);
  });
});
