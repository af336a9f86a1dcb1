/** Programs of other people that tests use: of this machine, else of their Debian package. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';

export type FoundProgram =
  | { readonly program: string }
  /** It is not here and its package cannot be had. */
  | { readonly missing: string };

/**
 * The program of this machine, else of its Debian package, unpacked and not installed. In CI (`CI` is
 * set) it must be had: a run without it would say that all is well with what was not tested.
 * @param name of the program and of its package
 * @param path where the package has it, without the slash before
 * @param version the argument with which it prints its version
 * @param folder a temporary one, which the caller removes
 * @throws Error in CI, when there is none
 */
export async function findProgram(
  name: string,
  path: string,
  version: string,
  folder: string,
): Promise<FoundProgram> {
  if (spawnSync(name, [version]).status === 0) return { program: name };
  const own = join(folder, name);
  const quiet = { cwd: own, stdio: 'pipe' } as const;
  try {
    await mkdir(own);
    if (spawnSync('apt-get', ['download', name], quiet).status !== 0) {
      execFileSync('apt-get', ['update'], quiet);
      execFileSync('apt-get', ['download', name], quiet);
    }
    const file = (await readdir(own)).find((each) => each.endsWith('.deb')) ?? '';
    execFileSync('dpkg', ['-x', file, 'unpacked'], quiet);
    const program = join(own, 'unpacked', path);
    execFileSync(program, [version], quiet);
    return { program };
  } catch (error) {
    const cause = String(error).slice(0, 200);
    const missing = `There is no ${name}, and its package cannot be had: ${cause}`;
    if (process.env['CI'] !== undefined) throw new Error(`${missing}. Install it for CI.`);
    return { missing };
  }
}
