// What a page loads before it can be used.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/**
 * @param {string} folder of a built app, with its index.html
 * @returns {(ending: string) => number} bytes, compressed by gzip, of the files with that ending
 */
export function firstLoad(folder) {
  const assets = join(folder, 'assets');
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  // What the page names, and what those files need before they run.
  const loaded = new Set(html.match(/(?<=assets\/)[\w.-]+\.(js|css)/g));
  for (const name of loaded) {
    if (!name.endsWith('.js')) continue;
    const source = readFileSync(join(assets, name), 'utf8');
    for (const [, other] of source.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)) {
      loaded.add(other);
    }
  }
  return (ending) =>
    [...loaded]
      .filter((name) => name.endsWith(ending))
      .reduce((sum, name) => sum + gzipSync(readFileSync(join(assets, name))).length, 0);
}
