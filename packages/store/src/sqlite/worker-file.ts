import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { StoreFailure } from '../port/errors.js';

/**
 * The file that a thread of the store runs. Node starts threads from JavaScript only, so when this
 * module itself runs as TypeScript (in tests), the thread comes from the build.
 * @throws StoreFailure when that build is missing.
 */
export function workerFile(name: 'worker' | 'backup-worker'): URL {
  if (!import.meta.url.endsWith('.ts')) return new URL(`./${name}.js`, import.meta.url);
  const built = new URL(`../../dist/sqlite/${name}.js`, import.meta.url);
  if (existsSync(built)) return built;
  throw new StoreFailure(
    `The store's thread is not built: ${fileURLToPath(built)} is missing. Run "npx tsc -b packages/store" first.`,
  );
}
