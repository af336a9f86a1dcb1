/** What is wrong with stored data, named by account, place and kind; never by what is stored. */

export type DamageKind =
  /** What stands there does not match its checksum. */
  | 'altered'
  /** Entries between others are not there. */
  | 'missing'
  /** The journal ends before the position that it had reached. */
  | 'missing last'
  /** There are entries behind the position that the journal had reached. */
  | 'surplus'
  /** The record of how far the journal has come is gone, or says less than a snapshot. */
  | 'no end'
  /** Each entry matches its own checksum, but all together not the account's. */
  | 'chain'
  /** The entry matches its checksum, but is not one. */
  | 'unreadable'
  /** Only a newer version of Parley knows such entries. */
  | 'newer'
  /** The entry does not fit what was before it. */
  | 'unfit'
  /** The snapshot does not match its checksum, is not complete, or cannot be read. */
  | 'snapshot'
  /** A record of the configuration or of the account does not match its checksum, or is missing. */
  | 'configuration'
  /** The index of chats is not what the journal made it. */
  | 'chats'
  /** Logins do not match their checksums, and so are void; or are missing. */
  | 'logins'
  /** What requests that may come again were answered does not match its checksum, or is missing. */
  | 'retries'
  /** Records of visitors whose data is to be erased do not match their checksums, or are missing. */
  | 'erasures'
  /** What the database finds rows by does not lead to all of them. */
  | 'index'
  /** Entries of the audit trail do not match their checksums, or are missing. */
  | 'audit';

/** What was found, as plain data. */
export interface DamageReport {
  readonly kind: DamageKind;
  readonly accountId: string;
  /** Of the entry, 0 when it is about no journal; of a snapshot the entry that it was made after. */
  readonly seq: number;
  /** The last of several entries; `seq` of one. */
  readonly until: number;
  /** In words, for what only the reader of an entry knows; nothing of its content. */
  readonly why?: string;
}

/** Stored data of one account is not as it was written. */
export class StoreDamage extends Error {
  readonly report: DamageReport;
  /** What was found, in one clause: `journal entry 17 is missing`. */
  readonly found: string;

  constructor(report: DamageReport) {
    const found = describe(report);
    super(`Account ${report.accountId}: ${found}. ${remedy(report)}`);
    this.name = 'StoreDamage';
    this.report = report;
    this.found = found;
  }
}

function describe({ kind, seq, until, why = '' }: DamageReport): string {
  const entries = seq === until ? `journal entry ${seq}` : `journal entries ${seq} to ${until}`;
  const are = seq === until ? 'is' : 'are';
  const because = why === '' ? '' : `: ${why}`;
  switch (kind) {
    case 'altered':
      return `${entries} ${are} not as written: the checksum does not match${because}`;
    case 'missing':
      return `${entries} ${are} missing${because}`;
    case 'missing last':
      return `${entries}, the last, ${are} missing${because}`;
    case 'surplus':
      return `${entries} ${are} behind the end that is recorded for the journal${because}`;
    case 'no end':
      return `there is no good record of where the journal ends${because}`;
    case 'chain':
      return `${entries} match their checksums one by one, but not together: some were exchanged${because}`;
    case 'unreadable':
    case 'newer':
      return `${entries} cannot be read${because}`;
    case 'unfit':
      return `${entries} does not fit the entries before it${because}`;
    case 'snapshot':
      return `the snapshot as of entry ${seq} cannot be used${because}`;
    case 'configuration':
      return `its configuration cannot be relied on${because}`;
    case 'chats':
      return `the index of chats cannot be relied on${because}`;
    case 'logins':
      return `logins are void${because}`;
    case 'retries':
      return `what was answered to requests that may come again cannot be relied on${because}`;
    case 'erasures':
      return `visitors whose data is to be erased may have been forgotten${because}`;
    case 'index':
      return `an index of the database cannot be relied on${because}`;
    case 'audit':
      return `the audit trail is damaged${because}`;
    default:
      return kind satisfies never;
  }
}

function remedy({ kind, accountId }: DamageReport): string {
  if (kind === 'newer') {
    return 'It was written by a newer Parley: run that version, or restore a backup of before the upgrade.';
  }
  if (kind === 'snapshot') return 'It is passed over; the journal has everything that it held.';
  if (kind === 'configuration') return 'Restore a backup.';
  if (kind === 'chats') return 'It is made anew from the journal when the account is loaded.';
  if (kind === 'logins') return 'Whoever had them logs in again.';
  if (kind === 'retries') {
    return `Whoever sends an Idempotency-Key with a change of the configuration is refused. Restore a backup, or accept the loss with "parley recover ${accountId}".`;
  }
  if (kind === 'erasures') {
    return `Ask for the erasure of these visitors again, and accept the loss with "parley recover ${accountId}".`;
  }
  if (kind === 'index') return 'A server makes it anew from the rows as soon as it meets it.';
  if (kind === 'audit') return 'The other entries are listed; restore a backup to have all.';
  return `Restore a backup, or see what can be saved with "parley recover ${accountId}".`;
}
