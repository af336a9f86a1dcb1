/** Examples are short enough to be read at one go: without blank lines and comments, fewer than 150 lines. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));
const MOST = 150;

/** It ports a whole program of the original, call by call. */
const PORTED = new Set(['agent-sample']);

/**
 * Files of a folder that are read as code.
 * @param {string} folder
 * @returns {string[]}
 */
function sources(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.(?:ts|js|mjs|html)$/.test(name) ? [path] : [];
  });
}

/** @param {string} path */
const lines = (path) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s*(?:\/\/|\/?\*)/.test(line)).length;

it.each(readdirSync(EXAMPLES).filter((name) => !PORTED.has(name)))(
  '%s has fewer than 150 lines',
  (name) => {
    const parts = readdirSync(join(EXAMPLES, name)).filter((part) =>
      ['src', 'page'].includes(part),
    );
    const counted = parts
      .flatMap((part) => sources(join(EXAMPLES, name, part)))
      .reduce((all, path) => all + lines(path), 0);
    expect(counted).toBeGreaterThan(10);
    expect(counted).toBeLessThan(MOST);
  },
);
