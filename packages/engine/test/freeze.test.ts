/** A state that is written down in pieces while it goes on changing. */
import { describe, expect, it } from 'vitest';
import {
  type AccountState,
  type Chat,
  readSnapshot,
  replay,
  serviceOf,
  SNAPSHOT_VERSION,
  StateFreeze,
  takeSnapshot,
  UnreadableSnapshot,
  type Waiting,
} from '@parley/engine';
import { AMY, agent, BEN, SALES } from './account.js';
import { fromPieces, inPieces } from './restored.js';
import { attribute, page, see } from './visit-reports.js';
import { VISITOR, Fixture } from './fixture.js';

/** Chats in every phase, ringing too, and two visits. */
function someOfAll(): Fixture {
  const fixture = new Fixture({
    users: [agent(AMY, { maxChats: 3 }), agent(BEN, { maxChats: 1 })],
  });
  fixture.open(AMY);
  see(fixture, { pages: [page('home'), page('shoes')], attributes: [attribute('lead')] });
  see(fixture, { sessionId: 'session-2', visitorId: 'visitor-2', pages: [page('cart')] });
  for (const text of ['one', 'two']) {
    const chat = fixture.chatWith(AMY, { visitor: { sharkSessionId: 'session-2' } });
    for (let line = 0; line < 4; line += 1) fixture.line(chat, VISITOR, `${text} ${line}`);
  }
  fixture.end('c1');
  fixture.open(BEN);
  // Of a visit by its visitor alone.
  fixture.chatWith(BEN, { visitor: { sharkVisitorId: 'visitor-1' } });
  fixture.request();
  fixture.request({ agent: BEN });
  return fixture;
}

/** What is due some time; that a visitor reads of busy agents may be looked at once more. */
const deadlines = (state: AccountState) =>
  state.deadlines.takeDue(Infinity).filter((key) => !key.startsWith('busy:'));

const asText = (fixture: Fixture) => JSON.stringify(takeSnapshot(fixture.state));

/** What can happen to what is there, each by the events that it brings. */
const HAPPENINGS: Readonly<Record<string, (fixture: Fixture) => void>> = {
  'a line': (fixture) => fixture.line('c2', VISITOR, 'and now?'),
  'a page of a visit, opened again': (fixture) =>
    see(fixture, { pages: [page('shoes', { title: 'Shoes' }), page('boots')] }),
  'a visit that goes on, and becomes the last': (fixture) =>
    see(fixture, { attributes: [attribute('purchase')] }),
  'a new visit': (fixture) => see(fixture, { sessionId: 'session-3', visitorId: 'visitor-3' }),
  'visits that are forgotten': (fixture) => fixture.pass(7 * 3600),
  'a chat of a visit': (fixture) => fixture.request({ visitor: { sharkSessionId: 'session-1' } }),
  'rings that are prolonged': (fixture) =>
    fixture.do<'account.resumed'>({ type: 'account.resumed' }),
  'a ring that nobody takes': (fixture) => fixture.pass(20),
  'a clock that was set': (fixture) =>
    fixture.do<'clock.moved'>({ type: 'clock.moved', by: 5_000 }),
  'a chat that ends, and its visits with it': (fixture) => fixture.end('c2'),
  'a chat that ends without its visit’s session': (fixture) => fixture.end('c3'),
  'a chat that is accepted': (fixture) => fixture.accept(AMY),
  'chats that end': (fixture) => {
    fixture.end('c2');
    fixture.end('c3');
  },
  'chats that are forgotten': (fixture) => fixture.pass(31 * 60),
  'a transfer': (fixture) => fixture.transfer('c3', BEN, { userId: AMY }, 'yours'),
  'a takeover': (fixture) => fixture.login(AMY),
  'an agent who goes': (fixture) => fixture.close(AMY),
  'an agent who turns Away': (fixture) => fixture.set(BEN, 'Away'),
  'what a visitor says of itself': (fixture) => {
    const variables = [{ name: 'plan', value: 'gold' }];
    fixture.do<'chat.setVariables'>({ type: 'chat.setVariables', chatId: 'c2', variables });
    fixture.do<'chat.setVisitorName'>({ type: 'chat.setVisitorName', chatId: 'c2', name: 'V' });
  },
  'a transcript that is asked for': (fixture) =>
    fixture.do<'transcript.request'>({
      ...{ type: 'transcript.request', chatId: 'c2' },
      ...{ email: 'vera@example.com', subject: null },
    }),
};

describe('a state that is written down in pieces', () => {
  it.each(Object.keys(HAPPENINGS))(
    '[SNAP8] is as it was at the begin, whenever there is %s',
    (what) => {
      const all = inPieces(someOfAll().state).length;
      expect(all).toBeGreaterThan(10);
      for (let after = 0; after <= all; after += 1) {
        const fixture = someOfAll();
        const before = asText(fixture);
        const began = fixture.journal.length;
        const freeze = new StateFreeze(fixture.state);
        const pieces = freeze.pieces(100);
        const written: string[] = [];
        for (let next = pieces.next(); !next.done; next = pieces.next()) {
          if (written.length === after) HAPPENINGS[what]?.(fixture);
          written.push(next.value);
        }
        freeze.end();
        const read = fromPieces(written, freeze.seq);
        expect(JSON.stringify(takeSnapshot(read))).toBe(before);
        // And the journal from there on leads to the state as it is.
        replay(read, JSON.parse(JSON.stringify(fixture.journal.slice(began))));
        expect(JSON.stringify(takeSnapshot(read))).toBe(asText(fixture));
        expect(deadlines(read)).toEqual(deadlines(fixture.state));
      }
    },
  );

  it('[SNAP9] has pieces of a bounded size, however long a feed or a queue is', () => {
    const fixture = new Fixture({ users: [agent(AMY)] });
    fixture.open(AMY);
    const chat = fixture.chatWith(AMY);
    for (let line = 0; line < 200; line += 1) fixture.line(chat, VISITOR, 'x'.repeat(1_000));
    fixture.set(AMY, 'Away');
    for (let waiting = 0; waiting < 300; waiting += 1) fixture.request();
    const freeze = new StateFreeze(fixture.state);
    const pieces = [...freeze.pieces(5_000)];
    freeze.end();
    expect(pieces.length).toBeGreaterThan(40);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(10_000);
    const read = fromPieces(pieces, fixture.state.seq);
    expect(JSON.stringify(takeSnapshot(read))).toBe(asText(fixture));
    expect(read.queues.get(`skill:${SALES}`)).toHaveLength(300);
  });

  it('[SNAP8] is written by one at a time', () => {
    const fixture = someOfAll();
    const freeze = new StateFreeze(fixture.state);
    expect(() => new StateFreeze(fixture.state)).toThrow('already');
    freeze.end();
    new StateFreeze(fixture.state).end();
  });
});

describe('pieces that are not of a snapshot', () => {
  const secret = 'my card is 4111';

  it.each([
    ['text that is no JSON', [`["${secret}`]],
    ['something else than a list', [`{"a":"${secret}"}`]],
    ['an item of an unknown kind', [`[["secret","${secret}"]]`]],
    ['an item that is nothing', ['[null]']],
    ['a feed without its chat', [`[["feed","c1",[{"id":0,"text":"${secret}"}]]]`]],
  ])('[SNAP3] are refused without repeating them: %s', (_, pieces) => {
    const read = () => fromPieces(pieces, 1);
    expect(read).toThrow(UnreadableSnapshot);
    expect(read).not.toThrow('4111');
  });

  it('[SNAP3] are refused when a feed has a gap', () => {
    const pieces = inPieces(someOfAll().state);
    const gap = pieces.filter((piece) => !piece.includes('"one 1"'));
    expect(gap.length).toBe(pieces.length - 1);
    expect(() => fromPieces(gap, 1)).toThrow('a feed has a gap');
  });

  it('[SNAP3] are refused when there is nothing in a snapshot of one piece', () => {
    expect(() => readSnapshot(1).finish(1)).toThrow(UnreadableSnapshot);
    expect(SNAPSHOT_VERSION).toBe(4);
  });

  it.each([
    [2, 'of before several could be in a chat: who had it or was asked is who is', staged],
    [3, 'of before fields of chats were renamed', namedBefore],
  ])('[SNAP10] of version %i, %s', (version, _, asBefore) => {
    const { state } = someOfAll();
    for (const chat of state.chats.values()) {
      if (serviceOf(chat).name !== 'waiting' || chat.phase.name !== 'waiting') continue;
      chat.busyAnnounced = true;
      chat.phase = { name: 'waiting', waiting: { ...chat.phase.waiting, transferredBy: BEN } };
    }
    const earlier = inPieces(state).map((piece) =>
      JSON.stringify(
        (JSON.parse(piece) as [string, Chat][]).map((item) =>
          item[0] === 'chat' ? ['chat', asBefore(item[1])] : item,
        ),
      ),
    );
    const reader = readSnapshot(version);
    for (const piece of earlier) reader.add(piece);
    const read = reader.finish(state.seq);
    const seen = (of: AccountState) =>
      [...of.chats.values()].map((chat) => {
        const { busyAnnounced } = chat;
        const service = serviceOf(chat);
        return service.name === 'ringing'
          ? { ...service, offer: { ...service.offer, id: 0 }, busyAnnounced }
          : { ...service, busyAnnounced };
      });
    expect(seen(read)).toEqual(seen(state));
    expect(new Set(seen(read).map(({ name }) => name)).size).toBe(4);
    expect(new Set(seen(read).map(({ busyAnnounced }) => busyAnnounced)).size).toBe(2);
    expect(read.deadlines.next()).toBe(state.deadlines.next());
    expect(read.transferredWaiting).toBe(1);
  });
});

/** A chat as snapshots of version 3 have it. */
function namedBefore({ busyAnnounced: busyTold, ...chat }: Chat): object {
  const { phase } = chat;
  if (phase.name !== 'waiting') return { ...chat, busyTold };
  return { ...chat, busyTold, phase: { name: 'waiting', waiting: waitingBefore(phase.waiting) } };
}

function waitingBefore({ transferredBy: givenAwayBy, ...waiting }: Waiting): object {
  return { ...waiting, givenAwayBy };
}

/** A chat as snapshots of version 2 have it. */
function staged(whole: Chat): object {
  const { phase: _, participants: __, offers: ___, busyAnnounced: busyTold, ...chat } = whole;
  const service = serviceOf(whole);
  const before = { ...chat, busyTold };
  if (service.name === 'waiting') {
    return { ...before, stage: { name: 'waiting', waiting: waitingBefore(service.waiting) } };
  }
  if (service.name !== 'ringing') return { ...before, stage: service };
  const { offer, userId, waiting } = service;
  const { since, until, why } = offer;
  return {
    ...before,
    stage: { name: 'ringing', userId, since, until, why, waiting: waitingBefore(waiting) },
  };
}
