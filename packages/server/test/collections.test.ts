/**
 * What a server remembers is bounded: every map, set and list that outlives a call is named here with
 * what bounds it. A new one fails this test until somebody has thought of that.
 */
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { type Compiler, findCollections } from './find-collections.js';

const packages = fileURLToPath(new URL('../../', import.meta.url));

/** Folders whose objects live as long as the server, an account or a connection. */
const FOLDERS = ['server', 'runtime', 'store', 'engine', 'configuration', 'protocol'].map(
  (name) => `${name}/src`,
);

/** Bounds that stand elsewhere. */
const ACCOUNT = 'one for each account that the store has';
const USER = 'one for each user that the account has had';
const CHAT = 'one for each live chat: the account’s budget of memory';
const CONNECTION = 'one for each open connection or call: their limits';
const CALL = 'lives as long as one call';
const MAIL = 'one for each mail that waits: the account’s budget of memory';
const VISIT = 'one for each live visit: the account’s budget of memory';
const SKILL = 'one for each skill, agent or group that the account has, with bounded samples';
const FEED = 'MAX_IN_FEED of the engine, for each live chat';
const OWNER = 'as many as whoever holds it has: state, memory and sessions, which are bounded';
const HOLDERS = 'one for each network that holds something: the account’s budget of memory';
const RETRIES =
  'MAX_RETRIES_OF_USER or _OF_CHAT for each caller, and the account’s budget of memory';
const REPAIR = 'lives as long as one repair of the file’s pages';
const CODE = 'one for each place in the code: routes, statements, kinds of faults';

/** By file and name; a name in capitals is a constant of the file by which it is bounded. */
const BOUNDS: Readonly<Record<string, string>> = {
  'server/src/auth/failure-budget.ts #keys': 'MAX_KEYS',
  'server/src/auth/nonces.ts #holders': 'MAX_REMEMBERED',
  'server/src/auth/nonces.ts #bySecond': 'MAX_REMEMBERED',
  'server/src/auth/refusal-log.ts #ofNetwork': 'MAX_IN_ALL',
  'server/src/auth/shared-budget.ts #keys': 'MAX_KEYS of failure-budget.ts',
  'server/src/auth/throttle.ts #familiar': 'MAX_FAMILIAR',
  'server/src/auth/wrong-credentials.ts #counts': 'MAX_ADDRESSES',
  'server/src/http/body-text.ts waiting': CONNECTION,
  'server/src/http/body.ts #chunks': CALL,
  'server/src/http/failure-log.ts #counts': CODE,
  'server/src/http/fair-queue.ts #callers': CONNECTION,
  'server/src/http/fair-queue.ts #waiting': CONNECTION,
  'server/src/http/fair-queue.ts #usage': 'MAX_REMEMBERED',
  'server/src/http/header-names.ts known': 'MAX_KNOWN',
  'server/src/http/held-memory.ts #networks': CONNECTION,
  'server/src/http/held-memory.ts #losers': 'MAX_REMEMBERED',
  'server/src/http/inner.ts #routes': CODE,
  'server/src/http/open-connections.ts #networks': CONNECTION,
  'server/src/http/origin.ts #remembered': 'MAX_REMEMBERED',
  'server/src/http/origin.ts goodHosts': 'MAX_GOOD_HOSTS',
  'server/src/http/proxy-check.ts #warned': CODE,
  'server/src/http/rates.ts #counted': 'MAX_COUNTED_CALLS',
  'server/src/http/room.ts #bytes': 'MAX_REMEMBERED',
  'server/src/http/tickets.ts #tickets': 'MAX_TICKETS',
  'server/src/http/web-socket.ts #waiting': 'READ_AHEAD',
  'server/src/identity/identity.ts #exchanging': ACCOUNT,
  'server/src/identity/key-sets.ts #kept': 'MAX_SETS',
  'server/src/identity/key-sets.ts #fetching': CONNECTION,
  'server/src/identity/key-sets.ts #triedAt': 'MAX_SETS',
  'server/src/metrics/live.ts #own': 'MAX_SKILLS',
  'server/src/metrics/plain.ts #counts': CODE,
  'server/src/metrics/requests.ts #routes': CODE,
  'server/src/push/account-streams.ts #streams': CONNECTION,
  'server/src/push/account-streams.ts #followers': CHAT,
  'server/src/push/account-streams.ts #typing': CHAT,
  'server/src/push/account-streams.ts #waiting': CONNECTION,
  'server/src/push/account-streams.ts #roster': USER,
  'server/src/push/recent.ts #arrivals': 'MAX_RECENT',
  'server/src/push/stream.ts chats': CHAT,
  'server/src/push/session-news.ts #roster': USER,
  'server/src/push/streams.ts #accounts': ACCOUNT,
  'server/src/push/streams.ts #held': CONNECTION,
  'server/src/reference/routes.ts #assets': CODE,
  'server/src/transcript/throttle.ts #keys': 'MAX_COUNTED',
  'server/src/waits/counts.ts #counts': CONNECTION,
  'server/src/waits/long-polls.ts #polls': CONNECTION,
  'runtime/src/accounts/account-host.ts #again': 'MAX_SILENT_AT_ONCE',
  'runtime/src/accounts/chat-index.ts #chats': CHAT,
  'runtime/src/accounts/chat-index.ts #keys': CHAT,
  'runtime/src/accounts/commit-waiters.ts #waiters': CONNECTION,
  'runtime/src/accounts/unaccepted-chats.ts #addressOf': CHAT,
  'runtime/src/accounts/unaccepted-chats.ts #counts': CHAT,
  'runtime/src/hub.ts #subscribers': CODE,
  'runtime/src/hub.ts #watches': CONNECTION,
  'runtime/src/logins/login-registry.ts #byBearer': 'MAX_OF_USER',
  'runtime/src/logins/login-registry.ts #byCookie': 'MAX_OF_USER',
  'runtime/src/logins/login-registry.ts #ofUser': USER,
  'runtime/src/logins/login-registry.ts #hashes': 'MAX_REMEMBERED',
  'runtime/src/logins/login-registry.ts #readings': CALL,
  'runtime/src/logins/login-registry.ts #ending': CONNECTION,
  'runtime/src/logins/login-registry.ts #signOuts': USER,
  'runtime/src/mail/sender.ts #deliveries': MAIL,
  'runtime/src/mail/sender.ts #ready': MAIL,
  'runtime/src/mail/sender.ts #running': 'MAX_AT_ONCE',
  'runtime/src/mail/sender.ts #timers': MAIL,
  'store/src/group-commit/commit-queue.ts #writes': CONNECTION,
  'store/src/group-commit/commit-queue.ts #reads': CONNECTION,
  'store/src/group-commit/commit-queue.ts #broken': ACCOUNT,
  'store/src/group-commit/commit-queue.ts #idle': CALL,
  'store/src/group-commit/repairs.ts #rebuilt': CODE,
  'store/src/group-commit/store.ts #listeners': CODE,
  'store/src/group-commit/store.ts #measuring': CODE,
  'store/src/sqlite/database-thread.ts changed': CALL,
  'store/src/sqlite/pages/repair-pages.ts #done': REPAIR,
  'store/src/sqlite/pages/repair-pages.ts #tables': REPAIR,
  'store/src/sqlite/pages/repair-pages.ts #emptyRows': REPAIR,
  'store/src/sqlite/pages/repair-pages.ts #old': REPAIR,
  'store/src/sqlite/pages/survey.ts damaged': REPAIR,
  'store/src/sqlite/pages/survey.ts #seen': REPAIR,
  'store/src/sqlite/connection.ts #statements': CODE,
  'store/src/sqlite/connection.ts #checks': CODE,
  'runtime/src/accounts/accounts.ts #live': ACCOUNT,
  'runtime/src/accounts/accounts.ts #loading': ACCOUNT,
  'runtime/src/accounts/accounts.ts #outdated': ACCOUNT,
  'runtime/src/accounts/accounts.ts #resting': ACCOUNT,
  'runtime/src/accounts/accounts.ts #books': ACCOUNT,
  'runtime/src/accounts/accounts.ts #returning': ACCOUNT,
  'runtime/src/accounts/accounts.ts #unavailable': ACCOUNT,
  'runtime/src/accounts/accounts.ts #known': ACCOUNT,
  'runtime/src/accounts/idle-accounts.ts #due': ACCOUNT,
  'runtime/src/accounts/idle-accounts.ts #timers': ACCOUNT,
  'runtime/src/accounts/process-memory.ts #accounts': ACCOUNT,
  'runtime/src/integrity/scrub.ts #damaged': ACCOUNT,
  'runtime/src/retention/keeper.ts #reported': ACCOUNT,
  'runtime/src/retention/recorded-chat.ts people': CALL,
  'runtime/src/accounts/approvals.ts #all': 'MAX_APPROVALS of a session, and MAX_CLOSED',
  'runtime/src/accounts/approvals.ts #closed': 'MAX_APPROVALS of a session',
  'store/src/sqlite/change-watch.ts #seen': ACCOUNT,
  'store/src/sqlite/database-thread.ts #journalEnds': ACCOUNT,
  'store/src/sqlite/database-thread.ts #followers': ACCOUNT,
  'server/src/start.ts listeners': CODE,
  'server/src/http/connection.ts waiting': 'MAX_WAITING',
  'server/src/http/held-memory.ts holdings': CONNECTION,
  'server/src/metrics/live.ts #all': CALL,
  'server/src/metrics/plain.ts buckets': CODE,
  'server/src/metrics/requests.ts statuses': CODE,
  'server/src/push/frame-data.ts events': CODE,
  'server/src/push/pending.ts #arrivals': 'MAX_PENDING',
  'server/src/push/streams.ts #open': CODE,
  'runtime/src/accounts/account-leases.ts #held': ACCOUNT,
  'runtime/src/accounts/changes.ts userIds': USER,
  'runtime/src/accounts/elsewhere-accounts.ts #accounts': ACCOUNT,
  'runtime/src/clock/steady-clock.ts #bends': 'MAX_BENDS',
  'runtime/src/retention/erase-old.ts entries': CALL,
  'store/src/integrity/digests.ts salts': 'SALTS_AT_ONCE',
  'store/src/integrity/walk.ts #entries': CALL,
  'store/src/integrity/walk.ts #damage': CALL,
  'store/src/operations/chat-entries.ts #known': 'MAX_KNOWN',
  'store/src/operations/chat-entries.ts #changed': CALL,
  'store/src/operations/check-rows.ts damage': CALL,
  'store/src/operations/read-portion.ts entries': CALL,
  'store/src/operations/tally.ts #added': CALL,
  'store/src/operations/tally.ts #removed': CALL,
  'store/src/sqlite/database-thread.ts #epochs': ACCOUNT,
  'store/src/sqlite/database-thread.ts appended': CALL,
  'store/src/sqlite/database-thread.ts refused': CALL,
  'engine/src/deadlines.ts #at': OWNER,
  'engine/src/execute.ts events': CALL,
  'engine/src/heap.ts #members': OWNER,
  'engine/src/heap.ts #places': OWNER,
  'engine/src/state.ts sessions': USER,
  'engine/src/state.ts sessionOfUser': USER,
  'engine/src/state.ts unattached': USER,
  'engine/src/state.ts suggestionFigures': USER,
  'engine/src/state.ts offlineSince': USER,
  'engine/src/state.ts chats': CHAT,
  'engine/src/state.ts queues': CHAT,
  'engine/src/state.ts unfinished': CODE,
  'engine/src/state.ts waits': SKILL,
  'engine/src/state.ts handling': SKILL,
  'engine/src/state.ts groupShares': SKILL,
  'engine/src/state.ts visits': VISIT,
  'engine/src/state.ts lastVisitOf': VISIT,
  'engine/src/state.ts participants': 'MAX_PARTICIPANTS of participants/identify.ts',
  'engine/src/state.ts usedTokens': 'MAX_USED_TOKENS of participants/identify.ts',
  'engine/src/state.ts outbox': MAIL,
  'engine/src/chats/evolve.ts feed': FEED,
  'engine/src/chats/feed.ts entries': FEED,
  'engine/src/chats/typing.ts #chats': CHAT,
  'engine/src/chats/typing.ts agents': USER,
  'engine/src/memory/memory.ts #chats': CHAT,
  'engine/src/memory/memory.ts #named': CHAT,
  'engine/src/memory/memory.ts #visits': VISIT,
  'engine/src/memory/memory.ts #visitsOf': VISIT,
  'engine/src/memory/memory.ts #idleVisits': VISIT,
  'engine/src/memory/memory.ts #mails': MAIL,
  'engine/src/memory/sharers.ts bytes': CODE,
  'engine/src/memory/sharers.ts visits': HOLDERS,
  'engine/src/memory/sharers.ts #all': HOLDERS,
  'engine/src/retries/retries.ts records': RETRIES,
  'engine/src/retries/retries.ts #ofCaller': RETRIES,
  'engine/src/retries/retries.ts #entries': RETRIES,
  'engine/src/routing/estimates.ts answers': SKILL,
  'engine/src/routing/estimates.ts known': CALL,
  'engine/src/routing/late.ts #groupOf': CHAT,
  'engine/src/routing/late.ts #groups': CHAT,
  'engine/src/routing/pass.ts #bySkill': CALL,
  'engine/src/routing/pass.ts #byUser': CALL,
  'engine/src/routing/pass.ts #restingOn': CALL,
  'engine/src/sessions/decide.ts events': CALL,
  'engine/src/sessions/heartbeats.ts #lines': USER,
  'engine/src/snapshot/freeze.ts #chats': CHAT,
  'engine/src/snapshot/freeze.ts #chatsBefore': CHAT,
  'engine/src/snapshot/freeze.ts #visits': VISIT,
  'engine/src/snapshot/freeze.ts #visitsBefore': VISIT,
  'engine/src/snapshot/whole.ts sessions': CALL,
  'engine/src/snapshot/whole.ts chats': CALL,
  'engine/src/snapshot/whole.ts queues': CALL,
  'engine/src/snapshot/whole.ts waits': CALL,
  'engine/src/snapshot/whole.ts handling': CALL,
  'engine/src/snapshot/whole.ts offlineSince': CALL,
  'engine/src/snapshot/whole.ts visits': CALL,
  'engine/src/snapshot/whole.ts outbox': CALL,
  'engine/src/snapshot/whole.ts participants': CALL,
  'engine/src/snapshot/whole.ts usedTokens': CALL,
  'engine/src/visitors/traces.ts sharkVisitorIds': CALL,
  'engine/src/visitors/traces.ts sessionIds': CALL,
  'engine/src/visitors/traces.ts conversationIds': CALL,
  'engine/src/visits/visits.ts sessionIds': CALL,
  'configuration/src/changes/change.ts revisions': CALL,
  'configuration/src/changes/draft.ts notes': CALL,
  'configuration/src/changes/draft.ts #nextIds': CALL,
  'configuration/src/changes/draft.ts #remembered': CALL,
  'configuration/src/changes/draft.ts #touched': CALL,
  'configuration/src/changes/draft.ts #tombstones': CALL,
  'configuration/src/secrets/fair-queue.ts #lanes': 'maxWaiting, which its makers give it',
  'protocol/src/json-schema.ts properties': CALL,
  'protocol/src/normalise.ts branches': CALL,
  'protocol/src/normalise.ts misfits': CALL,
  'protocol/src/time.ts zones': 'MAX_ZONES',
  'protocol/src/time.ts offsets': 'MAX_BUCKETS',
};

async function* sources(folder: string): AsyncGenerator<string> {
  for (const entry of await readdir(packages + folder, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* sources(path);
    else if (path.endsWith('.ts')) yield path;
  }
}

let compiler: Compiler;

beforeAll(async () => {
  // A TypeScript with an API stands with the tools of the checks, which are installed when needed.
  const tools = new URL('../../../scripts/check-tools.mjs', import.meta.url).href;
  const { importCheckTool } = await import(tools);
  compiler = (await importCheckTool('typescript/lib/typescript.js')).default;
}, 120_000);

it('[MEM14] every collection that outlives a call is named with its bound', async () => {
  const found = new Set<string>();
  const unnamed: string[] = [];
  for (const folder of FOLDERS) {
    for await (const path of sources(folder)) {
      const source = await readFile(packages + path, 'utf8');
      for (const each of findCollections(compiler, source)) {
        const name = `${path} ${each}`;
        found.add(name);
        const bound = BOUNDS[name];
        if (bound === undefined) unnamed.push(name);
        // The constant is there, and something is held against it.
        else if (/^[A-Z_]+$/u.test(bound)) {
          const uses = source.split(new RegExp(`\\b${bound}\\b`, 'u')).length - 1;
          expect([name, uses > 1]).toEqual([name, true]);
        }
      }
    }
  }
  expect(unnamed, 'name each, and its bound, in BOUNDS').toEqual([]);
  // None is named that is gone, and the search finds some.
  expect(Object.keys(BOUNDS).filter((name) => !found.has(name))).toEqual([]);
  expect(found.size).toBeGreaterThan(150);
});

it.each([
  ['a field', 'class A { readonly x = new Map(); }'],
  ['a field set in the constructor', 'class A { x; constructor() { this.x = new Set(); } }'],
  [
    'a field by its type',
    'class A { x: string[]; constructor(y) { this.x = y; } f() { this.x.push(1); } }',
  ],
  ['a list in a field', 'class A { x = []; f() { this.x.push(1); } }'],
  ['a constant of the module', 'const x = new Map<string, number>();'],
  ['a map with a beginning', 'const x = new Map([[1, 2]]); export const f = () => x.set(2, 3);'],
  ['a list of the module', 'let x = [1]; export function f() { x.splice(0, 1); }'],
  [
    'an object as a map',
    'const x: Record<string, number> = {}; export const f = (k) => { x[k] = 1; };',
  ],
  ['a returned closure', 'function f() { const x = new Set(); return (k) => x.add(k); }'],
  ['a returned object', 'function f() { const x = []; return { add(k) { x.push(k); } }; }'],
  [
    'a returned function by name',
    'function f() { const x = []; function g(k) { x.push(k); } return { g }; }',
  ],
  [
    'a closure behind another',
    'const f = () => { const x = {}; const g = (k) => { x[k] = 1; }; return () => g(1); };',
  ],
  ['a returned literal', 'export const f = () => ({ x: new Map() });'],
])('finds %s', (_, text) => {
  expect(findCollections(compiler, text)).toEqual(['x']);
});

it.each([
  ['a table', 'const x = new Map([[1, 2]]); const y = [1]; const z = { a: 1 }; x.get(y[0]); z[k];'],
  ['a WeakMap', 'class A { #x = new WeakMap(); }'],
  ['a table in a field', 'class A { x = [1, 2]; f() { return this.x.includes(1); } }'],
  [
    'what a call needs',
    'function f(l) { const x = new Set(); l.forEach((k) => x.add(k)); return [...x]; }',
  ],
])('does not find %s', (_, text) => {
  expect(findCollections(compiler, text)).toEqual([]);
});
