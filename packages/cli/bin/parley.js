#!/usr/bin/env node
// Starts the command, which is built from src/. This file is in the repository because npm links no
// command whose file is missing when it installs: `npx parley` in a fresh clone would then offer a
// stranger's package of that name.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

if (existsSync(new URL('../dist/main.js', import.meta.url))) {
  await import('../dist/main.js');
} else {
  const clone = fileURLToPath(new URL('../../..', import.meta.url));
  process.stderr.write(
    `parley: this clone is not built yet. Run "npm start" in ${clone} once (or "npm run build", without a server), and then this again.\n`,
  );
  process.exitCode = 1;
}
