import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkSpec } from '../check-spec.mjs';
import { makeProject, scripts } from './fixture.mjs';

const spec =
  '# Rules\n\n- **[RING1]** A chat rings at one agent.\n- **[RING2]** It stops ringing.\n';

/**
 * @param {string} test content of the only test file
 * @param {string} [rules] content of spec/rules.md
 */
function check(test, rules = spec) {
  return checkSpec(makeProject({ 'spec/rules.md': rules, 'packages/a/test/a.test.ts': test }))
    .problems;
}

it('is content when every rule is cited, in whatever way a title can be written', () => {
  expect(check("it('[RING1] rings', f); test(`[RING2] stops ${how}`, f);")).toEqual([]);
  expect(check("describe('[RING1] ringing', () => { it('[RING2] ' + 'stops', f); });")).toEqual([]);
  expect(check("it.each([1, 2])('[RING1, RING2] with %d', f);")).toEqual([]);
  expect(check("it.each`a\n${1}`('[RING1] [RING2]', f);")).toEqual([]);
  expect(check("it.concurrent('[RING1][RING2] both', f);")).toEqual([]);
});

it('reports a rule that no test cites, with its text', () => {
  const problems = check("it('[RING1] rings', f);");
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain('spec/rules.md:4: no test cites [RING2] It stops ringing.');
  expect(problems[0]).toContain('What to do:');
});

it.each([
  ['comment', "it('[RING1] rings', f); // [RING2]"],
  ['other string', "it('[RING1] rings', () => { const a = '[RING2]'; });"],
  ['skipped test', "it('[RING1] rings', f); it.skip('[RING2] stops', f);"],
  ['test to be written', "it('[RING1] rings', f); it.todo('[RING2] stops');"],
  ['other function', "it('[RING1] rings', f); log('[RING2] stops');"],
])('does not take a %s for a citation', (_, test) => {
  expect(check(test)).toEqual([expect.stringContaining('no test cites [RING2]')]);
});

it('reports a citation of a rule that does not exist, with its place', () => {
  const problems = check("it('[RING1] [RING2]', f);\nit('[RING3] more', f);");
  expect(problems).toEqual([
    expect.stringContaining('packages/a/test/a.test.ts:2: cites [RING3], but no rule has that id'),
  ]);
});

it('reports an id that two rules have, and an id of a wrong form', () => {
  const twice = check("it('[RING1] [RING2]', f);", `${spec}- **[RING1]** Again.\n`);
  expect(twice).toEqual([
    expect.stringContaining('spec/rules.md:5: [RING1] is the id of another rule'),
  ]);
  const wrong = check("it('[RING1] [RING2]', f);", `${spec}- **[ring-3]** Small.\n`);
  expect(wrong).toEqual([expect.stringContaining("spec/rules.md:5: 'ring-3' is not a rule id")]);
});

it('reads no rule from a code block', () => {
  const rules = `${spec}\n\`\`\`md\n- **[RING9]** An example.\n\`\`\`\n`;
  expect(check("it('[RING1] [RING2]', f);", rules)).toEqual([]);
});

it('counts every page of spec/ as specification, and helpers of tests as tests', () => {
  const root = makeProject({
    'spec/rules.md': '- **[RING1]** One.\n',
    'spec/store.md': '- **[STORE1]** Two.\n',
    'packages/store/test/promises.ts': "export const run = () => { it('[STORE1] keeps', f); };",
    'packages/a/test/deep/a.test.mts': "it('[RING1] rings', f);",
    'packages/a/src/a.test.ts': "it('[OTHER1] not a test folder', f);",
  });
  expect(checkSpec(root)).toEqual({ problems: [], rules: 2, citations: 2 });
});

it('says so when there is no specification, and when a test does not parse', () => {
  expect(checkSpec(makeProject({})).problems[0]).toMatch(/spec holds no pages/);
  expect(check("it('[RING1] [RING2]', f);\nlet = ['")).toContainEqual(
    expect.stringContaining('packages/a/test/a.test.ts:2: does not parse'),
  );
});

it('fails the command, with the messages on stderr', () => {
  const script = join(scripts, 'check-spec.mjs');
  const bad = spawnSync(process.execPath, [script, makeProject({ 'spec/rules.md': spec })]);
  expect(bad.status).toBe(1);
  expect(bad.stderr.toString()).toContain('[RING1] A chat rings at one agent.');
  const good = spawnSync(process.execPath, [script, makeProject({ 'spec/rules.md': '# None\n' })]);
  expect(good.status).toBe(0);
});
