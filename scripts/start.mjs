// npm start: installs and builds what is missing, then runs the server in demo mode. Everything
// after `--` goes to the server: npm start -- --http-port 0 --json
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildApps } from './build-apps.mjs';
import { build, install, requireNode, root, runMain, StepFailed } from './prepare.mjs';
import { serverArguments } from './server-arguments.mjs';

const program = join(root, 'packages/cli/dist/main.js');

await runMain(async () => {
  requireNode();
  await install();
  await build(['packages/cli', 'packages/client', 'packages/bot']);
  await buildApps();
  if (!existsSync(program)) {
    throw new StepFailed(`The build made no ${program}: is packages/cli/src/main.ts there?`);
  }
});

// The server takes this process over, as exec would: signals reach it and its exit code is ours
// without anything in between that could lose them.
process.argv = [process.execPath, program].concat(
  serverArguments(process.argv.slice(2), process.env, root),
);
await import(pathToFileURL(program).href);
