import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkLinks } from '../check-links.mjs';
import { makeProject, scripts } from './fixture.mjs';

const guide = [
  '# The guide',
  '## Set up `parley` & *run* it',
  '## Usage',
  '## Usage',
  'Under lined',
  '-----------',
  '```',
  '## Not a heading',
  '```',
].join('\n');

/** @param {string} text content of docs/page.md */
async function check(text) {
  const { problems } = await checkLinks(
    makeProject({
      'README.md': '# Read me',
      'docs/guide.md': guide,
      'docs/a(b).md': '',
      'docs/two words.md': '',
      'docs/page.md': text,
    }),
  );
  return problems;
}

describe('links that lead somewhere', () => {
  it.each([
    '[a](guide.md)',
    '[a](./guide.md "with a title")',
    '[a](<two words.md>) and [b](two%20words.md)',
    '[a](a(b).md)',
    '[a](../README.md#read-me)',
    '[a](/docs/guide.md) from the root',
    '[a folder](../docs/) and [the root](..)',
    '[a][ref]\n\n[ref]: guide.md#usage',
    '[a](guide.md#set-up-parley--run-it)',
    '[a](guide.md#usage) [b](guide.md#usage-1)',
    '[a](guide.md#under-lined)',
    '# Here\n\n[a](#here)',
    '[a](https://example.com/no.md) [b](mailto:a@example.com)',
    '`[a](no.md)` and ``[`a`](no.md)``',
    '```md\n[a](no.md)\n```',
    '<!-- [a](no.md) <a href="no.md"> -->',
    '| a | b |\n|---|---|\n| [a](guide.md#usage) | `[b](no.md)` |',
  ])('%s', async (text) => {
    expect(await check(text)).toEqual([]);
  });
});

describe('links that do not', () => {
  it.each([
    ['[a](no.md)', 1, 'Cannot find file `no.md`'],
    ['text\n![a](img/no.png)', 2, 'Cannot find file `img/no.png`'],
    ['[a][ref]\n\n[ref]: no.md', 3, 'Cannot find file `no.md`'],
    ['[a](/docs/no.md) from the root', 1, 'Cannot find file `no.md`'],
    ['| a |\n|---|\n| [a](no.md) |', 3, 'Cannot find file `no.md`'],
    ['[a](../..)', 1, 'leads out of the project'],
    ['[a](guide.md#nowhere)', 1, 'Cannot find heading for `#nowhere` in `guide.md`'],
    ['[a](guide.md#not-a-heading)', 1, 'Cannot find heading for `#not-a-heading`'],
    ['[a](guide.md#usage-2)', 1, '`#usage-2` in `guide.md` (is it `usage-1`?)'],
    ['# Here\n[a](#there)', 2, 'Cannot find heading for `#there`'],
    ['text <img src="no.png">', 1, '\'<img src="no.png">\' is a link or an anchor in HTML'],
    ['text\n\n<a id="by-hand"></a>', 3, 'write it in Markdown'],
  ])('%s', async (text, line, reason) => {
    const problems = await check(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^docs/page\\.md:${line}: `));
    expect(problems[0]).toContain(reason);
    expect(problems[0]).toContain('What to do:');
  });

  it('include those to files that git ignores', async () => {
    const root = makeProject({
      '.gitignore': 'dist/\n',
      'README.md': '[a](dist/a.md)',
      'dist/a.md': '[b](no.md)',
    });
    execFileSync('git', ['init', '-q'], { cwd: root });
    expect((await checkLinks(root)).problems).toEqual([expect.stringContaining('git ignores it')]);
  });
});

it('fails the command, with the messages on stderr', () => {
  const root = makeProject({ 'README.md': '[a](no.md)' });
  const bad = spawnSync(process.execPath, [join(scripts, 'check-links.mjs'), root]);
  expect(bad.status).toBe(1);
  expect(bad.stderr.toString()).toContain('README.md:1: Cannot find file `no.md`');
});
