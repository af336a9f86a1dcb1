// Runs start.mjs and test.mjs in a small project whose npm, compiler, server and test runner are
// stand-ins, so that nothing is downloaded and every outcome can be brought about.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { satisfies } from '../prepare.mjs';
import { copyScripts, makeProject } from './fixture.mjs';

// Notes its arguments, and "installs" a compiler and a test runner.
const npm = `
import { appendFileSync, cpSync } from 'node:fs';
appendFileSync('npm.log', process.argv.slice(2).join(' ') + '\\n');
console.log('npm talks on stdout');
if (process.env.NPM_FAILS) process.exit(7);
cpSync('packages-to-install', 'node_modules', { recursive: true });
`;

const compiler = `
import { cpSync } from 'node:fs';
console.log('tsc talks on stdout');
if (process.env.TSC_FAILS) process.exit(2);
cpSync('packages/cli/src', 'packages/cli/dist', { recursive: true });
`;

const server = `
process.on('SIGTERM', () => process.exit(43));
console.log(JSON.stringify({ pid: process.pid, argv: process.argv.slice(2) }));
if (!process.argv.includes('--exit')) setInterval(() => {}, 1000);
else process.exitCode = 42;
`;

const runner = `
import { writeFileSync } from 'node:fs';
console.log('runner got ' + process.argv.slice(2).filter((word) => !/report|output/.test(word)).join(' '));
const file = process.argv.find((word) => word.startsWith('--outputFile.json=')).split('=')[1];
if (process.env.REPORT) writeFileSync(file, process.env.REPORT);
process.exit(Number(process.env.RUNNER_EXIT ?? 0));
`;

/** @param {string} [wantedNode] */
function makeClone(wantedNode = '>=20.19.0') {
  const root = makeProject({
    'package.json': { type: 'module', engines: { node: wantedNode } },
    'package-lock.json': { packages: {} },
    'npm-cli.js': npm,
    'packages-to-install/.package-lock.json': '{}',
    'packages-to-install/typescript/bin/tsc': compiler,
    'packages-to-install/typescript/package.json': { type: 'module' },
    'packages-to-install/vitest/vitest.mjs': runner,
    'packages/cli/src/main.js': server,
  });
  copyScripts(root);
  return root;
}

/**
 * @param {string} root
 * @param {string} script
 * @param {string[]} [args]
 * @param {NodeJS.ProcessEnv} [env]
 */
function launch(root, script, args = [], env = {}) {
  const child = spawn(process.execPath, [join(root, 'scripts', script), ...args], {
    cwd: root,
    env: { ...process.env, npm_execpath: join(root, 'npm-cli.js'), PARLEY_DATA_DIR: '', ...env },
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (data) => {
    output.stdout += data;
  });
  child.stderr.on('data', (data) => {
    output.stderr += data;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ ...output, code, signal }));
  return { child, ended };
}

/** @param {string} root */
function npmCalls(root) {
  const log = join(root, 'npm.log');
  return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
}

describe('npm start', () => {
  it('installs, builds and runs the demo; stdout belongs to the server alone', async () => {
    const root = makeClone();
    const { stdout, stderr, code } = await launch(root, 'start.mjs', ['--json', '--exit']).ended;
    expect(code).toBe(42);
    expect(JSON.parse(stdout).argv).toEqual([
      'serve',
      '--demo',
      '--data-dir',
      join(root, '.parley-data'),
      '--json',
      '--exit',
    ]);
    expect(stderr).toMatch(
      /Installing dependencies[\s\S]*npm talks[\s\S]*tsc talks[\s\S]*Built in/,
    );
    expect(npmCalls(root)).toEqual([expect.stringMatching(/^ci --include=dev/)]);
  });

  it('installs again only when the lock file changed, and then keeps what is there', async () => {
    const root = makeClone();
    await launch(root, 'start.mjs', ['--exit']).ended;
    await launch(root, 'start.mjs', ['--exit']).ended;
    expect(npmCalls(root)).toHaveLength(1);
    writeFileSync(join(root, 'package-lock.json'), '{ "packages": { "node_modules/a": {} } }');
    await launch(root, 'start.mjs', ['--exit']).ended;
    expect(npmCalls(root).slice(1)).toEqual([expect.stringMatching(/^install --no-save/)]);
    rmSync(join(root, 'node_modules'), { recursive: true });
    await launch(root, 'start.mjs', ['--exit']).ended;
    expect(npmCalls(root)[2]).toMatch(/^ci /);
  });

  it.each([
    ['--data-dir after --', ['--data-dir', '/elsewhere'], {}],
    ['--data-dir=… after --', ['--data-dir=/elsewhere'], {}],
    ['PARLEY_DATA_DIR', [], { PARLEY_DATA_DIR: '/elsewhere' }],
  ])('leaves the data where %s says', async (_, args, env) => {
    const root = makeClone();
    const { stdout } = await launch(root, 'start.mjs', [...args, '--exit'], env).ended;
    expect(JSON.parse(stdout).argv).toEqual(['serve', '--demo', ...args, '--exit']);
  });

  it('lets signals reach the server, and ends with its exit code', async () => {
    const root = makeClone();
    const { child, ended } = launch(root, 'start.mjs');
    const [line] = await once(child.stdout, 'data');
    expect(JSON.parse(String(line)).pid).toBe(child.pid);
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 43, signal: null });
  });

  it('says what to do when the install or the build fails, and starts nothing', async () => {
    const install = makeClone();
    const first = await launch(install, 'start.mjs', ['--exit'], { NPM_FAILS: '1' }).ended;
    expect(first).toMatchObject({ code: 7, stdout: '' });
    expect(first.stderr).toContain('npm ci failed (exit code 7)');
    await launch(install, 'start.mjs', ['--exit']).ended;
    expect(npmCalls(install)).toHaveLength(2);

    const second = await launch(makeClone(), 'start.mjs', ['--exit'], { TSC_FAILS: '1' }).ended;
    expect(second).toMatchObject({ code: 2, stdout: '' });
    expect(second.stderr).toContain('The build failed (exit code 2)');
  });

  it('refuses a Node that is too old, before it installs', async () => {
    const root = makeClone('>=99.1.0');
    const { code, stdout, stderr } = await launch(root, 'start.mjs').ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`needs Node >=99.1.0, but this is Node ${process.versions.node}`);
    expect(npmCalls(root)).toEqual([]);
  });
});

describe('npm test', () => {
  /** @param {...string} statuses */
  const file = (...statuses) => ({
    status: statuses.includes('failed') ? 'failed' : 'passed',
    assertionResults: statuses.map((status) => ({ status })),
  });

  /**
   * @param {object | undefined} report
   * @param {NodeJS.ProcessEnv} [env]
   */
  async function runTests(report, env = {}) {
    const REPORT = report === undefined ? '' : JSON.stringify(report);
    const args = ['packages/engine', '-t', 'RING'];
    const result = await launch(makeClone(), 'test.mjs', args, { REPORT, ...env }).ended;
    return { ...result, last: result.stdout.trimEnd().split('\n').at(-1) };
  }

  it('hands its arguments to the runner and closes with the counts', async () => {
    const report = { testResults: [file('passed', 'passed'), file('passed')] };
    const { code, stdout } = await runTests(report);
    expect(code).toBe(0);
    expect(stdout).toBe('runner got run packages/engine -t RING\n3 passed, 0 failed\n');
  });

  it('counts failed and skipped tests, and files that failed as a whole', async () => {
    const report = {
      testResults: [
        file('passed', 'failed', 'failed'),
        file('passed', 'skipped', 'pending', 'todo'),
        { status: 'failed', assertionResults: [] },
      ],
    };
    expect(await runTests(report, { RUNNER_EXIT: '1' })).toMatchObject({
      code: 1,
      last: '2 passed, 3 failed, 3 skipped',
    });
  });

  it('fails when a test failed or none ran, whatever the runner made of it', async () => {
    expect(await runTests({ testResults: [file('failed')] })).toMatchObject({ code: 1 });
    const skipped = await runTests({ testResults: [file('skipped')] });
    expect(skipped).toMatchObject({ code: 1, last: '0 passed, 0 failed, 1 skipped' });
    expect(skipped.stderr).toContain('No test ran');
    expect(await runTests(undefined)).toMatchObject({ code: 1, last: '0 passed, 0 failed' });
  });

  it('fails when the run failed although every test passed', async () => {
    const result = await runTests({ testResults: [file('passed')] }, { RUNNER_EXIT: '3' });
    expect(result).toMatchObject({ code: 3, last: '1 passed, 0 failed' });
    expect(result.stderr).toContain('the run itself failed (exit code 3)');
  });
});

it.each([
  ['20.19.0', true],
  ['20.20.2', true],
  ['22.0.0', true],
  ['20.18.9', false],
  ['18.20.0', false],
])('knows whether Node %s is recent enough', (version, enough) => {
  expect(satisfies(version, '>=20.19.0')).toBe(enough);
});
