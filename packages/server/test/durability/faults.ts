/** Makes a running server's store fail when a test says so. */
import { type Journal, type Logins, type Store, StoreFailure } from '@parley/store';
import { vi } from 'vitest';

/** What becomes of one call of the store. */
export type Fate =
  | 'done'
  /** Nothing is written. */
  | 'refused'
  /** It is written, but the caller learns that it failed. */
  | 'unconfirmed';

/** Asked once per call, in the order of the calls; what comes after a call waits for its fate. */
export type Decide = () => Fate | Promise<Fate>;

type Call = (...args: never[]) => Promise<unknown>;

const allWell: Decide = () => 'done';

/**
 * Stands between a server and its disk. Until a test asks for faults, everything works.
 *
 * Like the real store, it refuses all appends that follow a failed one, until the account is loaded
 * again.
 */
export class Faults {
  append: Decide = allWell;
  load: Decide = allWell;
  saveSnapshot: Decide = allWell;
  putLogin: Decide = allWell;
  deleteLogin: Decide = allWell;
  #appended: Promise<unknown> = Promise.resolve();
  #refuseAppends = false;

  constructor({ journal, logins }: Store) {
    spyOn(journal, 'load', async (go) => {
      this.#refuseAppends = false;
      return suffer(await this.load(), go);
    });
    spyOn(journal, 'beginSnapshot', async (go) => suffer(await this.saveSnapshot(), go));
    spyOn(logins, 'put', async (go) => suffer(await this.putLogin(), go));
    spyOn(logins, 'delete', async (go) => suffer(await this.deleteLogin(), go));
    spyOn(journal, 'append', async (go) => {
      const decided = this.#appended.then(() => this.#fateOfAppend());
      this.#appended = decided;
      return suffer(await decided, go);
    });
  }

  /** The disk takes nothing from now on. */
  fill(): void {
    const full: Decide = () => 'refused';
    this.append = full;
    this.saveSnapshot = full;
    this.putLogin = full;
    this.deleteLogin = full;
  }

  /** The disk is well from now on. */
  repair(): void {
    this.append = allWell;
    this.load = allWell;
    this.saveSnapshot = allWell;
    this.putLogin = allWell;
    this.deleteLogin = allWell;
  }

  /** The next append has this fate; those after it are done. */
  nextAppend(fate: Fate | Promise<Fate>): void {
    this.append = () => {
      this.append = allWell;
      return fate;
    };
  }

  async #fateOfAppend(): Promise<Fate> {
    if (this.#refuseAppends) return 'refused';
    const fate = await this.append();
    if (fate !== 'done') this.#refuseAppends = true;
    return fate;
  }
}

function spyOn<T extends Journal | Logins>(
  target: T,
  method: keyof T & string,
  decide: (go: () => Promise<unknown>) => Promise<unknown>,
): void {
  const original = (target[method] as Call).bind(target);
  vi.spyOn(target as unknown as Record<string, Call>, method).mockImplementation((...args) =>
    decide(() => original(...args)),
  );
}

async function suffer(fate: Fate, go: () => Promise<unknown>): Promise<unknown> {
  if (fate === 'refused') throw new StoreFailure('The test says that the disk is full.');
  const answer = await go();
  if (fate === 'done') return answer;
  throw new StoreFailure('The test says that the disk did not confirm.');
}

/** A fate that the test decides later. */
export class LaterFate {
  readonly fate: Promise<Fate>;
  #decide: (fate: Fate) => void = () => {};

  constructor() {
    this.fate = new Promise((resolve) => {
      this.#decide = resolve;
    });
  }

  decide(fate: Fate): void {
    this.#decide(fate);
  }
}
