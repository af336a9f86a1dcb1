import { expect, it } from 'vitest';
import { checkLock } from '../check-lock.mjs';
import { makeProject } from './fixture.mjs';

const integrity = `sha512-${'A'.repeat(86)}==`;

/**
 * @param {Record<string, object>} packages those from a registry have a checksum unless they say another
 */
function check(packages) {
  const whole = Object.entries(packages).map(([path, entry]) => [
    path,
    /(^|\/)node_modules\/(?!@parley)/.test(path) ? { integrity, ...entry } : entry,
  ]);
  return checkLock(makeProject({ 'package-lock.json': { packages: Object.fromEntries(whole) } }));
}

it('accepts packages with a known licence, workspaces and tools under a weaker one', () => {
  expect(
    check({
      '': { license: 'Apache-2.0' },
      'packages/a': {},
      'node_modules/@parley/a': { resolved: 'packages/a', link: true },
      'node_modules/b': { license: '(GPL-3.0 OR MIT)' },
      'node_modules/c': { license: 'MPL-2.0', dev: true },
      'node_modules/c/node_modules/d': { license: 'MIT', inBundle: true, integrity: undefined },
    }),
  ).toEqual([]);
});

it.each([
  [
    'a named registry',
    { license: 'MIT', resolved: 'https://r.example/b.tgz' },
    'https://r.example',
  ],
  ['no checksum', { license: 'MIT', integrity: undefined }, 'has no checksum'],
  ['a weak checksum', { license: 'MIT', integrity: 'sha1-Li4u' }, "the checksum 'sha1-Li4u'"],
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

it('finds native packages of other platforms where npm may have put them, or says they are missing', () => {
  const optionalDependencies = { '@a/linux': '1', '@a/mac': '1' };
  const parent = { license: 'MIT', optionalDependencies };
  const native = { license: 'MIT' };
  expect(
    check({
      'node_modules/b/node_modules/@a/tool': parent,
      'node_modules/b/node_modules/@a/linux': native,
      'node_modules/@a/mac': native,
    }),
  ).toEqual([]);
  const problems = check({
    'node_modules/@a/tool': parent,
    'node_modules/@a/linux': native,
    'node_modules/c/node_modules/@a/mac': native,
  });
  expect(problems).toEqual([expect.stringContaining('node_modules/@a/tool lacks @a/mac. What')]);
});

it('finds a package.json that asks for something else than the lock file', () => {
  /** @param {object} manifest */
  const checkManifest = (manifest) =>
    checkLock(
      makeProject({
        'package.json': { devDependencies: { vitest: '^4' } },
        'packages/a/package.json': manifest,
        'package-lock.json': {
          packages: {
            '': { devDependencies: { vitest: '^4' } },
            'packages/a': { dependencies: { b: '^1' } },
          },
        },
      }),
    );
  expect(checkManifest({ name: 'a', dependencies: { b: '^1' } })).toEqual([]);
  const problem = [expect.stringContaining('packages/a/package.json: asks for other packages')];
  expect(checkManifest({ dependencies: { b: '^2' } })).toEqual(problem);
  expect(checkManifest({})).toEqual(problem);
  expect(checkManifest({ dependencies: { b: '^1', c: '^1' } })).toEqual(problem);
  expect(checkManifest({ dependencies: { b: '^1' }, devDependencies: { d: '^1' } })).toEqual(
    problem,
  );
});
