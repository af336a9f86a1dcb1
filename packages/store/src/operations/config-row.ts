import type { ConfigItem } from '../port/configuration.js';

/** A record as its columns give it. */
export interface ConfigItemRow {
  readonly kind: string;
  readonly id: number;
  readonly revision: number;
  readonly deleted: 0 | 1;
  readonly nameKey: string | null;
  readonly data: string;
  readonly digest: string | null;
}

/** The record that a row holds. */
export function configItem({ digest: _, ...row }: ConfigItemRow): ConfigItem {
  return { ...row, deleted: row.deleted === 1 };
}
