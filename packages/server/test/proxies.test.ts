/** The configurations of docs/proxies.md, in the real nginx and the real Caddy. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from '../src/tls/own-certificate.js';
import { SigningClient } from './auth-client.js';
import { Fixture } from './chat-fixture.js';
import { findProgram } from './debian-program.js';
import { call, DEMO_PASSWORD, DEMO_VISITOR_KEY, linkAt, textAt } from './harness.js';

/** Where the program under test listens, and what it needs there. */
interface Place {
  readonly folder: string;
  readonly port: number;
  /** Of Parley. */
  readonly upstream: number;
  readonly cert: string;
  readonly key: string;
}

interface Proxy {
  readonly name: string;
  /** Where its package has it. */
  readonly path: string;
  readonly version: string;
  /** The page's block, with the places of this test. */
  configuration(block: string, place: Place): string;
  arguments(file: string, place: Place): string[];
  /** The visitor's address when a client at this machine says that it speaks for 198.51.100.7. */
  readonly visitor: string;
}

const PROXIES: readonly Proxy[] = [
  {
    name: 'nginx',
    path: 'usr/sbin/nginx',
    version: '-v',
    configuration: (block, { folder, port, upstream, cert, key }) => {
      const own = block
        .replace('127.0.0.1:8080', `127.0.0.1:${upstream}`)
        .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
        .replace('/etc/ssl/chat.example.com.pem', cert)
        .replace('/etc/ssl/chat.example.com.key', key);
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
      const paths = temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n');
      return `daemon off;\npid ${folder}/nginx.pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n${paths}\n${own}}\n`;
    },
    arguments: (file, { folder }) => ['-p', folder, '-e', 'stderr', '-c', file],
    // It passes on what it received, and its client, this machine, is trusted.
    visitor: '198.51.100.7',
  },
  {
    name: 'caddy',
    path: 'usr/bin/caddy',
    version: 'version',
    // Without the two options it would ask a certificate authority, and listen on ports of its own.
    configuration: (block, { port, upstream, cert, key }) =>
      `{\nadmin off\nauto_https disable_redirects\n}\n${block
        .replace('127.0.0.1:8080', `127.0.0.1:${upstream}`)
        .replace('chat.example.com {', `https://:${port} {\ntls ${cert} ${key}\nbind 127.0.0.1`)}`,
    arguments: (file) => ['run', '--adapter', 'caddyfile', '--config', file],
    // It believes nothing of that.
    visitor: '127.0.0.1',
  },
];

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}

let fixture: Fixture;
let folder: string;
let ca = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-proxies-'));
  fixture = await Fixture.start({ trustedProxies: ['127.0.0.1'] });
  const made = await makeCertificate(['localhost', '127.0.0.1', 'chat.example.com'], Date.now());
  ca = made.ca;
  await writeFile(join(folder, 'cert.pem'), made.cert);
  await writeFile(join(folder, 'key.pem'), made.key);
});
afterAll(async () => {
  await fixture.stop();
  await rm(folder, { recursive: true, force: true });
});

describe.each(PROXIES)('behind $name, set up as docs/proxies.md says', (proxy) => {
  let running: ChildProcess | undefined;
  let why = '';
  let origin = '';

  beforeAll(async () => {
    const found = await findProgram(proxy.name, proxy.path, proxy.version, folder);
    if ('missing' in found) {
      why = found.missing;
      console.warn(`!!! Not tested: ${why}`);
      return;
    }
    const page = await readFile(new URL('../../../docs/proxies.md', import.meta.url), 'utf8');
    const block = new RegExp(`\`\`\`${proxy.name}(?:file)?\\n(.*?)\`\`\``, 's').exec(page)?.[1];
    const port = await freePort();
    const own = join(folder, `${proxy.name}-home`);
    await mkdir(own);
    const place: Place = {
      folder: own,
      port,
      upstream: fixture.server.running.httpPort,
      cert: join(folder, 'cert.pem'),
      key: join(folder, 'key.pem'),
    };
    const file = join(own, 'configuration');
    await writeFile(file, proxy.configuration(block ?? '', place));
    const env = { ...process.env, HOME: own, XDG_CONFIG_HOME: own, XDG_DATA_HOME: own };
    running = spawn(found.program, proxy.arguments(file, place), { env });
    let said = '';
    running.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    origin = `https://127.0.0.1:${port}`;
    for (let attempts = 0; attempts < 200; attempts += 1) {
      const status = await call('GET', `${origin}/healthz`, { ca }).then(
        (reply) => reply.status,
        String,
      );
      if (status === 200) return;
      await setTimeout(100);
    }
    throw new Error(`${proxy.name} does not answer: ${said}`);
  }, 90_000);
  afterAll(async () => {
    if (running === undefined || running.exitCode !== null) return;
    running.kill('SIGTERM');
    await once(running, 'exit');
  });

  const base = () => `${origin}/api/account/12345678`;
  /** What a client makes up, and is not believed: the proxy is the one that was spoken to. */
  const MADE_UP = {
    'x-forwarded-for': '198.51.100.7',
    'x-forwarded-host': 'evil.example.com',
    'x-forwarded-port': '1',
    'x-forwarded-proto': 'http',
    forwarded: 'for=198.51.100.8;host=evil.example.com;proto=http',
  };

  it('[PROXY1, LINK1] links lead to the proxy, and visitors have addresses of their own', async (context) => {
    context.skip(running === undefined, why);
    const account = await call('GET', base(), { ca, appKey: DEMO_VISITOR_KEY });
    expect(linkAt(account.body, 'account.link', 'self')).toBe(base());
    const url = `${base()}/chat/request`;
    const asked = await call('POST', url, { ca, appKey: DEMO_VISITOR_KEY, headers: MADE_UP });
    expect([asked.status, asked.headers.location?.startsWith(`${base()}/chat/H`)]).toEqual([
      201,
      true,
    ]);
    const { state } = await fixture.host();
    const chat = state.chats.get(asked.headers.location?.split('/').pop() ?? '');
    expect(chat?.visitor.ip).toBe(proxy.visitor);
    expect(fixture.server.log).not.toContain('"fault"');
  });

  it('[PROXY1, LINK1] a host without a port stays one, whatever port a client makes up', async (context) => {
    context.skip(running === undefined, why);
    const headers = { ...MADE_UP, host: 'chat.example.com' };
    const account = await call('GET', base(), { ca, appKey: DEMO_VISITOR_KEY, headers });
    expect(linkAt(account.body, 'account.link', 'self')).toBe(
      'https://chat.example.com/api/account/12345678',
    );
  });

  it('[SIGN5] signed requests, a chat and its links work as they do without', async (context) => {
    context.skip(running === undefined, why);
    const client = new SigningClient(fixture.clock);
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
