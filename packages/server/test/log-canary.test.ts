/**
 * A word is put into every field, query, path and header of every operation; things go wrong in every
 * way that can be brought about; and the word is in no line of the log, at the most talkative level.
 */
import { openSqliteStore, type Store } from '@parley/store';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { EVENT_STREAM, type AnyDocument, type RegisteredOperation } from '@parley/protocol';
import { type Asker, type Home, Places } from './fuzz/places.js';
import { marked, faulty, WORD } from './fuzz/marked.js';
import { examplesIn } from './fuzz/requests.js';
import { audienceOf, recordsAt } from './isolation/audience.js';

let places: Places;
beforeAll(async () => {
  places = await Places.start({ logLevel: 'trace' });
}, 60_000);
afterAll(() => places.stop());

const ASKERS: Readonly<Record<ReturnType<typeof audienceOf>, Asker | null>> = {
  agent: 'agent',
  user: 'agent',
  configuration: 'admin',
  supervision: 'admin',
  visitor: 'visitor',
  reporter: 'visitor',
  login: null,
  public: null,
};

const HEADERS = {
  ...{ 'user-agent': WORD, referer: `https://shop.example.com/${WORD}`, 'accept-language': WORD },
  ...{ origin: `https://${WORD}.example`, cookie: `a=${WORD}`, [WORD]: WORD },
};

const nameOf = ({ method, url }: RegisteredOperation) => `${method} ${url}`;

let asked = 0;

interface Wrong {
  /** Which of the ids in the path is the word. */
  readonly place?: number;
  readonly query?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks with the word in headers, and in what else is said. Gives the answer's status. */
async function ask(
  registered: RegisteredOperation,
  body: unknown,
  home: Home,
  { place, query = false, headers }: Wrong = {},
): Promise<number> {
  asked += 1;
  const asker = ASKERS[audienceOf(registered)];
  const { bearer, appKey } = asker === null ? {} : home.credentials[asker];
  const names = [...Object.keys(registered.operation.query ?? {}), WORD];
  const asking = query ? `?${names.map((name) => `${name}=${WORD}`).join('&')}` : '';
  const { method } = registered;
  // Not by `call`: what the server answers when it fails in ways that nobody foresaw is not described.
  const answer = await fetch(places.server.http + pathOf(registered, home, place) + asking, {
    method,
    headers: {
      ...HEADERS,
      'content-type': 'application/json',
      'x-forwarded-for': `10.${(asked >> 16) & 255}.${(asked >> 8) & 255}.${asked & 255}`,
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      ...(appKey === undefined ? {} : { authorization: `LivePerson appKey=${appKey}` }),
      ...headers,
    },
    ...(method === 'GET' || body === undefined
      ? {}
      : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  // A stream has no end.
  if (answer.headers.get('content-type')?.startsWith(EVENT_STREAM)) await answer.body?.cancel();
  else await answer.arrayBuffer();
  return answer.status;
}

function pathOf({ url }: RegisteredOperation, { ids }: Home, wrongAt = -1): string {
  let place = -1;
  return url.replaceAll(/:(\w+)/g, (_, name: string) => {
    place += 1;
    if (place === wrongAt) return WORD;
    const { own } = ids;
    return name === 'id' ? (own.records[recordsAt(url)] ?? '1') : String(Reflect.get(own, name));
  });
}

/** The bodies that an operation takes, with the word in them. */
function bodiesOf(registered: RegisteredOperation, home: Home): readonly unknown[] {
  const { body } = registered.operation;
  if (body === undefined) return [undefined];
  return examplesIn(registered, home).flatMap((example) => [
    marked(body, example, 'free'),
    marked(body, example, 'all'),
  ]);
}

/** A home in which everything is still there. */
async function whole(): Promise<Home> {
  if (!places.stillWhole(await places.usable())) places.leave();
  return places.usable();
}

/** Lines of the log with the word in it. */
function revealing(log: string): readonly string[] {
  return log.split('\n').filter((line) => line.toLowerCase().includes(WORD));
}

it('[SEC52, LOG1] what was sent is in no line of the log, whether it was stored or refused', async () => {
  const stored = new Set<string>();
  for (const registered of places.server.running.server.operations) {
    const bodies = bodiesOf(registered, await whole());
    for (const body of bodies) {
      const status = await ask(registered, body, await whole());
      if (status < 300 && body !== undefined) stored.add(nameOf(registered));
    }
    const home = await whole();
    const [body] = bodies;
    const wrongBodies = [...faulty(body), `{"a":"${WORD}`, WORD];
    const ids = [...registered.url.matchAll(/:\w+/g)];
    const wrong: readonly Wrong[] = [
      ...ids.map((_, place) => ({ place })),
      { query: true },
      { headers: { 'content-type': `${WORD}/${WORD}`, accept: WORD } },
      { headers: { authorization: `Bearer ${WORD}` } },
    ];
    await Promise.all([
      ...wrongBodies.map((each) => ask(registered, each, home)),
      ...wrong.map((each) => ask(registered, body, home, each)),
      ask(registered, `<${WORD} ${WORD}="${WORD}>${WORD}`, home, {
        headers: { 'content-type': 'application/xml' },
      }),
    ]);
  }
  expect(stored.size).toBeGreaterThan(40);
  expect(revealing(places.server.log)).toEqual([]);
}, 120_000);

/** Errors as the language, libraries and careless code make them: they quote what they fell over. */
const FAULTS = [
  new SyntaxError(`Unexpected token 'k', "${WORD}" is not valid JSON`),
  new Error('could not be decided', { cause: new RangeError(`Invalid time zone: ${WORD}`) }),
  Object.assign(new Error('could not be decided'), { input: WORD, name: WORD }),
  { message: WORD },
  WORD,
];

it('[SEC52, LOG1] nor is it when the server fails over it', async () => {
  const { server } = places.server.running;
  const withBody = server.operations.filter(({ operation }) => operation.body !== undefined);
  const before = places.server.log.length;
  const home = await whole();
  const bodies = new Map(withBody.map((each) => [each, bodiesOf(each, home)[0]]));
  const askAll = async () => {
    const statuses = await Promise.all([...bodies].map(([each, body]) => ask(each, body, home)));
    return statuses.filter((status) => status >= 500).length;
  };
  const faults = withBody.map(({ operation }, index) => {
    const fault = FAULTS[index % FAULTS.length];
    return vi.spyOn(operation.body as AnyDocument, 'read').mockImplementation(() => {
      throw fault;
    });
  });
  expect(await askAll()).toBeGreaterThan(60);
  for (const fault of faults) fault.mockRestore();
  expect(places.server.log.slice(before).includes('not logged')).toBe(true);
  await server.store.close();
  expect(await askAll()).toBeGreaterThan(20);
  const log = places.server.log.slice(before);
  expect(log.includes('StoreFailure')).toBe(true);
  expect(revealing(log)).toEqual([]);
}, 60_000);

it('[SEC51, LOG1] nor when it was stored, and what is stored is damaged', async () => {
  await places.server.running.close();
  const store = await openSqliteStore({ directory: places.server.dataDir });
  const torn = await tear(store);
  await store.close();
  const before = places.server.log.length;
  places.server = await places.server.restart();
  // Those at rest are not read before somebody asks for them.
  for (const account of torn) await fetch(`${places.server.http}/api/account/${account}?v=1`);
  // A start loads the last accounts after it serves when the machine is busy.
  const since = () => places.server.log.slice(before);
  const isLogged = (account: string) => since().includes(`"account":"${account}"`);
  await vi.waitFor(() => expect(torn.filter((each) => !isLogged(each))).toEqual([]), 30_000);
  const log = since();
  expect(torn.length).toBeGreaterThan(12);
  expect(revealing(log)).toEqual([]);
}, 60_000);

/** Makes accounts that have one damaged entry or record each, of every kind that holds the word. */
async function tear(store: Store): Promise<readonly string[]> {
  const torn = new Set<string>();
  const make = async (kind: string, data: string, put: (id: string, half: string) => unknown) => {
    const id = `torn_${kind.replaceAll(/\W/g, '_')}`.slice(0, 20);
    if (torn.has(id) || !data.includes(WORD)) return;
    torn.add(id);
    await store.accounts.create({ id, createdAt: 0 });
    await put(id, data.slice(0, data.lastIndexOf(WORD) + WORD.length));
  };
  for (const from of await store.accounts.list()) {
    for (const { kind, data } of (await store.config.load(from)).items) {
      await make(kind, data, (id, half) =>
        store.config.write(id, { changes: [{ op: 'create', kind, nameKey: null, data: half }] }),
      );
    }
    const journal = await store.journal.load(from);
    for await (const { entries } of journal.entriesAfter(null)) {
      for (const entry of entries) {
        await make(entry.type, entry.data, (id, half) =>
          store.journal.append(id, [{ ...entry, seq: 1, chatId: null, data: half }]),
        );
      }
    }
  }
  return [...torn];
}
