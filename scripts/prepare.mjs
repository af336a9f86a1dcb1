// Brings a clone into a state where its programs can run: a Node that is new enough, the packages
// of package-lock.json installed, the TypeScript sources built. Runs before anything is installed,
// so it uses nothing but Node's own modules, and only syntax that Node 14 can read: it is the one
// that says that Node is too old.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The clone's folder, with a trailing separator. */
export const root = fileURLToPath(new URL('..', import.meta.url));

const typescript = join(root, 'node_modules/typescript/bin/tsc');
const recordedHash = join(root, 'node_modules/.parley-lock-hash');

/** A step that went wrong in a way the user can do something about. */
export class StepFailed extends Error {
  /**
   * @param {string} message what failed, and what to do next
   * @param {number} [exitCode] what the script should exit with
   */
  constructor(message, exitCode = 1) {
    super(message);
    this.name = 'StepFailed';
    this.exitCode = exitCode;
  }
}

/**
 * Writes a line for the person watching. Progress goes to stderr because stdout belongs to the
 * program that is being prepared: `npm start -- --json` prints one line of JSON there.
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Runs a script's main function; a failed step ends the process with its message and exit code.
 * @param {() => Promise<void>} main
 */
export async function runMain(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    say(`\n${error.message}`);
    process.exit(error.exitCode);
  }
}

/**
 * Says whether a Node version is at least the one wanted.
 * @param {string} version like `20.19.0`
 * @param {string} wanted like `>=20.19.0`
 * @returns {boolean}
 */
export function satisfies(version, wanted) {
  const have = version.split('.').map(Number);
  const want = wanted.replace('>=', '').split('.').map(Number);
  for (let i = 0; i < 3; i += 1) {
    const difference = (have[i] ?? 0) - (want[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** Refuses a Node older than package.json's `engines.node`. */
export function requireNode() {
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node;
  if (satisfies(process.versions.node, wanted)) return;
  throw new StepFailed(
    `Parley needs Node ${wanted}, but this is Node ${process.versions.node} (${process.execPath}).\n` +
      'Install a current LTS release from https://nodejs.org, or select one with your version manager, and run this again.',
  );
}

/**
 * Runs a program and waits for it. Signals that this process gets meanwhile are passed on.
 * @param {string} command
 * @param {string[]} args
 * @param {{ stdout?: 'stdout' | 'stderr', shell?: boolean, env?: NodeJS.ProcessEnv, cwd?: string }} [options]
 *   where the program's stdout goes (stderr unless said otherwise)
 * @returns {Promise<number>} its exit code, 128 + the signal's number if a signal ended it
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: options.env ?? process.env,
      shell: options.shell === true,
      stdio: ['inherit', options.stdout === 'stdout' ? 1 : 2, 2],
    });
    /** @param {NodeJS.Signals} signal */
    const pass = (signal) => child.kill(signal);
    const stopPassing = () => {
      process.off('SIGINT', pass);
      process.off('SIGTERM', pass);
    };
    process.on('SIGINT', pass);
    process.on('SIGTERM', pass);
    child.on('error', (error) => {
      stopPassing();
      reject(new StepFailed(`Could not run ${command}: ${error.message}. Is it installed?`));
    });
    child.on('close', (code, signal) => {
      stopPassing();
      resolve(signal ? 128 + constants.signals[signal] : (code ?? 0));
    });
  });
}

/**
 * What an install depends on: the lock file, and the platform that native packages are chosen for.
 * @returns {string}
 */
function wantedHash() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  return createHash('sha256')
    .update(`${process.platform}-${process.arch}\n`)
    .update(lock)
    .digest('hex');
}

/**
 * Runs npm, the one that started this script if npm did.
 * @param {string[]} args
 * @param {{ stdout?: 'stdout' | 'stderr' }} [options] as for run()
 */
export function npm(args, options = {}) {
  const own = process.env.npm_execpath;
  return own?.endsWith('npm-cli.js')
    ? run(process.execPath, [own, ...args], options)
    : run('npm', args, { shell: process.platform === 'win32', ...options });
}

/** Installs what package-lock.json names, unless that is what the last install did. */
export async function install() {
  const hash = wantedHash();
  if (existsSync(recordedHash) && readFileSync(recordedHash, 'utf8').trim() === hash) return;

  // npm writes its own record last, so without it an earlier install did not finish. With it, an
  // install that only adds what is missing is quicker, and leaves running programs their files.
  const complete = existsSync(join(root, 'node_modules/.package-lock.json'));
  const how = complete ? ['install', '--no-save'] : ['ci'];
  say(`Installing dependencies (npm ${how[0]}); the first time this can take a minute or two.`);
  const started = Date.now();
  // npm draws its own progress on a terminal and is silent elsewhere.
  const beat = process.stderr.isTTY
    ? undefined
    : setInterval(() => say(`  … still installing, ${seconds(started)}`), 10_000);
  // Development tools are asked for by name: NODE_ENV=production would leave the compiler out.
  const code = await npm([...how, '--include=dev', '--no-audit', '--no-fund']);
  clearInterval(beat);
  if (code !== 0) {
    throw new StepFailed(
      `npm ${how[0]} failed (exit code ${code}); npm's own message is above.\n` +
        'Usual causes: no connection to the npm registry, or a package.json that package-lock.json does not match yet (`npm install` brings them in step). Then run this again.',
      code,
    );
  }
  writeFileSync(recordedHash, `${hash}\n`);
  say(`Dependencies installed in ${seconds(started)}.`);
}

/** Folders with tools that only tests need, and what these are. */
const testTools = [
  { name: 'browser-tests', what: 'a browser, about 70 MB' },
  { name: 'openapi-tests', what: 'linters of OpenAPI and generators of clients, about 140 MB' },
  { name: 'postgres-tests', what: 'PostgreSQL, about 60 MB' },
  { name: 'package-tests', what: 'linters of packages and bundlers, about 80 MB' },
];

/** Installs what imports and links are checked with. */
export async function installCheckTools() {
  await installTools('check-tools', 'what imports and links are checked with, about 50 MB');
}

/**
 * Installs what only tests need, each from a lock file of its own, so that `npm start` does without
 * it.
 */
export async function installForTests() {
  for (const { name, what } of testTools) await installTools(name, what);
  await installCheckTools();
}

/**
 * @param {string} name of the folder
 * @param {string} what is in it
 */
async function installTools(name, what) {
  const folder = join(root, name);
  if (!existsSync(join(folder, 'package-lock.json'))) return;
  const record = join(folder, 'node_modules/.parley-lock-hash');
  const hash = createHash('sha256')
    .update(`${process.platform}-${process.arch}\n`)
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex');
  if (existsSync(record) && readFileSync(record, 'utf8').trim() === hash) return;
  say(`Installing what only checks and tests need (${what}) …`);
  const started = Date.now();
  const code = await npm(['ci', '--include=dev', '--prefix', folder, '--no-audit', '--no-fund']);
  if (code !== 0) {
    throw new StepFailed(
      `npm ci in ${name} failed (exit code ${code}); npm's own message is above. It needs the npm registry. Then run this again.`,
      code,
    );
  }
  writeFileSync(record, `${hash}\n`);
  say(`Installed in ${seconds(started)}.`);
}

/**
 * Builds TypeScript projects and what they refer to; only what changed is compiled again.
 * @param {string[]} [projects] folders, from the root; everything unless given
 */
export async function build(projects = []) {
  const started = Date.now();
  say('Building …');
  const code = await run(process.execPath, [typescript, '-b', ...projects]);
  if (code !== 0) {
    throw new StepFailed(
      `The build failed (exit code ${code}): correct the errors above and run this again.`,
      code,
    );
  }
  say(`Built in ${seconds(started)}.`);
}

/**
 * The time since a moment, for people.
 * @param {number} started milliseconds, from Date.now()
 * @returns {string} like `3.4 s`
 */
export function seconds(started) {
  return `${((Date.now() - started) / 1000).toFixed(1)} s`;
}
