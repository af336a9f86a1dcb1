/** `parley recover`: gets an account going again whose stored data is damaged, when no backup helps. */
import type { Administration, Examination, RecoveryPlan } from '@parley/server/administration';
import { Command } from 'commander';
import { CommandFailure } from './command-failure.js';
import { administer } from './data-directory.js';
import { dataDirOption } from './options.js';
import type { Terminal } from './terminal.js';

interface RecoverFlags {
  readonly dataDir: string;
  readonly acceptLoss?: true;
}

/** What was hidden by other damage shows when that is given up; so often it is looked again. */
const MAX_ROUNDS = 20;

/** Most damages that are printed. */
const MAX_PRINTED = 20;

export function recoverCommand(terminal: Terminal): Command {
  return new Command('recover')
    .description('show what is damaged in an account, and give up what cannot be read')
    .argument('<account>')
    .option(
      '--accept-loss',
      'give the damaged data up for good, so that the account can be served again',
    )
    .addOption(dataDirOption())
    .action(async (account: string, flags: RecoverFlags) => {
      await administer(flags.dataDir, 'refuse', (desk) => recover(terminal, desk, account, flags));
    });
}

async function recover(
  terminal: Terminal,
  desk: Administration,
  account: string,
  { acceptLoss }: RecoverFlags,
): Promise<void> {
  const { planRecovery } = await import('@parley/server/administration');
  const [hidden] = await desk.damagedIndexes();
  if (hidden !== undefined) {
    throw new CommandFailure(
      `Nothing was changed: the index ${hidden.index} does not lead to all rows of ${hidden.table}, so what seems to be lost may be there. Run "parley rebuild", which makes the index anew, then this again.`,
    );
  }
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    const found = await desk.examine(account);
    const plan = planRecovery(found);
    if (plan === null) {
      terminal.print(
        round === 1
          ? `Nothing that can be given up is damaged of account ${account}: ${found.entries} journal entries are as they were written.`
          : `Account ${account} can be served again. A server that runs takes it up by itself; the audit log says what was given up.`,
      );
      for (const { message } of found.besides) terminal.print(`Damaged still: ${message}`);
      return;
    }
    printPlan(terminal, found, plan);
    if (!acceptLoss) {
      throw new CommandFailure(
        `Nothing was changed. A backup, if there is one, loses less. To give up what is said above, keep a copy of the data directory, then run "parley recover ${account} --accept-loss".`,
      );
    }
    await desk.acceptLoss(found, plan);
  }
  throw new CommandFailure(
    `After ${MAX_ROUNDS} rounds account ${account} is still damaged: restore a backup.`,
  );
}

function printPlan(
  terminal: Terminal,
  { damage, stops, besides }: Examination,
  plan: RecoveryPlan,
): void {
  const settled = besides.filter(({ report }) => plan.records.some((kind) => kind === report.kind));
  const all = [...(stops === null ? [] : [stops]), ...damage, ...settled];
  const distinct = [...new Set(all.map(({ found }) => found))];
  for (const found of distinct.slice(0, MAX_PRINTED)) terminal.print(`Damaged: ${found}.`);
  if (distinct.length > MAX_PRINTED) terminal.print(`… and ${distinct.length - MAX_PRINTED} more.`);
  const { live, history, newEnd } = plan;
  if (live !== null) {
    terminal.print(
      `Given up: ${range(live)}, and with them all that happened then: chats, lines, agent sessions, visits. The account goes on from entry ${live.seq - 1}.`,
    );
  }
  for (const lost of history.slice(0, MAX_PRINTED)) {
    terminal.print(
      `Given up: ${range(lost)}, for the history alone: what is live now has them in a snapshot.`,
    );
  }
  for (const kind of plan.records) terminal.print(`Given up: ${GIVEN_UP[kind]}.`);
  if (newEnd) terminal.print(`Recorded anew: that the journal ends at entry ${plan.end.seq}.`);
}

const GIVEN_UP: Readonly<Record<RecoveryPlan['records'][number], string>> = {
  logins: 'logins that are altered or missing; whoever had them logs in again',
  retries:
    'what was answered to requests that may come again, as far as it is altered or missing; one that comes again is carried out again',
  erasures:
    'the records of visitors to be erased that are altered or missing; ask for their erasure again',
};

function range({ seq, until }: { readonly seq: number; readonly until: number }): string {
  return seq === until ? `journal entry ${seq}` : `journal entries ${seq} to ${until}`;
}
