import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const generated = new Set(['node_modules', 'dist', 'coverage']);

/**
 * Lists a project's own files: what git tracks or would track; without git, every file outside of
 * generated and hidden folders.
 * @param {string} root
 * @returns {string[]} paths from the root, with `/`, sorted
 */
export function projectFiles(root) {
  if (!existsSync(join(root, '.git'))) return walk(root, '').sort();
  const out = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const files = out.split('\0').filter((file) => file !== '' && existsSync(join(root, file)));
  return [...new Set(files)].sort();
}

/**
 * @param {string} root
 * @param {string} folder
 * @returns {string[]}
 */
function walk(root, folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (!entry.isDirectory()) return [path];
    return generated.has(entry.name) || entry.name.startsWith('.') ? [] : walk(root, path);
  });
}
