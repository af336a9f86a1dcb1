/** Those who wait until a journal position is on disk. */

interface Waiter {
  readonly seq: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class CommitWaiters {
  #waiters: Waiter[] = [];

  /** Resolves when the position is reached. */
  wait(seq: number): Promise<void> {
    return new Promise((resolve, reject) => this.#waiters.push({ seq, resolve, reject }));
  }

  reached(committedSeq: number): void {
    if (this.#waiters.length === 0) return;
    const still: Waiter[] = [];
    for (const waiter of this.#waiters) {
      if (waiter.seq <= committedSeq) waiter.resolve();
      else still.push(waiter);
    }
    this.#waiters = still;
  }

  /** None of what they wait for comes to be. */
  fail(error: Error): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter.reject(error);
  }
}
