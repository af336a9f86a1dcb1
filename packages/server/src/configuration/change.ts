/**
 * Carries out a change of an account's configuration: worked out on what is stored, checked as a
 * whole, and written with its audit entries in one transaction. HTTP and the command line both
 * change the configuration through this and nothing else.
 */
import { WireError } from '@parley/protocol';
import { type Store, StoreConflict } from '@parley/store';
import { type AccountSetup, type Kind, KINDS, readSetup } from '../config/records.js';
import { checkWhole } from './check-whole.js';
import { Draft, type NextIds } from './draft.js';

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

/** How often a change is worked out anew because another one came between. */
const MOST_TRIES = 8;

/**
 * Works a change out and writes it. `work` may be called again when somebody else changed the
 * configuration meanwhile.
 * @throws WireError 412 when a collection is not at the revision expected; whatever `work` throws,
 *   and what does not fit together: then nothing is written.
 */
export async function changeConfiguration<R>(
  desk: Desk,
  options: ChangeOptions,
  work: (draft: Draft) => R | Promise<R>,
): Promise<Changed<R>> {
  for (let tries = 1; ; tries += 1) {
    const setup = await loadSetup(desk.store, desk.accountId);
    checkExpected(setup, options.expects);
    const draft = new Draft(setup, await nextIds(desk, options.creates ?? []), desk.now());
    const result = await work(draft);
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
      const overtaken = error instanceof StoreConflict && error.reason === 'revision';
      if (!overtaken || tries === MOST_TRIES) throw error;
    }
  }
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
