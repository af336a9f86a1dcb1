// node scripts/write-sdk-reference.mjs: writes docs/sdk-*.md, the reference of @parley/client, anew from its
// types and their comments; each entry is a page. With --check it writes nothing, and fails when a page is out
// of date. What is exported without a comment, or used by what is exported and is not itself, is an error.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installCheckTools, root, run, runMain, StepFailed } from './prepare.mjs';

/** The entries, in the order in which they are offered, and what their pages are called. */
const ENTRIES = {
  agent: 'Agents and bots',
  visitor: 'Visitors',
  tabs: 'Several tabs',
  administration: 'Administrators',
};

const names = /** @type {(keyof typeof ENTRIES)[]} */ (Object.keys(ENTRIES));

await runMain(async () => {
  await installCheckTools();
  const folder = mkdtempSync(join(tmpdir(), 'parley-sdk-reference-'));
  try {
    await generate(folder);
    const isCheck = process.argv.includes('--check');
    const pages = names.map((name) =>
      pageOf(name, readFileSync(join(folder, `${name}.md`), 'utf8')),
    );
    const anchors = new Set(pages.flatMap(anchorsOf));
    const stale = names.filter((name, index) => {
      const file = join(root, `docs/sdk-${name}.md`);
      const text = withAnchors(pages[index] ?? '', anchors);
      const before = readOrNull(file);
      if (before !== text && !isCheck) writeFileSync(file, text);
      return before !== text;
    });
    if (isCheck && stale.length > 0) {
      const files = stale.map((name) => `docs/sdk-${name}.md`).join(', ');
      throw new StepFailed(
        `Out of date: ${files}. Run node scripts/write-sdk-reference.mjs, and commit what it writes.`,
        1,
      );
    }
    console.log(`SDK reference: ${isCheck ? 'up to date' : 'written'}.`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** @param {string} folder */
async function generate(folder) {
  const options = {
    entryPoints: names.map((name) => join(root, `packages/client/src/${name}/index.ts`)),
    tsconfig: join(root, 'packages/client/tsconfig.json'),
    plugin: ['typedoc-plugin-markdown'],
    out: folder,
    logLevel: 'Warn',
    treatWarningsAsErrors: true,
    treatValidationWarningsAsErrors: true,
    intentionallyNotExported: ['Http'],
    validation: { notExported: true, invalidLink: true, notDocumented: true },
    requiredToBeDocumented: [
      'Class',
      'Interface',
      'TypeAlias',
      'Function',
      'Variable',
      'Method',
      'Accessor',
    ],
    readme: 'none',
    sort: ['source-order'],
    excludePrivate: true,
    excludeInternal: true,
    excludeExternals: true,
    disableSources: true,
    outputFileStrategy: 'modules',
    hidePageHeader: true,
    hidePageTitle: true,
    hideBreadcrumbs: true,
    hideGroupHeadings: true,
    parametersFormat: 'table',
    typeDeclarationFormat: 'table',
    interfacePropertiesFormat: 'table',
    classPropertiesFormat: 'table',
    propertyMembersFormat: 'table',
    tableColumnSettings: {
      hideDefaults: true,
      hideInherited: true,
      hideOverrides: true,
      hideSources: true,
    },
  };
  const file = join(folder, 'typedoc.json');
  writeFileSync(file, JSON.stringify(options));
  const typedoc = join(root, 'check-tools/node_modules/typedoc/bin/typedoc');
  const code = await run(process.execPath, [typedoc, '--options', file], {
    cwd: join(root, 'check-tools'),
  });
  if (code !== 0) {
    throw new StepFailed('The reference of the SDK cannot be made: see what is said above.', code);
  }
}

/**
 * A page under the name that it has in docs/, with a heading and where it comes from.
 * @param {keyof typeof ENTRIES} name
 * @param {string} text
 */
function pageOf(name, text) {
  const body = text
    .replaceAll(/\]\((\w+)\.md(#[^)]*)?\)/g, (_, to, anchor = '') => `](sdk-${to}.md${anchor})`)
    // Anchors of rows are HTML, which the pages at /docs show as text.
    .replaceAll(/<a id="[^"]*"><\/a> /g, '')
    // Options that are taken apart where they come in have no name of their own.
    .replaceAll(/(?:\\_\\_|__)namedParameters/g, 'options')
    .replaceAll(/\n\*\*\*\n/g, '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
  return `# ${ENTRIES[name]}: \`@parley/client/${name}\`

<!-- Made by scripts/write-sdk-reference.mjs from the types and their comments: edit those. -->

This page describes every export of \`@parley/client/${name}\`. The package's README, in \`packages/client\`, shows how to
use them together, with programs that run as printed.

${body}
`;
}

/** @param {string} page */
function anchorsOf(page) {
  return [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => slugOf(heading));
}

/** @param {string} heading */
function slugOf(heading) {
  return heading.toLowerCase().replaceAll(/[^\w-]/g, '');
}

/**
 * TypeDoc counts headings that are hidden: an anchor that it numbered may be the only one of its name.
 * @param {string} page
 * @param {ReadonlySet<string>} anchors
 */
function withAnchors(page, anchors) {
  const repeated = new Set(anchorsOf(page).filter((each, index, all) => all.indexOf(each) < index));
  return page.replaceAll(/(\]\(#)([\w-]+?)-\d+\)/g, (link, begin, name) =>
    anchors.has(name) && !repeated.has(name) ? `${begin}${name})` : link,
  );
}

/** @param {string} file */
function readOrNull(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
