// Checks that the table of packages in ARCHITECTURE.md is the one by which imports are checked
// (layers.mjs): each package has its row, and each row names what its package may import, no more and no less.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMain, report, rootArgument } from './check.mjs';
import { layers } from './layers.mjs';

const FILE = 'ARCHITECTURE.md';

/** `| packages/store | what it holds | engine; libsql |`, the first and the libraries in backticks. */
const ROW = /^\| `([^`|]+)` \| .* \| ([^|]+) \|$/;

/**
 * Checks a project.
 * @param {string} root
 * @param {typeof layers} [table]
 * @returns {{ problems: string[], rows: number }}
 */
export function checkArchitecture(root, table = layers) {
  const lines = readFileSync(join(root, FILE), 'utf8').split('\n');
  const rows = lines.flatMap((line) => {
    const [, folder, imports] = ROW.exec(line) ?? [];
    return folder === undefined || imports === undefined ? [] : [{ folder, imports }];
  });
  const problems = Object.entries(table).flatMap(([name, { folder, packages, npm }]) => {
    const own = rows.filter((row) => row.folder === folder || isIn(row.folder, folder));
    if (own.length === 0) return [`${FILE}: the package ${folder} has no row. What to do: add it.`];
    const said = new Set(own.flatMap(({ imports }) => importsOf(imports, Object.keys(table))));
    const open = new Set([packages, npm].flatMap((each) => (each === 'any' ? ['anything'] : each)));
    return [
      ...difference(open, said).map((each) => `does not name ${each}, which ${name} may import`),
      ...difference(said, open).map((each) => `names ${each}, which ${name} may not import`),
    ].map(
      (what) => `${FILE}: the row of ${folder} ${what}. What to do: change the row, or layers.mjs.`,
    );
  });
  return { problems, rows: rows.length };
}

/**
 * @param {string} folder
 * @param {string} pattern a folder, or one that ends in `/*`
 */
function isIn(folder, pattern) {
  return pattern.endsWith('/*') && folder.startsWith(pattern.slice(0, -1));
}

/**
 * The packages and libraries that a cell names: libraries in backticks, packages as words outside of them.
 * @param {string} cell
 * @param {readonly string[]} packages
 */
function importsOf(cell, packages) {
  const libraries = [...cell.matchAll(/`([^`]+)`/g)].flatMap(([, name]) => name ?? []);
  const words = cell
    .replaceAll(/`[^`]+`/g, '')
    .replaceAll(/\([^)]*\)/g, '')
    .split(/[^\w-]+/);
  return [...libraries, ...words.filter((word) => word === 'anything' || packages.includes(word))];
}

/**
 * @param {ReadonlySet<string>} of
 * @param {ReadonlySet<string>} without
 */
function difference(of, without) {
  return [...of].filter((each) => !without.has(each));
}

if (isMain(import.meta.url)) {
  const { problems, rows } = checkArchitecture(rootArgument());
  report(problems, `Architecture: ${rows} rows of ${FILE} name what layers.mjs allows.`);
}
