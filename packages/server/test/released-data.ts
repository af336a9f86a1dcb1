/** Fixtures: data directories as earlier builds left them, and everything that these answered from them. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Keys } from './auth-client.js';
import { at, call, type Reply } from './harness.js';

const released = fileURLToPath(new URL('released/', import.meta.url));

/** The names of all fixtures, the oldest first. */
export const fixtures: readonly string[] = (await readdir(released)).sort(
  (one, other) => schemaOf(one) - schemaOf(other),
);

function schemaOf(name: string): number {
  return Number(name.replace('schema-', ''));
}

export interface Client {
  readonly uri: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the old server answered to a GET. */
export interface Answer {
  /** Who asked. */
  readonly as: string;
  readonly path: string;
  readonly status: number;
  readonly body: unknown;
}

/** What the old server answered, and what its clients held. */
export interface Expected {
  /** Epoch ms at which it was asked. */
  readonly now: number;
  readonly journals: Readonly<Record<string, { readonly mails: readonly string[] }>>;
  readonly readers: readonly { readonly as: string; readonly headers: Client['headers'] }[];
  readonly keys: {
    readonly tokens: Omit<Keys, 'appKey'> & { readonly key: string };
    readonly client: { readonly key: string; readonly secret: string };
  };
  readonly clients: {
    readonly logins: Readonly<Record<string, { bearer: string; csrf: string; cookie: string }>>;
  } & Readonly<
    Record<
      'agent1Chat' | 'agent2' | 'dave' | 'daveChat' | 'vera' | 'ended' | 'ringing' | 'sue' | 'held',
      Client
    >
  >;
  readonly answers: readonly Answer[];
}

/** Makes the data directory of a fixture; gives what is known of it. */
export async function unpack(fixture: string, dataDir: string): Promise<Expected> {
  await mkdir(dataDir, { recursive: true });
  let expected: Expected | null = null;
  for (const file of await readdir(join(released, fixture))) {
    const content = gunzipSync(await readFile(join(released, fixture, file)));
    if (file === 'expected.json.gz') expected = JSON.parse(content.toString('utf8'));
    else await writeFile(join(dataDir, file.replace(/\.gz$/, '')), content, { mode: 0o600 });
  }
  if (expected === null) throw new Error(`the fixture ${fixture} has no expected.json.gz`);
  return expected;
}

/** The host that the old server was asked as: it stands in every link. */
export const HOST = 'chat.example.com';

/** Asks again what was asked then, by the same reader. */
export function askAgain(http: string, expected: Expected, { as, path }: Answer): Promise<Reply> {
  const reader = expected.readers.find((each) => each.as === as);
  return call('GET', http + path, { headers: { ...reader?.headers, host: HOST } });
}

/** Numbers of events and chats that some documents write as texts, others as numbers. */
const AS_TEXT = [
  ...['id', 'systemMessageId', 'sharkContextId', 'engagementId', 'campaignId'],
] as const;

/** Links that chats and agent sessions have by now. */
const NEW_LINKS: ReadonlySet<unknown> = new Set([
  ...['read', 'stream', 'websocket', 'tickets', 'chats', 'escalation', 'routing', 'suggestions'],
  ...['approvals', 'canned-texts', 'delegations', 'agents', 'skills'],
]);

/**
 * An answer with what changed on purpose made alike: typing that nothing was known of is `not-typing`
 * now, some numbers and lists are written as the original does, and chats and sessions have links more.
 */
function asNow(value: unknown): unknown {
  if (Array.isArray(value)) {
    const isNew = (each: unknown) => NEW_LINKS.has(at(each, '@rel') ?? at(each, 'rel'));
    return value.filter((each) => !isNew(each)).map(asNow);
  }
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(
    // An agent's chats count what rings, too.
    ([key, held]) => key !== 'chats' || typeof held !== 'number',
  );
  const entries = kept.map(([key, held]) => {
    if (/^(?:agent|visitor)Typing$/.test(key) && held === 'unknown') return [key, 'not-typing'];
    // Surveys have lists of questions and entries, whatever their number.
    if (key === 'question' || key === 'entry') return [key, asNow([held].flat())];
    const asText = AS_TEXT.some((name) => name === key) && typeof held === 'number';
    return [key, asText ? String(held) : asNow(held)];
  });
  return Object.fromEntries(entries);
}

/** What is answered now, to be held against `requiredAnswer`. */
export function answeredNow({ as, path }: Answer, { status, body, text }: Reply): object {
  return Object(asNow({ as, path, status, body: body ?? text }));
}

/**
 * What must be answered again. Newer builds may answer more, never less or other, but for what changed on
 * purpose; of what was not there for its reader only that it still is not, for the words may be
 * better ones.
 */
export function requiredAnswer({ as, path, status, body }: Answer): object {
  return Object(asNow(status === 200 ? { as, path, status, body } : { as, path, status }));
}
