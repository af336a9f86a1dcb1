// Checks every import of every package against the layer table (layers.mjs). Runs in `npm run lint`.
//
// dependency-cruiser reads the imports and applies the rules that import-rules.mjs makes of the table.
// It cannot read through TypeScript 7, so it has a TypeScript 6 beside it, in check-tools with a lock
// file of its own. That it has read all there is, is checked: with no TypeScript that it can use it
// would find nothing, and call that no violation.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findAmbient } from './ambient.mjs';
import { isMain, report, rootArgument } from './check.mjs';
import { importCheckTool } from './check-tools.mjs';
import { importRules } from './import-rules.mjs';
import { projectFiles } from './project-files.mjs';
import { layers } from './layers.mjs';
import { readOrReport } from './source.mjs';

/** @typedef {import('./layers.mjs').Layer} Layer */

const SOURCE = /^(.+?)\/src\/.*\.[cm]?[jt]sx?$/;

/**
 * Checks a project.
 * @param {string} root
 * @returns {Promise<string[]>} one message per problem: where, what, what to do
 */
export async function checkLayers(root) {
  const files = projectFiles(root);
  const folders = files
    .filter((file) => file.endsWith('/package.json'))
    .map(dirname)
    .filter(isPackage);
  const sources = files.filter((file) => folders.includes(SOURCE.exec(file)?.[1] ?? ''));
  return [
    ...folders.flatMap((folder) => checkManifest(root, folder)),
    ...sources.flatMap((file) => checkPurity(root, file)),
    ...(await checkImports(root, sources)),
  ];
}

/** @param {string} folder */
function isPackage(folder) {
  return /^(packages|apps|examples)\/[^/]+$|^bench$/.test(folder);
}

/**
 * The row of the table that a package's folder has.
 * @param {string} folder
 * @returns {readonly [string, Layer] | undefined}
 */
function layerOf(folder) {
  return Object.entries(layers).find(
    ([, layer]) => layer.folder === folder || layer.folder === `${dirname(folder)}/*`,
  );
}

/**
 * Every package has a row, and what it depends on must be open to it, imported yet or not.
 * @param {string} root
 * @param {string} folder
 * @returns {string[]}
 */
function checkManifest(root, folder) {
  const found = layerOf(folder);
  if (found === undefined) {
    return [
      `${folder}/package.json: this package has no row in the layer table. What to do: give it one in scripts/layers.mjs.`,
    ];
  }
  const [, layer] = found;
  /** @type {{ dependencies?: Record<string, string> }} */
  const { dependencies = {} } = JSON.parse(
    readFileSync(join(root, folder, 'package.json'), 'utf8'),
  );
  return Object.keys(dependencies)
    .filter((name) => !name.startsWith('@parley/') && !isOpen(layer.npm, name))
    .map(
      (name) =>
        `${folder}/package.json: depends on '${name}', which the layer table does not open to it. What to do: do without it, or say in scripts/layers.mjs that it may.`,
    );
}

/**
 * @param {Layer['npm']} open
 * @param {string} name
 */
function isOpen(open, name) {
  if (open === 'any') return true;
  return open.some((entry) => entry === name || entry === name.replace(/\/.*/, '/*'));
}

/**
 * Some packages read no clock and draw no random numbers: the same input gives the same output.
 * @param {string} root
 * @param {string} file
 * @returns {string[]}
 */
function checkPurity(root, file) {
  const [name, layer] = layerOf(SOURCE.exec(file)?.[1] ?? '') ?? [];
  if (layer?.ambient !== 'forbidden') return [];
  /** @type {string[]} */
  const problems = [];
  const text = readFileSync(join(root, file), 'utf8');
  for (const { line, what } of readOrReport(problems, () => findAmbient(file, text))) {
    problems.push(
      `${file}:${line}: uses ${what}, but ${name} is pure: the same input must give the same output. What to do: take the time or the random value as an argument.`,
    );
  }
  return problems;
}

/**
 * @param {string} root
 * @param {readonly string[]} sources
 * @returns {Promise<string[]>}
 */
async function checkImports(root, sources) {
  if (sources.length === 0) return [];
  const { output } = await cruise(root, sources);
  const read = new Set(
    output.modules
      .filter(({ valid, source }) => valid !== undefined && source)
      .map(({ source }) => source),
  );
  const unread = sources.filter((file) => !read.has(file));
  if (unread.length > 0) {
    return [
      `${unread[0]}: its imports were not read, nor those of ${unread.length - 1} other files. What to do: see whether check-tools is installed as its lock file says (npm ci --prefix check-tools).`,
    ];
  }
  const problems = output.summary.violations.map(({ from, to, rule, cycle, comment }) => {
    const names = cycle?.map(({ name }) => name);
    const path = names === undefined ? to : names.join(' → ');
    const problem = `${from}: imports ${path} (${rule.name}). What to do: ${comment ?? ''}`;
    // A circle is found from each of its files: it is reported once.
    return { problem, key: names === undefined ? problem : [...names].sort().join() };
  });
  return [...new Map(problems.map(({ key, problem }) => [key, problem])).values()];
}

/**
 * @typedef {{
 *   output: {
 *     modules: { source: string, valid?: boolean }[],
 *     summary: { violations: {
 *       from: string, to: string, rule: { name: string }, cycle?: { name: string }[], comment?: string,
 *     }[] },
 *   },
 * }} Cruised
 */

/**
 * @param {string} root
 * @param {readonly string[]} files
 * @returns {Promise<Cruised>}
 */
async function cruise(root, files) {
  const { cruise: run } = await importCheckTool('dependency-cruiser/src/main/index.mjs');
  const before = process.cwd();
  // It reads what it is given from where the process is.
  process.chdir(root);
  try {
    const forbidden = importRules();
    const cruised = await run(
      files,
      {
        baseDir: root,
        validate: true,
        ruleSet: { forbidden },
        tsPreCompilationDeps: true,
        combinedDependencies: true,
        doNotFollow: { path: 'node_modules|/dist/' },
      },
      {
        exportsFields: ['exports'],
        conditionNames: ['source', 'import', 'node', 'default', 'types'],
      },
    );
    const comments = new Map(forbidden.map(({ name, comment }) => [name, comment]));
    for (const violation of cruised.output.summary.violations) {
      violation.comment = comments.get(violation.rule.name);
    }
    return cruised;
  } finally {
    process.chdir(before);
  }
}

if (isMain(import.meta.url)) {
  const problems = await checkLayers(rootArgument());
  report(
    problems,
    'Layers: every import, and every circle of files, is in the table of scripts/layers.mjs.',
  );
}
