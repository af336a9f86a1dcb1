/** Visits: what is kept of them, for how long, and which chat they belong to. */
import { describe, expect, it } from 'vitest';
import { MAX_PAGES, MAX_VISITS_OF_VISITOR, storedBytes, visitOfChat } from '@parley/engine';
import { attribute, page, see, visit } from './visit-reports.js';
import { START, Fixture } from './fixture.js';

const HOUR = 60 * 60;

describe('visits', () => {
  it('[TRACK1] a visit begins with its first report; later ones change what they say, no more', () => {
    const fixture = new Fixture();
    see(fixture, { facts: { ip: '192.0.2.1', language: 'de' } });
    fixture.sleep(60);
    const seen = see(fixture, { facts: { language: 'en' }, pages: [page('p1')] });
    expect(seen).toMatchObject({
      visitorId: 'visitor-1',
      startedAt: START,
      lastSeen: START + 60_000,
      facts: { ip: '192.0.2.1', language: 'en', screen: null },
      pages: [page('p1')],
    });
  });

  it('[TRACK2] a session belongs to one visitor: reported of another it is unknown', () => {
    const fixture = new Fixture();
    see(fixture);
    const theirs = { type: 'visit.see', sessionId: 'session-1', visitorId: 'visitor-2' } as const;
    expect(fixture.refused<'visit.see'>(theirs)).toEqual({
      rejected: 'unknown-visit',
      sessionId: 'session-1',
    });
  });

  it('[TRACK3] the last hundred pages are kept; a page reported again is replaced', () => {
    const fixture = new Fixture();
    see(fixture, { pages: Array.from({ length: MAX_PAGES + 20 }, (_, n) => page(`p${n}`)) });
    see(fixture, { pages: [page('p50', { timeOnPage: 4000 })] });
    const { pages } = visit(fixture);
    expect([pages.length, pages[0]?.id, pages.at(-1)?.id]).toEqual([100, 'p20', 'p119']);
    expect(pages.find(({ id }) => id === 'p50')?.timeOnPage).toBe(4000);
  });

  it('[TRACK3] pages are kept as far as 64,000 bytes go, as they are stored', () => {
    const fixture = new Fixture();
    // Each of these is stored as six bytes.
    const url = '\u0001'.repeat(2_000);
    see(fixture, { pages: Array.from({ length: 50 }, (_, n) => page(`p${n}`, { url })) });
    expect(visit(fixture).pages.map(({ id }) => id)).toEqual(['p45', 'p46', 'p47', 'p48', 'p49']);
    expect(storedBytes(visit(fixture).pages)).toBeGreaterThan(60_000);
  });

  it('[TRACK4] attributes are kept newest first, 200 at most, and 64,000 bytes at most', () => {
    const fixture = new Fixture();
    see(fixture, { attributes: [attribute('cart'), attribute('lead')], pageId: 'p1' });
    const seen = see(fixture, { attributes: [attribute('error')] });
    expect(seen.attributes.map(({ type, pageId }) => [type, pageId])).toEqual([
      ['error', null],
      ['lead', 'p1'],
      ['cart', 'p1'],
    ]);
    see(fixture, { attributes: Array.from({ length: 250 }, (_, n) => attribute(`a${n}`)) });
    expect(visit(fixture).attributes.map(({ type }) => type)).toEqual(
      Array.from({ length: 200 }, (_, n) => `a${249 - n}`),
    );
    see(fixture, { attributes: [1, 2, 3].map((n) => attribute(`big${n}`, 30_000)) });
    expect(visit(fixture).attributes.map(({ type }) => type)).toEqual(['big3', 'big2']);
  });

  it('[TRACK5] a visit is forgotten after 6 hours of silence, to the millisecond', () => {
    const fixture = new Fixture();
    see(fixture);
    fixture.sleep(HOUR);
    see(fixture, { sessionId: 'session-2', visitorId: 'visitor-2' });
    fixture.sleep(HOUR);
    see(fixture);
    fixture.pass(5 * HOUR - 0.001);
    expect([...fixture.state.visits.keys()]).toEqual(['session-2', 'session-1']);
    fixture.pass(0.001);
    expect([...fixture.state.visits.keys()]).toEqual(['session-1']);
    fixture.pass(HOUR);
    expect(fixture.state.visits.size + fixture.state.lastVisitOf.size).toBe(0);
    expect(fixture.state.deadlines.next()).toBeNull();
    expect(fixture.eventTypes().filter((type) => type === 'visits.forgotten')).toHaveLength(2);
  });

  it('[TRACK5] the visit of a live chat is not silent: its 6 hours begin when the chat is over', () => {
    const fixture = new Fixture();
    see(fixture);
    const chat = fixture.request({ visitor: { sharkSessionId: 'session-1' } });
    fixture.pass(7 * HOUR);
    expect(fixture.state.visits.size).toBe(1);
    fixture.end(chat);
    expect(visit(fixture).lastSeen).toBe(fixture.now);
    fixture.pass(6 * HOUR - 0.001);
    expect(fixture.state.visits.size).toBe(1);
    fixture.pass(0.001);
    expect(fixture.state.visits.size + fixture.state.lastVisitOf.size).toBe(0);
  });

  it('[TRACK6] asking for a chat is a heartbeat of the visit it names', () => {
    const fixture = new Fixture();
    see(fixture);
    fixture.sleep(HOUR);
    fixture.request({ visitor: { sharkSessionId: 'session-1' } });
    expect(visit(fixture).lastSeen).toBe(START + HOUR * 1000);
  });

  it('[TRACK7] a chat finds its visit by session, else the last one of its visitor', () => {
    const fixture = new Fixture();
    see(fixture);
    see(fixture, { sessionId: 'session-2' });
    const found = (visitor: Parameters<Fixture['request']>[0] & object) =>
      visitOfChat(fixture.state, fixture.chat(fixture.request(visitor)))?.sessionId ?? null;
    expect(found({ visitor: { sharkSessionId: 'session-1' } })).toBe('session-1');
    // Naming it was a heartbeat of that session, so it is the visitor's last one now.
    expect(found({ visitor: { sharkVisitorId: 'visitor-1' } })).toBe('session-1');
    see(fixture, { sessionId: 'session-2' });
    expect(found({ visitor: { visitorId: 'visitor-1', sharkSessionId: 'gone' } })).toBe(
      'session-2',
    );
    expect(found({ visitor: { visitorId: 'visitor-9' } })).toBeNull();
  });

  it('[TRACK8] counts a visitor’s visits while one of them is live', () => {
    const fixture = new Fixture();
    expect(see(fixture).ordinal).toBe(1);
    expect(see(fixture, { sessionId: 'session-2' }).ordinal).toBe(2);
    expect(see(fixture).ordinal).toBe(1);
    fixture.pass(6 * HOUR);
    expect(see(fixture, { sessionId: 'session-3' }).ordinal).toBe(1);
  });

  it('[TRACK10] a visitor has 20 visits: one more takes the place of the longest silent', () => {
    const fixture = new Fixture();
    const begin = (n: number) => see(fixture, { sessionId: `s${n}` });
    for (let n = 0; n < MAX_VISITS_OF_VISITOR; n += 1) begin(n);
    fixture.request({ visitor: { sharkSessionId: 's1', visitorId: 'visitor-1' } });
    begin(0);
    begin(20);
    begin(21);
    // That of a live chat stays, although it is among the longest silent.
    const left = ['s0', 's1', 's2', 's3', 's4', 's20', 's21'];
    expect(left.filter((id) => fixture.state.visits.has(id))).toEqual([
      's0',
      's1',
      's4',
      's20',
      's21',
    ]);
    expect(fixture.state.lastVisitOf.get('visitor-1')).toBe('s21');
  });
});
