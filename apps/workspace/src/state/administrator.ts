/**
 * The login to the account's configuration: that of the agent at work, or one of its own, of somebody
 * who administers the account and takes no chats.
 */
import { type Agent, RefusedError } from '@parley/client/agent';
import type { Administration } from '@parley/client/administration';
import { typedOnce } from './typed-once.js';

export class Administrator {
  readonly #domainApi: string;
  readonly #askPassword: () => Promise<string>;
  #own: Administration | null = null;
  /** By an agent's login. */
  #borrowed: { readonly agent: Agent; readonly administration: Promise<Administration> } | null =
    null;

  constructor(domainApi: string, askPassword: () => Promise<string>) {
    this.#domainApi = domainApi;
    this.#askPassword = askPassword;
  }

  /**
   * Logs in by itself.
   * @returns false when this user may not read the configuration
   */
  async logIn(account: string, username: string, password: string): Promise<boolean> {
    // Loaded when it is needed: most who log in are agents only.
    const { connectAdministration } = await import('@parley/client/administration');
    const administration = await connectAdministration({
      account,
      domainApi: this.#domainApi,
      login: {
        username,
        password: typedOnce(password, this.#askPassword),
      },
    });
    try {
      await administration.settings();
    } catch (error) {
      await administration.close().catch(() => {});
      if (error instanceof RefusedError && error.status === 403) return false;
      throw error;
    }
    this.#own = administration;
    return true;
  }

  /** @param agent whose login is used where there is none of its own */
  administration(account: string, agent: Agent | null): Promise<Administration> {
    if (this.#own !== null) return Promise.resolve(this.#own);
    if (agent === null) return Promise.reject(new Error('Nobody is logged in. Log in first.'));
    if (this.#borrowed?.agent !== agent) {
      this.#borrowed = { agent, administration: this.#borrow(account, agent) };
    }
    return this.#borrowed.administration;
  }

  async logOut(): Promise<void> {
    const own = this.#own;
    this.#own = null;
    this.#borrowed = null;
    await own?.close();
  }

  async #borrow(account: string, agent: Agent): Promise<Administration> {
    const { connectAdministration } = await import('@parley/client/administration');
    return connectAdministration({
      account,
      domainApi: this.#domainApi,
      login: { bearer: () => agent.bearer ?? '' },
      signal: agent.signal,
    });
  }
}

/** Whether a login was right, of somebody who takes no chats. */
export function isNoAgent(error: unknown): boolean {
  return error instanceof RefusedError && error.status === 403;
}

/** Whether the server has not heard of some requests: of those that it refused it has. Never rejects. */
export async function areUnheard(
  requests: readonly (Promise<void> | undefined)[],
): Promise<boolean> {
  const isRefusal = (error: unknown) => {
    const { status } = error as { readonly status?: unknown };
    return typeof status === 'number' && status >= 400 && status < 500;
  };
  const ends = await Promise.allSettled(requests);
  return ends.some((end) => end.status === 'rejected' && !isRefusal(end.reason));
}
