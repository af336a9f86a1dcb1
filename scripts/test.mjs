// npm test: installs and builds what is missing, runs the tests, and ends with one plain line of
// counts. Arguments go to Vitest: npm test -- packages/engine -t WIRE3
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildApps } from './build-apps.mjs';
import { installPrograms } from './debian.mjs';
import {
  build,
  install,
  installForTests,
  requireNode,
  root,
  run,
  runMain,
  say,
} from './prepare.mjs';
import { countsLine, countTests } from './test-counts.mjs';

const report = join(root, 'node_modules/.cache/parley/vitest.json');

await runMain(async () => {
  requireNode();
  await install();
  await installForTests();
  await installPrograms();
  await build();
  await buildApps();

  mkdirSync(dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const vitest = [join(root, 'node_modules/vitest/vitest.mjs'), 'run'];
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await run(process.execPath, vitest.concat(reporters, process.argv.slice(2)), {
    stdout: 'stdout',
  });

  const counts = existsSync(report)
    ? countTests(JSON.parse(readFileSync(report, 'utf8')))
    : { passed: 0, failed: 0, skipped: 0 };
  const ran = counts.passed + counts.failed;
  if (ran === 0) {
    say('No test ran. Check the names and filters given after `npm test --`.');
  } else if (code !== 0 && counts.failed === 0) {
    say(`Every test passed, but the run itself failed (exit code ${code}): see above.`);
  }
  process.stdout.write(`${countsLine(counts)}\n`);
  process.exitCode = code !== 0 ? code : ran === 0 || counts.failed > 0 ? 1 : 0;
});
