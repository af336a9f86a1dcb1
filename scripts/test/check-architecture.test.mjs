import { expect, it } from 'vitest';
import { checkArchitecture } from '../check-architecture.mjs';
import { makeProject } from './fixture.mjs';

/** @type {typeof import('../layers.mjs').layers} */
const table = {
  engine: {
    folder: 'packages/engine',
    packages: [],
    npm: ['one'],
    node: 'forbidden',
    ambient: 'forbidden',
  },
  store: {
    folder: 'packages/store',
    packages: ['engine'],
    npm: ['two'],
    node: 'allowed',
    ambient: 'allowed',
  },
  app: { folder: 'apps/*', packages: ['engine'], npm: [], node: 'allowed', ambient: 'allowed' },
  bench: { folder: 'bench', packages: 'any', npm: 'any', node: 'allowed', ambient: 'allowed' },
};
const HEAD = '| package | holds | may import |\n|---|---|---|\n';

/** @param {string} rows */
const problemsOf = (rows) =>
  checkArchitecture(makeProject({ 'ARCHITECTURE.md': HEAD + rows }), table).problems.map((each) =>
    each.slice('ARCHITECTURE.md: '.length, each.indexOf('. What to do')),
  );

it('passes over a table that says the same as layers.mjs', () => {
  expect(
    problemsOf(
      '| `packages/engine` | rules | `one` (pure) |\n| `packages/store` | data | engine; `two` |\n| `apps/a` | a page | engine |\n| `bench` | loads | anything |\n',
    ),
  ).toEqual([]);
});

it('finds rows that are missing, and imports that are said and not open, or open and not said', () => {
  expect(
    problemsOf(
      '| `packages/engine` | rules | `one`, `three` |\n| `packages/store` | data | `two` |\n| `apps/a` | a page | store, engine |\n',
    ),
  ).toEqual([
    'the row of packages/engine names three, which engine may not import',
    'the row of packages/store does not name engine, which store may import',
    'the row of apps/* names store, which app may not import',
    'the package bench has no row',
  ]);
});
