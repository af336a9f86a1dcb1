// Reads the specification and what tests cite of it.
//
// A rule is a line `- **[RING2]** text` in a page of spec/. Its mark is the line `*Mark: wire*` that
// stands first below the heading of its section. A citation is `[RING2]` (or `[RING2, RING3]`) in the
// title of a test, or of a describe around tests. Skipped tests cite nothing: they prove nothing.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { prose } from './markdown.mjs';
import { projectFiles } from './project-files.mjs';
import {
  isNode,
  lineAt,
  literalText,
  parseSource,
  readOrReport,
  templateParts,
  walk,
} from './source.mjs';

const ruleLine = /^\s*[-*] \*\*\[([^\]]*)\]\*\*\s*(.*)$/;
const headingLine = /^#{1,6} +(.*?)\s*$/;
const markLine = /^\*Mark: *(.*?)\*\s*$/;
const citations = /\[([A-Z]+[0-9]+(?:\s*,\s*[A-Z]+[0-9]+)*)\]/g;
const testFunctions = new Set(['it', 'test', 'describe']);
const skipping = new Set(['skip', 'todo']);

/** What a rule is about: spec/README.md says what each means. */
export const MARKS = Object.freeze(['wire', 'domain', 'internal']);

/**
 * `mark` is as written, '' where its section has none; `section` is the heading's text.
 * @typedef {{ id: string, text: string, mark: string, section: string, file: string, line: number }} Rule
 */
/** @typedef {{ id: string, title: string, file: string, line: number }} Citation */
/** @typedef {{ file: string, title: string, headings: string[], rules: Rule[] }} Page */

/**
 * Reads the pages of spec/, in the order of their names, and the tests of a project.
 * @param {string} root
 * @returns {{ problems: string[], pages: Page[], citations: Citation[] }} problems: what cannot be read
 */
export function readSpec(root) {
  const files = projectFiles(root);
  /** @type {string[]} */
  const problems = [];
  const pages = files
    .filter((file) => /^spec\/[^/]+\.md$/.test(file))
    .map((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      const title = /^# +(.*?)\s*$/m.exec(text)?.[1] ?? file;
      const headings = [...text.matchAll(/^## +(.*?)\s*$/gm)].flatMap(
        ([, heading]) => heading ?? [],
      );
      return { file, title, headings, rules: readRules(problems, file, text) };
    });
  const cited = files
    .filter((file) => /(^|\/)test\/.*\.m?[jt]s$/.test(file))
    .flatMap((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      return readOrReport(problems, () => findCitations(file, text));
    });
  return { problems, pages, citations: cited };
}

/**
 * @param {string[]} problems where marks that stand in the wrong place are reported
 * @param {string} file
 * @param {string} text Markdown
 * @returns {Rule[]}
 */
function readRules(problems, file, text) {
  /** @type {Rule[]} */
  const rules = [];
  let section = '';
  let mark = '';
  let isFirst = true;
  prose(text).forEach((content, index) => {
    const line = index + 1;
    const heading = headingLine.exec(content);
    if (heading !== null) {
      section = heading[1] ?? '';
      mark = '';
      isFirst = true;
      return;
    }
    const marked = markLine.exec(content);
    if (marked !== null) {
      if (!isFirst) {
        problems.push(
          `${file}:${line}: the mark "${content.trim()}" is not the first line below its heading. What to do: move it there; a section has one mark, so divide a section of several kinds.`,
        );
      }
      mark = marked[1] ?? '';
    }
    if (content.trim() !== '') isFirst = false;
    const [, id, rule = ''] = ruleLine.exec(content) ?? [];
    if (id !== undefined) rules.push({ id, text: rule, mark, section, file, line });
  });
  return rules;
}

/**
 * @param {string} file
 * @param {string} text TypeScript
 * @returns {Citation[]}
 */
function findCitations(file, text) {
  if (!text.includes('[')) return [];
  /** @type {Citation[]} */
  const found = [];
  walk(parseSource(file, text), (node) => {
    if (node.type !== 'CallExpression' || !Array.isArray(node.arguments)) return;
    if (!callsTest(node.callee)) return;
    const parts = titleParts(node.arguments[0]);
    const title = parts.join('…');
    for (const part of parts) {
      for (const [, ids = ''] of part.matchAll(citations)) {
        const line = lineAt(text, node.start);
        found.push(...ids.split(',').map((id) => ({ id: id.trim(), title, file, line })));
      }
    }
  });
  return found;
}

/**
 * Says whether a callee is a test function: it, test.each(rows), describe.concurrent …
 * @param {unknown} callee
 * @returns {boolean}
 */
function callsTest(callee) {
  if (isNode(callee, 'Identifier')) return testFunctions.has(String(callee.name));
  if (isNode(callee, 'MemberExpression')) {
    const { property } = callee;
    if (isNode(property, 'Identifier') && skipping.has(String(property.name))) return false;
    return callsTest(callee.object);
  }
  if (isNode(callee, 'CallExpression')) return callsTest(callee.callee);
  return isNode(callee, 'TaggedTemplateExpression') && callsTest(callee.tag);
}

/**
 * The fixed text of a title, as far as it can be read without running the test; a placeholder of a
 * template divides it.
 * @param {unknown} title
 * @returns {string[]}
 */
function titleParts(title) {
  if (isNode(title, 'BinaryExpression')) {
    const left = titleParts(title.left);
    const [first = '', ...right] = titleParts(title.right);
    const last = left.pop() ?? '';
    return [...left, last + first, ...right];
  }
  if (isNode(title, 'TemplateLiteral')) return templateParts(title);
  const text = literalText(title);
  return text === undefined ? [] : [text];
}
