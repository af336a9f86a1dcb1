/** How the controller comes to an agent session: by a login, or beside another tab of the browser. */
import { type Agent, type AgentOptions, type Connection, connectAgent } from '@parley/client/agent';
import { agentTabs, tabStorage, worksInTab } from '@parley/client/tabs';
import { typedOnce } from './typed-once.js';

/** What the controller is given from around it. */
export interface ControllerOptions {
  readonly domainApi: string;
  readonly storage: Storage | null;
  /** Epoch ms. */
  readonly now?: () => number;
  readonly connect?: (options: AgentOptions) => Promise<Agent>;
}

/** What somebody typed to log in. */
export interface Credentials {
  readonly account: string;
  readonly username: string;
  readonly password: string;
}

/** What is asked and reported meanwhile. */
interface LoginHost {
  /**
   * A login ended: the user types the password again.
   * @param signal aborted when that is needed no more: it was typed in another tab
   */
  askPassword(signal?: AbortSignal): Promise<string>;
  connection(connection: Connection): void;
}

/** As what somebody is in the session. */
type Works = 'agent' | 'supervisor';

export class Logins {
  readonly #options: ControllerOptions;
  readonly #host: LoginHost;

  constructor(options: ControllerOptions, host: LoginHost) {
    this.#options = options;
    this.#host = host;
  }

  /** Logs in, or works beside another tab in which the same user does. */
  connect({ password, ...user }: Credentials, role: Works = 'agent'): Promise<Agent> {
    return this.#connect(
      user,
      role,
      typedOnce(password, (signal) => this.#host.askPassword(signal)),
    );
  }

  /** As what the user works in another tab of this browser; null where in none. */
  async besides(account: string, username: string): Promise<Works | null> {
    const user = { account, username, domainApi: this.#options.domainApi };
    if (await worksInTab(user)) return 'agent';
    return (await worksInTab({ ...user, role: 'supervisor' })) ? 'supervisor' : null;
  }

  /** Works beside another tab, with its login. @throws when that is gone */
  async join(account: string, username: string, role: Works): Promise<Agent> {
    let joined = false;
    const agent = await this.#connect({ account, username }, role, (signal) => {
      if (!joined) throw new Error('The other tab has gone.');
      return this.#host.askPassword(signal);
    });
    joined = true;
    return agent;
  }

  #connect(
    { account, username }: Omit<Credentials, 'password'>,
    role: Works,
    password: (signal?: AbortSignal) => string | Promise<string>,
  ): Promise<Agent> {
    const { connect = connectAgent, domainApi, storage } = this.#options;
    return connect({
      account,
      domainApi,
      login: { username, password },
      ...(role === 'agent' ? {} : { role }),
      // A page that may keep nothing has no locks to share a session by.
      ...(storage === null ? {} : { tabs: agentTabs(), storage: tabStorage(storage) }),
      // The transcript on screen is all of it.
      keep: Number.POSITIVE_INFINITY,
      onConnection: (connection) => this.#host.connection(connection),
    });
  }
}
