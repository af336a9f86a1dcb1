/**
 * Carries out a change of an account's configuration: worked out on what is stored, checked as a
 * whole, and written with its audit entries in one transaction. HTTP and the command line both
 * change the configuration through this and nothing else.
 */
import { setTimeout } from 'node:timers/promises';
import { WireError } from '@parley/protocol';
import { type Store, StoreConflict } from '@parley/store';
import { type AccountSetup, type Kind, KINDS, readSetup } from '../config/records.js';
import { checkWhole } from './check-whole.js';
import { Draft, type NextIds } from './draft.js';
import { signOutAfterLogins } from './sign-outs.js';
import { inTurn } from './turns.js';

/** Who changes which account. */
export interface Desk {
  readonly store: Store;
  readonly accountId: string;
  /** For the audit: `user:17`, `cli:root` … */
  readonly actor: string;
  /** Client address or host name. */
  readonly from: string;
  /** Epoch ms. */
  readonly now: () => number;
}

export interface ChangeOptions {
  /** Kinds of which records may be made. */
  readonly creates?: readonly Kind[];
  /** The revision that the caller knows of a collection: another one refuses the change. */
  readonly expects?: { readonly kind: Kind; readonly revisions: readonly number[] } | undefined;
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
  desk: Desk,
  options: ChangeOptions,
  work: (draft: Draft) => R | Promise<R>,
): Promise<Changed<R>> {
  return inTurn(desk.store, desk.accountId, () => changeNow(desk, options, work));
}

async function changeNow<R>(
  desk: Desk,
  options: ChangeOptions,
  work: (draft: Draft) => R | Promise<R>,
): Promise<Changed<R>> {
  const remembered = new Map<string, unknown>();
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    const setup = await loadSetup(desk.store, desk.accountId);
    checkExpected(setup, options.expects);
    const ids = await nextIds(desk, options.creates ?? []);
    const draft = new Draft(setup, ids, desk.now(), remembered);
    const result = await work(draft);
    await signOutAfterLogins(desk, draft);
    checkWhole(draft);
    const changes = draft.changes();
    if (changes.length === 0) return { result, revisions: setup.revisions };
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
      });
      return { result, revisions: { ...setup.revisions, ...written.revisions } };
    } catch (error) {
      if (!(error instanceof StoreConflict) || error.reason !== 'revision') throw error;
      if (performance.now() >= giveUpAt) throw overtaken();
      await setTimeout(Math.random() * MAX_PAUSE_MS);
    }
  }
}

function overtaken(): WireError {
  return new WireError(
    'storeFailure',
    `Other processes kept changing this account's configuration for ${PATIENCE_MS / 1000} seconds, so nothing was changed: try again.`,
    { 'retry-after': '1' },
  );
}

/** The configuration as it is stored. */
export async function loadSetup(store: Store, accountId: string): Promise<AccountSetup> {
  const { items, revisions } = await store.config.load(accountId);
  return readSetup(accountId, items, revisions);
}

function revisionsOf(setup: AccountSetup): Record<string, number> {
  return Object.fromEntries(KINDS.map((kind) => [kind, setup.revisions[kind] ?? 0]));
}

function checkExpected(setup: AccountSetup, expects: ChangeOptions['expects']): void {
  if (expects === undefined) return;
  const revision = setup.revisions[expects.kind] ?? 0;
  if (expects.revisions.includes(revision)) return;
  throw new WireError(
    'staleRevision',
    `The collection is at revision ${revision}, If-Match names ${expects.revisions.join(', ') || 'no revision'}: read it again and repeat the change.`,
  );
}

/** Ids are never used again, so the next one is above all that ever were. */
async function nextIds({ store, accountId }: Desk, kinds: readonly Kind[]): Promise<NextIds> {
  const ids = await Promise.all(
    kinds.map(async (kind) => {
      const { items } = await store.config.list(accountId, kind, { includeDeleted: true });
      return [kind, items.reduce((highest, { id }) => Math.max(highest, id), 0) + 1] as const;
    }),
  );
  return Object.fromEntries(ids);
}
