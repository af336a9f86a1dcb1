/** Lists: rows of text in columns for people, JSON for programs. */
import { visible } from '@parley/server/visible-text';
import type { Command } from 'commander';
import type { Terminal } from './terminal.js';

/** What every command that lists something takes. */
export interface ListFlags {
  readonly dataDir: string;
  readonly json?: true;
}

/** Adds the options of `ListFlags` but the data directory. */
export function listOptions(command: Command): Command {
  return command.option('--json', 'print a JSON array instead of a table');
}

/** A column: its heading, and what of a record stands in it. */
export type Column<T> = readonly [heading: string, text: (record: T) => string];

/** Prints records as a table, or whole as JSON. */
export function printList<T>(
  terminal: Terminal,
  { json }: Pick<ListFlags, 'json'>,
  records: readonly T[],
  columns: readonly Column<T>[],
): void {
  if (json) {
    terminal.print(JSON.stringify(records, null, 2));
    return;
  }
  const headings = columns.map(([heading]) => heading);
  // A name with a line break must not look like another row.
  const rows = records.map((record) => columns.map(([, text]) => visible(text(record))));
  for (const line of table(headings, rows)) terminal.print(line);
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [headings, ...rows];
  const widths = headings.map((_, column) =>
    Math.max(...all.map((row) => [...(row[column] ?? '')].length)),
  );
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
