// Checks that the specification and the tests agree: every rule of spec/ has a mark and is cited by
// the name of a test, every rule that a test cites exists, and no id is used twice.
// How rules, marks and citations are written is in spec-rules.mjs.
import { join } from 'node:path';
import { isMain, report, rootArgument } from './check.mjs';
import { MARKS, readSpec } from './spec-rules.mjs';

const idForm = /^[A-Z]+[0-9]+$/;

/** @typedef {import('./spec-rules.mjs').Rule} Rule */

/**
 * Checks a project.
 * @param {string} root
 * @returns {{ problems: string[], rules: number, citations: number }}
 */
export function checkSpec(root) {
  const { problems, pages, citations } = readSpec(root);
  if (pages.length === 0) {
    const problem = `${join(root, 'spec')} holds no pages (*.md). What to do: write the rules down, one per line, as "- **[RING2]** text".`;
    return { problems: [problem], rules: 0, citations: 0 };
  }
  const rules = pages.flatMap((page) => page.rules);
  problems.push(...markProblems(rules));

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
  for (const { id, file, line } of citations) {
    if (byId.has(id)) continue;
    problems.push(
      `${file}:${line}: cites [${id}], but no rule has that id. What to do: correct the id, or write the rule into a page of spec/.`,
    );
  }
  const citedIds = new Set(citations.map(({ id }) => id));
  for (const rule of byId.values()) {
    if (citedIds.has(rule.id)) continue;
    problems.push(
      `${rule.file}:${rule.line}: no test cites [${rule.id}] ${rule.text}\n    What to do: write a test that fails without this behaviour, and name it "[${rule.id}] …".`,
    );
  }
  return { problems, rules: byId.size, citations: citations.length };
}

/** What a reader needs before the rules. */
const PARTS = ['Words', 'One exchange'];

/**
 * One problem for each page that has rules and lacks such a part.
 * @param {string} root
 * @returns {string[]}
 */
export function checkParts(root) {
  return readSpec(root).pages.flatMap(({ file, headings, rules }) =>
    PARTS.filter((part) => rules.length > 0 && !headings.includes(part)).map(
      (part) =>
        `${file}: it has rules and no section "${part}". What to do: write one, as spec/README.md says.`,
    ),
  );
}

/**
 * One problem for each section whose rules have no mark, or one that there is not.
 * @param {readonly Rule[]} rules
 * @returns {string[]}
 */
function markProblems(rules) {
  /** @type {Set<string>} */
  const seen = new Set();
  return rules.flatMap(({ id, mark, section, file, line }) => {
    const place = JSON.stringify([file, section, mark]);
    if (MARKS.includes(mark) || seen.has(place)) return [];
    seen.add(place);
    const what = mark === '' ? 'has no mark' : `has the mark '${mark}', which is none`;
    return `${file}:${line}: [${id}], in the section "${section}", ${what}. What to do: write ${MARKS.map((one) => `*Mark: ${one}*`).join(', ')} as the first line below the heading; spec/README.md says which.`;
  });
}

if (isMain(import.meta.url)) {
  const { problems, rules, citations } = checkSpec(rootArgument());
  problems.push(...checkParts(rootArgument()));
  report(
    problems,
    `Specification: ${rules} rules, each marked and cited by a test (${citations} citations).`,
  );
}
