import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { get } from 'node:https';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newFolder, PROGRAM, parley, post, Started, serve, start } from './parley.js';

const FREE = ['--http-port', '0', '--https-port', '0'];

describe('parley serve', { timeout: 60_000 }, () => {
  it('[CLI1] with --json says one line when it is ready, and nothing else', async () => {
    const folder = await newFolder();
    const { started, ready } = await serve(['--demo', '--data-dir', folder, ...FREE]);
    expect(ready).toEqual({
      ready: true,
      httpPort: expect.any(Number),
      httpsPort: expect.any(Number),
      http: `http://localhost:${ready.httpPort}`,
      https: `https://localhost:${ready.httpsPort}`,
      caCert: join(folder, 'tls/ca.pem'),
      account: '12345678',
      pid: started.child.pid,
    });
    const ca = await readFile(ready.caCert ?? '', 'utf8');
    const status = await new Promise((resolve, reject) => {
      get(`${ready.https}/healthz`, { ca }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });
    expect(status).toBe(200);
    started.child.kill('SIGTERM');
    const { code, out } = await started.ended;
    expect([code, out.split('\n').length]).toEqual([0, 2]);
  });

  it('[CLI2] takes its options from the environment; a flag counts more', async () => {
    const [byVariable, byFlag] = [await newFolder(), await newFolder()];
    const variables = {
      PARLEY_DATA_DIR: byVariable,
      PARLEY_HTTP_PORT: '0',
      PARLEY_HTTPS_PORT: 'off',
      PARLEY_PUBLIC_DOMAIN: 'chat.example.com',
    };
    const { ready } = await serve([], variables);
    expect(ready).toMatchObject({ httpsPort: null, https: null, caCert: null, account: null });
    expect(await readFile(join(byVariable, 'server.json'), 'utf8')).toContain(String(ready.pid));
    const flagged = await serve(['--data-dir', byFlag], variables);
    expect(await readFile(join(byFlag, 'server.json'), 'utf8')).toContain(
      String(flagged.ready.pid),
    );
  });

  it('[CLI3] names a port that is taken and what to do, and prints nothing to standard output', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const address = holder.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';
    const args = ['--json', '--data-dir', await newFolder(), '--https-port', 'off'];
    const { code, out, err } = await parley(['serve', ...args, '--http-port', port]);
    holder.close();
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(
      new RegExp(`^parley: Port ${port} on 127\\.0\\.0\\.1 is taken.*--http-port`),
    );
  });

  it.each([
    [['--demo', '--host', '0.0.0.0'], 'this machine'],
    [['--http-port', '99999'], '65535'],
    [['--public-domain', 'https://x.y'], 'https://x.y'],
    [['--tls-cert', 'cert.pem'], '--tls-key'],
    [['--log-level', 'loud'], 'Allowed choices'],
    [['--no-such-option'], '--help'],
  ])('[CLI4] refuses what cannot work: %j', async (args, words) => {
    const folder = join(await newFolder(), 'data');
    const { code, out, err } = await parley(['serve', '--data-dir', folder, ...args]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(words);
    expect(err).not.toContain('    at ');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    '[CLI5] stops gracefully on %s and goes on where it was afterwards',
    async (signal) => {
      const folder = await newFolder();
      const args = ['--demo', '--data-dir', folder, '--http-port', '0', '--https-port', 'off'];
      const first = await serve(args);
      const login = { username: 'agent1', password: 'parley-demo' };
      const base = (http: string) => `${http}/api/account/12345678`;
      const { body } = await post(`${base(first.ready.http)}/login`, login);
      first.started.child.kill(signal);
      expect((await first.started.ended).code).toBe(0);
      const second = await serve(args);
      const again = await post(
        `${base(second.ready.http)}/agentSession`,
        {},
        String(body['bearer']),
      );
      expect(again.status).toBe(201);
    },
  );

  it('[CLI9] goes on, and stops gracefully, when nobody reads what it says any more', async () => {
    const folder = await newFolder();
    const started = start(['serve', '--demo', '--data-dir', folder, ...FREE]);
    await started.says('Ctrl-C stops the server');
    const [, http = ''] = /HTTP {3}(\S+)/.exec(started.out) ?? [];
    started.child.stdout?.destroy();
    started.child.stderr?.destroy();
    const login = { username: 'agent1', password: 'parley-demo' };
    expect((await post(`${http}/api/account/12345678/login`, login)).status).toBe(200);
    started.child.kill('SIGTERM');
    expect((await started.ended).code).toBe(0);
  });

  it('[CLI6] stops at once on a second signal', async () => {
    const folder = await newFolder();
    const args = ['--demo', '--data-dir', folder, '--http-port', '0', '--https-port', 'off'];
    const { started, ready } = await serve(args);
    // A request that never ends keeps a graceful stop waiting.
    const socket = connect(ready.httpPort, '127.0.0.1');
    socket.on('error', () => {});
    const head =
      'POST /api/account/12345678/login HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{';
    await new Promise<void>((resolve) => socket.write(head, () => resolve()));
    await post(`${ready.http}/api/account/12345678/login`, {});
    started.child.kill('SIGINT');
    await new Promise<void>((resolve) => {
      const refused = setInterval(() => {
        connect(ready.httpPort, '127.0.0.1').on('error', () => {
          clearInterval(refused);
          resolve();
        });
      }, 20);
    });
    started.child.kill('SIGINT');
    const { code, err } = await started.ended;
    socket.destroy();
    expect(code).toBe(130);
    expect(err).toContain('Stopped at once');
  });

  it('[FAULT4] an error that nothing caught is logged, and stops the server as a signal would', async () => {
    const folder = await newFolder();
    const plant = `import { isMainThread } from 'node:worker_threads';
      if (isMainThread) process.on('SIGUSR2', () => Promise.reject(new TypeError('planted')));`;
    const { started } = await serve(
      ['--demo', '--data-dir', folder, '--http-port', '0', '--https-port', 'off'],
      { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(plant)}` },
    );
    started.child.kill('SIGUSR2');
    const { code, err } = await started.ended;
    expect(code).toBe(1);
    expect(err).toContain('an error that nothing caught: the server stops');
    expect(err).toContain('what was acknowledged is kept');
  });

  it('[PAGE1] with --no-ui has no pages, and says nothing of any', async () => {
    const folder = await newFolder();
    const started = start(['serve', '--demo', '--no-ui', '--data-dir', folder, ...FREE]);
    await started.says('Ctrl-C stops the server');
    const [http = ''] = /http:\/\/localhost:\d+/.exec(started.out) ?? [];
    for (const path of ['/workspace/', '/widget.js', '/demo/']) {
      expect((await fetch(http + path)).status, path).toBe(404);
    }
    expect((await fetch(`${http}/docs`)).status).toBe(200);
    expect(started.out).not.toMatch(/\/demo\/|\/workspace\//);
  });
});

describe('the banner', { timeout: 60_000 }, () => {
  it('[CLI7] of the demo shows addresses, credentials, and a walk that works in a shell', async () => {
    const folder = await newFolder();
    const started = start(['serve', '--demo', '--data-dir', folder, ...FREE]);
    await started.says('Ctrl-C stops the server');
    const banner = started.out;
    for (const text of [
      'agent1',
      'parley-demo',
      'parley-demo-visitor-key',
      // First of all, what somebody opens who starts it for the first time.
      '/demo/   with the widget of visitors',
      '/workspace/?account=12345678&user=agent1   where agents answer',
      '/docs   the API',
      'NODE_EXTRA_CA_CERTS=',
    ]) {
      expect(banner).toContain(text);
    }
    const walk = banner.slice(banner.indexOf('  call() {'), banner.indexOf('Ctrl-C stops'));
    const shell = await new Started('bash', ['-eu', '-o', 'pipefail', '-c', walk], {}).ended;
    expect(shell).toMatchObject({ code: 0, err: '' });
    const [, ringing, incoming, reading, feed, added, seen] = shell.out.trim().split('\n');
    expect(ringing).toContain('rings at agent1 for 20 seconds');
    expect(incoming).toContain('"ringingCount":"1"');
    expect(reading).toContain('After 40 seconds without a call of the visitor');
    expect(feed).toContain('You are now chatting with Anna.');
    expect(added).toContain('/events/4"');
    expect(seen).toContain('"text":"Hello! How can I help?"');
  });

  it.each(['bash', 'zsh'])(
    '[CLI7] its walk works pasted line by line into a plain %s',
    async (name) => {
      const shell = spawnSync(name, ['-c', 'true']);
      if (shell.error !== undefined) {
        // zsh is not everywhere; that the walk is free of what it trips over can be seen without it.
        expect(name).toBe('zsh');
      }
      const folder = await newFolder();
      const started = start(['serve', '--demo', '--data-dir', folder, ...FREE]);
      await started.says('Ctrl-C stops the server');
      const lines = started.out
        .slice(started.out.indexOf('  call() {'), started.out.indexOf('Ctrl-C stops'))
        .split('\n')
        .map((line) => line.trim());
      expect(lines.filter((line) => line.startsWith('#'))).toEqual([]);
      if (shell.error !== undefined) return;
      // An interactive shell without the user's own settings, fed as by a paste.
      const bare = name === 'bash' ? ['--norc', '--noprofile', '-i'] : ['-f', '-i'];
      const typed = spawnSync(name, bare, {
        input: `${lines.join('\n')}\nexit\n`,
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], HOME: folder, TERM: 'dumb', PS1: '', PROMPT: '' },
      });
      expect(typed.stdout).toContain('"text":"Hello! How can I help?"');
      expect(typed.stderr).not.toMatch(/not found|bad|error/i);
    },
  );

  it('[CLI8] of a server without accounts says how to make one', async () => {
    const folder = await newFolder();
    const started = start(['serve', '--data-dir', folder, ...FREE, '--log-level', 'silent']);
    await started.says('Each asks for the password it needs');
    expect(started.out).toContain(folder);
    // The five commands, as printed: from nothing to a first chat with an account of one's own.
    const commands = started.out
      .split('\n')
      .filter((line) => /^ {2}parley (account|skill|user|key|walk) /.test(line))
      .map((line) => line.trim().replace(/^parley /, `${process.execPath} ${PROGRAM} `));
    expect(commands).toHaveLength(5);
    const variables = { PARLEY_PASSWORD: 'a "good" \\ password' };
    for (const command of commands) {
      const shell = await new Started('bash', ['-eu', '-o', 'pipefail', '-c', command], variables)
        .ended;
      expect([command, shell.code, shell.err]).toEqual([command, 0, '']);
      if (command.includes(' walk '))
        expect(shell.out).toContain('"text":"Hello! How can I help?"');
    }
  });

  it('[CLI24] a folder with spaces is quoted where it is to be pasted', async () => {
    const folder = `${await newFolder()}/my data`;
    const started = start(['serve', '--data-dir', folder, ...FREE, '--log-level', 'silent']);
    await started.says('NODE_EXTRA_CA_CERTS');
    await started.says('/healthz');
    for (const line of started.out.split('\n')) {
      if (/parley |NODE_EXTRA|--cacert/.test(line)) expect(line).toContain(`'${folder}`);
    }
  });

  it('[CLI2] --demo and --json have variables too, which say on or off', async () => {
    const folder = await newFolder();
    const variables = { PARLEY_DEMO: '1', PARLEY_JSON: 'yes' };
    const { ready } = await serve(['--data-dir', folder, ...FREE], variables);
    expect(ready.account).toBe('12345678');
    const off = await serve(['--data-dir', await newFolder(), ...FREE], {
      PARLEY_DEMO: '0',
      PARLEY_JSON: '1',
    });
    expect(off.ready.account).toBeNull();
    const flag = await serve(['--no-demo', '--data-dir', await newFolder(), ...FREE], variables);
    expect(flag.ready.account).toBeNull();
    const neither = await parley(['serve', ...FREE], { PARLEY_DEMO: 'maybe' });
    expect([neither.code, neither.err]).toEqual([1, expect.stringContaining('PARLEY_DEMO=maybe')]);
  });
});
