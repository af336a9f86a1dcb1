// `@parley/workspace-sdk` as it is published: what linters of packages say, what it weighs, and whether it
// loads and compiles where strangers use it.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import esbuild from 'esbuild-wasm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageProblems } from '../package-linters.mjs';

const run = promisify(execFile);
const packageFolder = fileURLToPath(new URL('../../packages/workspace-sdk/', import.meta.url));
const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));

/** Bundled, minified and gzipped, bytes. */
const LIMIT = 3_000;

/** @type {string} */
let folder;

beforeAll(async () => {
  // Within the package, so that its name leads to itself.
  folder = await mkdtemp(join(packageFolder, 'dist/bundled-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

it('[EMBED16] linters of packages find nothing wrong with its exports and types', async () => {
  expect(await packageProblems(packageFolder, folder)).toEqual([]);
}, 60_000);

it('[EMBED16] it is small, and loads as it is, without a bundler', async () => {
  const file = join(folder, 'page.mjs');
  await writeFile(
    file,
    "import { init, WorkspaceError } from '@parley/workspace-sdk';\nglobalThis.all = [init, WorkspaceError];",
  );
  const { outputFiles } = await esbuild.build({
    entryPoints: [file],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    absWorkingDir: packageFolder,
  });
  const code = outputFiles.map(({ text }) => text).join('');
  expect(code.length).toBeGreaterThan(2_000);
  expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(LIMIT);
  // Only files beside it: nothing that a browser could not find.
  const built = await readFile(join(packageFolder, 'dist/index.js'), 'utf8');
  const imports = [...built.matchAll(/from '([^']+)'/g)].map(([, name]) => name);
  expect(imports).toEqual(['./messages.js']);
}, 60_000);

it('[EMBED16] the programs of its README compile strictly', async () => {
  const readme = await readFile(join(packageFolder, 'README.md'), 'utf8');
  const programs = [...readme.matchAll(/<!-- compiles: (\w+) -->\n```js\n(.*?)```/gs)];
  expect(programs.map(([, name]) => name)).toEqual(['embed', 'inside']);
  const place = await mkdtemp(join(folder, 'readme-'));
  for (const [, name, code = ''] of programs) await writeFile(join(place, `${name}.mts`), code);
  await writeFile(
    join(place, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        ...{ strict: true, noEmit: true, target: 'es2022', types: [] },
        lib: ['es2023', 'dom', 'dom.iterable', 'esnext.disposable'],
        ...{ module: 'nodenext', moduleResolution: 'nodenext' },
      },
      include: ['*.mts'],
    }),
  );
  const { stdout } = await run(process.execPath, [tsc, '-p', place]).catch((error) => error);
  expect(stdout).toBe('');
}, 60_000);
