/**
 * `parley user import`: makes users of the rows of a CSV file, read and made as the API does it. It
 * writes to the data directory itself, as all commands do, so it needs neither a running server nor a
 * login.
 */
import { createReadStream } from 'node:fs';
import type { TableRow, UserRow } from '@parley/server/administration';
import { CommandFailure } from './command-failure.js';
import { administer } from './data-directory.js';
import type { Terminal } from './terminal.js';

/** Users that are written in one transaction; a stop in between leaves whole batches. */
const BATCH = 100;

interface Line {
  readonly number: number;
  readonly row: UserRow;
}

/**
 * Makes the users of a file, in batches, with progress; each row that cannot be is reported with its
 * line, and the others are made.
 * @throws CommandFailure when the file cannot be read, or rows were refused; AdministrationError when it
 *   is no such table.
 */
export async function importUsers(
  terminal: Terminal,
  account: string,
  file: string,
  dataDir: string,
): Promise<void> {
  let made = 0;
  let refused = 0;
  const report = (line: number, why: string) => {
    refused += 1;
    terminal.note(`line ${line}: ${why}`);
  };
  await administer(dataDir, 'refuse', async (desk) => {
    const write = async (batch: readonly Line[]) => {
      const results = await desk.importUsers(
        account,
        batch.map(({ row }) => row),
      );
      for (const [index, result] of results.entries()) {
        if ('refused' in result) report(batch[index]?.number ?? 0, result.refused);
        else made += 1;
      }
      terminal.note(`${made} users made, ${refused} rows refused …`);
    };
    let batch: Line[] = [];
    for (const line of await linesOf(file)) {
      if ('refused' in line) {
        report(line.line, line.refused);
        continue;
      }
      batch.push({ number: line.line, row: line.row });
      if (batch.length < BATCH) continue;
      await write(batch);
      batch = [];
    }
    if (batch.length > 0) await write(batch);
  });
  terminal.print(`${made} users of account ${account} are made.`);
  if (refused === 0) return;
  throw new CommandFailure(
    `${refused} rows were refused, each named above: correct them and import them again; those that were made are refused then, and stay as they are.`,
  );
}

/** All rows, before any is made: what is no table anywhere is refused as a whole. */
async function linesOf(file: string): Promise<TableRow[]> {
  // Loaded only here: the command line lists what there is without them.
  const { AdministrationError, readUserTable } = await import('@parley/server/administration');
  try {
    const lines: TableRow[] = [];
    for await (const line of readUserTable(createReadStream(file), file)) lines.push(line);
    return lines;
  } catch (error) {
    if (error instanceof AdministrationError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CommandFailure(
      `The file ${file} cannot be read (${code ?? message}): check the path and its rights.`,
    );
  }
}
