/** Everything that is stored of a visitor: read, and erased. */
import { createHash } from 'node:crypto';
import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoreFailure } from '@parley/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fixture } from './chat-fixture.js';
import { readable, sayEverything, settle, VISITOR } from './erasing.js';
import { at, DEMO_ACCOUNT, linkAt, type Reply, startTestServer } from './harness.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start();
});
afterAll(() => fixture.stop());

/** Of logins, which outlast restarts. */
const bearers = new Map<string, string>();

async function bearerOf(name: string): Promise<string> {
  const bearer = bearers.get(name) ?? (await fixture.login(name)).bearer;
  bearers.set(name, bearer);
  return bearer;
}

async function ask(method: string, path: string, name = 'admin1'): Promise<Reply> {
  const bearer = await bearerOf(name);
  return fixture.server.call(method, path.startsWith('http') ? path : `/visitors/${path}`, {
    bearer,
  });
}

const recordsOf = ({ body }: Reply) => at(body, 'record') as Record<string, unknown>[];

describe('what is stored of a visitor', () => {
  it('[ERASE7] is shown to administrators, whole and nothing else', async () => {
    const host = await fixture.host();
    const ann = await sayEverything(host, 'ann');
    await sayEverything(host, 'ben');
    const reply = await ask('GET', ann.visitorId);
    expect(reply.status).toBe(200);
    const types = recordsOf(reply).map(({ type }) => type);
    expect(types).toEqual([
      ...['visit.seen', 'participant.identified', 'offline.surveyLeft', 'chat.requested'],
      ...['chat.line', 'chat.visitorNamed', 'chat.variables', 'chat.ended'],
      ...['chat.surveyAnswered', 'transcript.requested'],
    ]);
    expect(ann.words.filter((word) => !reply.text.includes(word))).toEqual([]);
    expect(reply.text).not.toContain('ben-');
    expect(recordsOf(reply)[4]).toEqual({
      time: expect.stringMatching(/^2024-07-01T/),
      type: 'chat.line',
      chatSessionKey: ann.chatId,
      data: { feed: [expect.objectContaining({ text: 'ann-line-word', source: 'visitor' })] },
    });
    // The same by the id that the page knows.
    const known = await ask('GET', ann.sharkVisitorId);
    expect(recordsOf(known).map(({ type }) => type)).toEqual(
      expect.arrayContaining(['visit.seen', 'chat.requested', 'chat.line']),
    );
  });

  it('[ERASE7] is shown to nobody else, and of nobody there is nothing', async () => {
    for (const name of ['manager1', 'agent1']) {
      for (const method of ['GET', 'DELETE']) {
        expect([name, method, (await ask(method, 'ann-visitor-word', name)).status]).toEqual([
          ...[name, method, 403],
        ]);
      }
    }
    for (const id of ['nobody', 'ann', 'ann-visitor-word%22', '%25']) {
      expect([id, (await ask('GET', id)).status]).toEqual([id, 404]);
      expect([id, (await ask('DELETE', id)).status]).toEqual([id, 404]);
    }
    expect((await ask('DELETE', 'ann-visitor-word?export=perhaps')).status).toBe(400);
    expect((await ask('GET', 'ann-visitor-word')).status).toBe(200);
  });

  it('[ERASE7] comes in pages when it is much', async () => {
    const visitor = await fixture.visitor({ visitorId: 'talker' });
    const host = await fixture.host();
    const from = { party: 'visitor' } as const;
    const agent = await fixture.agent();
    await agent.accept();
    for (let n = 0; n < 40; n += 1) {
      await host.execute<'chat.addLine'>({
        command: {
          ...{ type: 'chat.addLine', chatId: visitor.id, from, textType: 'plain' },
          ...{ subType: 'REGULAR', text: `${n} ${'z'.repeat(38_000)}` },
        },
        actor: VISITOR,
      });
    }
    await visitor.end();
    const lines: string[] = [];
    const sizes: number[] = [];
    for (let uri: string | null = 'talker'; uri !== null; ) {
      const reply = await ask('GET', uri);
      const records = recordsOf(reply).filter(({ type }) => type === 'chat.line');
      lines.push(...records.map((each) => String(at(each, 'data.feed.0.text')).slice(0, 2).trim()));
      sizes.push(reply.text.length);
      const links = [at(reply.body, 'link')].flat();
      uri = links.length > 1 ? linkAt(reply.body, 'link', 'next') : null;
    }
    expect(sizes.length).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThan(1_200_000);
    expect(lines).toEqual(Array.from({ length: 40 }, (_, n) => String(n)));
    await agent.call('DELETE');
  });
});

describe('erasing a visitor', () => {
  it('[ERASE9] waits for the end of their chat, and changes nothing before', async () => {
    const host = await fixture.host();
    const ann = await sayEverything(host, 'busy');
    const visitor = await fixture.visitor({ visitorId: ann.visitorId });
    const before = host.state.seq;
    const reply = await ask('DELETE', ann.visitorId);
    expect([reply.status, reply.text]).toEqual([409, expect.stringContaining(visitor.id)]);
    expect(host.state.seq).toBe(before);
    expect(readable(fixture, ann.words)).toEqual(ann.words);
    await visitor.end();
    expect((await ask('DELETE', ann.visitorId)).status).toBe(200);
    expect(readable(fixture, ann.words)).toEqual([]);
  });

  it('[ERASE8] leaves nothing of them in any file, nor in what is live', async () => {
    const host = await fixture.host();
    const cleo = await sayEverything(host, 'cleo');
    const dora = await sayEverything(host, 'dora');
    expect(await host.snapshots.renew()).toBe(true);
    expect(readable(fixture, cleo.words)).toEqual(cleo.words);
    const uri = `${fixture.base}/chat/${cleo.chatId}`;
    expect((await fixture.visit('GET', uri)).status).toBe(200);
    const mails = host.state.outbox.size;

    const reply = await ask('DELETE', cleo.visitorId);
    expect([reply.status, reply.body]).toEqual([
      200,
      { erased: { chats: 1, lines: 3, surveys: 3, visits: 1, identifications: 1 } },
    ]);
    expect(readable(fixture, cleo.words)).toEqual([]);
    expect((await fixture.visit('GET', uri)).status).toBe(404);
    // The transcript that was asked for is not sent any more.
    expect(host.state.outbox.size).toBe(mails - 1);
    expect((await ask('GET', cleo.visitorId)).status).toBe(404);
    expect((await ask('DELETE', cleo.visitorId)).status).toBe(404);

    // [ERASE10] Others lose nothing.
    expect(readable(fixture, dora.words)).toEqual(dora.words);
    expect(recordsOf(await ask('GET', dora.visitorId))).toHaveLength(10);
    expect((await fixture.visit('GET', `${fixture.base}/chat/${dora.chatId}`)).status).toBe(200);
    await settle(host, dora, 'gone');
  });

  it('[ERASE10] takes visits by what their chats name, and leaves those that others chat in', async () => {
    const host = await fixture.host();
    const emma = await sayEverything(host, 'emma');
    const other = await fixture.visitor({
      visitorId: 'other',
      LETagVisitorId: emma.sharkVisitorId,
    });
    const reply = await ask('DELETE', emma.visitorId);
    expect(at(reply.body, 'erased')).toMatchObject({ chats: 1, visits: 0 });
    expect(readable(fixture, ['emma-line-word', 'emma-page-word'])).toEqual(['emma-page-word']);
    expect((await fixture.visit('GET', other.uri)).status).toBe(200);
    await other.end();
    const rest = await ask('DELETE', emma.sharkVisitorId);
    expect(at(rest.body, 'erased')).toMatchObject({ chats: 1, visits: 1 });
    expect(readable(fixture, emma.words)).toEqual([]);
  });

  it('[ERASE8] answers with what was erased when it is asked to', async () => {
    const fay = await sayEverything(await fixture.host(), 'fay');
    const reply = await ask('DELETE', `${fay.visitorId}?export=true`);
    expect(reply.status).toBe(200);
    expect(recordsOf(reply)).toHaveLength(10);
    expect(fay.words.filter((word) => !reply.text.includes(word))).toEqual([]);
    expect(readable(fixture, fay.words)).toEqual([]);
  });

  it('[ERASE11] is in the audit, by whom and how much, and of whom only as a hash', async () => {
    const gwen = await sayEverything(await fixture.host(), 'gwen');
    await ask('DELETE', gwen.visitorId);
    const bearer = await bearerOf('admin1');
    const { body } = await fixture.server.call('GET', '/configuration/audit?limit=1', { bearer });
    const hash = createHash('sha256').update(gwen.visitorId).digest('hex');
    expect(at(body, 'entries.0')).toMatchObject({
      action: 'visitor.erase',
      actorName: 'admin1',
      target: `visitor:sha256:${hash}`,
      detail: { chats: 1, lines: 3 },
    });
  });

  it('[ERASE12] is gone on with at the next start, wherever it was cut off', async () => {
    let cuts = 0;
    for (let isDone = false; !isDone; ) {
      const host = await fixture.host();
      const hal = await sayEverything(host, `hal-${cuts}`);
      expect(await host.snapshots.renew()).toBe(true);
      const { journal, config } = fixture.server.running.server.store;
      let left = cuts;
      const cutting = <A extends unknown[], R>(call: (...args: A) => Promise<R>) => {
        return async (...args: A): Promise<R> => {
          if (left === 0) throw new StoreFailure('the power went');
          left -= 1;
          return call(...args);
        };
      };
      const whole = { ...journal };
      const { write } = config;
      Object.assign(journal, {
        erase: cutting(whole.erase),
        forgetSnapshots: cutting(whole.forgetSnapshots),
        wipePages: cutting(whole.wipePages),
      });
      Object.assign(config, { write: cutting(write) });
      const { status } = await ask('DELETE', hal.visitorId);
      isDone = status === 200 && left > 0;
      Object.assign(journal, whole);
      Object.assign(config, { write });
      // A start takes long; otherwise the same follows without one.
      if (cuts % 3 === 1) expect([cuts, await afterKill(hal.words)]).toEqual([cuts, []]);
      // Before it was recorded, nothing was begun.
      await fixture.server.running.server.retention.look();
      expect([cuts, readable(fixture, hal.words)]).toEqual([cuts, cuts === 0 ? hal.words : []]);
      expect((await ask('GET', hal.visitorId)).status).toBe(cuts === 0 ? 200 : 404);
      if (cuts > 0) expect(await erasures(hal.visitorId)).toBeGreaterThan(0);
      cuts += 1;
      expect(cuts).toBeLessThan(40);
    }
    expect(cuts).toBeGreaterThan(6);
  }, 60_000);

  it('[ERASE5] leaves the journal sound, also for the next start', async () => {
    const { journal } = fixture.server.running.server.store;
    const found: string[] = [];
    for await (const step of journal.check(DEMO_ACCOUNT)) {
      if (step.step === 'damage') found.push(step.report.kind);
    }
    expect(found).toEqual([]);
    const snapshots = await journal.snapshots(DEMO_ACCOUNT);
    await journal.forgetSnapshots(
      DEMO_ACCOUNT,
      snapshots.map(({ id }) => id),
    );
    const chats = [...(await fixture.host()).state.chats.keys()];
    fixture = new Fixture(await fixture.server.restart(), fixture.clock);
    expect([...(await fixture.host()).state.chats.keys()]).toEqual(chats);
  });
});

/** How many erasures of the visitor the audit has. */
async function erasures(visitorId: string): Promise<number> {
  const bearer = await bearerOf('admin1');
  const { body } = await fixture.server.call('GET', '/configuration/audit?limit=20', { bearer });
  const target = `visitor:sha256:${createHash('sha256').update(visitorId).digest('hex')}`;
  return [at(body, 'entries')].flat().filter((entry) => at(entry, 'target') === target).length;
}

/** Which of the words are left where a server was killed just now, after another one went on there. */
async function afterKill(words: readonly string[]): Promise<string[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-killed-'));
  // A copy without the lock: the other one still runs.
  await cp(fixture.server.dataDir, dataDir, {
    recursive: true,
    filter: (path) => !path.endsWith('server.lock'),
  });
  const next = new Fixture(await startTestServer({ dataDir, clock: fixture.clock }), fixture.clock);
  await next.server.running.server.retention.look();
  // What is live is what comes into the next snapshot.
  await (await next.host()).snapshots.renew();
  const left = readable(next, words);
  await next.stop();
  return left;
}
