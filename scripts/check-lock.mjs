// Checks what an installation brings along, from package-lock.json alone: no registry is named, no
// package runs a script when installed, every licence can be combined with Apache-2.0.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMain, report, rootArgument } from './check.mjs';

const licences = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
]);

// Tools that are used here but are no part of what users install may have these too.
const toolLicences = new Set([...licences, 'MPL-2.0']);

// Runs on macOS only, where Vite watches files with it; its script does nothing on an install.
const scriptsAllowed = new Set(['fsevents']);

/**
 * @typedef {object} Entry a package in the lock file
 * @property {string} [version]
 * @property {string} [resolved]
 * @property {boolean} [link]
 * @property {boolean} [dev]
 * @property {boolean} [hasInstallScript]
 * @property {string} [license]
 */

/**
 * Checks a project's lock file.
 * @param {string} root
 * @returns {string[]}
 */
export function checkLock(root) {
  /** @type {{ packages: Record<string, Entry> }} */
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return Object.entries(lock.packages)
    .filter(([path, entry]) => path.includes('node_modules/') && entry.link !== true)
    .flatMap(([path, entry]) =>
      checkEntry(path.replace(/^.*node_modules\//, ''), entry).map(
        (problem) => `package-lock.json: ${path} ${problem}`,
      ),
    );
}

/**
 * @param {string} name
 * @param {Entry} entry
 * @returns {string[]}
 */
function checkEntry(name, entry) {
  /** @type {string[]} */
  const problems = [];
  if (entry.resolved !== undefined) {
    problems.push(
      `names where it was downloaded ('${entry.resolved}'). What to do: remove its "resolved" line; .npmrc keeps npm from writing it (omit-lockfile-registry-resolved).`,
    );
  }
  if (entry.hasInstallScript === true && !scriptsAllowed.has(name)) {
    problems.push(
      'runs a script when it is installed. What to do: choose a package that does not.',
    );
  }
  const allowed = entry.dev === true ? toolLicences : licences;
  const licence = entry.license ?? 'none';
  if (
    !licence
      .replace(/[()]/g, '')
      .split(/ OR /)
      .some((each) => allowed.has(each))
  ) {
    problems.push(
      `has the licence '${licence}', which is not in the list of scripts/check-lock.mjs. What to do: choose another package, or add the licence there if Apache-2.0 software may depend on it.`,
    );
  }
  return problems;
}

if (isMain(import.meta.url)) {
  report(checkLock(rootArgument()), 'Dependencies: no registry named, no scripts, known licences.');
}
