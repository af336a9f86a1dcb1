/**
 * Carries out a change of an account's configuration: worked out on what is stored, checked as a
 * whole, and written with its audit entries in one transaction. HTTP and the command line both
 * change the configuration through this and nothing else.
 */
import { setTimeout } from 'node:timers/promises';
import { WireError } from '@parley/protocol';
import {
  type ConfigChange,
  type ConfigItem,
  type AnswerToStore,
  type Store,
  StoreConflict,
} from '@parley/store';
import { type AccountConfiguration, type Kind, KINDS, type LiveSetup } from '../records/records.js';
import { changedSetup, readSetup } from '../records/setup.js';
import { checkWhole } from './check-whole.js';
import { Draft } from './draft.js';
import { signOutAfterLogins } from './sign-outs.js';
import { inTurn } from './turns.js';

/** Who changes which account. */
export interface ChangeContext {
  readonly store: Store;
  readonly accountId: string;
  /** For the audit: `user:17`, `cli:root` … */
  readonly actor: string;
  /** Client address or host name. */
  readonly from: string;
  /** Epoch ms. */
  readonly now: () => number;
  /** The configuration, where it is kept up to date in memory. */
  readonly live?: LiveSetup;
}

export interface ChangeOptions<R = unknown> {
  /** The revision that the caller knows of a collection: another one refuses the change. */
  readonly expects?: { readonly kind: Kind; readonly revisions: readonly number[] } | undefined;
  /**
   * What the request that asks for the change is answered, to be kept in the same transaction.
   * @param after the configuration as it will be
   */
  readonly answered?:
    | ((changed: Changed<R>, after: AccountConfiguration) => AnswerToStore)
    | undefined;
}

export interface Changed<R> {
  readonly result: R;
  /** Revision of each collection after the change. */
  readonly revisions: Readonly<Record<string, number>>;
}

/**
 * How long a change is worked out anew because other processes came between, ms: a command beside
 * a server that writes without a pause gets its turn well within this.
 */
const PATIENCE_MS = 20_000;
/** Longest pause before the next try, ms; drawn at random, so that two processes do not keep step. */
const MAX_PAUSE_MS = 20;

/**
 * Works a change out and writes it. Changes of an account take turns; `work` may be called again
 * when another process changed the configuration meanwhile, on what that one made of it.
 * @throws WireError 412 when a collection is not at the revision expected; 429 when too many changes
 *   wait; 503 when other processes came between again and again; whatever `work` throws, and what
 *   does not fit together: then nothing is written.
 */
export function changeConfiguration<R>(
  desk: ChangeContext,
  options: ChangeOptions<R>,
  work: (draft: Draft) => R | Promise<R>,
): Promise<Changed<R>> {
  return inTurn(desk.store, desk.accountId, () => changeNow(desk, options, work));
}

async function changeNow<R>(
  desk: ChangeContext,
  options: ChangeOptions<R>,
  work: (draft: Draft) => R | Promise<R>,
): Promise<Changed<R>> {
  const remembered = new Map<string, unknown>();
  const giveUpAt = performance.now() + PATIENCE_MS;
  let setup = desk.live?.known() ?? (await storedSetup(desk));
  for (;;) {
    // Who has seen another revision may have seen what another process made of it.
    if (!isExpected(setup, options.expects)) setup = await storedSetup(desk);
    checkExpected(setup, options.expects);
    const draft = new Draft(setup, desk.now(), remembered);
    const result = await work(draft);
    await signOutAfterLogins(desk, draft);
    checkWhole(draft);
    const changes = draft.changes();
    if (changes.length === 0) return { result, revisions: setup.revisions };
    const answered = options.answered && keptAnswer(setup, changes, result, options.answered);
    try {
      const written = await desk.store.config.write(desk.accountId, {
        changes,
        ifRevision: revisionsOf(setup),
        audit: draft.notes.map(({ action, target, detail }) => ({
          at: draft.now,
          actor: desk.actor,
          action,
          target,
          from: desk.from,
          detail: JSON.stringify(detail),
        })),
        ...(answered === undefined ? {} : { answered }),
      });
      return { result, revisions: { ...setup.revisions, ...written.revisions } };
    } catch (error) {
      if (!(error instanceof StoreConflict) || error.reason !== 'revision') throw error;
      if (performance.now() >= giveUpAt) throw overtaken();
      await setTimeout(Math.random() * MAX_PAUSE_MS);
      setup = await storedSetup(desk);
    }
  }
}

/** What is answered to a change, made before it is written: on what the store will make of it. */
function keptAnswer<R>(
  before: AccountConfiguration,
  changes: readonly ConfigChange[],
  result: R,
  answered: (changed: Changed<R>, after: AccountConfiguration) => AnswerToStore,
): AnswerToStore {
  const revisions: Record<string, number> = {};
  const nextIds: Record<string, number> = {};
  const items = changes.map((change): ConfigItem => {
    const { kind } = change;
    const revision = (before.revisions[kind] ?? 0) + 1;
    const id = change.id ?? before.nextIds[kind] ?? 1;
    revisions[kind] = revision;
    nextIds[kind] = Math.max(nextIds[kind] ?? before.nextIds[kind] ?? 1, id + 1);
    const deleted = change.op === 'delete';
    const { nameKey, data } = deleted ? { nameKey: null, data: '{}' } : change;
    return { kind, id, revision, deleted, nameKey, data };
  });
  const after = changedSetup(before, { items, revisions, nextIds });
  return answered({ result, revisions: { ...before.revisions, ...revisions } }, after);
}

function overtaken(): WireError {
  return new WireError(
    'storeFailure',
    `Other processes kept changing this account's configuration for ${PATIENCE_MS / 1000} seconds, so nothing was changed: try again.`,
    { 'retry-after': '1' },
  );
}

/** The configuration as it is stored. */
export async function loadSetup(store: Store, accountId: string): Promise<AccountConfiguration> {
  return readSetup(accountId, await store.config.load(accountId));
}

function storedSetup({ store, accountId, live }: ChangeContext): Promise<AccountConfiguration> {
  return live === undefined ? loadSetup(store, accountId) : live.refreshed();
}

function revisionsOf(setup: AccountConfiguration): Record<string, number> {
  return Object.fromEntries(KINDS.map((kind) => [kind, setup.revisions[kind] ?? 0]));
}

function isExpected(setup: AccountConfiguration, expects: ChangeOptions['expects']): boolean {
  return expects === undefined || expects.revisions.includes(setup.revisions[expects.kind] ?? 0);
}

function checkExpected(setup: AccountConfiguration, expects: ChangeOptions['expects']): void {
  if (expects === undefined || isExpected(setup, expects)) return;
  const revision = setup.revisions[expects.kind] ?? 0;
  throw new WireError(
    'staleRevision',
    `The collection is at revision ${revision}, If-Match names ${expects.revisions.join(', ') || 'no revision'}: read it again and repeat the change.`,
  );
}
