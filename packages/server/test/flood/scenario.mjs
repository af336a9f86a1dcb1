// A server with a small heap; strangers who bring all they may of every kind; then thousands of
// connections that ask and do not read, and the strangers go on at a fixed pace. Two people talk all the
// time. Prints what it measured as one line of JSON.
import { fork, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ask, Control, Conversation } from './conversation.mjs';

const { dataDir, heapMb, sockets, seconds, account, key, password } = JSON.parse(
  process.argv[2] ?? '{}',
);
const KEY = `LivePerson appKey=${key}`;
/** Each child has so many, so that none runs out of file handles. */
const PER_CHILD = 5_000;
const ADDRESSES = 20;
/** Longest time that all connections may take to be open, on a busy machine, ms. */
const MAX_OPENING_MS = 60_000;
const QUIET_MS = 2_500;
const STRANGERS_PER_SECOND = 60;
/** What visits may take of this heap when nobody chats in them, and more, bytes. */
const IDLE = 15_000_000;
/** What is brought of each kind: so many bytes at least, and so many refusals. */
const FILL = {
  typing: { bytes: 2_000, refusals: 0 },
  names: { bytes: 8_000, refusals: 0 },
  exitSurveys: { bytes: 500_000, refusals: 0 },
  surveys: { bytes: 500_000, refusals: 0 },
  // Five of each chat.
  mails: { bytes: 0, refusals: 30 },
  // More than a chat keeps, of each.
  variables: { bytes: 6_000_000, refusals: 0 },
  lines: { bytes: 0, refusals: 20 },
  chats: { bytes: 0, refusals: 50 },
  attributes: { bytes: IDLE, refusals: 0 },
  visits: { bytes: 2 * IDLE, refusals: 0 },
  bodies: { bytes: 0, refusals: 20 },
  heads: { bytes: 0, refusals: 20 },
};
/** Longest time of one kind, on a busy machine. */
const MAX_FILLING = 20;

const program = fileURLToPath(new URL('../../../cli/dist/main.js', import.meta.url));
const children = [];

class Server {
  ended = null;

  async start() {
    const flags = ['serve', '--demo', '--data-dir', dataDir, '--json', '--log-level', 'error'];
    const ports = ['--http-port', '0', '--https-port', 'off'];
    this.process = spawn(
      process.execPath,
      [`--max-old-space-size=${heapMb}`, program, ...flags, ...ports],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    children.push(this.process);
    const line = await new Promise((resolve, reject) => {
      this.process.on('exit', (code, signal) => {
        this.ended = `${code} ${signal}`;
        reject(new Error(`the server ended: ${this.ended}`));
      });
      this.process.stdout.setEncoding('utf8').once('data', resolve);
    });
    const { httpPort, pid } = JSON.parse(line);
    this.port = httpPort;
    this.pid = pid;
    this.base = `http://127.0.0.1:${httpPort}/api/account/${account}`;
    return this;
  }

  rssMb() {
    if (this.ended !== null) return 0;
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
  }

  /** Open files, nearly all of them connections. */
  files() {
    return this.ended === null ? readdirSync(`/proc/${this.pid}/fd`).length : 0;
  }

  async kill() {
    const over = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGKILL');
    await over;
  }
}

function startChild(file, argument) {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [argument], {
    stdio: 'inherit',
  });
  children.push(child);
  return child;
}

/** A chat of 250,000 characters, which are 1.2 MB as XML: its path. */
async function longChat(server) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const { location } = await ask(agent, 'POST', `${server.base}/chat/request`, KEY, {});
  const event = { event: { '@type': 'line', text: '&'.repeat(8_000) } };
  for (let count = 0; count < 31; count += 1) {
    await ask(agent, 'POST', `${location}/events`, KEY, event);
  }
  const { length } = await ask(agent, 'GET', `${location}/events.xml`, KEY);
  agent.destroy();
  return { path: `${new URL(location).pathname}/events.xml`, length };
}

/** Opens them all. */
class Deaf {
  #counts = new Map();

  constructor(server, path) {
    const request = `GET ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: ${KEY}\r\n\r\n`;
    for (let begun = 0; begun < sockets; begun += PER_CHILD) {
      const child = startChild('deaf.mjs');
      const addresses = Array.from(
        { length: ADDRESSES / 2 },
        (_, n) => `127.0.${1 + begun / PER_CHILD}.${n + 1}`,
      );
      child.on('message', (message) => this.#counts.set(child, message));
      const own = Math.min(PER_CHILD, sockets - begun);
      child.send({ port: server.port, sockets: own, addresses, request });
    }
  }

  get counts() {
    const sum = { open: 0, cut: 0 };
    for (const each of this.#counts.values()) for (const name in sum) sum[name] += each[name];
    return sum;
  }
}

/** Chats that nobody serves, visits and the like, each kind of it. */
class Strangers {
  constructor(server) {
    const addresses = Array.from({ length: 16 }, (_, n) => `127.0.9.${n + 1}`);
    const parameters = { port: server.port, account, key, addresses };
    this.child = startChild('strangers.mjs', JSON.stringify(parameters));
  }

  do(order) {
    return new Promise((resolve) => {
      this.child.once('message', resolve).send(order);
    });
  }
}

async function main() {
  let server = await new Server().start();
  const talk = await new Conversation(KEY).open(server.base, 'agent1', password);
  const long = await longChat(server);
  const control = startChild('control.mjs', join(dataDir, 'control'));
  const controlPort = await new Promise((resolve) =>
    control.once('message', (m) => resolve(m.port)),
  );
  talk.begin();
  const bare = new Control(controlPort).begin();
  const take = () => ({ victim: talk.take(), machine: bare.take() });
  let peakRssMb = 0;
  const looking = setInterval(() => {
    peakRssMb = Math.max(peakRssMb, server.rssMb());
  }, 100);

  await sleep(500);
  take();
  await sleep(QUIET_MS);
  const quiet = { ...take(), rssMb: server.rssMb() };

  const strangers = new Strangers(server);
  const brought = {};
  for (const [kind, wanted] of Object.entries(FILL)) {
    const answered = await strangers.do({ fill: kind, ...wanted, seconds: MAX_FILLING });
    brought[kind] = { ...answered, rssMb: server.rssMb() };
  }
  const filling = take();

  const deaf = new Deaf(server, long.path);
  const began = performance.now();
  while (deaf.counts.open < 0.99 * sockets && server.ended === null) {
    await sleep(50);
    if (performance.now() > began + MAX_OPENING_MS) break;
  }
  const opened = { ...deaf.counts, ms: Math.round(performance.now() - began), ...take() };

  brought.mix = await strangers.do({ mix: STRANGERS_PER_SECOND, seconds });
  const under = take();
  const open = { ...deaf.counts, atServer: server.files() };
  const { ended } = server;
  const went = await Promise.all([talk.end(), bare.end()]).then(
    () => 'well',
    (error) => error.message,
  );
  clearInterval(looking);

  // What was said is there after an end without warning, with the same heap; so is room for a visit.
  if (ended === null) await server.kill();
  server = await new Server().start();
  const again = new Agent();
  const chat = `${new URL(server.base).origin}${new URL(talk.visitorChat).pathname}`;
  const events = await ask(again, 'GET', `${chat}/events?v=1&from=${talk.lines + 2}`, KEY);
  const report = `${server.base}/app/engagement/visitors?v=1.0`;
  const visit = await ask(again, 'POST', report, KEY, {});
  const kept = JSON.stringify(events.json).includes(`"line ${talk.lines - 1}"`);
  const result = { ended, went, quiet, brought, filling, opened, under, open, peakRssMb };
  const after = { kept, visit: visit.status, rssMb: server.rssMb() };
  console.log(JSON.stringify({ ...result, lines: talk.lines, long: long.length, after }));
}

/** Nobody is left behind: each would go on for ever. */
function killChildren() {
  for (const child of children) child.kill('SIGKILL');
}

// Whoever started it is gone.
process.stdin
  .on('end', () => {
    killChildren();
    process.exit(1);
  })
  .resume();
try {
  await main();
} finally {
  killChildren();
}
process.exit(0);
