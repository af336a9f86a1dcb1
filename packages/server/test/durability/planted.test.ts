/**
 * The kill test, tested: in a server with a planted bug it finds a broken promise. So it is known to
 * look where it should, and that kills, power cuts and clocks do what they are to do.
 *
 * Those that are found soonest are planted in every run; `PARLEY_PLANTS=all` plants all of them.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer } from '../harness.js';
import { check } from './check/check.js';
import { hasDisk } from './disk/disk.js';
import { Restarts, type RestartsOptions } from './process/restarts.js';

/** Lives after which a bug must have been found. */
const MAX_LIVES = 12;

interface Planted extends Pick<RestartsOptions, 'bug' | 'lies' | 'trouble' | 'jumps' | 'disk'> {
  readonly what: string;
  /** What the checker says, at least. */
  readonly found: RegExp;
  /** Whether it is planted in every run. */
  readonly always: boolean;
}

const HOST = 'runtime/dist/accounts/account-host.js';

const PLANTED: readonly Planted[] = [
  {
    what: 'SQLite does not wait for the disk',
    bug: [
      {
        file: 'store/dist/sqlite/open-database.js',
        find: 'pragma synchronous = full;',
        put: 'pragma synchronous = off;',
      },
    ],
    found:
      /which was known before|gone in call|has revision|database is damaged|cannot be served|is answered 503 while nobody writes/,
    always: true,
  },
  {
    what: 'the disk says that it synced and never does',
    lies: true,
    found:
      /which was known before|gone in call|has revision|database is damaged|cannot be served|is answered 503 while nobody writes/,
    always: false,
  },
  {
    what: 'a write is acknowledged before it is committed',
    bug: [{ file: HOST, find: 'await outcome.committed;', put: 'void outcome.committed;' }],
    found: /which was known before|gone in call/,
    always: true,
  },
  {
    what: 'a read shows what is not committed',
    bug: [{ file: HOST, find: 'if (seq <= this.#committedSeq)', put: 'if (true)' }],
    // Others look often while a commit is under way, and nothing else keeps them from it.
    disk: { slowMs: 0, syncMs: 60 },
    trouble: 'none',
    found: /which was known before|gone in call/,
    always: false,
  },
  {
    what: 'some lines are acknowledged and dropped',
    bug: [
      {
        file: 'engine/dist/chats/decide.js',
        find: "events: [{ type: 'chat.line', chatId, ...due, feed: feed.entries }],",
        put: "events: chat.feed.length % 5 === 4 ? [] : [{ type: 'chat.line', chatId, ...due, feed: feed.entries }],",
      },
    ],
    found: /which was known before|acknowledged as event/,
    always: true,
  },
  {
    what: 'who has nothing ringing is given a chat of somebody else',
    bug: [
      {
        file: 'engine/dist/sessions/decide.js',
        find: "if (ringing === undefined)\n        return { rejected: 'nothing-ringing' };\n    const { chat, offer } = ringing;\n    const reply",
        put: `if (ringing === undefined) {
          const taken = [...state.sessions.values()].find((one) => one.chatting.length > 0);
          if (taken === undefined) return { rejected: 'nothing-ringing' };
          return { events: [], reply: { chatId: taken.chatting[0] } };
        }
        const { chat, offer } = ringing;
        const reply`,
      },
      {
        file: 'engine/dist/chats/access.js',
        find: 'chat.participants.find((one) => one.userId === userId);',
        put: "chat.participants.find((one) => one.userId === userId) ?? { role: 'agent' };",
      },
      {
        file: 'server/dist/agent/session-routes.js',
        find: 'const ringingCount = offer.length;',
        put: 'const ringingCount = 1;',
      },
    ],
    found: /was answered that they accepted it|while it was chatting with|are in it/,
    always: true,
  },
  {
    what: 'agents get two chats more than they may have',
    bug: [
      {
        file: 'engine/dist/routing/routing.js',
        find: 'user.maxChats - loadOf(session)',
        put: 'user.maxChats + 2 - loadOf(session)',
      },
    ],
    found: /of at most/,
    always: false,
  },
  {
    what: 'waiting chats do not ring when an agent comes',
    bug: [
      {
        file: 'engine/dist/event-meaning.js',
        find: "'session.opened': {\n        ...CAPACITY,",
        put: "'session.opened': {\n        ...ROSTER,",
      },
      {
        file: 'engine/dist/event-meaning.js',
        find: "'session.availability': {\n        ...PRESENCE,",
        put: "'session.availability': {\n        ...ROSTER, thinsOut: true,",
      },
    ],
    found: /of the waiting chats|could not be brought/,
    always: false,
  },
  {
    what: 'visitors see hidden lines',
    bug: [
      {
        file: 'engine/dist/chats/views.js',
        find: "if (reader === 'agent')\n        return true;",
        put: 'if (true)\n        return true;',
      },
    ],
    found: /the visitor was shown hidden event/,
    always: false,
  },
  {
    what: 'a logout is forgotten by a restart',
    bug: [
      {
        file: 'runtime/dist/logins/login-registry.js',
        find: 'await this.#store.delete(this.#accountId, record.bearerHash);',
        put: '',
      },
    ],
    found: /was ended by call \d+ \(\w+\), and works/,
    always: false,
  },
  {
    what: 'disabled users go on with their logins when they are enabled again',
    bug: [
      {
        file: 'runtime/dist/accounts/sign-out.js',
        find: 'await logins.endAllBut((userId) => users.get(userId)?.enabled === true);',
        put: '',
      },
      {
        file: 'runtime/dist/accounts/sign-out.js',
        find: 'await logins.endAllOf(id);',
        put: ';',
      },
      {
        file: 'runtime/dist/accounts/sign-out.js',
        find: 'await logins.signOut(id, user)',
        put: 'null',
      },
    ],
    found: /was ended by call \d+ \(\w+\), and works|was gone in call \d+, and works/,
    always: false,
  },
  {
    what: 'a new password leaves what was opened by the old one',
    bug: [
      {
        file: 'configuration/dist/changes/passwords.js',
        find: 'return { passwordHash, passwordChangedAt: now, signedOutAt };',
        put: 'return { passwordHash, passwordChangedAt: now, signedOutAt: before.signedOutAt };',
      },
    ],
    found: /was ended by call \d+ \(reset\), and works/,
    always: false,
  },
  {
    what: 'some changes of the configuration are acknowledged and not made',
    bug: [
      {
        file: 'configuration/dist/changes/change.js',
        find: 'if (changes.length === 0)',
        put: 'if (changes.length === 0 || draft.now % 5 === 0)',
      },
    ],
    found: /has revision|is .* at revision|as revision/,
    always: false,
  },
  {
    what: 'deadlines go by the date',
    bug: [
      {
        file: HOST,
        find: 'this.#carryOut(submission, this.#followClock(MOVED).now)',
        put: 'this.#carryOut(submission, this.now())',
      },
    ],
    trouble: 'clock',
    jumps: [600],
    found: /is Away in call|by which|by itself/,
    always: false,
  },
];

describe('planted bugs', () => {
  const fitted = PLANTED.filter(({ bug }) => bug !== undefined);
  it.each(fitted)('fit the build as it is: $what', async ({ bug = [] }) => {
    for (const { file, find } of bug) {
      const built = await readFile(new URL(`../../../${file}`, import.meta.url), 'utf8');
      expect(
        built.split(find),
        `"${find}" in ${file}, which a bug takes the place of`,
      ).toHaveLength(2);
    }
  });
});

const planted = PLANTED.filter(({ always }) => always || process.env['PARLEY_PLANTS'] === 'all');
const seed = Number(process.env['PARLEY_KILL_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

describe.runIf(hasDisk())(`a planted bug (PARLEY_KILL_SEED=${seed})`, () => {
  let root: string;
  let prepared: Restarts;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'parley-planted-'));
    // Answers are held against the description, which one of this process gives.
    await (await startTestServer()).stop();
    prepared = new Restarts({ folder: root, seed, about: '', file: null });
    await prepared.prepare(0);
  }, 60_000);

  afterAll(() => rm(root, { recursive: true, force: true }));

  it.each(planted)('is found when $what', { timeout: 180_000 }, async ({ found, ...options }) => {
    const folder = await mkdtemp(join(root, 'lives-'));
    const about = options.what;
    const restarts = new Restarts({ ...options, folder, seed, about, file: null, waiting: 0 });
    try {
      await restarts.copy(prepared.dataDir);
      let problems: readonly string[] = [];
      for (let life = 0; life < MAX_LIVES; life += 1) {
        // A server that does not start any more is a find as well, as in the kill test.
        const end = await restarts.live().then(() => null, String);
        problems = check(restarts.crowd.recorder.history);
        if (end !== null) problems = [...problems, end];
        if (end !== null || problems.some((each) => found.test(each))) break;
      }
      expect(problems.join('\n'), `seed ${seed}`).toMatch(found);
    } finally {
      await restarts.abandon();
    }
  });
});
