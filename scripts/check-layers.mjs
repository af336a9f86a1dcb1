// Checks every import of every room against the layer table (rooms.mjs). Runs in `npm run lint`.
//
// Sources (src/) may import what the table gives their room, from the packages that the room's
// package.json lists under dependencies. Other files of a room (tests, configuration) may also use
// node:*, the tools of the root package.json, and whatever the room lists under devDependencies.
import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, posix, resolve } from 'node:path';
import { isMain, report, rootArgument } from './check.mjs';
import { findAmbient, findImports } from './imports.mjs';
import { projectFiles } from './project-files.mjs';
import { rooms } from './rooms.mjs';
import { readOrReport } from './source.mjs';

/** @typedef {import('./rooms.mjs').Room} Room */
/** @typedef {import('./imports.mjs').Import} Import */

/**
 * A package of this project, with what its package.json says.
 * @typedef {object} Package
 * @property {string} folder from the root
 * @property {string} name like `@parley/engine`
 * @property {Room | undefined} room its row of the table
 * @property {string} roomName
 * @property {Set<string>} dependencies what its sources may count on when it is installed
 * @property {Set<string>} devDependencies
 * @property {string[]} exports the subpaths it declares, like `.` and `./testing`
 */

/**
 * Checks a project.
 * @param {string} root
 * @returns {string[]} one message per problem: where, what, which rooms are open, what to do
 */
export function checkLayers(root) {
  const files = projectFiles(root);
  const packages = files
    .filter((file) => file.endsWith('/package.json') && roomFolder(dirname(file)))
    .map((file) => readPackage(root, dirname(file)));
  const rootManifest = readManifest(root, 'package.json');
  const tools = new Set(Object.keys(rootManifest.devDependencies ?? {}));
  const byName = new Map(packages.map((each) => [each.name, each]));

  return packages.flatMap((each) => {
    if (each.room === undefined) {
      return [
        `${each.folder}/package.json: this package is in no room of the layer table. What to do: give it a row in scripts/rooms.mjs.`,
      ];
    }
    const sources = files.filter(
      (file) => file.startsWith(`${each.folder}/`) && /\.[cm]?[jt]sx?$/.test(file),
    );
    return [
      ...checkManifest(each, byName),
      ...sources.flatMap((file) => checkFile(root, file, each, byName, tools)),
    ];
  });
}

/**
 * Says whether packages of this project live at a folder, by the shape of its path.
 * @param {string} folder
 */
function roomFolder(folder) {
  return /^(packages|apps|examples)\/[^/]+$|^bench$/.test(folder);
}

/**
 * @param {string} root
 * @param {string} folder
 * @returns {Package}
 */
function readPackage(root, folder) {
  const manifest = readManifest(root, `${folder}/package.json`);
  const found = Object.entries(rooms).find(
    ([, room]) => room.folder === folder || room.folder === `${posix.dirname(folder)}/*`,
  );
  return {
    folder,
    name: manifest.name ?? folder,
    room: found?.[1],
    roomName: found?.[0] ?? '',
    dependencies: new Set(
      Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).concat(
        Object.keys(manifest.optionalDependencies ?? {}),
      ),
    ),
    devDependencies: new Set(Object.keys(manifest.devDependencies ?? {})),
    exports: typeof manifest.exports === 'object' ? Object.keys(manifest.exports) : ['.'],
  };
}

/**
 * @typedef {{ name?: string, exports?: Record<string, unknown> | string } & Partial<Record<
 *   'dependencies' | 'devDependencies' | 'peerDependencies' | 'optionalDependencies',
 *   Record<string, string>>>} Manifest
 */

/**
 * @param {string} root
 * @param {string} file
 * @returns {Manifest}
 */
function readManifest(root, file) {
  const path = join(root, file);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}

/**
 * What a room lists under dependencies must be open to it, imported yet or not.
 * @param {Package} each
 * @param {Map<string, Package>} byName
 */
function checkManifest(each, byName) {
  return [...each.dependencies]
    .filter((name) => !isOpen(each, name, byName))
    .map((name) => `${each.folder}/package.json: depends on '${name}', but ${allowance(each)}`);
}

/**
 * @param {string} root
 * @param {string} file
 * @param {Package} each the package it belongs to
 * @param {Map<string, Package>} byName
 * @param {Set<string>} tools the root package.json's devDependencies
 * @returns {string[]}
 */
function checkFile(root, file, each, byName, tools) {
  const text = readFileSync(join(root, file), 'utf8');
  const isSource = file.startsWith(`${each.folder}/src/`);
  /** @type {string[]} */
  const problems = [];
  for (const found of readOrReport(problems, () => findImports(file, text))) {
    const problem = checkImport(root, file, found, each, byName, isSource ? undefined : tools);
    if (problem !== undefined) problems.push(`${file}:${found.line}: ${problem}`);
  }
  if (isSource && problems.length === 0 && each.room?.ambient === 'forbidden') {
    for (const { line, what } of findAmbient(file, text)) {
      problems.push(
        `${file}:${line}: uses ${what}, but ${each.roomName} is pure: the same input must give the same output. What to do: take the time or the random value as an argument, from the room that calls.`,
      );
    }
  }
  return problems;
}

/**
 * @param {string} root
 * @param {string} file
 * @param {Import} found
 * @param {Package} each
 * @param {Map<string, Package>} byName
 * @param {Set<string> | undefined} tools undefined for sources
 * @returns {string | undefined} what is wrong with the import, if anything
 */
function checkImport(root, file, { specifier }, each, byName, tools) {
  if (specifier === undefined) {
    return each.room?.npm === 'any'
      ? undefined
      : 'imports a computed name, which cannot be checked. What to do: import by a literal name.';
  }
  if (specifier.startsWith('#')) return undefined;
  if (specifier.startsWith('.')) return checkRelative(root, file, specifier, each, tools);
  if (specifier.startsWith('/') || /^(file|data|https?):/.test(specifier)) {
    return `imports '${specifier}', an absolute place. What to do: import a package by its name, or a file of this package by a relative path.`;
  }
  if (isBuiltin(specifier)) {
    return tools !== undefined || each.room?.node === 'allowed'
      ? undefined
      : `imports '${specifier}', but ${allowance(each)}`;
  }
  return checkPackage(specifier, each, byName, tools);
}

/**
 * @param {string} root
 * @param {string} file
 * @param {string} specifier
 * @param {Package} each
 * @param {Set<string> | undefined} tools
 */
function checkRelative(root, file, specifier, each, tools) {
  const target = resolve(root, dirname(file), specifier);
  const inside = target.startsWith(`${resolve(root, each.folder)}/`);
  if (!inside) {
    return `imports '${specifier}', which leaves ${each.folder}. What to do: import the other package by its name, and let it export what you need.`;
  }
  const intoSources = target.startsWith(`${resolve(root, each.folder, 'src')}/`);
  return tools === undefined && !intoSources
    ? `imports '${specifier}', which leaves src/: only src/ is part of the published package. What to do: move what you need into src/.`
    : undefined;
}

/**
 * @param {string} specifier
 * @param {Package} each
 * @param {Map<string, Package>} byName
 * @param {Set<string> | undefined} tools
 */
function checkPackage(specifier, each, byName, tools) {
  const name = packageName(specifier);
  const target = byName.get(name);
  const subpath = `.${specifier.slice(name.length)}`;
  if (target !== undefined && !isExported(subpath, target.exports)) {
    return `imports '${specifier}', but ${name} exports only ${target.exports.join(', ')}. What to do: export what you need from ${target.folder}/src/index.ts, or declare the subpath in its package.json.`;
  }
  if (tools === undefined) {
    if (name === each.name) {
      return `imports its own package by name. What to do: import the file by a relative path.`;
    }
    if (!isOpen(each, name, byName)) return `imports '${specifier}', but ${allowance(each)}`;
    if (each.dependencies.has(name)) return undefined;
    return `imports '${specifier}', which ${each.folder}/package.json does not list. What to do: npm install -w ${each.folder} ${name}`;
  }
  if (name === each.name || tools.has(name)) return undefined;
  if (each.dependencies.has(name) || each.devDependencies.has(name)) return undefined;
  return `imports '${specifier}', which neither ${each.folder}/package.json nor the root package.json lists. What to do: npm install -D -w ${each.folder} ${name}`;
}

/**
 * Says whether a room's sources may import a package.
 * @param {Package} each
 * @param {string} name
 * @param {Map<string, Package>} byName
 */
function isOpen(each, name, byName) {
  const target = byName.get(name);
  const allowed = target === undefined ? each.room?.npm : each.room?.rooms;
  if (allowed === 'any' || allowed === undefined) return allowed === 'any';
  if (target !== undefined) return allowed.includes(target.roomName);
  return allowed.some((entry) => entry === name || entry === name.replace(/\/.*/, '/*'));
}

/**
 * The second half of a message: what a room may import, and what to do about it.
 * @param {Package} each
 */
function allowance({ room, roomName }) {
  /** @param {readonly string[] | 'any' | undefined} list */
  const named = (list) =>
    list === undefined || list.length === 0 ? 'none' : list === 'any' ? 'any' : list.join(', ');
  const users = Object.entries(rooms)
    .filter(([, other]) => other.rooms !== 'any' && other.rooms.includes(roomName))
    .map(([name]) => name);
  const above = users.length === 0 ? 'a room above it' : `a room above it (${users.join(', ')})`;
  return (
    `${roomName} may import: rooms: ${named(room?.rooms)}; npm packages: ${named(room?.npm)}; node:*: ${room?.node === 'allowed' ? 'yes' : 'no'}. ` +
    `What to do: take what you need as an argument, or move this code to ${above}. If the table itself should change, it is scripts/rooms.mjs.`
  );
}

/**
 * @param {string} specifier like `@parley/engine/testing` or `typebox/value`
 * @returns {string} like `@parley/engine` or `typebox`
 */
function packageName(specifier) {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/**
 * @param {string} subpath
 * @param {string[]} declared
 */
function isExported(subpath, declared) {
  return declared.some((entry) => {
    const [before = '', after] = entry.split('*');
    return after === undefined
      ? entry === subpath
      : subpath.startsWith(before) && subpath.endsWith(after);
  });
}

if (isMain(import.meta.url)) {
  const problems = checkLayers(rootArgument());
  report(problems, 'Layers: every import is in the table of scripts/rooms.mjs.');
}
