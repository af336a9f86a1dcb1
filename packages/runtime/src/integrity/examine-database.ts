/** Reads everything that a server reads at its start, and the whole journals with their checksums. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  type ConfigItem,
  type IndexFault,
  openSqliteStore,
  type Store,
  StoreConflict,
  StoreDamage,
  StoreFailure,
} from '@parley/store';
import { type Examination, examine } from './examine.js';
import { type Finding, good, problem, warning } from './finding.js';

/** Called with how far the check of an account is. */
export type CheckProgress = (account: string, reached: number, of: number) => void;

/** Most damages that are reported of one account. */
const MAX_REPORTED = 5;

/**
 * Looks at a data directory, also beside a running server, and changes nothing but what an upgrade of
 * the data does. Never rejects: what goes wrong is a finding.
 */
export async function examineDatabase(
  dataDir: string,
  onProgress: CheckProgress = () => {},
): Promise<Finding[]> {
  const about = 'Database';
  if (!existsSync(join(dataDir, 'parley.db'))) {
    return [good(about, 'none yet; the first start makes it')];
  }
  let store: Store | null = null;
  try {
    store = await openSqliteStore({ directory: dataDir });
    const accounts = await store.accounts.list();
    const findings: Finding[] = [];
    let entries = 0;
    let replayed = 0;
    let areRowsWell = true;
    for (const account of accounts) {
      await readConfiguration(store, account);
      const found = await examine(store.journal, account, (reached, of) =>
        onProgress(account, reached, of),
      );
      entries += found.entries;
      replayed += found.replayed;
      areRowsWell &&= isOfIndexesAlone(found);
      findings.push(...findingsOf(found));
    }
    // Also of what nothing above has read: leases, and pages that nobody came across.
    const { indexes, others } = await store.indexes.check();
    const isWell = findings.every(({ state }) => state !== 'problem');
    if (others.length > 0) findings.unshift(fileDamaged(dataDir, others));
    else if (indexes.length > 0 && areRowsWell) return indexes.map(indexAlone);
    if (!isWell || others.length > 0) findings.unshift(...indexes.map(hiddenRows));
    const counted = `${accounts.length} account${accounts.length === 1 ? '' : 's'}`;
    const journals = `${entries} journal entries, ${replayed} of them since the last snapshots`;
    if (findings.every(({ state }) => state !== 'problem')) {
      findings.unshift(good(about, `${counted}, ${journals}, all as they were written`));
    }
    return findings;
  } catch (error) {
    return [problem(about, wordsOf(error), remedyOf(dataDir))];
  } finally {
    await store?.close();
  }
}

/** Whether nothing but what rows are found by is damaged of an account. */
function isOfIndexesAlone({ damage, besides, stops }: Examination): boolean {
  const others = besides.filter(({ report }) => report.kind !== 'index');
  return stops === null && damage.length + others.length === 0;
}

function fileDamaged(dataDir: string, others: readonly string[]): Finding {
  return problem(
    'Database',
    `its file is damaged; SQLite says: ${others.join('; ')}`,
    remedyOf(dataDir),
  );
}

function remedyOf(dataDir: string): string {
  return `Stop the server, keep a copy of ${resolve(dataDir)}, and restore the last good backup. Without one, start the server: it makes the file's pages fit for use again, and stops only the accounts whose rows were lost; then run "parley doctor" again.`;
}

function indexAlone(fault: IndexFault): Finding {
  return problem(
    'Database',
    `only an index is damaged: ${inWords(fault)}; every row is there, as it was written, and nothing is lost`,
    'Run "parley rebuild", which makes it anew from the rows, while the server runs or not.',
  );
}

function hiddenRows(fault: IndexFault): Finding {
  return problem(
    'Database',
    `${inWords(fault)}: what is missing below may be there, and only hidden by that`,
    'Run "parley rebuild" before anything else: it makes the index anew and changes no row. Then run "parley doctor" again.',
  );
}

function inWords({ index, table, rows }: IndexFault): string {
  const which = rows === 0 ? 'all rows' : rows === 1 ? '1 row' : `${rows} rows`;
  return `the index ${index} does not lead to ${which} of ${table}`;
}

/** Those of an error that are meant for people; another one is a defect, and is reported with its stack. */
function wordsOf(error: unknown): string {
  const isForPeople =
    error instanceof StoreFailure || error instanceof StoreConflict || error instanceof StoreDamage;
  if (isForPeople || !(error instanceof Error)) {
    return error instanceof Error ? error.message : String(error);
  }
  return error.stack ?? error.message;
}

async function readConfiguration(store: Store, account: string): Promise<void> {
  let items: readonly ConfigItem[] = [];
  try {
    items = (await store.config.load(account)).items;
  } catch (error) {
    // The account's check reports it, and the other accounts are checked all the same.
    if (error instanceof StoreDamage) return;
    throw error;
  }
  for (const { kind, id, data } of items) {
    try {
      JSON.parse(data);
    } catch {
      // The parser's own words repeat a part of the text.
      throw new Error(`account ${account}: ${kind} ${id} of the configuration is damaged`);
    }
  }
}

/** Without its configuration an account is not served; without the rest it is. */
function besideJournal(about: string, { report, found }: StoreDamage): Finding {
  if (report.kind === 'configuration') {
    return problem(about, `it cannot be served: ${found}`, 'Restore a backup.');
  }
  return problem(about, found, REMEDIES[report.kind] ?? 'Restore a backup.');
}

const REMEDIES: Partial<Record<StoreDamage['report']['kind'], string>> = {
  chats: 'The next start makes it anew from the journal.',
  logins: 'Whoever had them logs in again.',
  retries:
    'Changes with an Idempotency-Key are refused; restore a backup, or accept the loss with "parley recover".',
  erasures: 'Ask for their erasure again, and accept the loss with "parley recover".',
  index: 'A server makes it anew from the rows as soon as it meets it.',
  audit: 'The other entries are listed; restore a backup to have all.',
};

function findingsOf(found: Examination): Finding[] {
  const { accountId, damage, besides, stops, passedOver } = found;
  const about = `Account ${accountId}`;
  const remedy = `Restore a backup, or see what can be saved with "parley recover ${accountId}".`;
  const findings = passedOver.map(({ found }) =>
    warning(about, found, 'The account is served all the same; the next snapshot replaces it.'),
  );
  if (stops !== null) {
    findings.push(problem(about, `it cannot be served: ${stops.found}`, remedy));
  }
  for (const each of besides.slice(0, MAX_REPORTED)) findings.push(besideJournal(about, each));
  const others = damage.filter(({ found }) => found !== stops?.found);
  for (const { found } of others.slice(0, MAX_REPORTED))
    findings.push(problem(about, found, remedy));
  if (others.length > MAX_REPORTED) {
    findings.push(problem(about, `${others.length - MAX_REPORTED} more of its kind`, remedy));
  }
  return findings;
}
