/**
 * What a server remembers is bounded: every map, set and list that outlives a call is named here with
 * what bounds it. A new one fails this test until somebody has thought of that.
 */
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const packages = fileURLToPath(new URL('../../', import.meta.url));

/** Folders whose objects live as long as the server, an account or a connection. */
const FOLDERS = ['server/src', 'runtime/src', 'store/src/group-commit', 'store/src/sqlite'];

/** A member or a variable of a file that is made as an empty collection, and so is to be filled. */
const COLLECTION =
  /^(?: {2}(?:static )?(?:readonly )?(?<member>#?\w+)|(?:export )?(?:const|let) (?<variable>\w+))(?:: (?<type>(?:[^=\n]|=>)+?))? = (?:new (?:Map|Set)\b(?!\(\[)|\[\];)/gmu;

/** What never changes is no memory. */
const CONSTANT = /^Readonly(?:Map|Set)<|^readonly /u;

/** Bounds that stand elsewhere. */
const ACCOUNT = 'one for each account that the store has';
const USER = 'one for each user that the account has had';
const CHAT = 'one for each live chat: the account’s budget of memory';
const CONNECTION = 'one for each open connection or call: their limits';
const CALL = 'lives as long as one call';
const MAIL = 'one for each mail that waits: the account’s budget of memory';
const CODE = 'one for each place in the code: routes, statements, kinds of faults';

/** By file and name; a name in capitals is a constant of the file by which it is bounded. */
const BOUNDS: Readonly<Record<string, string>> = {
  'server/src/auth/failure-budget.ts #keys': 'MAX_KEYS',
  'server/src/auth/nonces.ts #holders': 'MAX_REMEMBERED',
  'server/src/auth/nonces.ts #bySecond': 'MAX_REMEMBERED',
  'server/src/auth/refusal-log.ts #ofNetwork': 'MAX_IN_ALL',
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
  'server/src/http/rates.ts #fullAt': 'MAX_COUNTED_CALLS',
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
  'runtime/src/logins/login-registry.ts #endedUntil': USER,
  'runtime/src/logins/login-registry.ts #signedOut': USER,
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
  'store/src/sqlite/connection.ts #statements': CODE,
  'store/src/sqlite/connection.ts #checks': CODE,
  'runtime/src/accounts/accounts.ts #live': ACCOUNT,
  'runtime/src/accounts/accounts.ts #loading': ACCOUNT,
  'runtime/src/accounts/accounts.ts #outdated': ACCOUNT,
  'runtime/src/accounts/accounts.ts #resting': ACCOUNT,
  'runtime/src/accounts/accounts.ts #books': ACCOUNT,
  'runtime/src/accounts/accounts.ts #elsewhere': ACCOUNT,
  'runtime/src/accounts/accounts.ts #returning': ACCOUNT,
  'runtime/src/accounts/accounts.ts #unavailable': ACCOUNT,
  'runtime/src/accounts/accounts.ts #known': ACCOUNT,
  'runtime/src/accounts/idle-accounts.ts #due': ACCOUNT,
  'runtime/src/accounts/idle-accounts.ts #timers': ACCOUNT,
  'runtime/src/accounts/process-memory.ts #accounts': ACCOUNT,
  'runtime/src/integrity/scrub.ts #damaged': ACCOUNT,
  'runtime/src/retention/keeper.ts #reported': ACCOUNT,
  'store/src/sqlite/change-watch.ts #seen': ACCOUNT,
  'store/src/sqlite/database-thread.ts #journalEnds': ACCOUNT,
  'store/src/sqlite/database-thread.ts #followers': ACCOUNT,
};

async function* sources(folder: string): AsyncGenerator<string> {
  for (const entry of await readdir(packages + folder, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* sources(path);
    else if (path.endsWith('.ts')) yield path;
  }
}

it('[MEM14] every collection that outlives a call is named with its bound', async () => {
  const found = new Set<string>();
  for (const folder of FOLDERS) {
    for await (const path of sources(folder)) {
      const source = await readFile(packages + path, 'utf8');
      for (const { groups } of source.matchAll(COLLECTION)) {
        if (CONSTANT.test(groups?.['type'] ?? '')) continue;
        const name = `${path} ${groups?.['member'] ?? groups?.['variable']}`;
        found.add(name);
        const bound = BOUNDS[name] ?? '';
        expect([name, bound], 'name it, and its bound, in BOUNDS').not.toEqual([name, '']);
        // The constant is there, and something is held against it.
        if (/^[A-Z_]+$/u.test(bound)) {
          expect([name, source.split(new RegExp(`\\b${bound}\\b`, 'u')).length > 2]).toEqual([
            name,
            true,
          ]);
        }
      }
    }
  }
  // None is named that is gone, and the search finds some.
  expect(Object.keys(BOUNDS).filter((name) => !found.has(name))).toEqual([]);
  expect(found.size).toBeGreaterThan(60);
});
