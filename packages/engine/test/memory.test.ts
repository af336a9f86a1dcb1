/** What strangers bring in: what it weighs, who may bring how much, and what goes for it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  evolve,
  initialState,
  MAX_FEED_BYTES_BEFORE_ACCEPTED,
  MAX_VISIT_BYTES,
  type MemoryRoom,
  networkOf,
  recount,
  replay,
  storedBytes,
  UNLIMITED,
} from '@parley/engine';
import { addressGroup } from './network-reference.js';
import { attribute, page, see } from './visit-reports.js';
import { AMY } from './account.js';
import { VISITOR, Fixture } from './fixture.js';

/** Texts with what JSON escapes, what UTF-8 makes long, and halves of characters. */
const text = fc.string({
  unit: fc.constantFrom(
    'a',
    '"',
    '\\',
    '\n',
    '\u0001',
    'é',
    '漢',
    '😀',
    '\ud800',
    '\udc00',
    '\u2028',
  ),
  maxLength: 12,
});

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.double(),
    fc.boolean(),
    fc.constantFrom(null, undefined, 0, -1, 1e21),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(text, tie('any'), { maxKeys: 4 }),
  ),
})).any;

describe('weights', () => {
  it('[MEM1] are the bytes of the JSON that is stored', () => {
    fc.assert(
      fc.property(value, (any) => {
        const stored = JSON.stringify(any) ?? 'null';
        expect(storedBytes(any)).toBe(Buffer.byteLength(stored));
      }),
      { numRuns: 2_000 },
    );
  });

  it('[MEM1] and something for each text, list and object: many small things weigh what they cost', () => {
    const small = Array.from({ length: 1_000 }, () => ({ product: {} }));
    expect(storedBytes(small)).toBeLessThan(17_000);
    expect(bytesOf(small)).toBeGreaterThan(90_000);
    expect(bytesOf('x')).toBe(storedBytes('x') + 24);
  });

  it('[MEM1] of an account are the same when its journal is folded anew', () => {
    const fixture = new Fixture();
    fixture.open(AMY);
    see(fixture, {
      facts: { ip: '192.0.2.1' },
      pages: [page('p1')],
      attributes: [attribute('lead')],
    });
    const chat = fixture.chatWith(AMY, { visitor: { ip: '192.0.2.1' } });
    fixture.line(chat, VISITOR, '"quoted"');
    const replayed = initialState();
    replay(replayed, JSON.parse(JSON.stringify(fixture.journal)));
    expect(replayed.memory.bytes).toEqual(fixture.state.memory.bytes);
    expect(recount(fixture.state).bytes).toEqual(fixture.state.memory.bytes);
  });

  it('[MEM1] events of before there were weights have theirs: what they say of their size counts for nothing', () => {
    const state = initialState();
    const data = { topic: 'x'.repeat(5_000) };
    const old = { type: 'lead', data, chars: 3 };
    const event = {
      type: 'visit.seen',
      sessionId: 's',
      visitorId: 'v',
      attributes: [old],
    } as const;
    evolve(state, event, 0);
    expect(state.memory.bytes.idle).toBeGreaterThan(5_000);
  });
});

describe('networks', () => {
  it('[MEM2] are IPv4 addresses, and IPv6 networks of 64 bits', () => {
    expect(
      ['192.0.2.7', '2001:db8::1', '2001:DB8:0:0:9::1', '::ffff:c000:207', 'fe80::1%eth0', ''].map(
        networkOf,
      ),
    ).toEqual([
      '192.0.2.7',
      '2001:db8:0:0::/64',
      '2001:db8:0:0::/64',
      '192.0.2.7',
      'fe80:0:0:0::/64',
      '',
    ]);
    for (const odd of ['1:2:3', '::1::2', 'no address', '1:2:3:4:5:6:7:8:9', 'g::1']) {
      expect(networkOf(odd)).toBe(odd);
    }
  });

  it('[MEM2] however an IPv6 address is written', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        expect(networkOf(address)).toBe(addressGroup(address));
      }),
    );
  });
});

/** An account of which this much is live and idle at most. */
function fixtureWith(room: Partial<MemoryRoom>): Fixture {
  return new Fixture({}, { ...UNLIMITED, live: 1_000_000, idle: 4_000_000, ...room });
}

describe('visits that nobody chats in', () => {
  const begin = (fixture: Fixture, ip: string, n: number, bytes = 100) =>
    see(fixture, {
      sessionId: `${ip}#${n}`,
      visitorId: `${ip}#${n}`,
      facts: { ip },
      attributes: [attribute('lead', bytes)],
    });
  const of = (fixture: Fixture, ip: string) =>
    [...fixture.state.visits.keys()].filter((id) => id.startsWith(`${ip}#`)).length;

  it('[MEM4] the longest silent goes when there is no room', () => {
    const fixture = fixtureWith({ idle: 100_000 });
    for (let n = 0; n < 200; n += 1) begin(fixture, `10.0.0.${n}`, 0);
    const left = [...fixture.state.visits.keys()];
    expect(left.length).toBeGreaterThan(30);
    expect(left.at(-1)).toBe('10.0.0.199#0');
    expect(left[0]).toBe(`10.0.0.${200 - left.length}#0`);
    expect(fixture.state.memory.bytes.idle).toBeLessThanOrEqual(100_000);
  });

  it('[MEM5] a flood from one network takes the place of its own, not of others', () => {
    const fixture = fixtureWith({});
    for (let n = 0; n < 100; n += 1) begin(fixture, `10.0.0.${n}`, 0);
    for (let n = 0; n < 3_000; n += 1) begin(fixture, '192.0.2.1', n, 2_000);
    expect(Array.from({ length: 100 }, (_, n) => of(fixture, `10.0.0.${n}`))).toEqual(
      Array.from({ length: 100 }, () => 1),
    );
    expect(of(fixture, '192.0.2.1')).toBeGreaterThan(100);
  });

  it('[MEM5] neither does one from a thousand networks of one IPv6 site', () => {
    const fixture = fixtureWith({});
    for (let n = 0; n < 100; n += 1) begin(fixture, `10.0.0.${n}`, 0);
    begin(fixture, '2001:db8:0:ffff::1', 0);
    for (let n = 0; n < 3_000; n += 1)
      begin(fixture, `2001:db8:0:${(n % 1_000).toString(16)}::1`, n, 1_000);
    for (let n = 0; n < 100; n += 1) expect(of(fixture, `10.0.0.${n}`)).toBe(1);
    // Within the site, too, it is the others that hold more.
    expect(of(fixture, '2001:db8:0:ffff::1')).toBe(1);
  });

  it('[MEM5] whatever a few networks do, a network within its share keeps its visits', () => {
    const share = (networks: number) => 4_000_000 / networks;
    const report = fc.record({
      network: fc.nat({ max: 3 }),
      visit: fc.nat({ max: 100 }),
      bytes: fc.integer({ min: 10_000, max: 60_000 }),
    });
    const scenario = fc.record({
      quiet: fc.array(fc.nat({ max: 2_000 }), { minLength: 1, maxLength: 8 }),
      flood: fc.array(report, { minLength: 100, maxLength: 250, size: 'max' }),
    });
    let pressed = 0;
    fc.assert(
      fc.property(scenario, ({ quiet, flood }) => {
        const fixture = fixtureWith({});
        for (const [n, bytes] of quiet.entries()) begin(fixture, `10.0.0.${n}`, 0, bytes);
        for (const { network, visit, bytes } of flood) {
          begin(fixture, `192.0.2.${network}`, visit, bytes);
        }
        if (fixture.eventTypes().includes('visits.forgotten')) pressed += 1;
        for (const [n] of quiet.entries()) {
          const held = fixture.state.memory.sharers.of(`10.0.0.${n}`).bytes.idle;
          expect(held).toBeLessThanOrEqual(share(quiet.length + 4));
          expect(of(fixture, `10.0.0.${n}`)).toBe(1);
        }
      }),
      { numRuns: 25 },
    );
    expect(pressed).toBeGreaterThan(10);
  });

  it('[MEM5] chats that are over go by the same rule, and the visit of a live chat never', () => {
    const fixture = fixtureWith({ idle: 400_000 });
    begin(fixture, '10.0.0.1', 0);
    const live = fixture.request({ visitor: { ip: '10.0.0.1', sharkSessionId: '10.0.0.1#0' } });
    fixture.end(fixture.request({ visitor: { ip: '10.0.0.2' } }));
    for (let n = 0; n < 40; n += 1) {
      const visitor = { ip: '192.0.2.1', visitorId: `v${n}` };
      const chat = fixture.request({ visitor });
      fixture.line(chat, VISITOR, 'x'.repeat(40_000));
      fixture.end(chat);
    }
    fixture.sleep(1);
    for (let n = 0; n < 1_000; n += 1) begin(fixture, '192.0.2.1', n, 2_000);
    const ended = [...fixture.state.chats.values()].filter(({ phase }) => phase.name === 'ended');
    expect(ended.map(({ visitor }) => visitor.ip)).toEqual(['10.0.0.2']);
    expect(of(fixture, '10.0.0.1')).toBe(1);
    fixture.end(live);
    expect(of(fixture, '10.0.0.1')).toBe(1);
  });
});

describe('what is in use', () => {
  const ask = (fixture: Fixture, ip: string | null, visitor: object = {}) =>
    fixture.asking({ visitor: { ip, visitorId: `visitor of ${ip}`, ...visitor } });

  /** Asks until refused; gives the chats. */
  function fill(fixture: Fixture, ip: string): string[] {
    const chats: string[] = [];
    while (chats.length < 1_000) {
      const outcome = fixture.try<'chat.request'>(ask(fixture, ip));
      if ('rejection' in outcome) return chats;
      chats.push(outcome.reply.chatId);
    }
    throw new Error(`${ip} was never refused`);
  }

  it('[MEM6] one network has a sixteenth of it, and no more than it leaves for the next', () => {
    const fixture = fixtureWith({ live: 1_600_000 });
    const held = Array.from({ length: 16 }, (_, n) => {
      const ip = `192.0.2.${n}`;
      fill(fixture, ip);
      return fixture.state.memory.sharers.of(ip).bytes.live;
    });
    for (const bytes of held.slice(0, 11)) {
      expect(bytes).toBeGreaterThan(95_000);
      expect(bytes).toBeLessThanOrEqual(100_000);
    }
    expect(held[11]).toBeGreaterThan(45_000);
    expect(held[12]).toBeGreaterThan(20_000);
    expect(fixture.state.memory.bytes.live).toBeLessThanOrEqual(1_200_000);
    expect(fixture.refused<'chat.request'>(ask(fixture, '192.0.2.0'))).toEqual({
      rejected: 'no-room',
      full: 'network',
      held: held[0],
    });
  });

  it('[MEM6] the networks of one IPv6 site share what one address may have', () => {
    const fixture = fixtureWith({ live: 1_600_000 });
    const of = (ip: string) => fixture.state.memory.sharers.of(ip).bytes.live;
    fill(fixture, '2001:db8:0:1::1');
    fill(fixture, '2001:db8:0:2::1');
    fill(fixture, '2001:db8:0:3::1');
    expect(of('2001:db8:0:1::7')).toBeGreaterThan(45_000);
    expect(of('2001:db8:0:1::7')).toBeLessThanOrEqual(50_000);
    expect(of('2001:db8:0:2::7')).toBeGreaterThan(45_000);
    expect(of('2001:db8:0:3::7')).toBeLessThan(10_000);
    expect(fixture.try<'chat.request'>(ask(fixture, '2001:db8:1:1::1'))).toHaveProperty('reply');
  });

  it('[MEM6] is bounded by what the process has left, too', () => {
    const left = { stranger: 2_000, served: 50_000, user: 100_000 };
    const fixture = fixtureWith({ left });
    fixture.open(AMY);
    expect(fixture.refused<'chat.request'>(ask(fixture, '192.0.2.1'))).toEqual({
      rejected: 'no-room',
      full: 'account',
      held: 0,
    });
  });

  it('[MEM6] a chat that an agent serves goes on when strangers have used up what they may', () => {
    const fixture = fixtureWith({ live: 300_000 });
    fixture.open(AMY);
    const chat = fixture.chatWith(AMY, { visitor: { ip: '10.0.0.1', visitorId: 'victim' } });
    for (let n = 0; n < 40; n += 1) fill(fixture, `192.0.2.${n}`);
    expect(fixture.try<'chat.request'>(ask(fixture, '10.0.0.2'))).toMatchObject({
      rejection: { rejected: 'no-room', full: 'account', held: 0 },
    });
    for (let n = 0; n < 10; n += 1) fixture.line(chat, VISITOR, 'I go on '.repeat(20));
    fixture.line(chat, fixture.as(AMY), 'so do I '.repeat(20));
    fixture.end(chat);
  });

  it('[MEM6] holds for everything that visitors add: lines, variables, names, surveys, mails, visits', () => {
    const fixture = fixtureWith({ live: 160_000 });
    see(fixture, { sessionId: 's', visitorId: 'v', facts: { ip: '192.0.2.1' } });
    const chatId = fixture.request({
      visitor: { ip: '192.0.2.1', visitorId: 'v', sharkSessionId: 's' },
    });
    fill(fixture, '192.0.2.1');
    const refused = { rejected: 'no-room', full: 'network' };
    const long = 'x'.repeat(4_000);
    expect(fixture.refused(fixture.saying(chatId, VISITOR, long))).toMatchObject(refused);
    const variables = [{ name: 'a', value: long }];
    expect(fixture.refused({ type: 'chat.setVariables', chatId, variables })).toMatchObject(
      refused,
    );
    expect(fixture.refused({ type: 'chat.setVisitorName', chatId, name: long })).toMatchObject(
      refused,
    );
    const survey = { surveyId: 1, title: long, answers: [] };
    expect(
      fixture.refused({ type: 'chat.answerSurvey', chatId, from: VISITOR, survey }),
    ).toMatchObject(refused);
    const mail = {
      type: 'transcript.request',
      chatId,
      email: long,
      subject: null,
    } as const;
    expect(fixture.refused(mail)).toMatchObject(refused);
    const pages = [page('p', { url: long })];
    expect(
      fixture.refused({ type: 'visit.see', sessionId: 's', visitorId: 'v', pages }),
    ).toMatchObject(refused);
  });

  it('[MEM3] a chat holds as many bytes as SEC13 says, as they are stored', () => {
    const fixture = new Fixture();
    const chat = fixture.request();
    const text = '\u0001'.repeat(8_000);
    for (let n = 0; n < 5; n += 1) fixture.line(chat, VISITOR, text);
    expect(fixture.refused(fixture.saying(chat, VISITOR, text))).toMatchObject({
      rejected: 'chat-full',
      most: { bytes: MAX_FEED_BYTES_BEFORE_ACCEPTED },
    });
    expect(fixture.state.memory.feedBytes(chat)).toBeGreaterThan(240_000);
  });

  it('[MEM3] variables of a chat: the oldest go beyond 64,000 bytes', () => {
    const fixture = new Fixture();
    const chatId = fixture.request();
    const value = '"'.repeat(1_000);
    const variables = Array.from({ length: 50 }, (_, n) => ({ name: `n${n}`, value }));
    fixture.do<'chat.setVariables'>({ type: 'chat.setVariables', chatId, variables });
    const kept = fixture.chat(chatId).variables ?? [];
    expect([kept[0]?.name, kept.at(-1)?.name]).toEqual(['n20', 'n49']);
  });

  it('[MEM3] a visit never weighs more than its parts may together', () => {
    const fixture = new Fixture();
    const long = '\u0001'.repeat(2_000);
    const pages = Array.from({ length: 50 }, (_, n) =>
      page(`p${n}`, { url: long, referrer: long }),
    );
    const sections = Array.from({ length: 50 }, () => '\u0001'.repeat(200));
    const referrer = long;
    const userAgent = '\u0001'.repeat(1_000);
    const attributes = Array.from({ length: 50 }, () => attribute('"'.repeat(300), 1_000));
    see(fixture, { facts: { sections, referrer, userAgent }, pages, attributes });
    const { idle } = fixture.state.memory.bytes;
    expect(idle).toBeGreaterThan(120_000);
    expect(idle).toBeLessThan(MAX_VISIT_BYTES);
  });
});
