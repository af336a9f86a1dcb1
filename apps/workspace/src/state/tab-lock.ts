/**
 * One tab of a browser works for a user: a second one must not open a second session, which would take the
 * first one's chats. The lock goes with the tab, whatever becomes of it; holding it also keeps browsers from
 * freezing a tab in the background.
 */
export class TabLock {
  #release: (() => void) | null = null;
  #name: string | null = null;

  /**
   * @param anyway takes it from the tab that has it
   * @returns false when another tab works for that user
   */
  take(account: string, username: string, anyway: boolean): Promise<boolean> {
    const name = `parley:workspace:${account}:${username}`;
    if (this.#name === name) return Promise.resolve(true);
    // Where pages have no locks, the server says which place works.
    if (!('locks' in navigator)) return Promise.resolve(true);
    this.release();
    return new Promise((resolve, reject) => {
      const hold = (lock: Lock | null): Promise<void> => {
        resolve(lock !== null);
        if (lock === null) return Promise.resolve();
        this.#name = name;
        return new Promise((release) => {
          this.#release = release;
        });
      };
      navigator.locks
        .request(name, anyway ? { steal: true } : { ifAvailable: true }, hold)
        .catch((error: unknown) => {
          // Taken by another tab, whose login takes the session, too.
          this.#name = null;
          reject(error);
        });
    });
  }

  release(): void {
    this.#release?.();
    this.#release = null;
    this.#name = null;
  }
}
