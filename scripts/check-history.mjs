// node scripts/check-history.mjs FILE…: checks histories that tests kept once more, by the checker as it
// stands now. Says what is wrong; ends with 1 when anything is.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

/** @typedef {{ readonly header: { readonly about: string }, readonly lines: readonly unknown[] }} History */

const folder = new URL('../packages/server/test/durability/', import.meta.url);

/**
 * The module, from its TypeScript source.
 * @param {string} path
 * @returns {Promise<any>}
 */
async function load(path) {
  const { module } = await runnerImport(fileURLToPath(new URL(path, folder)));
  return module;
}

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error('Name the file of a history: node scripts/check-history.mjs <file>');
  process.exit(2);
}
/** @type {{ check: (history: History) => string[] }} */
const { check } = await load('check/check.ts');
/** @type {{ parseHistory: (text: string) => History }} */
const { parseHistory } = await load('history/format.ts');
for (const file of files) {
  try {
    const history = parseHistory(readFileSync(file, 'utf8'));
    const problems = check(history);
    const of = `${file}: ${history.lines.length} lines (${history.header.about})`;
    console.log(
      problems.length === 0 ? `${of}: every promise was kept.` : `${of}: broken promises:`,
    );
    for (const problem of problems) console.log(`  ${problem}`);
    if (problems.length > 0) process.exitCode = 1;
  } catch (error) {
    console.error(`${file}: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
