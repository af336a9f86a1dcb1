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
} from '@parley/engine';
import { AMY, agent, BEN, SALES } from './account.js';
import { fromPieces, inPieces } from './restored.js';
import { attribute, page, see } from './visit-reports.js';
import { VISITOR, World } from './world.js';

/** Chats in every phase, ringing too, and two visits. */
function someOfAll(): World {
  const world = new World({ users: [agent(AMY, { maxChats: 3 }), agent(BEN, { maxChats: 1 })] });
  world.open(AMY);
  see(world, { pages: [page('home'), page('shoes')], attributes: [attribute('lead')] });
  see(world, { sessionId: 'session-2', visitorId: 'visitor-2', pages: [page('cart')] });
  for (const text of ['one', 'two']) {
    const chat = world.chatWith(AMY, { visitor: { sharkSessionId: 'session-2' } });
    for (let line = 0; line < 4; line += 1) world.line(chat, VISITOR, `${text} ${line}`);
  }
  world.end('c1');
  world.open(BEN);
  // Of a visit by its visitor alone.
  world.chatWith(BEN, { visitor: { sharkVisitorId: 'visitor-1' } });
  world.request();
  world.request({ agent: BEN });
  return world;
}

/** What is due some time; that a visitor is told of busy agents may be looked at once more. */
const deadlines = (state: AccountState) =>
  state.deadlines.takeDue(Infinity).filter((key) => !key.startsWith('busy:'));

const asText = (world: World) => JSON.stringify(takeSnapshot(world.state));

/** What can happen to what is there, each by the events that it brings. */
const HAPPENINGS: Readonly<Record<string, (world: World) => void>> = {
  'a line': (world) => world.line('c2', VISITOR, 'and now?'),
  'a page of a visit, opened again': (world) =>
    see(world, { pages: [page('shoes', { title: 'Shoes' }), page('boots')] }),
  'a visit that goes on, and becomes the last': (world) =>
    see(world, { attributes: [attribute('purchase')] }),
  'a new visit': (world) => see(world, { sessionId: 'session-3', visitorId: 'visitor-3' }),
  'visits that are forgotten': (world) => world.pass(7 * 3600),
  'a chat of a visit': (world) => world.request({ visitor: { sharkSessionId: 'session-1' } }),
  'rings that are prolonged': (world) => world.do<'account.resumed'>({ type: 'account.resumed' }),
  'a ring that nobody takes': (world) => world.pass(20),
  'a clock that was set': (world) => world.do<'clock.moved'>({ type: 'clock.moved', by: 5_000 }),
  'a chat that ends, and its visits with it': (world) => world.end('c2'),
  'a chat that ends without its visit’s session': (world) => world.end('c3'),
  'a chat that is accepted': (world) => world.accept(AMY),
  'chats that end': (world) => {
    world.end('c2');
    world.end('c3');
  },
  'chats that are forgotten': (world) => world.pass(31 * 60),
  'a transfer': (world) => world.transfer('c3', BEN, { userId: AMY }, 'yours'),
  'a takeover': (world) => world.login(AMY),
  'an agent who goes': (world) => world.close(AMY),
  'an agent who turns Away': (world) => world.set(BEN, 'Away'),
  'what a visitor says of itself': (world) => {
    const variables = [{ name: 'plan', value: 'gold' }];
    world.do<'chat.setVariables'>({ type: 'chat.setVariables', chatId: 'c2', variables });
    world.do<'chat.setVisitorName'>({ type: 'chat.setVisitorName', chatId: 'c2', name: 'V' });
  },
  'a transcript that is asked for': (world) =>
    world.do<'transcript.request'>({
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
        const world = someOfAll();
        const before = asText(world);
        const began = world.journal.length;
        const freeze = new StateFreeze(world.state);
        const pieces = freeze.pieces(100);
        const written: string[] = [];
        for (let next = pieces.next(); !next.done; next = pieces.next()) {
          if (written.length === after) HAPPENINGS[what]?.(world);
          written.push(next.value);
        }
        freeze.end();
        const read = fromPieces(written, freeze.seq);
        expect(JSON.stringify(takeSnapshot(read))).toBe(before);
        // And the journal from there on leads to the state as it is.
        replay(read, JSON.parse(JSON.stringify(world.journal.slice(began))));
        expect(JSON.stringify(takeSnapshot(read))).toBe(asText(world));
        expect(deadlines(read)).toEqual(deadlines(world.state));
      }
    },
  );

  it('[SNAP9] has pieces of a bounded size, however long a feed or a queue is', () => {
    const world = new World({ users: [agent(AMY)] });
    world.open(AMY);
    const chat = world.chatWith(AMY);
    for (let line = 0; line < 200; line += 1) world.line(chat, VISITOR, 'x'.repeat(1_000));
    world.set(AMY, 'Away');
    for (let waiting = 0; waiting < 300; waiting += 1) world.request();
    const freeze = new StateFreeze(world.state);
    const pieces = [...freeze.pieces(5_000)];
    freeze.end();
    expect(pieces.length).toBeGreaterThan(40);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(10_000);
    const read = fromPieces(pieces, world.state.seq);
    expect(JSON.stringify(takeSnapshot(read))).toBe(asText(world));
    expect(read.queues.get(`skill:${SALES}`)).toHaveLength(300);
  });

  it('[SNAP8] is written by one at a time', () => {
    const world = someOfAll();
    const freeze = new StateFreeze(world.state);
    expect(() => new StateFreeze(world.state)).toThrow('already');
    freeze.end();
    new StateFreeze(world.state).end();
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
    expect(SNAPSHOT_VERSION).toBe(3);
  });

  it('[SNAP10] of before several could be in a chat: who had it or was asked is who is', () => {
    const { state } = someOfAll();
    const inStages = inPieces(state).map((piece) =>
      JSON.stringify(
        (JSON.parse(piece) as [string, Chat][]).map((item) =>
          item[0] === 'chat' ? ['chat', staged(item[1])] : item,
        ),
      ),
    );
    const reader = readSnapshot(2);
    for (const piece of inStages) reader.add(piece);
    const read = reader.finish(state.seq);
    const seen = (of: AccountState) =>
      [...of.chats.values()].map((chat) => {
        const service = serviceOf(chat);
        return service.name === 'ringing'
          ? { ...service, offer: { ...service.offer, id: 0 } }
          : service;
      });
    expect(seen(read)).toEqual(seen(state));
    expect(new Set(seen(read).map(({ name }) => name)).size).toBe(4);
    expect(read.deadlines.next()).toBe(state.deadlines.next());
  });
});

/** A chat as snapshots of version 2 have it. */
function staged({ phase: _, participants: __, offers: ___, ...chat }: Chat): object {
  const service = serviceOf({ ...chat, phase: _, participants: __, offers: ___ });
  if (service.name !== 'ringing') return { ...chat, stage: service };
  const { offer, userId, waiting } = service;
  const { since, until, why } = offer;
  return { ...chat, stage: { name: 'ringing', userId, since, until, why, waiting } };
}
