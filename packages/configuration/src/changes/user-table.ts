/** Users as the rows of a table of comma-separated values: read as it comes, row by row. */
import type { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { AdministrationError } from '../administration-error.js';
import type { UserInput } from '../records/named.js';
import { USER_COLUMNS } from '../user-table-columns.js';

type Column = (typeof USER_COLUMNS)[number];

/** A user to be made, as a row has it. */
export type UserRow = UserInput & { readonly loginName: string; readonly password: string | null };

/** A row by its line in the text, from 1, or why it is none. */
export type TableRow = { readonly line: number } & (
  | { readonly row: UserRow }
  | { readonly refused: string }
);

/**
 * The rows below the header, in order.
 * @param what names the table in errors
 * @throws AdministrationError for a header that means nothing, and at the place from which the text is
 *   no table any more; what the source throws.
 */
export async function* readUserTable(source: Readable, what: string): AsyncGenerator<TableRow> {
  const parser = source
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
      yield { line: info.lines, ...rowOf(record) };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new AdministrationError(
      `${what} is not a table of comma-separated values: ${withoutValue(error.message)}. Nothing of it was made.`,
    );
  }
}

/** What is wrong and in which line, without what stands there: that may be a password. */
function withoutValue(message: string): string {
  return message.replace(/,? value is .*$/su, '');
}

/** @throws AdministrationError for a column that means nothing. */
function checkedHeader(header: readonly string[]): string[] {
  const columns = header.map((name) => name.trim());
  const known: readonly string[] = USER_COLUMNS;
  const unknown = columns.find((name) => !known.includes(name));
  if (unknown !== undefined || !columns.includes('loginName')) {
    throw new AdministrationError(
      `The first line must name the columns, loginName among them${unknown === undefined ? '' : `; "${unknown.slice(0, 80)}" is none`}: there are ${USER_COLUMNS.join(', ')}.`,
    );
  }
  return columns;
}

const ROLES = ['administrator', 'manager', 'agent'] as const;

function rowOf(
  record: Readonly<Partial<Record<Column, string>>>,
): { readonly row: UserRow } | { readonly refused: string } {
  const filled = Object.fromEntries(
    Object.entries(record).filter(([, value]) => value !== ''),
  ) as Partial<Record<Column, string>>;
  const { loginName, roles, skills, maxChats, password, ...plain } = filled;
  if (loginName === undefined) return { refused: 'loginName is empty' };
  const named = listOf(roles);
  const unknown = named?.find((name) => !ROLES.some((role) => role === name));
  if (unknown !== undefined) {
    return { refused: `roles has "${unknown}"; there are ${ROLES.join(', ')}` };
  }
  const most = maxChats === undefined ? undefined : Number(maxChats);
  if (most !== undefined && !Number.isInteger(most)) {
    return { refused: `maxChats is "${maxChats}", which is no whole number` };
  }
  const skillNames = listOf(skills);
  const row: UserRow = {
    loginName,
    ...plain,
    ...(named === undefined
      ? {}
      : { roles: ROLES.filter((role) => named.some((name) => name === role)) }),
    ...(skillNames === undefined ? {} : { skills: skillNames }),
    ...(most === undefined ? {} : { maxChats: most }),
    password: password ?? null,
  };
  return { row };
}

/** Several values in one field are separated by semicolons. */
function listOf(text: string | undefined): string[] | undefined {
  return text
    ?.split(';')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}
