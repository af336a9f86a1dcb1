/** How reports write tables and figures. */
import type { BytesPerWaiter, WaiterMemory } from './push/push.js';

/** Columns padded to the same width, so that it reads well in a terminal too. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((cell, column) =>
    Math.max(cell.length, 3, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const isText = (column: number) => rows.every((row) => !/^[\d.,]+$/.test(row[column] ?? ''));
  const line = (cells: readonly string[]) =>
    `| ${widths
      .map((width, column) => {
        const cell = cells[column] ?? '';
        return isText(column) ? cell.padEnd(width) : cell.padStart(width);
      })
      .join(' | ')} |`;
  const rule = widths.map((width, column) =>
    isText(column) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(head), `| ${rule.join(' | ')} |`, ...rows.map(line)];
}

export function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

export function ms(value: number): string {
  return `${value.toFixed(2)} ms`;
}

export function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KiB`;
}

/** What each of many costs that wait; nothing where that was not measured. @param what one of them */
export function waitersOf(what: string, memory: WaiterMemory | null): string[] {
  if (memory === null) return [];
  const { waiters, plain, tls } = memory;
  const over = (by: string, bytes: BytesPerWaiter | null) =>
    bytes === null
      ? []
      : [`${kib(bytes.resident)} resident over ${by} (${kib(bytes.held)} held by JavaScript)`];
  const found = [...over('plain HTTP', plain), ...over('TLS', tls)].join(', ');
  return [`Memory per ${what}, over ${whole(waiters)}: ${found}.`, ''];
}
