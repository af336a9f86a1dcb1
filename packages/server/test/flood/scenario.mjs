// A server with a small heap, thousands of connections that ask and do not read, and a victim who
// goes on working meanwhile. Prints what it measured as one line of JSON.
import { fork, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const { heapMb, sockets, seconds } = JSON.parse(process.argv[2] ?? '{}');
const ACCOUNT = '/api/account/12345678';
const KEY = 'LivePerson appKey=parley-demo-visitor-key';
/** Each child has so many, so that none runs out of file handles. */
const PER_CHILD = 5_000;
const PAUSE_MS = 10;

const program = fileURLToPath(new URL('../../../cli/dist/main.js', import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), 'parley-flood-'));
const children = [];

function startServer() {
  const flags = ['serve', '--demo', '--data-dir', dataDir, '--json', '--log-level', 'error'];
  const server = spawn(
    process.execPath,
    [
      `--max-old-space-size=${heapMb}`,
      program,
      ...flags,
      '--http-port',
      '0',
      '--https-port',
      'off',
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  children.push(server);
  return new Promise((resolve, reject) => {
    server.on('exit', (code, signal) => reject(new Error(`the server ended: ${code} ${signal}`)));
    server.stdout.setEncoding('utf8').once('data', (line) => {
      resolve({ ...JSON.parse(line), process: server });
    });
  });
}

function startChild(file) {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), { stdio: 'inherit' });
  children.push(child);
  return child;
}

function call(agent, port, method, path, body) {
  const headers = {
    authorization: KEY,
    ...(body ? { 'content-length': Buffer.byteLength(body) } : {}),
  };
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, method, path, headers, agent });
    request.on('error', reject);
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (data) => {
        text += data;
      });
      response.on('end', () => {
        const { statusCode: status, headers: answered } = response;
        resolve({ status, location: answered.location, text });
      });
    });
    request.end(body);
  });
}

const line = (text) => JSON.stringify({ event: { '@type': 'line', text } });

async function newChat(agent, port) {
  const { location } = await call(agent, port, 'POST', `${ACCOUNT}/chat/request`, '{}');
  return `${new URL(location).pathname}/events`;
}

/** Asks again and again, and notes how long each answer took, ms. */
class Prober {
  tookMs = [];
  statuses = {};
  #going = true;
  #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  async run(port, requests) {
    for (let count = 0; this.#going; count += 1) {
      const [method, path, body] = requests[count % requests.length];
      const begun = performance.now();
      const status = await call(this.#agent, port, method, path, body).then(
        (reply) => reply.status,
        (error) => error.code,
      );
      this.tookMs.push(performance.now() - begun);
      this.statuses[status] = (this.statuses[status] ?? 0) + 1;
      await sleep(PAUSE_MS);
    }
    this.#agent.destroy();
  }

  stop() {
    this.#going = false;
  }

  get figures() {
    const sorted = this.tookMs.toSorted((a, b) => a - b);
    const at = (part) => Math.round(10 * (sorted[Math.floor(sorted.length * part)] ?? 0)) / 10;
    return {
      n: sorted.length,
      p50: at(0.5),
      p99: at(0.99),
      max: at(0.99999),
      statuses: this.statuses,
    };
  }
}

async function main() {
  const { httpPort: port, pid, process: server } = await startServer();
  let ended = null;
  server.on('exit', (code, signal) => {
    ended = `${code} ${signal}`;
  });
  const rssMb = () => {
    const status = ended === null ? readFileSync(`/proc/${pid}/status`, 'utf8') : '';
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
  };
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const large = await newChat(agent, port);
  for (let count = 0; count < 31; count += 1) {
    await call(agent, port, 'POST', large, line('&'.repeat(8_000)));
  }
  const answerBytes = (await call(agent, port, 'GET', `${large}.xml`)).text.length;
  const own = await newChat(agent, port);
  const control = startChild('control.mjs');
  const controlPort = await new Promise((resolve) =>
    control.once('message', (m) => resolve(m.port)),
  );

  const victim = new Prober();
  const machine = new Prober();
  const requests = [
    ['GET', `${ACCOUNT}/chat/availability`],
    ['GET', own],
    ['POST', own, line('hello')],
  ];
  const probing = [
    victim.run(port, requests),
    machine.run(controlPort, [['GET', `${ACCOUNT}/chat/availability`]]),
  ];
  await sleep(2_000);
  const before = { victim: victim.figures, machine: machine.figures, rssMb: rssMb() };
  for (const prober of [victim, machine]) {
    prober.tookMs = [];
    prober.statuses = {};
  }

  const deaf = { open: 0, cut: 0, refused: 0 };
  const counts = new Map();
  const request = `GET ${large}.xml HTTP/1.1\r\nHost: a\r\nAuthorization: ${KEY}\r\n\r\n`;
  for (let begun = 0; begun < sockets; begun += PER_CHILD) {
    const child = startChild('deaf.mjs');
    const addresses = Array.from(
      { length: 10 },
      (_, n) => `127.0.${1 + begun / PER_CHILD}.${n + 1}`,
    );
    child.on('message', (message) => counts.set(child, message));
    child.send({ port, sockets: Math.min(PER_CHILD, sockets - begun), addresses, request });
  }
  let peakRssMb = 0;
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end && ended === null) {
    await sleep(100);
    peakRssMb = Math.max(peakRssMb, rssMb());
  }
  for (const each of counts.values()) for (const key in deaf) deaf[key] += each[key];
  victim.stop();
  machine.stop();
  await Promise.all(probing);
  const under = { victim: victim.figures, machine: machine.figures };
  process.stdout.write(
    `${JSON.stringify({ ended, answerBytes, before, under, peakRssMb, deaf })}\n`,
  );
}

try {
  await main();
} finally {
  for (const child of children) child.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
}
process.exit(0);
