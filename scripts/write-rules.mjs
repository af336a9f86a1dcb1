// node scripts/write-rules.mjs: writes spec/rules.md anew, the table of all rules with their marks and
// the tests that prove them. With --check it writes nothing, and fails when the table is out of date.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMain, report } from './check.mjs';
import { readSpec } from './spec-rules.mjs';

const PAGE = 'spec/rules.md';

/** @typedef {import('./spec-rules.mjs').Citation} Citation */

/**
 * The table, as Markdown: one part for each page of spec/, one row for each rule in the page's order.
 * @param {string} root
 * @returns {{ problems: string[], text: string }} problems: what could not be read
 */
export function rulesPage(root) {
  const { problems, pages, citations } = readSpec(root);
  /** @type {Map<string, Citation[]>} */
  const byId = new Map();
  for (const citation of citations) {
    const others = byId.get(citation.id);
    if (others === undefined) byId.set(citation.id, [citation]);
    else others.push(citation);
  }
  const parts = pages
    .filter(({ rules }) => rules.length > 0)
    .flatMap(({ file, title, rules }) => [
      `## [${title}](${file.slice('spec/'.length)})`,
      '',
      '| rule | mark | tests |',
      '|---|---|---|',
      ...rules.map(({ id, mark }) => `| ${id} | ${mark} | ${testsCell(byId.get(id) ?? [])} |`),
      '',
    ]);
  const head = [
    '# Rules and their tests',
    '',
    'Which tests prove which rule. Written by `node scripts/write-rules.mjs`: do not edit it by hand.',
    'What the marks mean is in [the introduction](README.md).',
    '',
  ];
  return { problems, text: [...head, ...parts].join('\n') };
}

/**
 * Tests by file, each file once.
 * @param {readonly Citation[]} citations
 * @returns {string}
 */
function testsCell(citations) {
  /** @type {Map<string, Set<string>>} */
  const byFile = new Map();
  for (const { file, title } of citations) {
    const titles = byFile.get(file) ?? new Set();
    byFile.set(file, titles.add(cellText(withoutIds(title))));
  }
  return [...byFile].map(([file, titles]) => `\`${file}\`: ${[...titles].join('; ')}`).join('<br>');
}

/**
 * A title without the ids at its begin: they stand in the table already.
 * @param {string} title
 */
function withoutIds(title) {
  const rest = title.replace(/^(?:\s*\[[A-Z0-9,\s]+\])+[\s:,]*/, '').trim();
  return rest === '' ? 'all of it' : rest;
}

/**
 * Any text in one cell of a table, as it is.
 * @param {string} text
 */
function cellText(text) {
  return text
    .replace(/\s+/g, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/[\\`*_|~#]/g, '\\$&')
    .replace(/\[/g, '&#91;')
    .replace(/\]/g, '&#93;');
}

/**
 * Says whether the page that is there is the one that would be written.
 * @param {string} root
 * @returns {string[]} problems
 */
export function checkRulesPage(root) {
  const { problems, text } = rulesPage(root);
  const file = join(root, PAGE);
  const current = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  if (problems.length > 0 || current === text) return problems;
  const what = current === undefined ? 'is not there' : 'is out of date';
  return [`${PAGE} ${what}. What to do: run node scripts/write-rules.mjs.`];
}

if (isMain(import.meta.url)) {
  const words = process.argv.slice(2);
  const isCheck = words.includes('--check');
  const [folder] = words.filter((word) => word !== '--check');
  const root = resolve(folder ?? fileURLToPath(new URL('..', import.meta.url)));
  if (isCheck) report(checkRulesPage(root), `Rules: ${PAGE} is up to date.`);
  else {
    const { problems, text } = rulesPage(root);
    if (problems.length === 0) writeFileSync(join(root, PAGE), text);
    report(problems, `Wrote ${join(root, PAGE)}`);
  }
}
