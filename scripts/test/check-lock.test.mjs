import { expect, it } from 'vitest';
import { checkLock } from '../check-lock.mjs';
import { makeProject } from './fixture.mjs';

/** @param {Record<string, object>} packages */
function check(packages) {
  return checkLock(makeProject({ 'package-lock.json': { packages } }));
}

it('accepts packages with a known licence, workspaces and tools under a weaker one', () => {
  expect(
    check({
      '': { license: 'Apache-2.0' },
      'packages/a': {},
      'node_modules/@parley/a': { resolved: 'packages/a', link: true },
      'node_modules/b': { license: '(GPL-3.0 OR MIT)' },
      'node_modules/c': { license: 'MPL-2.0', dev: true },
    }),
  ).toEqual([]);
});

it.each([
  [
    'a named registry',
    { license: 'MIT', resolved: 'https://r.example/b.tgz' },
    'https://r.example',
  ],
  ['an install script', { license: 'MIT', hasInstallScript: true }, 'runs a script'],
  ['a licence outside of the list', { license: 'GPL-3.0' }, "'GPL-3.0'"],
  ['a tool licence on what users install', { license: 'MPL-2.0' }, "'MPL-2.0'"],
  ['no licence', {}, "'none'"],
])('refuses %s', (_, entry, reason) => {
  const problems = check({ 'node_modules/a/node_modules/b': entry });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain('node_modules/a/node_modules/b');
  expect(problems[0]).toContain(reason);
  expect(problems[0]).toContain('What to do:');
});
