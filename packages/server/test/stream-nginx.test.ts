/**
 * Streams behind the real nginx as it is when nothing is set: HTTP/1.0 to the server, answers buffered,
 * 60 s without a byte at most. The limit is 2 s here, and comments come as often;
 * `PARLEY_NGINX_SECONDS=75` keeps nginx's own 60 s and waits for so long. At `/kept` it keeps connections to the
 * server (HTTP/1.1), one at most while none is in use, and sends requests of all clients over them.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type Agent, type AgentChat, type Visitor, Fixture } from './chat-fixture.js';
import { findProgram } from './debian-program.js';
import { UNTHROTTLED } from './harness.js';
import { closeStreams, type Frame, streamOf } from './stream-fixture.js';

const SECONDS = Number(process.env['PARLEY_NGINX_SECONDS'] ?? 4);
const IS_LONG = process.env['PARLEY_NGINX_SECONDS'] !== undefined;

let fixture: Fixture;
let folder: string;
let running: ChildProcess | undefined;
let why = '';
let origin = '';
/** Where it keeps connections to the server. */
let kept = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-nginx-'));
  fixture = await Fixture.start({ trustedProxies: ['127.0.0.1'], throttle: UNTHROTTLED });
  const found = await findProgram('nginx', 'usr/sbin/nginx', '-v', folder);
  if ('missing' in found) {
    why = found.missing;
    console.warn(why);
    return;
  }
  const [port, keptPort] = [await freePort(), await freePort()];
  const upstream = `http://127.0.0.1:${fixture.server.running.httpPort}`;
  const limits = IS_LONG ? '' : 'proxy_read_timeout 2s; proxy_send_timeout 2s;';
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join('\n');
  await writeFile(
    join(folder, 'nginx.conf'),
    `daemon off;
pid ${folder}/nginx.pid;
error_log stderr;
events {}
http {
access_log off;
${paths}
map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
upstream kept { server 127.0.0.1:${fixture.server.running.httpPort}; keepalive 1; }
server {
  listen 127.0.0.1:${keptPort};
  location / {
    proxy_pass http://kept; ${limits} proxy_set_header Host $http_host;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
  }
}
server {
  listen 127.0.0.1:${port};
  location / { proxy_pass ${upstream}; ${limits} proxy_set_header Host $http_host; }
  location ~ /ws$ {
    proxy_pass ${upstream}; ${limits} proxy_set_header Host $http_host;
    proxy_http_version 1.1;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $connection_upgrade;
  }
}
}`,
  );
  running = spawn(found.program, ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')]);
  origin = `http://127.0.0.1:${port}`;
  kept = `http://127.0.0.1:${keptPort}`;
  await vi.waitFor(async () => expect((await fetch(`${origin}/healthz`)).status).toBe(200), {
    timeout: 20_000,
    interval: 100,
  });
}, 90_000);
afterAll(async () => {
  closeStreams();
  if (running !== undefined && running.exitCode === null) {
    running.kill('SIGTERM');
    await once(running, 'exit');
  }
  await fixture.stop();
  await rm(folder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

/** The visitor or agent as a client behind the proxy has them. */
function behind<T extends Agent | AgentChat | Visitor>(of: T, proxy = origin): T {
  const uri = proxy + new URL(of.uri).pathname;
  return Object.assign(Object.create(Object.getPrototypeOf(of)), of, { uri });
}

it(
  '[STREAM20] frames come at once through nginx as it is, and streams outlive its time-outs',
  async (context) => {
    context.skip(running === undefined, why);
    const { chat, visitor } = await fixture.chat();
    const reader = await streamOf(behind(visitor));
    const frames: Frame[] = [];
    const { pathname } = new URL(visitor.uri);
    const key = visitor.credential().appKey;
    const socket = new WebSocket(`${origin.replace('http', 'ws')}${pathname}/ws?appKey=${key}`);
    socket.on('message', (data) => frames.push(JSON.parse(String(data))));
    await vi.waitFor(() => expect(frames.length).toBe(1), 5_000);
    const until = performance.now() + SECONDS * 1000;
    for (let line = 0; performance.now() < until; line += 1) {
      // What would take fifteen seconds takes half of one, or as long as it does.
      await pause(IS_LONG ? 15_000 : 500);
      fixture.clock.advance(15_000);
      await visitor.get();
      await chat.get();
      expect([reader.ended, socket.readyState]).toEqual([false, WebSocket.OPEN]);
      if (line % 3 !== 2) continue;
      const before = [reader.events.length, frames.length];
      await chat.line(`line ${line}`);
      await vi.waitFor(
        () =>
          expect(reader.events.length > (before[0] ?? 0) && frames.length > (before[1] ?? 0)).toBe(
            true,
          ),
        { timeout: 1_000, interval: 5 },
      );
    }
    expect(reader.comments).toBeGreaterThan(2);
    socket.terminate();
  },
  (SECONDS + 60) * 1000,
);

it('[STREAM20] a proxy that keeps its connections carries streams and requests over the same ones', async (context) => {
  context.skip(running === undefined, why);
  const talks = [await fixture.chat({}, 'agent1'), await fixture.chat({}, 'agent2')];
  const said: string[] = [];
  for (let round = 0; round < 6; round += 1) {
    for (const [index, { agent, chat, visitor }] of talks.entries()) {
      const [client, sender] = [behind(agent, kept), behind(visitor, kept)];
      // What was a stream before is a connection for requests now, and the other way round.
      const reader = await streamOf(client);
      const text = `${index} ${round}`;
      await sender.line(text);
      await vi.waitFor(() => expect(reader.events.map(wordsOf)).toEqual([text]), {
        timeout: 1_000,
        interval: 5,
      });
      reader.close();
      expect(await client.availability()).toBe('Online');
      const events = await behind(chat, kept).events();
      said.push(events.at(-1)?.text ?? '');
      expect(said.at(-1)).toBe(text);
    }
  }
  expect(said).toHaveLength(12);
});

const wordsOf = (event: string) => event.slice(event.indexOf(':') + 1);
