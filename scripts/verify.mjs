// npm run verify: every check of this project, in one word, here and in CI. Stops at the first
// that fails and says what to do about it.
import { install, npm, requireNode, runMain, seconds, StepFailed } from './prepare.mjs';

const steps = [
  {
    title: 'Format',
    script: 'format:check',
    advice: '`npm run format` rewrites the files named above.',
  },
  {
    title: 'Lint, layers and dependencies',
    script: 'lint',
    advice:
      '`npx biome lint --write .` corrects what can be corrected safely; the rest says above what is wrong.',
  },
  {
    title: 'Build and types',
    script: 'types',
    advice: 'Correct the type errors above; `npm run types` runs only this.',
  },
  {
    title: 'Tests',
    script: 'test',
    advice: '`npm test -- <path>` runs one package or file; `npm test -- -t <name>` one test.',
  },
  {
    title: 'Specification and links',
    script: 'docs:check',
    advice: '`npm run docs:check` runs only this.',
  },
];

await runMain(async () => {
  requireNode();
  await install();
  const started = Date.now();
  /** @type {string[]} */
  const done = [];
  for (const { title, script, advice } of steps) {
    console.log(`\n━━ ${title} (npm run ${script})`);
    const stepStarted = Date.now();
    const code = await npm(['run', '--silent', script], { stdout: 'stdout' });
    const time = seconds(stepStarted);
    if (code !== 0) {
      throw new StepFailed(`━━ ${title} failed after ${time}. What to do: ${advice}`, code);
    }
    console.log(`   ${title}: ${time}`);
    done.push(`${title} ${time}`);
  }
  console.log(`\n━━ All checks passed in ${seconds(started)}: ${done.join(', ')}.`);
});
