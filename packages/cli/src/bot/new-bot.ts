/** `parley bot new`: a folder with a bot in TypeScript, its test, and nothing that is not used. */
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandFailure } from '../command-failure.js';
import type { Terminal } from '../terminal.js';
import { VERSION } from '../version.js';

const STARTER = fileURLToPath(new URL('../../starter', import.meta.url));

/** The clone that this command runs in, if it is one. */
const CLONE = fileURLToPath(new URL('../../../..', import.meta.url));

/** What the starter needs when it runs, and what only its test and its compiler do. */
const NEEDED = { '@parley/bot': 'packages/bot' } as const;
const NEEDED_FOR_TESTS = {
  '@parley/cli': 'packages/cli',
  '@parley/server': 'packages/server',
  '@parley/store': 'packages/store',
  '@types/node': 'node_modules/@types/node',
  typescript: 'node_modules/typescript',
} as const;

/** Versions of packages that are not Parley's own. */
const OTHERS: Readonly<Record<string, string>> = {
  '@types/node': '^20.19.0',
  typescript: '^7.0.2',
};

/** @throws CommandFailure for a name that npm does not take, and a folder that is in use. */
export async function newBot(terminal: Terminal, target: string): Promise<void> {
  const folder = resolve(target);
  const name = basename(folder);
  if (!/^[a-z0-9][a-z0-9._-]{0,213}$/.test(name)) {
    throw new CommandFailure(
      `"${name}" cannot be the name of a package: use a-z 0-9 . _ and -, and begin with a letter or digit.`,
    );
  }
  if (existsSync(folder) && (await readdir(folder).catch(() => ['a file'])).length > 0) {
    throw new CommandFailure(`${folder} is there already: choose another name.`);
  }
  await mkdir(folder, { recursive: true });
  await cp(STARTER, folder, { recursive: true });
  // A published package keeps no file of this name.
  await rename(join(folder, 'gitignore'), join(folder, '.gitignore'));
  const readme = join(folder, 'README.md');
  await writeFile(readme, (await readFile(readme, 'utf8')).replace(/^# .*$/m, `# ${name}`));
  const manifest = manifestOf(name, isClone() ? folder : null);
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const line of nextSteps(target)) terminal.print(line);
}

function manifestOf(name: string, linkedFrom: string | null) {
  const versions = (packages: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(packages).map(([each, place]) => [
        each,
        linkedFrom === null
          ? (OTHERS[each] ?? `^${VERSION}`)
          : `file:${relative(linkedFrom, join(CLONE, place)).replaceAll('\\', '/')}`,
      ]),
    );
  return {
    name,
    version: '0.1.0',
    private: true,
    type: 'module',
    engines: { node: '>=20.19.0' },
    scripts: {
      start: 'tsc && node dist/src/main.js',
      test: 'tsc && node --test dist/test/bot.test.js',
    },
    dependencies: versions(NEEDED),
    devDependencies: versions(NEEDED_FOR_TESTS),
  };
}

/** Whether Parley's packages are there as folders, to be linked: nothing has to be downloaded then. */
function isClone(): boolean {
  const manifest = join(CLONE, 'package.json');
  if (!existsSync(manifest) || !existsSync(join(CLONE, 'node_modules/typescript'))) return false;
  return (
    (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: unknown }).name === 'parley-monorepo'
  );
}

function nextSteps(target: string): readonly string[] {
  return [
    `Made ${target}. Next:`,
    '',
    `  cd ${target}`,
    '  npm install',
    '  npm test     # in virtual time, without a server',
    '  npm start    # in the demo account of a Parley on this machine; Ctrl-C stops it',
    '',
    'The answers are in faq/, what the bot does in src/bot.ts.',
  ];
}
