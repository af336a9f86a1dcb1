// Checks that the specification and the tests agree: every rule of spec/ is cited by the name of
// a test, every rule that a test cites exists, and no id is used twice.
//
// A rule is a line `- **[RING2]** text`. A citation is `[RING2]` (or `[RING2, RING3]`) in the title
// of a test, or of a describe around tests. Skipped tests cite nothing: they prove nothing.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMain, report, rootArgument } from './check.mjs';
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
const idForm = /^[A-Z]+[0-9]+$/;
const citations = /\[([A-Z]+[0-9]+(?:\s*,\s*[A-Z]+[0-9]+)*)\]/g;
const testFunctions = new Set(['it', 'test', 'describe']);
const skipping = new Set(['skip', 'todo']);

/** @typedef {{ id: string, text: string, file: string, line: number }} Rule */
/** @typedef {{ id: string, file: string, line: number }} Citation */

/**
 * Checks a project.
 * @param {string} root
 * @returns {{ problems: string[], rules: number, citations: number }}
 */
export function checkSpec(root) {
  const files = projectFiles(root);
  const specs = files.filter((file) => /^spec\/[^/]+\.md$/.test(file));
  if (specs.length === 0) {
    const problem = `${join(root, 'spec')} holds no pages (*.md). What to do: write the rules down, one per line, as "- **[RING2]** text".`;
    return { problems: [problem], rules: 0, citations: 0 };
  }
  /** @type {string[]} */
  const problems = [];
  const rules = specs.flatMap((file) => findRules(file, readFileSync(join(root, file), 'utf8')));
  const cited = files
    .filter((file) => /(^|\/)test\/.*\.m?[jt]s$/.test(file))
    .flatMap((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      return readOrReport(problems, () => findCitations(file, text));
    });

  /** @type {Map<string, Rule>} */
  const byId = new Map();
  for (const rule of rules) {
    if (!idForm.test(rule.id)) {
      problems.push(
        `${rule.file}:${rule.line}: '${rule.id}' is not a rule id. What to do: write capitals and then a number, like [RING2].`,
      );
      continue;
    }
    const first = byId.get(rule.id);
    if (first === undefined) byId.set(rule.id, rule);
    else {
      problems.push(
        `${rule.file}:${rule.line}: [${rule.id}] is the id of another rule already, at ${first.file}:${first.line}. What to do: give one of them a new id.`,
      );
    }
  }
  for (const { id, file, line } of cited) {
    if (byId.has(id)) continue;
    problems.push(
      `${file}:${line}: cites [${id}], but no rule has that id. What to do: correct the id, or write the rule into a page of spec/.`,
    );
  }
  const citedIds = new Set(cited.map(({ id }) => id));
  for (const rule of byId.values()) {
    if (citedIds.has(rule.id)) continue;
    problems.push(
      `${rule.file}:${rule.line}: no test cites [${rule.id}] ${rule.text}\n    What to do: write a test that fails without this behaviour, and name it "[${rule.id}] …".`,
    );
  }
  return { problems, rules: byId.size, citations: cited.length };
}

/**
 * @param {string} file
 * @param {string} text Markdown
 * @returns {Rule[]}
 */
function findRules(file, text) {
  return prose(text).flatMap((content, index) => {
    const [, id, rule] = ruleLine.exec(content) ?? [];
    return id === undefined ? [] : [{ id, text: rule ?? '', file, line: index + 1 }];
  });
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
    for (const part of titleParts(node.arguments[0])) {
      for (const [, ids = ''] of part.matchAll(citations)) {
        const line = lineAt(text, node.start);
        found.push(...ids.split(',').map((id) => ({ id: id.trim(), file, line })));
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
 * The fixed text of a title, as far as it can be read without running the test.
 * @param {unknown} title
 * @returns {string[]}
 */
function titleParts(title) {
  if (isNode(title, 'BinaryExpression')) {
    return [...titleParts(title.left), ...titleParts(title.right)];
  }
  if (isNode(title, 'TemplateLiteral')) return templateParts(title);
  const text = literalText(title);
  return text === undefined ? [] : [text];
}

if (isMain(import.meta.url)) {
  const { problems, rules, citations: count } = checkSpec(rootArgument());
  report(problems, `Specification: ${rules} rules, each cited by a test (${count} citations).`);
}
