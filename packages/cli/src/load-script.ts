/** Loads a program of somebody else's, in JavaScript or TypeScript, which Node 20 does not run by itself. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CommandFailure } from './command-failure.js';

/**
 * What a module exports. Of TypeScript the types are left out and not checked; packages that it imports are
 * found from where it is.
 * @throws CommandFailure when it is not there, or cannot be loaded.
 */
export async function loadScript(file: string): Promise<Readonly<Record<string, unknown>>> {
  const path = resolve(file);
  if (!existsSync(path)) throw new CommandFailure(`There is no file ${file}.`);
  const isTypeScript = /\.m?ts$/.test(path);
  if (!isTypeScript) return import(pathToFileURL(path).href);
  // Beside it, so that its packages are found.
  const built = join(dirname(path), `.${basename(path)}.${process.pid}.mjs`);
  try {
    writeFileSync(built, await javascriptOf(path));
    return await import(pathToFileURL(built).href);
  } finally {
    rmSync(built, { force: true });
  }
}

async function javascriptOf(path: string): Promise<string> {
  const { rolldown } = await import('rolldown');
  const bundle = await rolldown({
    input: path,
    platform: 'node',
    // TypeScript is imported by the names of what becomes of it.
    resolve: { extensionAlias: { '.js': ['.ts', '.js'], '.mjs': ['.mts', '.mjs'] } },
    // Only what belongs to the script itself is put together.
    external: (id) => !(id.startsWith('.') || id.startsWith('/') || id === path),
    logLevel: 'silent',
  }).catch((error: unknown) => {
    throw new CommandFailure(`${path} cannot be read: ${String(error)}`);
  });
  try {
    const { output } = await bundle.generate({ format: 'esm', codeSplitting: false });
    return output[0].code;
  } catch (error) {
    throw new CommandFailure(`${path} cannot be read: ${String(error)}`);
  } finally {
    await bundle.close();
  }
}
