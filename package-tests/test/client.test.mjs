// `@parley/client` as it is published: what linters of packages say, what bundlers make of it for
// browsers, how large that is, and whether it loads and compiles where strangers use it.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import esbuild from 'esbuild-wasm';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageProblems } from '../package-linters.mjs';
import webpack from 'webpack';

const run = promisify(execFile);
const packageFolder = fileURLToPath(new URL('../../packages/client/', import.meta.url));
const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));

/** Limits of what an entry weighs, bundled for browsers, minified and gzipped, in bytes. */
const LIMITS = { visitor: 7 * 1024, agent: 16_500, tabs: 5_500, administration: 8_000 };
const LIMIT_OF_ALL = 25_000;

/** What each entry is for, so that nothing of that is shaken off. */
const ENTRIES = {
  visitor: ['startChat', 'resumeChat', 'visitor', 'shownQuestions', 'ParleyError', 'RefusedError'],
  agent: ['connectAgent', 'shownQuestions', 'ParleyError', 'RefusedError', 'EndedError'],
  tabs: [
    'acrossTabs',
    'acrossTabsByFetch',
    'agentTabs',
    'oneTabAtATime',
    'tabStorage',
    'worksInTab',
  ],
  administration: ['connectAdministration', 'ParleyError', 'RefusedError'],
};

/** @type {string} */
let folder;

beforeAll(async () => {
  // Within the package, so that its name leads to itself.
  folder = await mkdtemp(join(packageFolder, 'dist/bundled-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/**
 * A program that uses everything of some entries.
 * @param {readonly string[]} names
 */
async function programOf(names) {
  const file = join(folder, `${names.join('-')}.mjs`);
  const lines = names.map((name) => {
    const all = ENTRIES[/** @type {keyof typeof ENTRIES} */ (name)];
    const imported = all.map((each) => `${each} as ${name}_${each}`).join(', ');
    const used = all.map((each) => `${name}_${each}`).join(', ');
    return `import { ${imported} } from '@parley/client/${name}';\nglobalThis.${name} = [${used}];`;
  });
  await writeFile(file, lines.join('\n'));
  return file;
}

/** @type {Record<string, (file: string) => Promise<string>>} */
const bundlers = {
  async vite(file) {
    const result = await build({
      root: folder,
      configFile: false,
      logLevel: 'error',
      build: {
        write: false,
        target: 'es2022',
        modulePreload: false,
        rollupOptions: { input: file },
      },
    });
    const { output } = /** @type {{ output: { code?: string }[] }} */ ([result].flat()[0]);
    return output.map(({ code = '' }) => code).join('');
  },
  async esbuild(file) {
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
    return outputFiles.map(({ text }) => text).join('');
  },
  async webpack(file) {
    const path = join(folder, 'webpack');
    const compiler = webpack({
      mode: 'production',
      target: ['web', 'es2022'],
      entry: file,
      context: packageFolder,
      output: { path, filename: 'bundle.js' },
    });
    await new Promise((resolve, reject) => {
      compiler.run((error, stats) => {
        const failed =
          error ?? (stats?.hasErrors() ? new Error(stats.toString('errors-only')) : null);
        if (failed === null) resolve(undefined);
        else reject(failed);
      });
    });
    await new Promise((resolve) => compiler.close(resolve));
    return readFile(join(path, 'bundle.js'), 'utf8');
  },
};

const zipped = (/** @type {string} */ code) => gzipSync(code, { level: 9 }).length;

it('[CLIENT51] linters of packages find nothing wrong with its exports and types', async () => {
  expect(await packageProblems(packageFolder, folder)).toEqual([]);
}, 60_000);

it.each(Object.keys(bundlers))(
  '[CLIENT52] %s bundles each entry for browsers, without modules of Node, within its size',
  async (name) => {
    const bundle = bundlers[name];
    if (bundle === undefined) throw new Error(name);
    for (const [entry, limit] of Object.entries(LIMITS)) {
      // The others take their time; all entries are in everything.
      if (name !== 'vite' && entry !== 'visitor') continue;
      const code = await bundle(await programOf([entry]));
      expect(code.length, `${entry} by ${name}`).toBeGreaterThan(3_000);
      const modules = builtinModules.filter((each) =>
        new RegExp(`(from|require\\(|import\\()\\s*["'\`](node:)?${each}["'\`]`).test(code),
      );
      expect(modules).toEqual([]);
      expect(code).not.toMatch(/["'`]node:|typebox|fast-xml-parser/i);
      expect(zipped(code), `${entry} by ${name}, gzipped`).toBeLessThanOrEqual(limit);
    }
    const all = await bundle(await programOf(Object.keys(LIMITS)));
    expect(zipped(all), `everything by ${name}, gzipped`).toBeLessThanOrEqual(LIMIT_OF_ALL);
  },
  60_000,
);

it('[CLIENT53] it is loaded with require() too', async () => {
  const program = Object.entries(ENTRIES)
    .map(
      ([entry, names]) => `const ${entry} = require('@parley/client/${entry}');
      for (const name of ${JSON.stringify(names)}) {
        if (typeof ${entry}[name] !== 'function') throw new Error(name);
      }`,
    )
    .join('\n');
  await run(process.execPath, ['-e', program], { cwd: packageFolder });
});

it.each(['nodenext', 'bundler'])(
  '[CLIENT54] the programs of its README compile strictly (%s)',
  async (resolution) => {
    const readme = await readFile(join(packageFolder, 'README.md'), 'utf8');
    const programs = [...readme.matchAll(/<!-- runs: (\w+) -->\n```js\n(.*?)```/gs)];
    expect(programs.length).toBeGreaterThan(4);
    const place = await mkdtemp(join(folder, `${resolution}-`));
    for (const [, name, code = ''] of programs) {
      await writeFile(
        join(place, `${name}.mts`),
        code
          .replace('const answers = {};', 'const answers: Answers = {};')
          .replace('shownQuestions, visitor }', 'shownQuestions, visitor, type Answers }'),
      );
    }
    await writeFile(
      join(place, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          strict: true,
          noEmit: true,
          // What it takes its types from is checked once.
          skipLibCheck: resolution === 'bundler',
          target: 'es2022',
          lib: ['es2023', 'dom', 'esnext.disposable'],
          types: [],
          module: resolution === 'nodenext' ? 'nodenext' : 'esnext',
          moduleResolution: resolution,
        },
        include: ['*.mts'],
      }),
    );
    const { stdout } = await run(process.execPath, [tsc, '-p', place]).catch((error) => error);
    expect(stdout).toBe('');
  },
  60_000,
);
