// The layer table (layers.mjs) as rules of dependency-cruiser.
import { layers } from './layers.mjs';

/** @typedef {import('./layers.mjs').Layer} Layer */
/** @typedef {{ name: string, comment: string, severity: 'error', from: object, to: object }} Rule */

/** Where packages of this project live. */
const OURS =
  '^(packages|apps|examples)/[^/]+/|^(bench|browser-tests|openapi-tests|package-tests|postgres-tests)/';

/** @type {readonly string[]} */
const NPM = [
  'npm',
  'npm-dev',
  'npm-optional',
  'npm-peer',
  'npm-bundled',
  'npm-no-pkg',
  'npm-unknown',
];

/**
 * All rules: what each package may import, what the folders within a package may, and that no files
 * import each other in a circle.
 * @returns {Rule[]}
 */
export function importRules() {
  return [
    rule(
      'resolved',
      'It leads nowhere: correct the name, list the package in package.json, or export what you need from it.',
      { pathNot: '/node_modules/' },
      { couldNotResolve: true },
    ),
    ...Object.entries(layers).flatMap(([name, layer]) => rulesOf(name, layer)),
  ];
}

/**
 * @param {string} name
 * @param {Layer} layer
 * @returns {Rule[]}
 */
function rulesOf(name, layer) {
  // One folder name, which the other side of a rule can repeat.
  const folder = layer.folder.replace('*', '([^/]+)');
  const own = `^${layer.folder.replace('*', '$1')}/`;
  const sources = `^${folder}/src/`;
  const where = `The table is scripts/layers.mjs.`;
  /** @type {Rule[]} */
  const rules = [
    rule(
      `${name}: within`,
      `Sources are what is published: move what you need into src/. Another package is imported by its name. ${where}`,
      { path: sources },
      { path: own, pathNot: `${own}src/` },
    ),
  ];
  if (layer.circles !== 'allowed') {
    rules.push(
      rule(
        `${name}: no circles`,
        'Files that import each other cannot be understood, or loaded, one after the other: move what both need below them.',
        { path: sources },
        { circular: true },
      ),
    );
  }
  if (layer.packages !== 'any') {
    const open = layer.packages.map((other) => `^${layers[other]?.folder.replace('*', '[^/]+')}/`);
    rules.push(
      rule(
        `${name}: packages`,
        `${name} may import ${layer.packages.join(', ') || 'no other package of this project'}: take what you need as an argument, or move this code to a package above. ${where}`,
        { path: sources },
        { path: OURS, pathNot: [own, ...open] },
      ),
    );
  }
  if (layer.npm !== 'any') {
    const open = layer.npm.map((each) => `node_modules/(${each.replace('/*', '/[^/]+')})/`);
    rules.push(
      rule(
        `${name}: npm packages`,
        `${name} may import ${layer.npm.join(', ') || 'no npm package'}. ${where}`,
        { path: sources },
        { path: 'node_modules/', dependencyTypes: NPM, pathNot: open },
      ),
      rule(
        `${name}: listed`,
        "The package's own package.json must list it under dependencies: npm install -w <folder> <name>.",
        { path: sources },
        { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'], path: 'node_modules/' },
      ),
    );
  }
  if (layer.node === 'forbidden') {
    rules.push(
      rule(
        `${name}: without Node`,
        `${name} runs anywhere: take what you need as an argument. ${where}`,
        { path: sources },
        { dependencyTypes: ['core'] },
      ),
    );
  }
  return [...rules, ...foldersOf(name, layer)];
}

/**
 * Folders within a package: each may import those that its row names, and files beside the folders
 * that are named as `file.ts`.
 * @param {string} name
 * @param {Layer} layer
 * @returns {Rule[]}
 */
function foldersOf(name, { folder, folders }) {
  if (folders === undefined) return [];
  const rows = Object.keys(folders).map((part) => `^${folder}/src/${part}/`);
  const unlisted = rule(
    `${name}: folders`,
    `This folder has no row in the folders of ${name}: add one that says what it may import. The table is scripts/layers.mjs.`,
    { path: `^${folder}/src/[^/]+/`, pathNot: rows },
    { path: `^${folder}/src/` },
  );
  const listed = Object.entries(folders).map(([part, open]) =>
    rule(
      `${name}/${part}`,
      `${part}/ may import ${open.join(', ') || 'nothing else of its package'}: what stands above it must come as an argument. The table is scripts/layers.mjs.`,
      { path: `^${folder}/src/${part}/` },
      {
        path: `^${folder}/src/`,
        pathNot: [part, ...open].map(
          (each) => `^${folder}/src/${each}${each.endsWith('.ts') ? '$' : '/'}`,
        ),
      },
    ),
  );
  return [unlisted, ...listed];
}

/**
 * @param {string} name
 * @param {string} comment what to do
 * @param {object} from
 * @param {object} to
 * @returns {Rule}
 */
function rule(name, comment, from, to) {
  return { name, comment, severity: 'error', from, to };
}
