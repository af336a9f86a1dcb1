// node scripts/write-limits.mjs: writes docs/limits.md anew from the limits that the server goes by. A
// test compares the two.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, install, root, runMain } from './prepare.mjs';

await runMain(async () => {
  await install();
  await build();
  const { limitsInMarkdown } = await import('../packages/server/dist/reference/limit-table.js');
  const file = join(root, 'docs/limits.md');
  mkdirSync(join(root, 'docs'), { recursive: true });
  writeFileSync(file, limitsInMarkdown());
  console.log(`Wrote ${file}`);
});
