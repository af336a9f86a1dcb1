// Checks that every relative link and anchor in the project's Markdown files leads somewhere.
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { isMain, report, rootArgument } from './check.mjs';
import { anchorsOf, linksOf } from './markdown.mjs';
import { projectFiles } from './project-files.mjs';

/**
 * Checks a project.
 * @param {string} root
 * @returns {{ problems: string[], links: number }} links: how many were checked
 */
export function checkLinks(root) {
  const files = projectFiles(root);
  const paths = new Set(files.flatMap((file) => [file, ...foldersAbove(file)]));
  /** @type {Map<string, Set<string>>} */
  const anchors = new Map();
  /** @param {string} file */
  const anchorsIn = (file) => {
    const known = anchors.get(file) ?? anchorsOf(readFileSync(join(root, file), 'utf8'));
    anchors.set(file, known);
    return known;
  };

  /** @type {string[]} */
  const problems = [];
  let count = 0;
  for (const file of files.filter((each) => each.endsWith('.md'))) {
    for (const { target, line } of linksOf(readFileSync(join(root, file), 'utf8'))) {
      if (/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(target)) continue;
      count += 1;
      const problem = checkLink(root, file, target, paths, anchorsIn);
      if (problem !== undefined) problems.push(`${file}:${line}: link '${target}': ${problem}`);
    }
  }
  return { problems, links: count };
}

/**
 * @param {string} root
 * @param {string} file the Markdown file
 * @param {string} target the link as written
 * @param {Set<string>} paths the project's files and folders
 * @param {(file: string) => Set<string>} anchorsIn
 * @returns {string | undefined} what is wrong and what to do, if anything
 */
function checkLink(root, file, target, paths, anchorsIn) {
  const [location = '', anchor] = decode(target).split('#');
  const place = location.replace(/\?.*$/, '');
  const path = resolvePath(file, place);
  if (path.startsWith('..')) {
    return 'leads out of the project. What to do: use a full URL, or a path inside the project.';
  }
  if (path !== '.' && !paths.has(path)) {
    return existsSync(join(root, path))
      ? `${path} is there, but git ignores it, so it will be missing in a clone. What to do: link to something that is committed.`
      : `${path} does not exist. What to do: correct the path, or remove the link.`;
  }
  if (anchor === undefined || anchor === '') return undefined;
  if (!path.endsWith('.md')) return undefined;
  return anchorsIn(path).has(anchor)
    ? undefined
    : `${path} has no heading or anchor '#${anchor}'. What to do: it has ${[...anchorsIn(path)].map((each) => `#${each}`).join(' ') || 'none'}.`;
}

/**
 * @param {string} file
 * @param {string} place a path as written in the file; '' is the file itself
 */
function resolvePath(file, place) {
  if (place === '') return file;
  const from = place.startsWith('/') ? `.${place}` : posix.join(posix.dirname(file), place);
  return posix.normalize(from).replace(/\/$/, '');
}

/** @param {string} target */
function decode(target) {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}

/** @param {string} file */
function foldersAbove(file) {
  const parts = file.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

if (isMain(import.meta.url)) {
  const { problems, links } = checkLinks(rootArgument());
  report(problems, `Links: ${links} relative links, all of them lead somewhere.`);
}
