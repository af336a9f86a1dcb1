// Builds the pages for people, apps/*: each by its own `build`, when what it is made of has changed. Beside
// each file that shrinks a copy is put, compressed once for all who ask: brotli and gzip.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { root, run, runMain, say, seconds, StepFailed } from './prepare.mjs';

const VITE = join(root, 'node_modules/vite/bin/vite.js');

/** Files that shrink. */
const TEXTS = new Set(['.css', '.html', '.js', '.json', '.svg', '.webmanifest']);
/** Smaller ones are not worth it, bytes. */
const SMALL = 1_000;

/** What every app is made of beside its own files. */
const SHARED = [
  ...['packages/client/src', 'packages/protocol/src', 'packages/workspace-sdk/src'],
  'package-lock.json',
];

/** Builds the apps whose sources have changed since. */
export async function buildApps() {
  const apps = join(root, 'apps');
  if (!existsSync(apps)) return;
  for (const name of readdirSync(apps).sort()) {
    const folder = join(apps, name);
    if (existsSync(join(folder, 'package.json'))) await buildApp(name, folder);
  }
}

/**
 * @param {string} name
 * @param {string} folder
 */
async function buildApp(name, folder) {
  const record = join(folder, 'dist/.built');
  const hash = hashOf([folder, ...SHARED.map((path) => join(root, path))]);
  if (existsSync(record) && readFileSync(record, 'utf8') === hash) return;
  const started = Date.now();
  say(`Building the ${name} …`);
  const script = /** @type {{ scripts: { build: string } }} */ (
    JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  ).scripts.build;
  const [program = '', ...args] = script.split(' ');
  const [command, given] =
    program === 'vite'
      ? [process.execPath, [VITE, ...args, '--logLevel', 'warn']]
      : [process.execPath, args];
  const code = await run(command, given, { cwd: folder });
  if (code !== 0) {
    throw new StepFailed(
      `The build of the ${name} failed (exit code ${code}): correct the errors above and run this again.`,
      code,
    );
  }
  for (const file of filesBelow(join(folder, 'dist'))) compress(file);
  writeFileSync(record, hash);
  say(`Built in ${seconds(started)}.`);
}

/** @param {string} file */
function compress(file) {
  if (!TEXTS.has(extname(file))) return;
  const plain = readFileSync(file);
  if (plain.length < SMALL) return;
  const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  writeFileSync(`${file}.br`, brotliCompressSync(plain, { params: quality }));
  writeFileSync(`${file}.gz`, gzipSync(plain, { level: 9 }));
}

/**
 * One hash of all files at some places.
 * @param {string[]} places files and folders
 */
function hashOf(places) {
  const hash = createHash('sha256');
  for (const place of places) {
    for (const file of filesBelow(place)) {
      hash.update(`${relative(root, file)}\n`).update(readFileSync(file));
    }
  }
  return hash.digest('hex');
}

/**
 * @param {string} place
 * @returns {string[]} in order; what was built or installed is left out
 */
function filesBelow(place) {
  if (statSync(place).isFile()) return [place];
  return readdirSync(place, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules' && (name !== 'dist' || place.endsWith('dist')))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(place, entry.name);
      if (entry.isDirectory()) return filesBelow(path);
      return entry.isFile() && !/^\.built$|\.(?:br|gz)$/.test(entry.name) ? [path] : [];
    });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await runMain(buildApps);
