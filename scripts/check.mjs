// What the check-*.mjs scripts share: each exports a function that returns its problems, and can
// also be run by itself, on this project or on a folder given as argument.
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Says whether a module is the program that Node was started with.
 * @param {string} url the module's import.meta.url
 * @returns {boolean}
 */
export function isMain(url) {
  const started = process.argv[1];
  return started !== undefined && realpathSync(started) === fileURLToPath(url);
}

/**
 * The folder to check: the first argument, or else this project.
 * @returns {string}
 */
export function rootArgument() {
  return resolve(process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url)));
}

/**
 * Prints the outcome of a check; with problems, the process will exit with 1.
 * @param {readonly string[]} problems one message each
 * @param {string} success what to say when there is none
 */
export function report(problems, success) {
  if (problems.length === 0) {
    console.log(success);
    return;
  }
  for (const problem of problems) console.error(problem);
  console.error(`\n${problems.length} problem${problems.length === 1 ? '' : 's'} found.`);
  process.exitCode = 1;
}
