import type { Logins, LoginRecord } from '@parley/store';
import { describe, expect, it } from 'vitest';
import type { SignOuts } from '@parley/configuration/records/sign-out-times';
import { LoginRegistry } from '@parley/runtime/logins/login-registry';
import { SteadyClock } from '@parley/runtime/clock/steady-clock';
import { FakeClock } from './harness.js';

const HOUR = 3_600_000;
const ANN = 7;

/** Keeps logins in memory; a write waits for `settle` where it is asked to. */
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

const NEVER: SignOuts = { signedOutAt: 0, loginsEndedAt: 0, keptLogin: null };

describe('ending a user\u2019s logins', () => {
  function start() {
    const machine = new FakeClock(1_000);
    return { store: new SlowLogins(), machine, clock: new SteadyClock(machine) };
  }

  it('[CFG45] ends one that is being opened at that moment', async () => {
    const { store, machine, clock } = start();
    const book = new LoginRegistry('brand', store, clock);
    await book.signOut(ANN, NEVER);
    const settle = store.hold();
    machine.advance(1_000);
    const opening = book.open(ANN, HOUR, 0);
    machine.advance(500);
    await book.signOut(ANN, { ...NEVER, signedOutAt: 1_500 });
    settle();
    const { bearer } = await opening;
    expect(book.byBearer(bearer)).toBeNull();
    expect(store.kept.size).toBe(0);
    machine.advance(500);
    const next = await book.open(ANN, HOUR, 1_500);
    expect(book.byBearer(next.bearer)).not.toBeNull();
  });

  it('[CFG45, CLOCK6] ends after a start those of before the sign-out, whatever the clock said', async () => {
    const { store, machine, clock } = start();
    const first = new LoginRegistry('brand', store, clock);
    machine.advance(9_000);
    const old = await first.open(ANN, HOUR, 0);
    machine.advance(-5_000);
    const young = await first.open(ANN, HOUR, 7_000);
    const again = new LoginRegistry('brand', store, clock);
    await again.reload();
    const signOuts = { ...NEVER, signedOutAt: 7_000 };
    for (let times = 0; times < 2; times += 1) {
      await again.signOut(ANN, signOuts);
      expect(again.byBearer(old.bearer)).toBeNull();
      expect(again.byBearer(young.bearer)).not.toBeNull();
    }
  });

  it('[CFG45] ends those that say nothing of sign-outs, as earlier builds kept them, by their times', async () => {
    const { store, machine, clock } = start();
    const book = new LoginRegistry('brand', store, clock);
    const old = await book.open(ANN, HOUR, 0);
    machine.advance(2_000);
    const young = await book.open(ANN, HOUR, 0);
    for (const [hash, { signedOutAt: _, ...before }] of store.kept) store.kept.set(hash, before);
    const again = new LoginRegistry('brand', store, clock);
    await again.reload();
    await again.signOut(ANN, { ...NEVER, signedOutAt: 2_000 });
    expect(again.byBearer(old.bearer)).toBeNull();
    expect(again.byBearer(young.bearer)).not.toBeNull();
  });

  it('[CFG40] ends the others when the password is changed, also one being opened', async () => {
    const { store, machine, clock } = start();
    const book = new LoginRegistry('brand', store, clock);
    const kept = await book.open(ANN, HOUR, 0);
    const other = await book.open(ANN, HOUR, 0);
    const settle = store.hold();
    machine.advance(500);
    const opening = book.open(ANN, HOUR, 0);
    machine.advance(500);
    const changed = { ...NEVER, loginsEndedAt: 1_200, keptLogin: kept.record.bearerHash };
    await book.signOut(ANN, changed);
    settle();
    const alive = [kept, other, await opening].map(({ bearer }) => book.byBearer(bearer));
    expect(alive.map((record) => record !== null)).toEqual([true, false, false]);
    // What is read late, of before, brings nothing back; a sign-out ends the one that was kept too.
    await book.signOut(ANN, NEVER);
    expect(book.byBearer(kept.bearer)).not.toBeNull();
    await book.signOut(ANN, { ...changed, signedOutAt: 1_300 });
    expect(book.byBearer(kept.bearer)).toBeNull();
  });
});
