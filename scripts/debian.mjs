// Programs that only tests need and npm does not have: a C compiler, for the disk whose power tests cut
// (packages/server/test/durability/disk), and zsh, for what is printed to be pasted. Where they are
// missing, and Debian's packages can be installed, they are installed.
import { spawnSync } from 'node:child_process';
import { run, say, seconds, StepFailed } from './prepare.mjs';

/** What is looked for, which packages bring it, and what is not tested without. */
const PROGRAMS = [
  { program: 'cc', packages: ['gcc', 'libc6-dev'], untested: 'power cuts' },
  { program: 'zsh', packages: ['zsh'], untested: 'pasting into zsh' },
];

/** Installs what is missing: as root on Debian. Elsewhere it says what is not tested. */
export async function installPrograms() {
  if (process.platform !== 'linux') return;
  const missing = PROGRAMS.filter(({ program }) => !isThere(program));
  if (missing.length === 0) return;
  const packages = missing.flatMap((each) => each.packages);
  if (process.getuid?.() !== 0 || !isThere('apt-get')) {
    const untested = missing.map((each) => each.untested).join(' and ');
    say(
      `!!! ${missing.map(({ program }) => program).join(' and ')} cannot be installed here: ${untested} will not be tested. ` +
        `On Debian: sudo apt-get install ${packages.join(' ')}`,
    );
    return;
  }
  say(`Installing ${packages.join(', ')}, which only tests need …`);
  const started = Date.now();
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...packages];
  // The lists of packages may be old, or missing.
  for (const args of [['update', '-qq'], install]) {
    const code = await run('apt-get', args, { env });
    if (code === 0) continue;
    throw new StepFailed(
      `apt-get ${args[0]} failed (exit code ${code}); its own message is above. Install ${packages.join(' and ')} and run this again.`,
      code,
    );
  }
  say(`Installed in ${seconds(started)}.`);
}

/**
 * Whether a program can be run.
 * @param {string} program
 * @returns {boolean}
 */
function isThere(program) {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
}
