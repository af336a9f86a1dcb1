/**
 * Streams behind the real nginx as it is when nothing is set: HTTP/1.0 to the server, answers buffered,
 * 60 s without a byte at most. The limit is 2 s here, and comments come as often;
 * `PARLEY_NGINX_SECONDS=75` keeps nginx's own 60 s and waits for so long.
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
import { type Visitor, Fixture } from './chat-fixture.js';
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

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-nginx-'));
  fixture = await Fixture.start({ trustedProxies: ['127.0.0.1'], throttle: UNTHROTTLED });
  const found = await findProgram('nginx', 'usr/sbin/nginx', '-v', folder);
  if ('missing' in found) {
    why = found.missing;
    console.warn(why);
    return;
  }
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  const port = typeof address === 'object' ? address?.port : 0;
  probe.close();
  await once(probe, 'close');
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

/** The visitor as a client behind the proxy has it. */
function behind(visitor: Visitor): Visitor {
  const uri = origin + new URL(visitor.uri).pathname;
  return Object.assign(Object.create(Object.getPrototypeOf(visitor)), visitor, { uri });
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
