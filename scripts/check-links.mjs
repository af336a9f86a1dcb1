// Checks that every relative link and anchor in the project's Markdown files leads somewhere.
//
// remark-validate-links follows them. What git ignores counts as missing: it is not there in a clone.
// That the library does look is checked in every run, with a page whose links are broken: with settings
// that it passes over, it would find nothing, and call that no problem.
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isMain, report, rootArgument } from './check.mjs';
import { importCheckTool } from './check-tools.mjs';
import { projectFiles } from './project-files.mjs';

/** A page that is not there, each of whose links is broken. */
const PLANTED = Object.freeze({
  path: 'planted-links.md',
  value:
    '# Planted\n\n[a](planted-nothing.md)\n\n[b](#planted-nowhere)\n\n[c](/planted-nothing.md)\n',
  lines: [3, 5, 7],
});

/** Links from the root (`/docs/…`) are read as links within one repository, wherever that is hosted. */
const WITHIN = Object.freeze({
  hostname: 'repository.invalid',
  prefix: '/parley/blob/',
  headingPrefix: '#',
  topAnchor: '#readme',
  lines: true,
  resolveAbsolutePathsInRepo: true,
});

/**
 * Checks a project.
 * @param {string} root
 * @returns {Promise<{ problems: string[], links: number }>} links: how many were followed
 */
export async function checkLinks(root) {
  const paths = projectFiles(root);
  const there = new Set(paths.flatMap((file) => [file, ...foldersAbove(file)]));
  const pages = paths.filter((file) => file.endsWith('.md'));
  const read = await followed(root, [
    ...pages.map((path) => ({ path, value: readFileSync(join(root, path), 'utf8') })),
    PLANTED,
  ]);

  const unread = pages.filter((page) => !read.some(({ path }) => path === page));
  const planted = read.find(({ path }) => path === PLANTED.path)?.messages ?? [];
  const problems = [
    ...unread.map((page) => `${page}: its links were not followed. ${TOOLS}`),
    ...(planted.map(({ line }) => line).join() === PLANTED.lines.join()
      ? []
      : [`Links that are broken on purpose were not found. ${TOOLS}`]),
  ];
  let links = 0;
  for (const { path, messages, references } of read) {
    if (path === PLANTED.path || !pages.includes(path)) continue;
    for (const { line, reason } of messages) problems.push(`${path}:${line}: ${reason}`);
    for (const { target, line } of references) {
      links += 1;
      const problem = withoutClone(root, target, there);
      if (problem !== undefined) problems.push(`${path}:${line}: ${problem}`);
    }
  }
  return { problems, links };
}

const TOOLS =
  'What to do: see whether check-tools is installed as its lock file says (npm ci --prefix check-tools).';

/**
 * @typedef {object} Followed what was found in one page
 * @property {string} path
 * @property {{ line: number, reason: string }[]} messages by line
 * @property {{ target: string, line: number }[]} references the files that are linked to, from the root
 */

/**
 * Follows the links of pages.
 * @param {string} root
 * @param {{ path: string, value: string }[]} pages
 * @returns {Promise<Followed[]>}
 */
async function followed(root, pages) {
  const { remark } = await importCheckTool('remark/index.js');
  const { default: gfm } = await importCheckTool('remark-gfm/index.js');
  const { default: validateLinks } = await importCheckTool('remark-validate-links/index.js');
  /** @type {Set<(set: object) => Promise<void>>} */
  const completers = new Set();
  // What unified-engine would give to a plugin that looks at several files together.
  const set = {
    use: (/** @type {() => Promise<void>} */ completer) => completers.add(completer),
    add: () => {},
    valueOf: () => files,
  };
  const settings = { repository: false, root, urlConfig: WITHIN };
  const reader = remark()
    .use(gfm)
    .use(findHtmlLinks)
    .use(() => validateLinks(settings, set));
  const files = await Promise.all(pages.map((page) => reader.process({ ...page, cwd: root })));
  for (const complete of completers) await complete(set);
  return files.map(({ path, messages, data }) => ({
    path,
    messages: messages
      .map((/** @type {{ line?: number, reason: string }} */ { line = 1, reason }) => ({
        line,
        reason: reason.includes('What to do:')
          ? reason
          : `${reason.replace(/; did you mean (.*)$/, ' (is it $1?)')}. What to do: correct the link, or remove it.`,
      }))
      .sort((/** @type {Place} */ one, /** @type {Place} */ other) => one.line - other.line),
    references: referencesOf(root, data),
  }));
}

/** @typedef {{ line: number }} Place */

/**
 * What a page links to, as remark-validate-links noted it.
 * @param {string} root
 * @param {{ remarkValidateLinksReferences?: Map<string, Map<string, Node[]>> }} data
 */
function referencesOf(root, { remarkValidateLinksReferences: noted = new Map() }) {
  return [...noted].flatMap(([path, byAnchor]) =>
    /** @type {Node[]} */ (byAnchor.get('') ?? []).map(({ position }) => ({
      target: relative(root, path).replaceAll('\\', '/'),
      line: position.start.line,
    })),
  );
}

/**
 * @typedef {{ type: string, value?: string, children?: Node[], position: { start: { line: number } } }} Node
 */

/**
 * A plugin of remark. Links and anchors in HTML are not followed, so there may be none.
 * @returns {(tree: Node, file: { message(reason: string, options: object): void }) => void}
 */
function findHtmlLinks() {
  return function look(node, file) {
    const html = node.type === 'html' ? (node.value ?? '').replace(/<!--[\s\S]*?-->/g, '') : '';
    if (/<[a-z][^>]*\s(?:href|src|id|name)\s*=/i.test(html)) {
      file.message(
        `'${html}' is a link or an anchor in HTML, which nobody checks. What to do: write it in Markdown.`,
        { place: node.position },
      );
    }
    for (const child of node.children ?? []) look(child, file);
  };
}

/**
 * @param {string} root
 * @param {string} target a file or folder that is linked to, from the root
 * @param {Set<string>} there the project's files and folders
 * @returns {string | undefined} why a clone would not have what is there in this folder
 */
function withoutClone(root, target, there) {
  if (target === '' || there.has(target) || !existsSync(join(root, target))) return undefined;
  return target.startsWith('..')
    ? `the link to ${target} leads out of the project. What to do: use a full URL, or a path inside the project.`
    : `${target} is there, but git ignores it, so it will be missing in a clone. What to do: link to something that is committed.`;
}

/** @param {string} file */
function foldersAbove(file) {
  const parts = file.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

if (isMain(import.meta.url)) {
  const { problems, links } = await checkLinks(rootArgument());
  report(problems, `Links: ${links} relative links, all of them lead somewhere.`);
}
