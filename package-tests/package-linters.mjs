// What linters of packages say of one as it is published.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const run = promisify(execFile);

/**
 * What is wrong with a package's exports and types; nothing, as it should be, is an empty list.
 * @param {string} pkgDir
 * @param {string} folder where the packed package is put
 * @returns {Promise<unknown[]>}
 * @throws Error when the package has no types
 */
export async function packageProblems(pkgDir, folder) {
  const { messages, pkg } = await publint({ pkgDir, strict: true });
  const pack = ['pack', '--json', '--pack-destination', folder];
  const [{ filename }] = JSON.parse((await run('npm', pack, { cwd: pkgDir })).stdout);
  const tarball = await readFile(join(folder, filename));
  const analysis = await checkPackage(createPackageFromTarballData(tarball));
  if (!analysis.types) throw new Error('the package has no types');
  const problems = analysis.problems.filter(
    (problem) =>
      // It is ESM alone, which every Node that it supports loads with require().
      problem.kind !== 'CJSResolvesToESM' &&
      // Resolution from before `exports`, which no supported Node and no bundler uses any more.
      (!('resolutionKind' in problem) || problem.resolutionKind !== 'node10'),
  );
  return [...messages.map((message) => formatMessage(message, pkg)), ...problems];
}
