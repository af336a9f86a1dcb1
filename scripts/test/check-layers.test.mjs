import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkLayers } from '../check-layers.mjs';
import { makeProject, scripts } from './fixture.mjs';

const packages = ['engine', 'store', 'server', 'client'];

const project = {
  'package.json': { devDependencies: { vitest: '^4' } },
  ...Object.fromEntries(
    packages.map((name) => [`packages/${name}/src/index.ts`, 'export const one = 1;\n']),
  ),
  'packages/engine/package.json': manifest('engine', {}),
  'packages/store/package.json': manifest('store', { '@parley/engine': '0.1.0', libsql: '^0.5' }),
  'packages/server/package.json': manifest('server', { '@parley/store': '0.1.0', fastify: '^5' }),
  'packages/client/package.json': manifest('client', {}),
  ...Object.fromEntries(
    ['libsql', 'fastify', '@fastify/cors', 'left-pad'].flatMap((name) => [
      [`node_modules/${name}/package.json`, { name, version: '1.0.0', main: 'index.js' }],
      [`node_modules/${name}/index.js`, 'export {};\n'],
    ]),
  ),
};

/**
 * @param {string} name
 * @param {Record<string, string>} dependencies
 */
function manifest(name, dependencies) {
  const exports = { '.': { source: './src/index.ts', default: './dist/index.js' } };
  return { name: `@parley/${name}`, type: 'module', exports, dependencies };
}

/**
 * A clean project, with some files more.
 * @param {Record<string, string | object>} files
 */
function projectWith(files) {
  const root = makeProject({ ...project, ...files });
  mkdirSync(join(root, 'node_modules/@parley'), { recursive: true });
  for (const name of packages) {
    symlinkSync(join(root, 'packages', name), join(root, 'node_modules/@parley', name));
  }
  return root;
}

/**
 * The problems of one file in an otherwise clean project.
 * @param {string} file
 * @param {string} text
 */
const check = (file, text) => checkLayers(projectWith({ [file]: text }));

describe('sources', () => {
  it('may import what the table opens', async () => {
    const text = [
      "import { mkdirSync } from 'node:fs';",
      "import Database from 'libsql';",
      "import type { one } from '@parley/engine';",
      "import { two } from './two.js';",
      "// import '@parley/server';",
      'const text = "import x from \'@parley/server\'";',
    ].join('\n');
    const root = projectWith({
      'packages/store/src/a.ts': text,
      'packages/store/src/two.ts': 'export const two = 2;\n',
    });
    expect(await checkLayers(root)).toEqual([]);
  });

  it.each([
    ['a package above', "import { one } from '@parley/server';", 'packages/server/src/index.ts'],
    ['a type of one', "import type { T } from '@parley/server';", 'packages/server/src/index.ts'],
    ['an import type', "type T = import('@parley/server').T;", 'packages/server/src/index.ts'],
    ['a re-export', "export { one } from '@parley/server';", 'packages/server/src/index.ts'],
    ['a star re-export', "export * from '@parley/server';", 'packages/server/src/index.ts'],
    ['a dynamic import', "await import('@parley/server');", 'packages/server/src/index.ts'],
    ['a template import', 'await import(`@parley/server`);', 'packages/server/src/index.ts'],
    ['an npm package outside of the table', "import left from 'left-pad';", 'left-pad'],
  ])('may not import %s', async (_, statement, named) => {
    const problems = await check('packages/store/src/deep/a.ts', `${statement}\n`);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]).toMatch(/^packages\/store\/src\/deep\/a\.ts: imports /);
    expect(problems[0]).toContain(named);
    expect(problems[0]).toContain('What to do:');
    expect(problems.join()).toContain('scripts/layers.mjs');
  });

  it('may not import what does not exist, nor what a package does not export', async () => {
    for (const name of ['@parley/no', '@parley/store/src/sql.js', './nothing.js']) {
      const [problem] = await check('packages/server/src/a.ts', `import '${name}';`);
      expect(problem).toContain(`packages/server/src/a.ts: imports ${name} (resolved)`);
    }
  });

  it.each(['node:fs', 'fs', 'fs/promises'])('keep Node out of the engine: %s', async (name) => {
    const [problem] = await check('packages/engine/src/a.ts', `import '${name}';`);
    expect(problem).toContain('(engine: without Node)');
  });

  it('may not import a package that the table opens and package.json does not list', async () => {
    const [problem] = await check('packages/server/src/a.ts', "import '@fastify/cors';");
    expect(problem).toContain('(server: listed)');
    expect(problem).toContain('npm install -w');
  });

  it('may not leave src/, nor their package by a path', async () => {
    const root = projectWith({
      'packages/server/src/a.ts': "import '../test/helper.js';",
      'packages/server/test/helper.ts': 'export {};\n',
      'packages/engine/src/a.ts': "import '../../store/src/index.js';",
    });
    const problems = await checkLayers(root);
    expect(problems.map((problem) => /\(([^)]*)\)/.exec(problem)?.[1]).sort()).toEqual([
      'engine: packages',
      'server: within',
    ]);
  });

  it.each(['import', 'import type'])('go one way between folders, by %s', async (statement) => {
    const root = projectWith({
      'packages/server/src/http/a.ts': `${statement} { b } from '../agent/b.js';\nexport type a = 1;\n`,
      'packages/server/src/agent/b.ts':
        "import type { c } from '../http/c.js';\nexport const b: c = 1;\n",
      'packages/server/src/http/c.ts': 'export type c = 1;\n',
      'packages/server/src/attic/d.ts':
        "import type { c } from '../http/c.js';\nexport const d: c = 1;\n",
    });
    const problems = await checkLayers(root);
    expect(problems.map((problem) => /\(([^)]*)\)/.exec(problem)?.[1]).sort()).toEqual([
      'server/http',
      'server: folders',
    ]);
  });

  it.each(['import', 'import type'])('may not be in a circle, by %s', async (statement) => {
    const root = projectWith({
      'packages/store/src/a.ts': `${statement} { b } from './b.js';\nexport type a = 1;\n`,
      'packages/store/src/b.ts': "export * from './c.js';\n",
      'packages/store/src/c.ts': "import type { a } from './a.js';\nexport const b: a = 1;\n",
    });
    const [problem, ...more] = await checkLayers(root);
    expect(problem).toContain('(store: no circles)');
    for (const file of ['a', 'b', 'c']) expect(problem).toContain(`packages/store/src/${file}.ts`);
    expect(more).toEqual([]);
  });

  it.each([
    ['Date.now()', 'Date.now'],
    ['new Date()', 'new Date()'],
    ['Date()', 'Date()'],
    ['Math.random()', 'Math.random'],
    ['crypto.randomUUID()', 'crypto.randomUUID'],
  ])('keep clock and chance out of the engine: %s', async (code, named) => {
    const text = `const a = new Date(0);\nexport const b = ${code};`;
    const [problem] = await check('packages/engine/src/a.ts', text);
    expect(problem).toContain(`packages/engine/src/a.ts:2: uses ${named}, but engine is pure`);
    expect(await check('packages/store/src/a.ts', `export const b = ${code};`)).toEqual([]);
  });
});

describe('a project', () => {
  it('has every dependency of a package in the table, imported or not', async () => {
    const [problem] = await check(
      'packages/engine/package.json',
      JSON.stringify({ name: '@parley/engine', dependencies: { lodash: '^4' } }),
    );
    expect(problem).toContain("packages/engine/package.json: depends on 'lodash'");
  });

  it('has every package in the table', async () => {
    const [problem] = await check('packages/attic/package.json', '{ "name": "@parley/attic" }');
    expect(problem).toContain('packages/attic/package.json: this package has no row');
  });

  it('fails the command, with the messages on stderr', () => {
    const root = projectWith({ 'packages/engine/src/a.ts': "import 'node:fs';" });
    const bad = spawnSync(process.execPath, [join(scripts, 'check-layers.mjs'), root]);
    expect(bad.status).toBe(1);
    expect(bad.stderr.toString()).toContain('packages/engine/src/a.ts');
    expect(bad.stderr.toString()).toContain('1 problem found');
    const good = spawnSync(process.execPath, [join(scripts, 'check-layers.mjs'), projectWith({})]);
    expect(good.stderr.toString()).toBe('');
    expect(good.status).toBe(0);
  });
});
