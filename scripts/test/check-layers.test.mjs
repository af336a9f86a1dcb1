import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkLayers } from '../check-layers.mjs';
import { makeProject, scripts } from './fixture.mjs';

const manifests = {
  'package.json': { devDependencies: { vitest: '^4' } },
  'packages/engine/package.json': { name: '@parley/engine', exports: { '.': {} } },
  'packages/store/package.json': {
    name: '@parley/store',
    exports: { '.': {}, './testing': {} },
    dependencies: { '@parley/engine': '0.1.0', libsql: '^0.5' },
  },
  'packages/server/package.json': {
    name: '@parley/server',
    exports: { '.': {} },
    dependencies: { '@parley/store': '0.1.0', fastify: '^5' },
    devDependencies: { '@parley/client': '0.1.0' },
  },
  'packages/client/package.json': { name: '@parley/client', exports: { '.': {} } },
};

/**
 * Checks one file in an otherwise clean project.
 * @param {string} file
 * @param {string} text
 */
function check(file, text) {
  return checkLayers(makeProject({ ...manifests, [file]: text }));
}

describe('sources', () => {
  it('accepts what the table opens', () => {
    const text = [
      "import { mkdirSync } from 'node:fs';",
      "import Database from 'libsql';",
      "import type { Event } from '@parley/engine';",
      "import { one } from './one.js';",
      "// import '@parley/server';",
      'const text = "import x from \'@parley/server\'";',
    ].join('\n');
    expect(check('packages/store/src/index.ts', text)).toEqual([]);
  });

  it.each([
    ['a room above', "import { host } from '@parley/server';", "'@parley/server'"],
    ['a type of a room above', "import type { Host } from '@parley/server';", "'@parley/server'"],
    ['an import type', "type T = import('@parley/server').Host;", "'@parley/server'"],
    ['a re-export', "export { host } from '@parley/server';", "'@parley/server'"],
    ['a star re-export', "export * from '@parley/server';", "'@parley/server'"],
    ['a dynamic import', "await import('@parley/server');", "'@parley/server'"],
    ['a template import', 'await import(`@parley/server`);', "'@parley/server'"],
    ['a require', "require('@parley/server');", "'@parley/server'"],
    ['an import assignment', "import server = require('@parley/server');", "'@parley/server'"],
    ['an npm package outside of the table', "import left from 'left-pad';", "'left-pad'"],
    ['a package of the project that is unknown', "import '@parley/no';", "'@parley/no'"],
  ])('refuses %s', (_, statement, named) => {
    const [problem, ...more] = check('packages/store/src/deep/a.ts', `\n${statement}\n`);
    expect(problem).toMatch(/^packages\/store\/src\/deep\/a\.ts:2: imports /);
    expect(problem).toContain(named);
    expect(problem).toContain('store may import: rooms: engine; npm packages: libsql; node:*: yes');
    expect(problem).toContain('What to do:');
    expect(problem).toContain('scripts/rooms.mjs');
    expect(more).toEqual([]);
  });

  it.each(['node:fs', 'fs', 'fs/promises'])('keeps Node out of the engine: %s', (name) => {
    const [problem] = check('packages/engine/src/a.ts', `import '${name}';`);
    expect(problem).toContain(`imports '${name}', but engine may import: rooms: none`);
    expect(problem).toContain('a room above it (store, server)');
  });

  it('refuses a subpath that a package does not export, and accepts one that it does', () => {
    expect(check('packages/server/src/a.ts', "import '@parley/store/testing';")).toEqual([]);
    const [problem] = check('packages/server/src/a.ts', "import '@parley/store/src/sql.js';");
    expect(problem).toContain('@parley/store exports only ., ./testing');
  });

  it('refuses a package that the table opens but package.json does not list', () => {
    const [problem] = check('packages/server/src/a.ts', "import '@fastify/cors';");
    expect(problem).toContain('packages/server/package.json does not list');
    expect(problem).toContain('npm install -w packages/server @fastify/cors');
  });

  it('refuses relative imports that leave the package, or src/', () => {
    const [out] = check('packages/server/src/a.ts', "import '../../store/src/sql.js';");
    expect(out).toContain('leaves packages/server');
    const [test] = check('packages/server/src/a.ts', "import '../test/helper.js';");
    expect(test).toContain('leaves src/');
  });

  it('refuses absolute and computed names, and a package that imports itself by name', () => {
    expect(check('packages/store/src/a.ts', "import '/etc/x.js';")[0]).toContain('absolute');
    expect(check('packages/store/src/a.ts', 'await import(name);')[0]).toContain('computed name');
    expect(check('packages/store/src/a.ts', "import '@parley/store';")[0]).toContain(
      'its own package',
    );
  });

  it.each([
    ['Date.now()', 'Date.now'],
    ['new Date()', 'new Date()'],
    ['Date()', 'Date()'],
    ['Math.random()', 'Math.random'],
    ['crypto.randomUUID()', 'crypto.randomUUID'],
  ])('keeps clock and chance out of the engine: %s', (code, named) => {
    const [problem] = check(
      'packages/engine/src/a.ts',
      `const a = new Date(0);\nexport const b = ${code};`,
    );
    expect(problem).toContain(`packages/engine/src/a.ts:2: uses ${named}, but engine is pure`);
    expect(check('packages/store/src/a.ts', `export const b = ${code};`)).toEqual([]);
  });
});

describe('other files of a room', () => {
  it('may use Node, the tools of the root, devDependencies and their own package', () => {
    const text = [
      "import { readFileSync } from 'node:fs';",
      "import { it } from 'vitest';",
      "import { connect } from '@parley/client';",
      "import { serve } from '@parley/server';",
      "import { inner } from '../src/inner.js';",
    ].join('\n');
    expect(check('packages/server/test/a.test.ts', text)).toEqual([]);
  });

  it('may not use packages that nothing lists, nor files of another package', () => {
    const unlisted = check('packages/server/test/a.test.ts', "import '@parley/engine';");
    expect(unlisted[0]).toContain('npm install -D -w packages/server @parley/engine');
    const outside = check('packages/server/test/a.test.ts', "import '../../store/src/sql.js';");
    expect(outside[0]).toContain('leaves packages/server');
  });
});

describe('a project', () => {
  it('has every dependency of a room in the table, imported or not', () => {
    const [problem] = check(
      'packages/engine/package.json',
      JSON.stringify({ name: '@parley/engine', dependencies: { lodash: '^4' } }),
    );
    expect(problem).toContain("packages/engine/package.json: depends on 'lodash'");
  });

  it('has every package in a room', () => {
    const [problem] = check('packages/attic/package.json', '{ "name": "@parley/attic" }');
    expect(problem).toContain('packages/attic/package.json: this package is in no room');
  });

  it('gets the problems of all files, also when one does not parse', () => {
    const problems = checkLayers(
      makeProject({
        ...manifests,
        'packages/engine/src/a.ts': 'let = ;',
        'packages/engine/src/b.ts': "import 'node:fs';",
      }),
    );
    expect(problems[0]).toMatch(/^packages\/engine\/src\/a\.ts:1: does not parse/);
    expect(problems[1]).toMatch(/^packages\/engine\/src\/b\.ts:1: imports 'node:fs'/);
  });

  it('fails the command, with the messages on stderr', () => {
    const root = makeProject({ ...manifests, 'packages/engine/src/a.ts': "import 'node:fs';" });
    const bad = spawnSync(process.execPath, [join(scripts, 'check-layers.mjs'), root]);
    expect(bad.status).toBe(1);
    expect(bad.stderr.toString()).toContain('packages/engine/src/a.ts:1');
    expect(bad.stderr.toString()).toContain('1 problem found');
    const good = spawnSync(process.execPath, [
      join(scripts, 'check-layers.mjs'),
      makeProject(manifests),
    ]);
    expect(good.status).toBe(0);
  });
});
