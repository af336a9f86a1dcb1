/** What is older than an account keeps it: shown no more, and erased. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eraseOld } from '@parley/runtime/retention/erase-old';
import { type AgentChat, Fixture } from './chat-fixture.js';
import { readable, type Said, sayEverything, settle, VISITOR } from './erasing.js';
import { at, DEMO_ACCOUNT, linkAt } from './harness.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const fixtures: Fixture[] = [];
async function start(): Promise<Fixture> {
  const fixture = await Fixture.start();
  fixtures.push(fixture);
  return fixture;
}
afterAll(() => Promise.all(fixtures.map((fixture) => fixture.stop())));

/** The same server for people who have to log in again. */
const later = ({ server, clock }: Fixture) => new Fixture(server, clock);

/** Looks for what is too old, as of now: not as of when a timer began to. */
async function look({ server }: Fixture): Promise<void> {
  const { retention } = server.running.server;
  await retention.look();
  await retention.look();
}
const journalOf = ({ server }: Fixture) => server.running.server.store.journal;

async function earlierOf(chat: AgentChat): Promise<string> {
  const visit = linkAt((await chat.get()).body, 'chat.link', 'visit-id');
  return linkAt((await chat.agent.get(visit)).body, 'visitId.link', 'earlier-chats');
}

/** The kinds of damage that a check of the journal and the snapshots finds. */
async function damage(fixture: Fixture): Promise<string[]> {
  const found: string[] = [];
  for await (const step of journalOf(fixture).check(DEMO_ACCOUNT)) {
    if (step.step === 'damage') found.push(step.report.kind);
  }
  return found;
}

describe('earlier chats', () => {
  it('[ERASE2] that ended longer ago than they are kept are not shown any more, at once', async () => {
    const fixture = await start();
    const { visitor } = await fixture.chat({ visitorId: 'kept-1' });
    await visitor.line('said long ago');
    await visitor.end();
    fixture.clock.advance(2 * DAY);
    const now = later(fixture);
    const { chat } = await now.chat({ visitorId: 'kept-1' }, 'agent2');
    const uri = await earlierOf(chat);
    const shown = async () => [
      (await chat.agent.get(uri)).text.includes(visitor.id),
      (await chat.agent.get(`${uri}/${visitor.id}`)).status,
    ];
    for (const [retentionDays, expected] of [
      [null, [true, 200]],
      [3, [true, 200]],
      [1, [false, 404]],
      // It was only hidden so far.
      [3, [true, 200]],
    ] as const) {
      await fixture.server.configure({ retentionDays });
      expect([retentionDays, await shown()]).toEqual([retentionDays, expected]);
    }
  });
});

describe('a day after it was over', () => {
  let fixture: Fixture;
  let old: Said;
  let young: Said;
  const waiting = 'still-waiting-line-word';
  let waitingId: string;

  beforeAll(async () => {
    fixture = await start();
    const host = await fixture.host();
    const journal = journalOf(fixture);
    await fixture.server.configure({ retentionDays: 1 });
    old = await sayEverything(host, 'old');
    await settle(host, old, 'refused: old-mail-word@example.com is unknown');
    // It holds what was live just now.
    expect(await host.snapshots.renew()).toBe(true);
    const visitor = await fixture.visitor({ interactionTimeout: 600 });
    await visitor.line(waiting);
    waitingId = visitor.id;
    const wait = (ms: number) => {
      for (let left = ms; left > 0; left -= 500_000) {
        fixture.clock.advance(Math.min(left, 500_000));
        host.touchVisitor(waitingId);
      }
    };
    // Its visit is over by then too, for longer than it is kept.
    wait(26 * HOUR);
    young = await sayEverything(host, 'young');
    await settle(host, young, 'no such host');
    wait(5 * HOUR);
    await look(fixture);
    expect((await journal.snapshots(DEMO_ACCOUNT)).length).toBeGreaterThan(0);
  }, 60_000);

  it('[ERASE4] is in none of the files, what is younger or not over is', () => {
    expect(old.words.length).toBeGreaterThan(20);
    expect(readable(fixture, old.words)).toEqual([]);
    expect(readable(fixture, young.words)).toEqual(young.words);
    expect(readable(fixture, [waiting])).toEqual([waiting]);
  });

  it('[ERASE3] it was: chats with their ends, everything else by itself', async () => {
    const { entries } = await journalOf(fixture).readChat(DEMO_ACCOUNT, old.chatId);
    expect(entries.map(({ type }) => type)).toEqual([
      ...['chat.requested', 'chat.line', 'chat.visitorNamed', 'chat.variables', 'chat.ended'],
      ...['chat.surveyAnswered', 'transcript.requested', 'transcript.failed'],
    ]);
    // What can be counted can be counted still.
    const lines = entries.flatMap(({ data }) => at(JSON.parse(data), 'feed') ?? []);
    expect(lines.filter((line) => at(line, 'type') === 'line')).toHaveLength(3);
    const { projections } = fixture.server.running.server.store;
    expect(await projections.chatsOfVisitor(DEMO_ACCOUNT, old.visitorId, 5)).toEqual([]);
    expect(await projections.chatsOfVisitor(DEMO_ACCOUNT, young.visitorId, 5)).toHaveLength(1);
    expect(fixture.server.log).toContain('what is older than retentionDays was erased');
    expect(fixture.server.log).not.toMatch(/old-\S+-word/);
  });

  it('[ERASE5] the journal is as sound as before, and makes the same state', async () => {
    expect(await damage(fixture)).toEqual([]);
    const journal = journalOf(fixture);
    const snapshots = await journal.snapshots(DEMO_ACCOUNT);
    // Nothing but the journal is left to begin with.
    await journal.forgetSnapshots(
      DEMO_ACCOUNT,
      snapshots.map(({ id }) => id),
    );
    const before = (await fixture.host()).state;
    const server = await fixture.server.restart();
    const again = new Fixture(server, fixture.clock);
    fixtures.push(again);
    const { state } = await again.host();
    expect([...state.chats.keys()]).toEqual([...before.chats.keys()]);
    expect(state.chats.get(waitingId)?.feed).toEqual(before.chats.get(waitingId)?.feed);
    expect(state.seq).toBeGreaterThanOrEqual(before.seq);
    await look(again);
    expect(again.server.log).not.toContain('could not be erased');
    fixture = again;
  });

  it('[ERASE6] a longer time brings nothing back, and none erases nothing more', async () => {
    await fixture.server.configure({ retentionDays: null });
    fixture.clock.advance(3 * DAY);
    await look(fixture);
    expect(readable(fixture, young.words)).toEqual(young.words);
    await fixture.server.configure({ retentionDays: 2 });
    await look(fixture);
    expect(readable(fixture, young.words)).toEqual([]);
    expect(await damage(fixture)).toEqual([]);
  });
});

describe('erasing', () => {
  it('[ERASE12] that is interrupted is gone on with, and waits for what cannot be erased yet', async () => {
    const fixture = await start();
    const host = await fixture.host();
    const first = await sayEverything(host, 'first');
    await settle(host, first, 'gone');
    // More than are looked at at once.
    const surveys = Array.from({ length: 2_100 }, () =>
      host.execute<'offline.leaveSurvey'>({
        command: {
          ...{ type: 'offline.leaveSurvey', skillId: null },
          visitor: { visitorId: null, ip: null, userAgent: null, language: null },
          survey: { surveyId: 1, title: 'How?', answers: [] },
        },
        actor: VISITOR,
      }),
    );
    await Promise.all(surveys);
    const second = await sayEverything(host, 'second');
    fixture.clock.advance(40 * 60_000);
    // Longer than chats are remembered, shorter than it is tried to mail a transcript.
    await fixture.server.configure({ retentionDays: 35 / (24 * 60) });
    const account = await fixture.server.running.server.accounts.get(DEMO_ACCOUNT);
    if (account === null) throw new Error('no account');
    expect(host.state.chats.size).toBe(0);

    const pieces = [true, false];
    const { store } = fixture.server.running.server;
    const { entries } = await eraseOld(account, store, () => pieces.shift() ?? false);
    expect(entries).toBeGreaterThan(5);
    expect(await store.cursors.read(DEMO_ACCOUNT, 'retention')).toBe(2_000);
    await look(fixture);
    expect(readable(fixture, ['first-line-word', 'first-page-word', 'second-page-word'])).toEqual(
      [],
    );
    expect(readable(fixture, ['second-line-word'])).toEqual(['second-line-word']);

    await settle(host, second, 'given up');
    await look(fixture);
    expect(
      readable(fixture, ['second-line-word', 'second-exit-word', 'second-mail-word@']),
    ).toEqual([]);
  });
});
