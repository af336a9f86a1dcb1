/** Visits: what is kept of them, for how long, and which chat they belong to. */
import { describe, expect, it } from 'vitest';
import { MAX_PAGES, MAX_VISITS_OF_VISITOR, storedBytes, visitOfChat } from '@parley/engine';
import { attribute, page, see, visit } from './visit-reports.js';
import { START, World } from './world.js';

const HOUR = 60 * 60;

describe('visits', () => {
  it('[TRACK1] a visit begins with its first report; later ones change what they say, no more', () => {
    const world = new World();
    see(world, { facts: { ip: '192.0.2.1', language: 'de' } });
    world.sleep(60);
    const seen = see(world, { facts: { language: 'en' }, pages: [page('p1')] });
    expect(seen).toMatchObject({
      visitorId: 'visitor-1',
      startedAt: START,
      lastSeen: START + 60_000,
      facts: { ip: '192.0.2.1', language: 'en', screen: null },
      pages: [page('p1')],
    });
  });

  it('[TRACK2] a session belongs to one visitor: reported of another it is unknown', () => {
    const world = new World();
    see(world);
    const theirs = { type: 'visit.see', sessionId: 'session-1', visitorId: 'visitor-2' } as const;
    expect(world.refused<'visit.see'>(theirs)).toEqual({
      rejected: 'unknown-visit',
      sessionId: 'session-1',
    });
  });

  it('[TRACK3] the last hundred pages are kept; a page told of again is replaced', () => {
    const world = new World();
    see(world, { pages: Array.from({ length: MAX_PAGES + 20 }, (_, n) => page(`p${n}`)) });
    see(world, { pages: [page('p50', { timeOnPage: 4000 })] });
    const { pages } = visit(world);
    expect([pages.length, pages[0]?.id, pages.at(-1)?.id]).toEqual([100, 'p20', 'p119']);
    expect(pages.find(({ id }) => id === 'p50')?.timeOnPage).toBe(4000);
  });

  it('[TRACK3] pages are kept as far as 64,000 bytes go, as they are stored', () => {
    const world = new World();
    // Each of these is stored as six bytes.
    const url = '\u0001'.repeat(2_000);
    see(world, { pages: Array.from({ length: 50 }, (_, n) => page(`p${n}`, { url })) });
    expect(visit(world).pages.map(({ id }) => id)).toEqual(['p45', 'p46', 'p47', 'p48', 'p49']);
    expect(storedBytes(visit(world).pages)).toBeGreaterThan(60_000);
  });

  it('[TRACK4] attributes are kept newest first, 200 at most, and 64,000 bytes at most', () => {
    const world = new World();
    see(world, { attributes: [attribute('cart'), attribute('lead')], pageId: 'p1' });
    const seen = see(world, { attributes: [attribute('error')] });
    expect(seen.attributes.map(({ type, pageId }) => [type, pageId])).toEqual([
      ['error', null],
      ['lead', 'p1'],
      ['cart', 'p1'],
    ]);
    see(world, { attributes: Array.from({ length: 250 }, (_, n) => attribute(`a${n}`)) });
    expect(visit(world).attributes.map(({ type }) => type)).toEqual(
      Array.from({ length: 200 }, (_, n) => `a${249 - n}`),
    );
    see(world, { attributes: [1, 2, 3].map((n) => attribute(`big${n}`, 30_000)) });
    expect(visit(world).attributes.map(({ type }) => type)).toEqual(['big3', 'big2']);
  });

  it('[TRACK5] a visit is forgotten after 6 hours of silence, to the millisecond', () => {
    const world = new World();
    see(world);
    world.sleep(HOUR);
    see(world, { sessionId: 'session-2', visitorId: 'visitor-2' });
    world.sleep(HOUR);
    see(world);
    world.pass(5 * HOUR - 0.001);
    expect([...world.state.visits.keys()]).toEqual(['session-2', 'session-1']);
    world.pass(0.001);
    expect([...world.state.visits.keys()]).toEqual(['session-1']);
    world.pass(HOUR);
    expect(world.state.visits.size + world.state.lastVisitOf.size).toBe(0);
    expect(world.state.deadlines.next()).toBeNull();
    expect(world.eventTypes().filter((type) => type === 'visits.forgotten')).toHaveLength(2);
  });

  it('[TRACK5] the visit of a live chat is not silent: its 6 hours begin when the chat is over', () => {
    const world = new World();
    see(world);
    const chat = world.request({ visitor: { sharkSessionId: 'session-1' } });
    world.pass(7 * HOUR);
    expect(world.state.visits.size).toBe(1);
    world.end(chat);
    expect(visit(world).lastSeen).toBe(world.now);
    world.pass(6 * HOUR - 0.001);
    expect(world.state.visits.size).toBe(1);
    world.pass(0.001);
    expect(world.state.visits.size + world.state.lastVisitOf.size).toBe(0);
  });

  it('[TRACK6] asking for a chat is a sign of life of the visit it names', () => {
    const world = new World();
    see(world);
    world.sleep(HOUR);
    world.request({ visitor: { sharkSessionId: 'session-1' } });
    expect(visit(world).lastSeen).toBe(START + HOUR * 1000);
  });

  it('[TRACK7] a chat finds its visit by session, else the last one of its visitor', () => {
    const world = new World();
    see(world);
    see(world, { sessionId: 'session-2' });
    const found = (visitor: Parameters<World['request']>[0] & object) =>
      visitOfChat(world.state, world.chat(world.request(visitor)))?.sessionId ?? null;
    expect(found({ visitor: { sharkSessionId: 'session-1' } })).toBe('session-1');
    // Naming it was a sign of life of that session, so it is the visitor's last one now.
    expect(found({ visitor: { sharkVisitorId: 'visitor-1' } })).toBe('session-1');
    see(world, { sessionId: 'session-2' });
    expect(found({ visitor: { visitorId: 'visitor-1', sharkSessionId: 'gone' } })).toBe(
      'session-2',
    );
    expect(found({ visitor: { visitorId: 'visitor-9' } })).toBeNull();
  });

  it('[TRACK8] counts a visitor’s visits while one of them is live', () => {
    const world = new World();
    expect(see(world).ordinal).toBe(1);
    expect(see(world, { sessionId: 'session-2' }).ordinal).toBe(2);
    expect(see(world).ordinal).toBe(1);
    world.pass(6 * HOUR);
    expect(see(world, { sessionId: 'session-3' }).ordinal).toBe(1);
  });

  it('[TRACK10] a visitor has 20 visits: one more takes the place of the longest silent', () => {
    const world = new World();
    const begin = (n: number) => see(world, { sessionId: `s${n}` });
    for (let n = 0; n < MAX_VISITS_OF_VISITOR; n += 1) begin(n);
    world.request({ visitor: { sharkSessionId: 's1', visitorId: 'visitor-1' } });
    begin(0);
    begin(20);
    begin(21);
    // That of a live chat stays, although it is among the longest silent.
    const left = ['s0', 's1', 's2', 's3', 's4', 's20', 's21'];
    expect(left.filter((id) => world.state.visits.has(id))).toEqual([
      's0',
      's1',
      's4',
      's20',
      's21',
    ]);
    expect(world.state.lastVisitOf.get('visitor-1')).toBe('s21');
  });
});
