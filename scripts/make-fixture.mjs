/**
 * Makes a fixture: a data directory as a build of Parley left it when it was killed, and everything
 * that this build's server answered from it. The tests open every fixture with the server as it is now.
 *
 *   node scripts/make-fixture.mjs <checkout> <name>
 *
 * `checkout` is a clone in which `npm ci` and `npm run build` were run; `name` becomes the folder
 * `packages/server/test/released/<name>`.
 */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { Agent, PASSWORD, Stage } from './fixture/actors.mjs';
import { configure } from './fixture/configuration.mjs';
import { DrivenServer } from './fixture/driven-server.mjs';
import { closedOn, firstDay } from './fixture/first-day.mjs';
import { startMailServer } from './fixture/mail-server.mjs';
import { journalsOf, readAll } from './fixture/record.mjs';
import { clientsOf, readersOf } from './fixture/readers.mjs';
import { afternoon, morning } from './fixture/second-day.mjs';

/** Nobody listens there, so mails wait. */
const CLOSED_PORT = 9;

/** What a fixture must hold at least; a new type of event belongs here and into one of the days. */
const EVENT_TYPES = [
  ...['session.opened', 'session.availability', 'session.ended', 'chat.requested', 'chat.busy'],
  ...[
    'chat.held',
    'chat.rang',
    'rings.extended',
    'chat.offerWithdrawn',
    'chat.accepted',
    'chat.line',
  ],
  ...['chat.requeued', 'chat.transferred', 'chat.ended', 'chat.visitorNamed', 'chats.forgotten'],
  ...['chat.variables', 'chat.surveyAnswered', 'offline.surveyLeft', 'visit.seen'],
  ...['visits.forgotten', 'transcript.requested', 'transcript.sent', 'transcript.failed'],
  ...['chat.reassigned', 'chat.read', 'participant.identified'],
  ...['session.cookieRenewed', 'request.answered'],
];

/** The account that the command line makes. */
const SHOP = 'shop_2';

const [checkout, name] = process.argv.slice(2);
if (checkout === undefined || name === undefined || !/^[\w.-]+$/.test(name)) {
  console.error('Usage: node scripts/make-fixture.mjs <built checkout> <name of the fixture>');
  process.exit(1);
}
const root = resolve(checkout);
const folder = fileURLToPath(new URL(`../packages/server/test/released/${name}/`, import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'parley-fixture-'));
try {
  await make(join(work, 'data'));
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** @param {string} dataDir */
async function make(dataDir) {
  const mails = await startMailServer((recipient) => !recipient.includes('nobody@'));
  const shopKey = makeShop(dataDir);
  const stage = new Stage(await DrivenServer.start(root, dataDir, Date.now()));
  await stage.login('admin1');
  const configured = await configure(stage, mails.port);
  const before = await firstDay(stage, configured);
  await restart(stage, dataDir);

  await stage.login('admin1');
  await stage.configure('PUT', 'settings', { mail: { port: CLOSED_PORT } });
  const begun = await morning(stage, configured);
  const shop = await openShop(stage, shopKey);
  await restart(stage, dataDir);

  const left = await afternoon(stage, begun);
  const { now } = stage.server;
  await stage.server.kill();
  mails.stop();

  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const pack = (/** @type {string} */ file, /** @type {string | Buffer} */ content) =>
    writeFileSync(join(folder, `${file}.gz`), gzipSync(content, { level: 9 }));
  for (const file of readdirSync(dataDir)) pack(file, readFileSync(join(dataDir, file)));
  const copy = join(work, 'copy');
  cpSync(dataDir, copy, { recursive: true });
  const server = await DrivenServer.start(root, copy, now + 5_000);
  const readers = readersOf({ begun, left, shop, expired: before.expired });
  const answers = await readAll(server, readers);
  await server.kill();
  const expected = {
    now: now + 5_000,
    journals: journalsOf(root, dataDir),
    readers: readers.map(({ as, headers }) => ({ as, headers })),
    keys: configured.keys,
    clients: clientsOf({ begun, left, shop }),
    answers,
  };
  pack('expected.json', JSON.stringify(expected));
  console.log(`Wrote ${folder}: ${answers.length} answers, journals`, expected.journals);
  const types = Object.values(expected.journals).flatMap((journal) => journal.types);
  const missing = EVENT_TYPES.filter((type) => !types.includes(type));
  if (missing.length > 0) throw new Error(`No entry is a ${missing.join(', ')}: add to the days.`);
}

/**
 * @param {Stage} stage
 * @param {string} dataDir
 */
async function restart(stage, dataDir) {
  const { now } = stage.server;
  await stage.server.stop();
  stage.server = await DrivenServer.start(root, dataDir, now + 1_000);
}

/**
 * An account made by the command line; gives its visitors' key.
 * @param {string} dataDir
 */
function makeShop(dataDir) {
  const program = join(root, 'packages', 'cli', 'dist', 'main.js');
  const parley = (/** @type {string[]} */ ...args) =>
    execFileSync(process.execPath, [program, ...args, '--data-dir', dataDir], {
      env: { ...process.env, PARLEY_PASSWORD: PASSWORD },
      encoding: 'utf8',
    });
  parley('account', 'create', SHOP, '--admin', 'boss');
  parley('skill', 'create', SHOP, 'Repairs', '--max-wait-time', '60');
  parley('user', 'create', SHOP, 'sue', '--nickname', 'Sue', '--skill', 'Repairs');
  const said = parley('key', 'create', SHOP);
  const key = /[0-9a-f]{20,}/.exec(said)?.[0];
  if (key === undefined) throw new Error(`there is no key in: ${said}`);
  return key;
}

/**
 * The other account has opening hours, and is closed: a chat is held.
 * @param {Stage} stage
 * @param {string} key
 */
async function openShop(stage, key) {
  const login = await stage.login('boss', PASSWORD, SHOP);
  const url = `/api/account/${SHOP}/configuration/settings`;
  const openingHours = closedOn(stage.server.now);
  await stage.call('PUT', url, stage.as('boss'), { timeZone: 'Europe/Athens', openingHours });
  const sue = await stage.login('sue', PASSWORD, SHOP);
  const session = await stage.call(
    'POST',
    `/api/account/${SHOP}/agentSession?v=1&NC=true`,
    stage.as('sue'),
  );
  const sueAt = new Agent(stage, String(session.headers.location), stage.as('sue'));
  const headers = { authorization: `LivePerson appKey=${key}` };
  await sueAt.become('Occupied');
  const held = await stage.visitor({ skill: 'Repairs', interactionTimeout: 600 }, headers, SHOP);
  return { login, sue, sueAt, held, headers };
}
