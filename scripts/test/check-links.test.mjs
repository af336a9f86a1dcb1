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
  '<a id="by-hand"></a>',
  '```',
  '## Not a heading',
  '```',
].join('\n');

/** @param {string} text content of docs/page.md */
function check(text) {
  return checkLinks(
    makeProject({
      'README.md': '# Read me',
      'docs/guide.md': guide,
      'docs/a(b).md': '',
      'docs/two words.md': '',
      'docs/page.md': text,
    }),
  ).problems;
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
    '<a href="guide.md">a</a>',
    '[a](guide.md#set-up-parley--run-it)',
    '[a](guide.md#usage) [b](guide.md#usage-1)',
    '[a](guide.md#under-lined) [b](guide.md#by-hand)',
    '# Here\n\n[a](#here)',
    '[a](https://example.com/no.md) [b](mailto:a@example.com) [c](//example.com)',
    '`[a](no.md)` and ``[`a`](no.md)``',
    '```md\n[a](no.md)\n```',
    '<!-- [a](no.md) -->',
  ])('%s', (text) => {
    expect(check(text)).toEqual([]);
  });
});

describe('links that do not', () => {
  it.each([
    ['[a](no.md)', 1, 'docs/no.md does not exist'],
    ['text\n![a](img/no.png)', 2, 'docs/img/no.png does not exist'],
    ['[a][ref]\n\n[ref]: no.md', 3, 'docs/no.md does not exist'],
    ['<img src="no.png">', 1, 'docs/no.png does not exist'],
    ['[a](../../outside.md)', 1, 'leads out of the project'],
    ['[a](guide.md#nowhere)', 1, "docs/guide.md has no heading or anchor '#nowhere'"],
    ['[a](guide.md#not-a-heading)', 1, "no heading or anchor '#not-a-heading'"],
    ['[a](guide.md#usage-2)', 1, '#usage #usage-1'],
    ['# Here\n[a](#there)', 2, "docs/page.md has no heading or anchor '#there'"],
  ])('%s', (text, line, reason) => {
    const problems = check(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^docs/page\\.md:${line}: link `));
    expect(problems[0]).toContain(reason);
    expect(problems[0]).toContain('What to do:');
  });

  it('include those to files that git ignores', () => {
    const root = makeProject({
      '.gitignore': 'dist/\n',
      'README.md': '[a](dist/a.md)',
      'dist/a.md': '[b](no.md)',
    });
    execFileSync('git', ['init', '-q'], { cwd: root });
    expect(checkLinks(root).problems).toEqual([expect.stringContaining('git ignores it')]);
  });
});

it('fails the command, with the messages on stderr', () => {
  const root = makeProject({ 'README.md': '[a](no.md)' });
  const bad = spawnSync(process.execPath, [join(scripts, 'check-links.mjs'), root]);
  expect(bad.status).toBe(1);
  expect(bad.stderr.toString()).toContain("README.md:1: link 'no.md'");
});
