/** The configuration of docs/proxies.md, in the real nginx. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from '../src/tls/own-certificate.js';
import { SigningClient } from './auth-client.js';
import { World } from './chat-world.js';
import { call, DEMO_PASSWORD, DEMO_VISITOR_KEY, linkAt, textAt } from './harness.js';

let world: World;
let folder: string;
let nginx: ChildProcess | undefined;
let why = '';
let origin = '';
let ca = '';

/** nginx of this machine, else of its Debian package, unpacked and not installed. */
async function findNginx(): Promise<string | null> {
  if (spawnSync('nginx', ['-v']).status === 0) return 'nginx';
  try {
    const quiet = { cwd: folder, stdio: 'pipe' } as const;
    if (spawnSync('apt-get', ['download', 'nginx'], quiet).status !== 0) {
      execFileSync('apt-get', ['update'], quiet);
      execFileSync('apt-get', ['download', 'nginx'], quiet);
    }
    const file = (await readdir(folder)).find((name) => name.endsWith('.deb')) ?? '';
    execFileSync('dpkg', ['-x', file, 'unpacked'], quiet);
    const program = join(folder, 'unpacked/usr/sbin/nginx');
    execFileSync(program, ['-v'], quiet);
    return program;
  } catch (error) {
    why = `There is no nginx, and its package cannot be had: ${String(error).slice(0, 200)}`;
    return null;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}

/** The block of the page, with places of this test. */
async function configuration(port: number): Promise<string> {
  const page = await readFile(new URL('../../../docs/proxies.md', import.meta.url), 'utf8');
  const block = /```nginx\n(.*?)```/s.exec(page)?.[1] ?? '';
  const own = block
    .replace('127.0.0.1:8080', `127.0.0.1:${world.server.running.httpPort}`)
    .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
    .replace('/etc/ssl/chat.example.com.pem', join(folder, 'cert.pem'))
    .replace('/etc/ssl/chat.example.com.key', join(folder, 'key.pem'));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const paths = temporary.map((name) => `${name}_temp_path ${folder}/tmp/${name};`).join('\n');
  return `daemon off;\npid ${folder}/nginx.pid;\nerror_log ${folder}/error.log;\nevents {}\nhttp {\naccess_log off;\n${paths}\n${own}}\n`;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-nginx-'));
  world = await World.start({ trustedProxies: ['127.0.0.1'] });
  const program = await findNginx();
  if (program === null) {
    console.warn(why);
    return;
  }
  const made = await makeCertificate(['localhost', '127.0.0.1'], Date.now());
  ca = made.ca;
  await mkdir(join(folder, 'tmp'));
  await writeFile(join(folder, 'cert.pem'), made.cert);
  await writeFile(join(folder, 'key.pem'), made.key);
  const port = await freePort();
  await writeFile(join(folder, 'nginx.conf'), await configuration(port));
  const flags = ['-p', folder, '-e', join(folder, 'error.log'), '-c', join(folder, 'nginx.conf')];
  nginx = spawn(program, flags, { stdio: 'inherit' });
  origin = `https://127.0.0.1:${port}`;
  for (let attempts = 0; attempts < 200; attempts += 1) {
    const status = await call('GET', `${origin}/healthz`, { ca }).then(
      (reply) => reply.status,
      String,
    );
    if (status === 200) return;
    await setTimeout(100);
  }
  throw new Error(`nginx does not answer: ${await readFile(join(folder, 'error.log'), 'utf8')}`);
}, 90_000);
afterAll(async () => {
  nginx?.kill('SIGTERM');
  await world.stop();
  if (existsSync(folder)) await rm(folder, { recursive: true, force: true });
});

const base = () => `${origin}/api/account/12345678`;

describe('behind nginx, set up as docs/proxies.md says', () => {
  it('[PROXY1, LINK1] links lead to the proxy, and visitors have addresses of their own', async (context) => {
    context.skip(nginx === undefined, why);
    const account = await call('GET', base(), { ca, appKey: DEMO_VISITOR_KEY });
    expect(linkAt(account.body, 'account.link', 'self')).toBe(base());
    // What a client makes up is not believed: nginx is the one that was spoken to.
    const headers = {
      'x-forwarded-for': '198.51.100.7',
      'x-forwarded-host': 'evil.example.com',
      'x-forwarded-port': '1',
      forwarded: 'for=198.51.100.8;host=evil.example.com',
    };
    const url = `${base()}/chat/request`;
    const asked = await call('POST', url, { ca, appKey: DEMO_VISITOR_KEY, headers });
    expect([asked.status, asked.headers.location?.startsWith(`${base()}/chat/H`)]).toEqual([
      201,
      true,
    ]);
    const { state } = await world.host();
    const chat = state.chats.get(asked.headers.location?.split('/').pop() ?? '');
    // The client of nginx is this machine, which is trusted; before it stands what it was told.
    expect(chat?.visitor.ip).toBe('198.51.100.7');
    expect(world.server.log).not.toContain('"fault"');
  });

  it('[SIGN5] signed requests, a chat and its links work as they do without', async (context) => {
    context.skip(nginx === undefined, why);
    const client = new SigningClient(world.clock);
    const opening = `${base()}/agentSession?v=1`;
    const authorization = client.sign('POST', opening);
    const opened = await call('POST', opening, { ca, headers: { authorization } });
    expect(opened.status).toBe(201);
    const login = await call('POST', `${base()}/login?v=1.3`, {
      ca,
      body: { username: 'agent1', password: DEMO_PASSWORD },
    });
    expect(textAt(login.body, 'bearer')).toMatch(/^[0-9a-f]{64}$/);
    const odd = `${base()}/%63hat//availability.json??v=1`;
    const oddly = await call('GET', odd, { ca, appKey: DEMO_VISITOR_KEY });
    expect([oddly.status, oddly.text.startsWith('{"availability":')]).toEqual([200, true]);
  });
});
