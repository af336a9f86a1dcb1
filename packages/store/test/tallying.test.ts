/** Sums of digests, and the records of many chats that are written together. */
import { createHash } from 'node:crypto';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NOTHING_TALLIED, type Tally, Tallying } from '../src/integrity/rows.js';
import { type SqlitePlace, sqlitePlace } from './sqlite-place.js';

const digestOf = (text: string) => createHash('sha256').update(text).digest('base64url');

/** By definition: the exclusive or of the first 32 bytes of each, whatever stands there. */
function byDefinition(digests: readonly string[]): Tally {
  const sum = Buffer.alloc(32);
  for (const digest of digests) {
    const bytes = Buffer.from(digest, 'base64url');
    for (let at = 0; at < 32; at += 1) sum[at] = (sum[at] ?? 0) ^ (bytes[at] ?? 0);
  }
  return { count: digests.length, sum: sum.toString('base64url') };
}

function tallied(digests: readonly string[], from?: Tally): Tally {
  const tallying = new Tallying(from);
  for (const digest of digests) tallying.add(digest);
  return tallying.tally;
}

describe('a sum', () => {
  const digests = Array.from({ length: 100 }, (_, n) => digestOf(`${n}`));

  it('[STORE75] is the exclusive or of the digests’ bytes', () => {
    expect(tallied(digests)).toEqual(byDefinition(digests));
    expect(tallied([])).toEqual(NOTHING_TALLIED);
  });

  it('[STORE75] goes on from where it was, and back', () => {
    const half = tallied(digests.slice(0, 50));
    expect(tallied(digests.slice(50), half)).toEqual(byDefinition(digests));
    const tallying = new Tallying(byDefinition(digests));
    for (const digest of digests) tallying.remove(digest);
    expect(tallying.tally).toEqual(NOTHING_TALLIED);
  });

  it.each([
    ['nothing', ''],
    ['a short one', 'abc'],
    ['a long one', 'x'.repeat(60)],
    ['what is no base64url', `${'é'.repeat(10)}\0${'b'.repeat(32)}`],
    ['the other base64', '+/'.repeat(21)],
    ['bits beyond the last byte', '_'.repeat(43)],
    ['a line break after it', `${'x'.repeat(43)}\n`],
  ])('[STORE75] takes %s where a digest is damaged', (_, damaged) => {
    const all = [...digests, damaged];
    expect(tallied(all)).toEqual(byDefinition(all));
    expect(tallied(digests, { count: 0, sum: damaged }).sum).toBe(byDefinition(all).sum);
  });

  it('[STORE75] takes bytes where a digest was turned into them', () => {
    const damaged: unknown = Buffer.from(digestOf('x'));
    const tallying = new Tallying();
    // The type of the column is what somebody with the file made it.
    tallying.add(damaged as string);
    expect(tallying.tally).toEqual(byDefinition([digestOf('x')]));
  });
});

describe('the records of chats', () => {
  let place: SqlitePlace;
  beforeEach(async () => {
    place = await sqlitePlace();
  });
  afterEach(() => place.destroy());

  it('[STORE75] are written for all chats of a transaction, however many', async () => {
    const store = await place.open();
    let seq = 0;
    const line = (chatId: string) => {
      seq += 1;
      return { seq, at: seq, type: 'line', version: 1, chatId, data: `{"n":${seq}}` };
    };
    const chats = Array.from({ length: 170 }, (_, n) => `c${n}`);
    // Together more than one statement of each size takes, then others.
    for (const upTo of [170, 1, 85, 63, 5]) {
      const those = chats.slice(0, upTo);
      await store.journal.append('brand', [...those, ...those.slice(0, 3)].map(line));
    }
    const found: string[] = [];
    for await (const step of store.journal.check('brand')) {
      if (step.step === 'damage') found.push(step.report.kind);
    }
    await store.close();
    expect(found).toEqual([]);
    expect(recordsIn(place.directory)).toEqual(entriesIn(place.directory));
  });
});

interface Counted {
  readonly chat: string;
  readonly count: number;
  readonly sum: string;
}

function query<Row>(directory: string, sql: string): Row[] {
  const database = new Database(`${directory}/parley.db`);
  try {
    return database.prepare(sql).all() as Row[];
  } finally {
    database.close();
  }
}

function recordsIn(directory: string): Counted[] {
  return query(directory, 'select chat_id as chat, count, sum from chat_entries order by chat_id');
}

/** What the records should say, from the entries themselves. */
function entriesIn(directory: string): Counted[] {
  const digests = new Map<string, string[]>();
  const rows = query<{ chat: string; digest: string }>(
    directory,
    'select chat_id as chat, digest from journal order by chat_id',
  );
  for (const { chat, digest } of rows) digests.set(chat, [...(digests.get(chat) ?? []), digest]);
  return [...digests].map(([chat, all]) => ({ chat, ...byDefinition(all) }));
}
