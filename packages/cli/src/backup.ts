/** `parley backup`: a copy of everything, made while the server runs, ready to be served from. */
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { CommandFailure } from './command-failure.js';
import { quote } from './command-name.js';
import { dataDirOption } from './options.js';
import type { Terminal } from './terminal.js';

export function backupCommand(terminal: Terminal): Command {
  return new Command('backup')
    .description('copy all stored data into a new folder; the server may keep running')
    .argument('<folder>', 'folder to create; to restore, use it (or a copy) as --data-dir')
    .addOption(dataDirOption())
    .action((folder: string, { dataDir }: { readonly dataDir: string }) =>
      backup(terminal, dataDir, folder),
    );
}

async function backup(terminal: Terminal, dataDir: string, folder: string): Promise<void> {
  const source = resolve(dataDir);
  const target = resolve(folder);
  if (!existsSync(join(source, 'parley.db'))) {
    throw new CommandFailure(
      `There is no Parley data in ${source}: name the folder with --data-dir or PARLEY_DATA_DIR.`,
    );
  }
  if (existsSync(target)) {
    throw new CommandFailure(
      `${target} exists already, and a backup is never written over anything: name a folder that is not there, such as ${quote(`${target}-${new Date().toISOString().slice(0, 10)}`)}.`,
    );
  }
  // A stop in the middle leaves a folder that cannot be taken for a backup.
  const partial = `${target}.partial`;
  await rm(partial, { recursive: true, force: true });
  try {
    await mkdir(partial, { mode: 0o700 });
    // Loaded only when there is something to copy.
    const { backupDatabase } = await import('@parley/store');
    await backupDatabase(source, join(partial, 'parley.db'), ({ written, of }) => {
      terminal.note(`Copied ${megabytes(written)} of about ${megabytes(of)} …`);
    });
    const key = await copyIfThere(join(source, 'secret.key'), join(partial, 'secret.key'));
    await copyFolder(join(source, 'tls'), join(partial, 'tls'));
    await syncFolder(partial);
    await rename(partial, target);
    await syncFolder(dirname(target));
    const { size } = await stat(join(target, 'parley.db'));
    terminal.print(`Backup of ${source} made in ${target} (${megabytes(size)}), and checked.`);
    terminal.print(
      key
        ? 'It holds the key that secrets are sealed with: keep it as safe as the data itself.'
        : "The key that secrets are sealed with is not in the data folder: keep yours with the backup, without it bots' keys are lost.",
    );
    terminal.print(`To restore: stop the server, and start it with --data-dir ${quote(target)}`);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
      throw new CommandFailure(
        `The backup could not be written to ${target} (${error.code}); nothing is left of it. Check that ${quote(dirname(target))} exists, and its rights and free space.`,
      );
    }
    throw error;
  }
}

async function copyFolder(from: string, to: string): Promise<void> {
  if (!existsSync(from)) return;
  await mkdir(to, { mode: 0o700 });
  for (const name of await readdir(from)) await copyIfThere(join(from, name), join(to, name));
  await syncFolder(to);
}

/** Whether there was something to copy. Rights stay as they are. */
async function copyIfThere(from: string, to: string): Promise<boolean> {
  if (!existsSync(from)) return false;
  const { mode } = await stat(from);
  await copyFile(from, to);
  await chmod(to, mode & 0o777);
  const handle = await open(to, 'r');
  await handle.sync().finally(() => handle.close());
  return true;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MB`;
}
