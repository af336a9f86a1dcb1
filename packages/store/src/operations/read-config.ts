/** Reads an account's configuration, whole, and checks it: a part does not show what is missing. */
import { StoreDamage } from '../damage.js';
import { configItemsHolding } from '../sql/config-items-holding.js';
import { loadConfigItems } from '../sql/config-load-items.js';
import { loadConfigKinds } from '../sql/config-load-kinds.js';
import type { ConfigItem, ConfigState } from '../port/configuration.js';
import { type ConfigItemRow, configItem } from './config-row.js';
import type { Statements, Steps } from './steps.js';
import { rowDamage } from './damage-of-rows.js';
import type { ConfigScope, ReadAnswer, ReadRequest } from '../group-commit/messages.js';
import { itemDigest, kindDigest } from './row-digests.js';
import { digestsOf, requireTally } from './tally.js';

/** Where a collection stands, as its row says. */
export interface KindRow {
  readonly kind: string;
  readonly revision: number;
  readonly nextId: number;
  readonly digest: string | null;
}

interface WholeConfiguration {
  /** Deleted ones too. */
  readonly items: readonly ConfigItem[];
  readonly kinds: readonly KindRow[];
}

/** @throws StoreDamage naming the first table and record that is not as it was written */
export function* readConfiguration(
  connection: Statements,
  accountId: string,
): Steps<WholeConfiguration> {
  const kinds = yield* connection.all<KindRow>(loadConfigKinds, [accountId]);
  for (const row of kinds) requireIntactKind(accountId, row);
  const rows = yield* connection.all<ConfigItemRow>(loadConfigItems, [accountId]);
  for (const row of rows) requireIntactItem(accountId, row);
  const kind = 'configuration';
  yield* requireTally(connection, accountId, {
    subject: 'config_kind',
    kind,
    digests: digestsOf(kinds),
  });
  yield* requireTally(connection, accountId, {
    subject: 'config_item',
    kind,
    digests: digestsOf(rows),
  });
  return { items: rows.map(configItem), kinds };
}

/** @throws StoreDamage */
export function requireIntactItem(accountId: string, row: ConfigItemRow): void {
  if (itemDigest(accountId, row) === row.digest) return;
  const why = `${row.kind} ${row.id} of config_item does not match its checksum`;
  throw rowDamage('configuration', accountId, why);
}

/** @throws StoreDamage */
export function requireIntactKind(accountId: string, row: KindRow): void {
  if (kindDigest(accountId, row) === row.digest) return;
  const why = `${row.kind} of config_kind does not match its checksum`;
  throw rowDamage('configuration', accountId, why);
}

export function* loadConfig(connection: Statements, accountId: string): Steps<ConfigState> {
  const { items, kinds } = yield* readConfiguration(connection, accountId);
  // Whether a name is taken is found out by an index.
  const hidden = yield* connection.indexDamage(accountId, 'config_item');
  if (hidden !== null) throw new StoreDamage(hidden);
  return { items: items.filter(({ deleted }) => !deleted), ...standings(kinds) };
}

export function* changedConfig(
  connection: Statements,
  accountId: string,
  known: Readonly<Record<string, number>>,
): Steps<ConfigState> {
  const { items, kinds } = yield* readConfiguration(connection, accountId);
  const changed = kinds.filter(({ kind, revision }) => revision !== (known[kind] ?? 0));
  const names = new Set(changed.map(({ kind }) => kind));
  return {
    items: items.filter(({ kind, revision }) => names.has(kind) && revision > (known[kind] ?? 0)),
    ...standings(changed),
  };
}

function standings(kinds: readonly KindRow[]) {
  return {
    revisions: Object.fromEntries(kinds.map(({ kind, revision }) => [kind, revision])),
    nextIds: Object.fromEntries(kinds.map(({ kind, nextId }) => [kind, nextId])),
  };
}

export function* configHolding(
  connection: Statements,
  { kind, text }: ReadRequest<'configHolding'>,
): Steps<ReadAnswer<'configHolding'>> {
  return (yield* connection.all<ConfigItemRow & { readonly accountId: string }>(
    configItemsHolding,
    [kind, text],
  )).flatMap(({ accountId, ...row }) =>
    itemDigest(accountId, row) === row.digest ? [{ accountId, ...configItem(row) }] : [],
  );
}

export function* listConfig(
  connection: Statements,
  accountId: string,
  kind: string,
  scope: ConfigScope,
): Steps<ReadAnswer<'listConfig'>> {
  const { items, kinds } = yield* readConfiguration(connection, accountId);
  const collection = kinds.find((each) => each.kind === kind);
  return {
    items: items.filter(
      (item) =>
        item.kind === kind &&
        (scope.show === 'current' ? !item.deleted : item.revision > scope.after),
    ),
    revision: collection?.revision ?? 0,
  };
}
