// node scripts/write-error-reference.mjs: writes docs/errors.md anew from the table of errors that
// the server answers from. A test compares the two.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, install, root, runMain } from './prepare.mjs';

await runMain(async () => {
  await install();
  await build();
  const { errorsInMarkdown } = await import('../packages/reference/dist/error-table.js');
  const file = join(root, 'docs/errors.md');
  mkdirSync(join(root, 'docs'), { recursive: true });
  writeFileSync(file, errorsInMarkdown());
  console.log(`Wrote ${file}`);
});
