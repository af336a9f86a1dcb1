// Libraries that only checks use stand in check-tools, with a lock file of their own.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installCheckTools, root } from './prepare.mjs';

/**
 * Imports a module of check-tools, which is installed first where it is not as its lock file says.
 * @param {string} file the module's, from check-tools/node_modules
 * @returns {Promise<any>} what it exports: it is not there for the compiler to look at
 */
export async function importCheckTool(file) {
  await installCheckTools();
  return import(pathToFileURL(join(root, 'check-tools/node_modules', file)).href);
}
