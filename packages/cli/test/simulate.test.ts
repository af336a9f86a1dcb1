import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { newFolder, parley, parleyHere } from './parley.js';

const script = fileURLToPath(new URL('./scenarios/order.scenario.ts', import.meta.url));
const bot = fileURLToPath(new URL('./scenarios/shop-bot.ts', import.meta.url));

it('[SIM11] parley simulate runs a scenario in TypeScript, and fails when its transcript is another', {
  timeout: 60_000,
}, async () => {
  const folder = await newFolder();
  const variables = { SCENARIO_FOLDER: folder };
  const first = await parley(['simulate', script, '--seed', '5', '--bot', bot], variables);
  expect(first.err).toBe('Simulation with seed 5.\n');
  expect(first).toMatchObject({ code: 0, out: expect.stringMatching(/scenario\.ts: passed, in/) });
  const golden = join(folder, 'golden.txt');
  writeFileSync(golden, readFileSync(golden, 'utf8').replace('2: And order 18?', '2: Another'));
  const second = await parley(['simulate', script], variables);
  expect(second.code).toBe(1);
  expect(second.err).toMatch(/Simulation with seed \d+\.\n/);
  expect(second.err).toContain(
    '- +00:00:00 Parley Bot: 2: Another\n+ +00:00:00 Parley Bot: 2: And',
  );
});

it('[SIM11] the scenario in the README of bots runs as it stands there', {
  timeout: 60_000,
}, async () => {
  const readme = readFileSync(new URL('../../bot/README.md', import.meta.url), 'utf8');
  const [, text = ''] = /<!-- scenario -->\n```ts\n(.*?)```/s.exec(readme) ?? [];
  const name = `readme-${process.pid}`;
  // Where its packages are found.
  const place = (file: string) => join(dirname(script), `${name}${file}`);
  try {
    writeFileSync(place('.scenario.ts'), text.replace('./bot.js', `./${name}-bot.js`));
    const source = `import { createBot } from '@parley/bot';
      const login = { username: 'bot1', password: 'x' };
      export const bot = createBot({ account: '1', domainApi: 'http://localhost', login });
      bot.on('line:visitor', (ctx) => ctx.handOver({ skill: 'Support' }));`;
    writeFileSync(place('-bot.ts'), source);
    expect(await parley(['simulate', place('.scenario.ts')])).toMatchObject({ code: 0 });
  } finally {
    for (const file of ['.scenario.ts', '-bot.ts']) rmSync(place(file), { force: true });
  }
});

it('[SIM11] parley simulate says what a file lacks', async () => {
  const none = await parleyHere(['simulate', 'nowhere.ts']);
  expect(none).toMatchObject({ code: 1, err: 'parley: There is no file nowhere.ts.\n' });
  const other = await parleyHere(['simulate', bot]);
  expect(other.code).toBe(1);
  expect(other.err).toContain('has no scenario as its default export: write "export default');
});
