// What a newcomer does first, for real: the files of this project in a folder of their own, npm start,
// and then npx parley on what it made.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { projectFiles } from '../project-files.mjs';
import { root } from '../prepare.mjs';

/** @returns {string} a copy of the project as a clone has it: nothing installed, nothing built */
function freshClone() {
  const folder = mkdtempSync(join(tmpdir(), 'parley fresh clone-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }), 120_000);
  for (const file of projectFiles(root)) {
    // Tests and fixtures are large and nothing of this needs them.
    if (/^(packages|examples|bench)\/.*\/?test\//.test(file)) continue;
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  return folder;
}

/** What npm would set is not there for who types a command. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(npm_|PARLEY_|VITEST|NODE_ENV)/.test(name)),
);

it('[CLI26] npm start in a fresh clone leaves an npx parley that works on its data', async () => {
  const folder = freshClone();
  const program = join(folder, 'packages/cli/bin/parley.js');
  const early = spawnSync(process.execPath, [program, 'user', 'list', '12345678'], { env });
  expect([early.status, String(early.stderr)]).toEqual([1, expect.stringContaining('npm start')]);

  const args = ['start', '--silent', '--', '--json', '--http-port', '0', '--https-port', '0'];
  const child = spawn('npm', args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data');
  const ready = JSON.parse(String(line));
  onTestFinished(() => {
    if (child.exitCode === null) process.kill(ready.pid, 'SIGKILL');
  });
  expect(ready).toMatchObject({ ready: true, account: '12345678' });
  expect(existsSync(join(folder, 'node_modules/.bin/parley'))).toBe(true);

  // Beside the running server, in the same folder, without naming it.
  const npx = spawnSync('npx', ['parley', 'user', 'list', '12345678'], { cwd: folder, env });
  expect(String(npx.stdout)).toContain('agent1');
  expect([npx.status, String(npx.stderr)]).toEqual([0, '']);
  process.kill(ready.pid, 'SIGTERM');
  await once(child, 'close');
}, 300_000);
