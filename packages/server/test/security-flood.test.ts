/**
 * Strangers against a server with a small heap. They fill it with everything they may bring, past every
 * budget; then ten thousand connections, from many addresses, ask for much and read nothing, while the
 * strangers go on. It stays up, its memory stays bounded, and two people who talk notice nothing.
 *
 * Server, database, strangers and who measures share the processors of one machine, which may have
 * other things to do. A bare server that writes to the same disk, asked as often in the same time, shows
 * how much that is: a round trip may take 50 ms, or five times as long as one of that server.
 *
 * Where the system allows it, this runs in a network of its own whose buffers are small, so that what
 * is not read stays with the server instead of the system.
 */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Fixture } from './chat-fixture.js';
import { DEMO_ACCOUNT, DEMO_PASSWORD, DEMO_VISITOR_KEY } from './harness.js';
import { survey } from './survey-fixture.js';

const scenario = fileURLToPath(new URL('flood/scenario.mjs', import.meta.url));
/** How long the connections stay, and the strangers go on. */
const SECONDS = Number(process.env['PARLEY_FLOOD_SECONDS'] ?? 8);
/** Nothing else runs on the machine. */
const QUIET = process.env['PARLEY_FLOOD_QUIET'] !== undefined;
const HEAP_MB = 256;
/** All that the process may take: heap, buffers, code, threads. */
const MAX_RSS_MB = 600;
const MAX_MS = 50;
const TIMES_MACHINE = 5;
/** What visits may take of this heap when nobody chats in them, and more. */
const IDLE_BYTES = 14_500_000;
const UNFINISHED = ['bodies', 'heads'];

interface Figures {
  readonly n: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** A conversation, and the bare server beside it. */
interface Both {
  readonly victim: Figures;
  readonly machine: Figures;
}

interface Report {
  /** Why the server ended; null when it did not. */
  readonly ended: string | null;
  /** `well`, or what was wrong with an answer that one of the two got. */
  readonly went: string;
  readonly quiet: Both;
  /** While the strangers brought each kind past its budget. */
  readonly filling: Both;
  /** While the connections were opened. */
  readonly opened: Both;
  /** While these stayed, and the strangers went on. */
  readonly under: Both;
  /** What was sent of each kind, and how it was answered. */
  readonly brought: Readonly<
    Record<string, { readonly statuses: Readonly<Record<string, number>>; readonly bytes: number }>
  >;
  readonly open: { readonly open: number; readonly atServer: number };
  readonly peakRssMb: number;
  readonly lines: number;
  readonly after: { readonly kept: boolean; readonly visit: number };
}

/** Small buffers, in a network that ends with the shell. */
const OWN_NETWORK =
  'ip link set lo up && for f in tcp_wmem tcp_rmem; do echo "4096 16384 65536" > /proc/sys/net/ipv4/$f; done && exec "$@"';

/**
 * A data directory of its own for each try: in one that was flooded before, a second try would be answered
 * otherwise, whatever the server does.
 */
let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'parley-flood-'));
  // Nobody takes mails there: all of them wait.
  const mail = { host: '127.0.0.1', port: 9, secure: false, user: '', password: '' };
  const settings = { mail: { ...mail, from: 'a@b.example' } };
  const fixture = await Fixture.start({ dataDir, settings });
  await fixture.add('survey', { changedAt: 0, ...survey('offline') });
  await fixture.add('survey', { changedAt: 0, ...survey('exit') });
  await fixture.server.running.close();
}, 60_000);
/** Ends what a try that ran out of time left behind: the next one would be measured beside it. */
let endScenario = async () => {};
afterEach(async () => {
  await endScenario();
  await rm(dataDir, { recursive: true, force: true });
});

function command(): [string, string[]] {
  const own = ['-n', 'sh', '-c', OWN_NETWORK, 'sh'];
  const possible = spawnSync('unshare', [...own, 'true']).status === 0;
  if (possible) return ['unshare', [...own, process.execPath]];
  console.warn('Without "unshare" and "ip" the system keeps much of what is not read by itself.');
  return [process.execPath, []];
}

/** As many as this process, and each of its children, may have files open; some are for the server. */
function socketsPossible(): number {
  const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  return Math.min(10_000, Number(limit ?? 10_000) - 500);
}

async function flood(sockets: number): Promise<Report> {
  const [program, prefix] = command();
  const account = { account: DEMO_ACCOUNT, key: DEMO_VISITOR_KEY, password: DEMO_PASSWORD };
  const wanted = { dataDir, heapMb: HEAP_MB, sockets, seconds: SECONDS, ...account };
  const child = spawn(program, [...prefix, scenario, JSON.stringify(wanted)], {
    // Its end shows the scenario that nobody waits for it any more, as after the test's time is up.
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  endScenario = async () => {
    // It kills all of its own.
    child.stdin.end();
    await closed;
  };
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  await closed;
  return JSON.parse(out) as Report;
}

it('[MEM9, SEC40, SEC41, SEC42] neither what strangers bring nor ten thousand connections that do not read take the server down or hold others up', {
  timeout: SECONDS * 1_000 + 180_000,
}, async () => {
  const sockets = socketsPossible();
  const report = await flood(sockets);
  console.info(`Flood: ${JSON.stringify(report)}`);
  const { ended, went, brought, open, peakRssMb, lines, after } = report;
  expect([ended, went]).toEqual([null, 'well']);

  // Each kind was really brought, and went beyond what there is for it.
  const got = (kind: string, ...statuses: readonly string[]) =>
    statuses.reduce((sum, status) => sum + (brought[kind]?.statuses[status] ?? 0), 0);
  for (const kind of Object.keys(brought).filter((each) => !UNFINISHED.includes(each))) {
    expect(got(kind, '200', '201'), kind).toBeGreaterThan(0);
  }
  for (const kind of ['mails', 'lines', 'chats', ...UNFINISHED]) {
    expect(got(kind, '408', '409', '429', '503', 'cut'), kind).toBeGreaterThanOrEqual(20);
  }
  expect(brought['visits']?.bytes).toBeGreaterThan(2 * IDLE_BYTES);
  expect(open.atServer).toBeGreaterThan(0.95 * sockets);
  expect(peakRssMb).toBeLessThan(MAX_RSS_MB);

  // Where other tests run beside it, only what lasts is held against the machine.
  const phases = QUIET ? (['filling', 'opened', 'under'] as const) : (['under'] as const);
  for (const phase of phases) {
    const { victim, machine } = report[phase];
    const bound = QUIET ? MAX_MS : Math.max(MAX_MS, TIMES_MACHINE * machine.p99);
    expect(victim.p99, phase).toBeLessThan(bound);
  }
  expect(lines).toBeGreaterThan(100);
  expect(after).toMatchObject({ kept: true, visit: 200 });
});
