/** `parley user import`: makes users of the rows of a CSV file. */
import { createReadStream } from 'node:fs';
import { CsvError, parse } from 'csv-parse';
import type { UserRow } from '@parley/server/administration';
import { CommandFailure } from './command-failure.js';
import { administer } from './data-directory.js';
import type { Terminal } from './terminal.js';

/** Columns that a file may have; only the first is needed. */
export const IMPORT_COLUMNS = [
  ...['loginName', 'fullName', 'nickname', 'email', 'roles', 'skills', 'group'],
  ...['maxChats', 'password'],
] as const;
type Column = (typeof IMPORT_COLUMNS)[number];

/** Users that are written in one transaction; a stop in between leaves whole batches. */
const BATCH = 100;

interface Line {
  readonly number: number;
  readonly row: UserRow;
}

/**
 * Makes the users of a file, in batches, with progress; each row that cannot be is reported with its
 * line, and the others are made.
 * @throws CommandFailure when the file cannot be read as such a table, or rows were refused.
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
    for await (const line of linesOf(file, report)) {
      batch.push(line);
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

async function* linesOf(
  file: string,
  report: (line: number, why: string) => void,
): AsyncGenerator<Line> {
  const parser = createReadStream(file)
    .on('error', (error) => parser.destroy(error))
    .pipe(
      parse({
        bom: true,
        columns: checkedHeader,
        info: true,
        skip_empty_lines: true,
        trim: true,
        relax_column_count: true,
      }),
    );
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      readonly record: Readonly<Partial<Record<Column, string>>>;
      readonly info: { readonly lines: number };
    }>) {
      try {
        yield { number: info.lines, row: rowOf(record) };
      } catch (error) {
        if (!(error instanceof CommandFailure)) throw error;
        report(info.lines, error.message);
      }
    }
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    if (error instanceof CsvError) {
      throw new CommandFailure(
        `${file} is not a table of comma-separated values: ${withoutValue(error.message)}. Nothing after that was read.`,
      );
    }
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CommandFailure(
      `The file ${file} cannot be read (${code ?? message}): check the path and its rights.`,
    );
  }
}

/** What is wrong and in which line, without what stands there: that may be a password. */
function withoutValue(message: string): string {
  return message.replace(/,? value is .*$/su, '');
}

/** @throws CommandFailure for a column that means nothing. */
function checkedHeader(header: readonly string[]): string[] {
  const columns = header.map((name) => name.trim());
  const known: readonly string[] = IMPORT_COLUMNS;
  const unknown = columns.find((name) => !known.includes(name));
  if (unknown !== undefined || !columns.includes('loginName')) {
    throw new CommandFailure(
      `The first line must name the columns, loginName among them${unknown === undefined ? '' : `; "${unknown}" is none`}: there are ${IMPORT_COLUMNS.join(', ')}.`,
    );
  }
  return columns;
}

const ROLES = ['administrator', 'manager', 'agent'] as const;

/** @throws CommandFailure naming the field that cannot be. */
function rowOf(record: Readonly<Partial<Record<Column, string>>>): UserRow {
  const filled = Object.fromEntries(
    Object.entries(record).filter(([, value]) => value !== ''),
  ) as Partial<Record<Column, string>>;
  const { loginName, roles, skills, maxChats, password, ...plain } = filled;
  if (loginName === undefined) throw new CommandFailure('loginName is empty');
  const wanted = listOf(roles)?.map((name) => {
    const role = ROLES.find((each) => each === name);
    if (role !== undefined) return role;
    throw new CommandFailure(`roles has "${name}"; there are ${ROLES.join(', ')}`);
  });
  const most = maxChats === undefined ? undefined : Number(maxChats);
  if (most !== undefined && !Number.isInteger(most)) {
    throw new CommandFailure(`maxChats is "${maxChats}", which is no whole number`);
  }
  const skillNames = listOf(skills);
  return {
    loginName,
    ...plain,
    ...(wanted === undefined ? {} : { roles: wanted }),
    ...(skillNames === undefined ? {} : { skills: skillNames }),
    ...(most === undefined ? {} : { maxChats: most }),
    password: password ?? null,
  };
}

/** Several values in one field are separated by semicolons. */
function listOf(text: string | undefined): string[] | undefined {
  return text
    ?.split(';')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}
