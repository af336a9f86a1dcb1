// Tests cut the power of a disk that they build themselves, in C (packages/server/test/durability/disk).
// Where there is no C compiler, and Debian's packages can be installed, it is installed.
import { spawnSync } from 'node:child_process';
import { run, say, seconds, StepFailed } from './prepare.mjs';

const PACKAGES = ['gcc', 'libc6-dev'];

/** Installs a C compiler if there is none: as root on Debian. Elsewhere it says what is not tested. */
export async function installCompiler() {
  if (process.platform !== 'linux' || isThere('cc')) return;
  if (process.getuid?.() !== 0 || !isThere('apt-get')) {
    say(
      '!!! There is no C compiler, and it cannot be installed here: no power cuts are tested. ' +
        `On Debian: sudo apt-get install ${PACKAGES.join(' ')}`,
    );
    return;
  }
  say(`Installing a C compiler (${PACKAGES.join(', ')}), which only tests need …`);
  const started = Date.now();
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...PACKAGES];
  // The lists of packages may be old, or missing.
  for (const args of [['update', '-qq'], install]) {
    const code = await run('apt-get', args, { env });
    if (code === 0) continue;
    throw new StepFailed(
      `apt-get ${args[0]} failed (exit code ${code}); its own message is above. Install ${PACKAGES.join(' and ')} and run this again.`,
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
