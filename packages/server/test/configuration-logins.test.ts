import type { Logins, LoginRecord } from '@parley/store';
import { describe, expect, it } from 'vitest';
import { LoginBook } from '../src/account/logins.js';

const HOUR = 3_600_000;
const ANN = 7;

/** Keeps logins in memory; a write waits for `settle` where it is told to. */
class SlowLogins implements Logins {
  readonly kept = new Map<string, LoginRecord>();
  #held: Promise<void> = Promise.resolve();

  /** Holds writes back until the function that it gives is called. */
  hold(): () => void {
    let settle = () => {};
    this.#held = new Promise((resolve) => {
      settle = resolve;
    });
    return () => settle();
  }

  async put(_: string, login: LoginRecord): Promise<void> {
    await this.#held;
    this.kept.set(login.bearerHash, login);
  }

  async delete(_: string, bearerHash: string): Promise<boolean> {
    return this.kept.delete(bearerHash);
  }

  async load(): Promise<readonly LoginRecord[]> {
    return [...this.kept.values()];
  }

  async deleteOfUser(): Promise<void> {}

  async purge(): Promise<void> {}
}

describe('ending a user\u2019s logins', () => {
  it('[CFG45] ends one that is being opened at that moment', async () => {
    const store = new SlowLogins();
    const book = new LoginBook('brand', store);
    await book.signOut(ANN, 0, 1000);
    const settle = store.hold();
    const opening = book.open(ANN, HOUR, 2000);
    await book.signOut(ANN, 1500, 2500);
    settle();
    const { bearer } = await opening;
    expect(book.byBearer(bearer, 3000)).toBeNull();
    expect(store.kept.size).toBe(0);
    const next = await book.open(ANN, HOUR, 3000);
    expect(book.byBearer(next.bearer, 3000)).not.toBeNull();
  });

  it('[CFG45] ends after a start only those of before the sign-out', async () => {
    const store = new SlowLogins();
    const first = new LoginBook('brand', store);
    const old = await first.open(ANN, HOUR, 1000);
    const young = await first.open(ANN, HOUR, 3000);
    const again = new LoginBook('brand', store);
    await again.reload(4000);
    await again.signOut(ANN, 2000, 4000);
    expect(again.byBearer(old.bearer, 4000)).toBeNull();
    expect(again.byBearer(young.bearer, 4000)).not.toBeNull();
    await again.signOut(ANN, 2000, 5000);
    expect(again.byBearer(young.bearer, 5000)).not.toBeNull();
  });

  it('[CFG40] ends the others when the password is changed, also one being opened', async () => {
    const store = new SlowLogins();
    const book = new LoginBook('brand', store);
    const kept = await book.open(ANN, HOUR, 1000);
    const other = await book.open(ANN, HOUR, 1000);
    const settle = store.hold();
    const opening = book.open(ANN, HOUR, 1500);
    await book.endOfUser(ANN, 2000, kept.record);
    settle();
    const alive = [kept, other, await opening].map(({ bearer }) => book.byBearer(bearer, 3000));
    expect(alive.map((record) => record !== null)).toEqual([true, false, false]);
  });
});
