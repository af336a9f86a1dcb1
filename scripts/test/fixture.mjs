import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** The folder of the scripts under test. */
export const scripts = fileURLToPath(new URL('..', import.meta.url));

/**
 * Writes files into a new folder, which is removed when the test ends.
 * @param {Record<string, string | object>} files content by path; objects are written as JSON
 * @returns {string} the folder
 */
export function makeProject(files) {
  const root = mkdtempSync(join(tmpdir(), 'parley-scripts-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(
      join(root, path),
      typeof content === 'string' ? content : JSON.stringify(content, null, 2),
    );
  }
  return root;
}

/**
 * Copies the scripts into a project, so that they take it for their own.
 * @param {string} root
 */
export function copyScripts(root) {
  cpSync(scripts, join(root, 'scripts'), { recursive: true });
}
