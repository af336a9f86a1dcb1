/**
 * What an operator may do with accounts from outside of the wire: the command line works through
 * this, also beside a running server, which notices within a second. Every change is audited.
 */
import { type Store, StoreConflict } from '@parley/store';
import { isAccountId } from '../account/accounts.js';
import {
  type BotKeyForm,
  type BotKeySecrets,
  keptSecrets,
  newBotKeySecrets,
  sealedElsewhere,
} from '../auth/app-key-secrets.js';
import type { SecretBox } from '../auth/secret-box.js';
import { newKey } from '../auth/tokens.js';
import { AdministrationError } from './administration-error.js';
import {
  acceptPassword,
  checkName,
  groupIdByName,
  type NewUser,
  skillIdByName,
  userRecord,
} from './new-user.js';
import {
  type AccountSetup,
  creation,
  type NewRecord,
  nameKey,
  readSetup,
  replacement,
  type Stored,
  type UserRecord,
} from './records.js';

/** Who acts, for the audit. */
export interface Actor {
  /** `cli`, `cli:root` … */
  readonly name: string;
  /** Host name or address. */
  readonly from: string;
}

/** Group that a new account starts with. */
const FIRST_GROUP = 'Main Group';

export class Administration {
  readonly #store: Store;
  readonly #actor: Actor;
  readonly #secrets: () => Promise<SecretBox>;
  readonly #now: () => number;

  /**
   * @param secrets opens the box that the server of this store keeps secrets in; asked for only when
   *   a key with secrets is made
   * @param now tells the time, epoch ms
   */
  constructor(
    store: Store,
    actor: Actor,
    secrets: () => Promise<SecretBox>,
    now: () => number = Date.now,
  ) {
    this.#store = store;
    this.#actor = actor;
    this.#secrets = secrets;
    this.#now = now;
  }

  /**
   * Makes an account with its first administrator, and completes one that a stop left without users.
   * @throws AdministrationError for a malformed id, an existing account or a poor password.
   */
  async createAccount(
    accountId: string,
    administrator: { readonly loginName: string; readonly password: string },
  ): Promise<void> {
    if (!isAccountId(accountId)) {
      throw new AdministrationError(
        `"${accountId}" cannot be an account id: choose 1 to 20 of A-Z a-z 0-9 _.`,
      );
    }
    const loginName = checkName('login name', administrator.loginName);
    const passwordHash = await acceptPassword(administrator.password, loginName);
    await this.#makeAccount(accountId);
    const admin: NewRecord<'user'> = {
      ...userRecord({ loginName, roles: ['administrator'] }, { skillIds: [], groupId: 1 }),
      passwordHash,
    };
    await this.#store.config.write(accountId, {
      changes: [creation('agentGroup', { name: FIRST_GROUP }, 1), creation('user', admin)],
      ifRevision: { agentGroup: 0, user: 0 },
      audit: [this.#audit('account.create', `account:${accountId}`, { administrator: loginName })],
    });
  }

  /** All accounts with the number of their users, by id. */
  async accounts(): Promise<readonly { readonly id: string; readonly users: number }[]> {
    const ids = [...(await this.#store.accounts.list())].sort();
    return Promise.all(
      ids.map(async (id) => {
        const { items } = await this.#store.config.list(id, 'user');
        return { id, users: items.length };
      }),
    );
  }

  /** @throws AdministrationError for an unknown account. */
  async setup(accountId: string): Promise<AccountSetup> {
    if ((await this.#store.accounts.get(accountId)) === null) {
      const known = await this.#store.accounts.list();
      const hint =
        known.length === 0
          ? 'there is none yet: make one with "parley account create"'
          : `there are ${known.slice(0, 10).join(', ')}${known.length > 10 ? ' …' : ''}`;
      throw new AdministrationError(`There is no account ${accountId}; ${hint}.`);
    }
    const { items, revisions } = await this.#store.config.load(accountId);
    return readSetup(accountId, items, revisions);
  }

  /**
   * Adds a user; without a password it can log in by app key only.
   * @returns its id
   * @throws AdministrationError for a taken name, an unknown skill or group, a poor password.
   */
  async createUser(accountId: string, wanted: NewUser, password: string | null): Promise<number> {
    const setup = await this.setup(accountId);
    const loginName = checkName('login name', wanted.loginName);
    const record = userRecord(wanted, {
      skillIds: (wanted.skills ?? []).map((name) => skillIdByName(setup, name)),
      groupId: groupIdByName(setup, wanted.group),
    });
    if (setup.userByLogin.has(nameKey(loginName))) {
      throw new AdministrationError(
        `There is a user ${loginName} in account ${accountId} already: choose another login name.`,
      );
    }
    const passwordHash = password === null ? null : await acceptPassword(password, loginName);
    const { items } = await this.#store.config.write(accountId, {
      changes: [creation('user', { ...record, passwordHash })],
      audit: [this.#audit('user.create', `user:${loginName}`, { roles: record.roles })],
    });
    return items[0]?.id ?? 0;
  }

  /** Lets a user log in again. */
  async enableUser(accountId: string, loginName: string): Promise<void> {
    await this.#changeUser(accountId, loginName, 'user.enable', { enabled: true });
  }

  /** Keeps a user from logging in, and ends its logins and its agent session. */
  async disableUser(accountId: string, loginName: string): Promise<void> {
    const id = await this.#changeUser(accountId, loginName, 'user.disable', { enabled: false });
    await this.#store.logins.deleteOfUser(accountId, id);
  }

  /**
   * Gives a user a new password and ends its logins: whoever knew the old one is out.
   * @throws AdministrationError for an unknown user or a poor password.
   */
  async setPassword(accountId: string, loginName: string, password: string): Promise<void> {
    const user = userOf(await this.setup(accountId), loginName);
    const passwordHash = await acceptPassword(password, user.loginName);
    const change = { passwordHash, mustChangePassword: false };
    const id = await this.#changeUser(accountId, loginName, 'user.setPassword', change);
    await this.#store.logins.deleteOfUser(accountId, id);
  }

  /** @returns the new skill's id */
  async createSkill(
    accountId: string,
    skill: { readonly name: string; readonly description?: string; readonly maxWaitTime?: number },
  ): Promise<number> {
    const setup = await this.setup(accountId);
    const name = checkName('skill name', skill.name);
    if (setup.skillByName.has(nameKey(name))) {
      throw new AdministrationError(
        `There is a skill ${name} in account ${accountId} already: choose another name.`,
      );
    }
    const { description = '', maxWaitTime = setup.engine.settings.maxWaitSeconds } = skill;
    const { items } = await this.#store.config.write(accountId, {
      changes: [creation('skill', { name, description, maxWaitTime })],
      audit: [this.#audit('skill.create', `skill:${name}`)],
    });
    return items[0]?.id ?? 0;
  }

  /**
   * Makes a key for visitors' pages and apps. It is no secret: pages show it to everybody.
   * @param trust whether its calls may name the visitor's address (for servers, not pages)
   */
  async createVisitorKey(accountId: string, trust: 'page' | 'server'): Promise<string> {
    await this.setup(accountId);
    const key = newKey();
    await this.#store.config.write(accountId, {
      changes: [
        creation('appKey', {
          kind: 'visitor',
          key,
          secretHash: null,
          accessToken: null,
          accessTokenSecretHash: null,
          userId: null,
          trusted: trust === 'server',
        }),
      ],
      audit: [this.#audit('key.create', `appKey:${key}`, { kind: 'visitor' })],
    });
    return key;
  }

  /**
   * Makes a key with which one user logs in without a password, and signs requests.
   * @param form `tokens`: app key, access token and their secrets; `client`: OAuth 2 client id and secret
   * @throws AdministrationError for an unknown user, and when the secret key is not the one that other
   *   keys of the account were made with.
   */
  async createBotKey(
    accountId: string,
    loginName: string,
    form: BotKeyForm,
  ): Promise<BotKeySecrets> {
    const setup = await this.setup(accountId);
    const user = userOf(setup, loginName);
    const box = await this.#secrets();
    if ([...setup.appKeys.values()].some((key) => sealedElsewhere(box, key))) {
      throw new AdministrationError(
        `The secret key here is another one than the keys of account ${accountId} were made with: give the one that the server uses, with --secret-key-file or PARLEY_SECRET_KEY.`,
      );
    }
    const made = newBotKeySecrets(form);
    const kept = keptSecrets(box, accountId, made);
    await this.#store.config.write(accountId, {
      changes: [creation('appKey', { ...kept, kind: 'agent', userId: user.id, trusted: false })],
      audit: [
        this.#audit('key.create', `appKey:${made.appKey}`, { kind: 'agent', user: loginName }),
      ],
    });
    return made;
  }

  /** Ends a key. Logins that were made with it end too: those of its user. */
  async revokeKey(accountId: string, key: string): Promise<void> {
    const setup = await this.setup(accountId);
    const record = setup.appKeys.get(key);
    if (record === undefined) {
      throw new AdministrationError(
        `There is no key ${key} in account ${accountId}: "parley key list ${accountId}" shows those there are.`,
      );
    }
    await this.#store.config.write(accountId, {
      changes: [{ op: 'delete', kind: 'appKey', id: record.id }],
      audit: [this.#audit('key.revoke', `appKey:${key}`)],
    });
    if (record.userId !== null) await this.#store.logins.deleteOfUser(accountId, record.userId);
  }

  async #makeAccount(accountId: string): Promise<void> {
    try {
      await this.#store.accounts.create({ id: accountId, createdAt: this.#now() });
    } catch (error) {
      if (!(error instanceof StoreConflict)) throw error;
      const { revisions } = await this.#store.config.load(accountId);
      if (Object.keys(revisions).length === 0) return;
      throw new AdministrationError(
        `There is an account ${accountId} already: choose another id, or add users with "parley user create ${accountId} …".`,
      );
    }
  }

  async #changeUser(
    accountId: string,
    loginName: string,
    action: string,
    change: Partial<UserRecord>,
  ): Promise<number> {
    const setup = await this.setup(accountId);
    const { id, revision: _, ...record } = userOf(setup, loginName);
    await this.#store.config.write(accountId, {
      changes: [replacement('user', id, { ...record, ...change })],
      ifRevision: { user: setup.revisions['user'] ?? 0 },
      audit: [this.#audit(action, `user:${record.loginName}`)],
    });
    return id;
  }

  #audit(action: string, target: string, detail: Readonly<Record<string, unknown>> = {}) {
    const { name: actor, from } = this.#actor;
    return { at: this.#now(), actor, action, target, from, detail: JSON.stringify(detail) };
  }
}

/** @throws AdministrationError for an unknown user. */
function userOf(setup: AccountSetup, loginName: string): Stored<'user'> {
  const user = setup.userByLogin.get(nameKey(loginName));
  if (user !== undefined) return user;
  const { accountId } = setup;
  throw new AdministrationError(
    `There is no user ${loginName} in account ${accountId}: "parley user list ${accountId}" shows those there are.`,
  );
}
