/**
 * Every kind of request that may come again, at a server that is killed after the commit and before the
 * answer: the same request gets the first answer from the next life, and nothing happened twice.
 */
import { rm } from 'node:fs/promises';
import { openSqliteStore } from '@parley/store';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Fixture } from '../chat-fixture.js';
import { MailServer, mailTo } from '../mail-server.js';
import { essence, journalOf, KINDS, newKey, type Ready, Shop } from '../retry-kinds.js';
import { addSurvey, survey } from '../survey-fixture.js';
import { type Bug, ServerProcess } from './process/server-process.js';

/** Ends the server when it is about to answer a request that says so: all is on disk by then. */
const DIES: Bug = [
  {
    file: '/http/exchange.js',
    find: '#write(answer) {',
    put: "#write(answer) { if (this.#request.headers['x-die']) { process.kill(process.pid, 'SIGKILL'); for (;;); }",
  },
];

/** Each kind costs a life: without this, some are tried. */
const ALL = process.env['PARLEY_RETRY_KILLS'] === 'all';
const USUALLY: ReadonlySet<string> = new Set([
  'a line of a visitor',
  'the end by an agent',
  'an acceptance',
  'a transfer',
  'a request for a chat',
]);

let dataDir: string;
let mails: MailServer;
const started: ServerProcess[] = [];

/** Reads the server's code ahead of its life. */
function spare(): ServerProcess {
  const life = new ServerProcess(dataDir, { bug: DIES });
  started.push(life);
  return life;
}

beforeAll(async () => {
  mails = await MailServer.start();
  const fixture = await Fixture.start({ settings: { mail: mailTo(mails) }, logLevel: 'silent' });
  for (const kind of ['exit', 'agent', 'offline'] as const) await addSurvey(fixture, survey(kind));
  await fixture.changeUser(101, { maxChats: -1 });
  dataDir = fixture.server.dataDir;
  await fixture.server.running.close();
});
// Another try finds the data free.
afterEach(() => Promise.all(started.splice(0).map((life) => life.end('SIGKILL'))));
afterAll(async () => {
  await rm(dataDir, { recursive: true, force: true });
  await mails.stop();
});

it('[IDEM4, IDEM16] a request whose server died after the commit is not carried out again', async () => {
  let life = spare().begin();
  const shop = new Shop(await life.ready);
  const tried: { readonly name: string; readonly ready: Ready }[] = [];
  for (const [name, make] of Object.entries(KINDS)) {
    if (!ALL && !USUALLY.has(name)) continue;
    const next = spare();
    const ready = await make(shop);
    const key = newKey();
    await expect(ready.send(key, { headers: { 'x-die': 'now' } }), name).rejects.toThrow();
    expect(await life.exited, name).toEqual({ code: null, signal: 'SIGKILL' });
    life = next.begin();
    shop.origin = await life.ready;
    const then = await ready.beside?.();
    const reply = await ready.send(key);
    expect([200, 201], `${name}: ${reply.text}`).toContain(reply.status);
    expect(reply.headers['idempotency-replayed'], name).toBe('true');
    expect(essence(await ready.send(key)), name).toEqual(essence(reply));
    expect(await ready.beside?.(), name).toEqual(then);
    expect((await ready.send(key, { body: ready.otherBody })).status, name).toBe(422);
    tried.push({ name, ready });
  }
  // The configuration is not in the journal.
  const next = spare();
  const name = newKey();
  const path = '/configuration/le-users/skills';
  const create = shop.sender('admin1', 'POST', path, { name });
  const key = newKey();
  await expect(create(key, { headers: { 'x-die': 'now' } })).rejects.toThrow();
  expect((await life.exited).signal).toBe('SIGKILL');
  life = next.begin();
  shop.origin = await life.ready;
  const created = await create(key);
  expect([created.status, created.headers['idempotency-replayed']]).toEqual([201, 'true']);
  const bearer = await shop.bearer('admin1');
  const { text } = await shop.require(200, 'GET', path, { bearer });
  expect(text.split(`"${name}"`)).toHaveLength(2);

  await life.end('SIGKILL');
  const store = await openSqliteStore({ directory: dataDir });
  const events = await journalOf(store.journal);
  await store.close();
  const times = tried.map(({ name, ready }) => [name, events.filter(ready.brings).length]);
  expect(times).toEqual(tried.map(({ name }) => [name, 1]));
}, 300_000);
