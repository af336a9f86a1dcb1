import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The database's thread runs from the build, so a test of sources newer than that would test the
 * old code without saying so.
 * @throws Error when the build is missing or out of date.
 */
export function checkBuild(): void {
  const sources = fileURLToPath(new URL('../src/', import.meta.url));
  const stamp = fileURLToPath(new URL('../dist/.tsbuildinfo', import.meta.url));
  const built = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const newer = readdirSync(sources, { recursive: true, encoding: 'utf8' }).find(
    (name) => name.endsWith('.ts') && statSync(sources + name).mtimeMs > built,
  );
  if (newer === undefined) return;
  throw new Error(
    `packages/store/src/${newer} is newer than the build that these tests use. Run "npx tsc -b packages/store" first.`,
  );
}
