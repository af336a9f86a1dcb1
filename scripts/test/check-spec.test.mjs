import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkParts, checkSpec } from '../check-spec.mjs';
import { rulesPage } from '../write-rules.mjs';
import { makeProject, scripts } from './fixture.mjs';

const spec =
  '# Rules\n\n*Mark: domain*\n\n- **[RING1]** A chat rings at one agent.\n- **[RING2]** It stops ringing.\n';

/**
 * @param {string} test content of the only test file
 * @param {string} [rules] content of spec/ringing.md
 */
function check(test, rules = spec) {
  return checkSpec(makeProject({ 'spec/ringing.md': rules, 'packages/a/test/a.test.ts': test }))
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
  expect(problems[0]).toContain('spec/ringing.md:6: no test cites [RING2] It stops ringing.');
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
    expect.stringContaining('spec/ringing.md:7: [RING1] is the id of another rule'),
  ]);
  const wrong = check("it('[RING1] [RING2]', f);", `${spec}- **[ring-3]** Small.\n`);
  expect(wrong).toEqual([expect.stringContaining("spec/ringing.md:7: 'ring-3' is not a rule id")]);
});

it('reads no rule from a code block', () => {
  const rules = `${spec}\n\`\`\`md\n- **[RING9]** An example.\n\`\`\`\n`;
  expect(check("it('[RING1] [RING2]', f);", rules)).toEqual([]);
});

it('reports sections whose rules have no mark, or one that there is not, once each', () => {
  const test = "it('[RING1] [RING2] [RING3] [RING4]', f);";
  const none = '# Rules\n\n- **[RING1]** One.\n- **[RING2]** Two.\n';
  const pages = `${none}\n## Marked\n\n*Mark: wire*\n\nWords.\n\n- **[RING3]** Three.\n`;
  expect(check(test, `${pages}\n### Not marked again\n\n- **[RING4]** Four.\n`)).toEqual([
    expect.stringMatching(/^spec\/ringing\.md:3: \[RING1\], .*"Rules", has no mark\. What to do: /),
    expect.stringMatching(/^spec\/ringing\.md:16: \[RING4\], .*"Not marked again", has no mark/),
  ]);
  expect(check("it('[RING1] [RING2]', f);", spec.replace('domain', 'wires'))).toEqual([
    expect.stringContaining(
      '[RING1], in the section "Rules", has the mark \'wires\', which is none',
    ),
  ]);
});

it('reports a mark that is not the first line below its heading, so that a section has one', () => {
  const test = "it('[RING1] [RING2] [RING3]', f);";
  const twice = `${spec}\n*Mark: wire*\n\n- **[RING3]** Three.\n`;
  expect(check(test, twice)).toEqual([
    expect.stringContaining('spec/ringing.md:8: the mark "*Mark: wire*" is not the first line'),
  ]);
  const late = spec.replace('*Mark', 'Words.\n\n*Mark');
  expect(check("it('[RING1] [RING2]', f);", late)).toEqual([
    expect.stringContaining('spec/ringing.md:5: the mark "*Mark: domain*" is not the first line'),
  ]);
});

it('counts every page of spec/ as specification, and helpers of tests as tests', () => {
  const root = makeProject({
    'spec/ringing.md': '# Ringing\n\n*Mark: domain*\n\n- **[RING1]** One.\n',
    'spec/store.md': '# Store\n\n*Mark: internal*\n\n- **[STORE1]** Two.\n',
    'packages/store/test/promises.ts': "export const run = () => { it('[STORE1] keeps', f); };",
    'packages/a/test/deep/a.test.mts': "it('[RING1] rings', f);",
    'packages/a/src/a.test.ts': "it('[OTHER1] not a test folder', f);",
  });
  expect(checkSpec(root)).toEqual({ problems: [], rules: 2, citations: 2 });
});

it('asks each page with rules for its words and for one exchange', () => {
  const parts = '\n## Words\n\n## One exchange\n';
  const root = makeProject({
    'spec/whole.md': spec + parts,
    'spec/README.md': '# About\n',
    'spec/bare.md': `${spec}\n## Words\n`,
  });
  expect(checkParts(root)).toEqual([
    'spec/bare.md: it has rules and no section "One exchange". What to do: write one, as spec/README.md says.',
  ]);
});

it('says so when there is no specification, and when a test does not parse', () => {
  expect(checkSpec(makeProject({})).problems[0]).toMatch(/spec holds no pages/);
  expect(check("it('[RING1] [RING2]', f);\nlet = ['")).toContainEqual(
    expect.stringContaining('packages/a/test/a.test.ts:2: does not parse'),
  );
});

describe('the table of rules and tests', () => {
  const tests = {
    'packages/a/test/a.test.ts':
      "it('[RING1] rings | <once> [a](b)', f); it(`[RING2, RING1] stops ${how} `, f); it('[RING2]' + ' x', f);",
    'packages/b/test/b.test.ts': "describe('[RING1]', f); it('[RING1] rings', f);",
  };

  it('has a row for each rule, with its mark and its tests by file', () => {
    const root = makeProject({ 'spec/ringing.md': spec, ...tests });
    const { problems, text } = rulesPage(root);
    expect(problems).toEqual([]);
    expect(text).toContain('## [Rules](ringing.md)');
    expect(text.split('\n').filter((line) => line.startsWith('| RING'))).toEqual([
      '| RING1 | domain | `packages/a/test/a.test.ts`: rings \\| &lt;once> &#91;a&#93;(b); stops …<br>`packages/b/test/b.test.ts`: all of it; rings |',
      '| RING2 | domain | `packages/a/test/a.test.ts`: stops …; x |',
    ]);
  });

  it('is written by the script, which says when it is out of date', () => {
    const root = makeProject({ 'spec/ringing.md': spec, ...tests });
    const script = join(scripts, 'write-rules.mjs');
    const run = (/** @type {string[]} */ ...words) =>
      spawnSync(process.execPath, [script, ...words, root], { encoding: 'utf8' });
    expect(run('--check').stderr).toContain('spec/rules.md is not there');
    expect(run('--check').status).toBe(1);
    expect(run().status).toBe(0);
    expect(readFileSync(join(root, 'spec/rules.md'), 'utf8')).toBe(rulesPage(root).text);
    expect(run('--check').status).toBe(0);
    writeFileSync(join(root, 'packages/b/test/b.test.ts'), "it('[RING1] rings on', f);");
    expect(run('--check')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(
        'spec/rules.md is out of date. What to do: run node scripts/write-rules.mjs.',
      ),
    });
  });
});

it('fails the command, with the messages on stderr', () => {
  const script = join(scripts, 'check-spec.mjs');
  const bad = spawnSync(process.execPath, [script, makeProject({ 'spec/ringing.md': spec })]);
  expect(bad.status).toBe(1);
  expect(bad.stderr.toString()).toContain('[RING1] A chat rings at one agent.');
  const good = spawnSync(process.execPath, [
    script,
    makeProject({ 'spec/ringing.md': '# None\n' }),
  ]);
  expect(good.status).toBe(0);
});
