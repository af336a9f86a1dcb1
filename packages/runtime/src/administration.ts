/**
 * What an operator may do with accounts from outside of the wire: the command line works through
 * this, also beside a running server, which notices within a second. What may be set, and what is
 * written into the audit, is the same as over the wire: both change the configuration by the same
 * functions.
 *
 * One file, though it is long: a list of what there is to do, each a few lines.
 */
import type { Availability } from '@parley/engine';
import {
  type ConfiguredSettings,
  settingsChangeDocument,
  skillChangeDocument,
  statusReasonChangeDocument,
  userChangeDocument,
} from '@parley/protocol';
import { type IndexFault, type Store, StoreConflict, type StoredAuditEntry } from '@parley/store';
import { acceptLoss } from './integrity/accept-loss.js';
import { isAccountId } from './accounts/accounts.js';
import { type Examination, examine } from './integrity/examine.js';
import {
  type RebuildProgress,
  type Rebuilt,
  rebuildProjections,
} from './integrity/rebuild-projections.js';
import type { RecoveryPlan } from './integrity/recovery.js';
import {
  type BotKeyForm,
  type BotKeySecrets,
  sealedElsewhere,
} from '@parley/configuration/secrets/app-key-secrets';
import { passwordProblem } from '@parley/configuration/secrets/password';
import type { SecretBox } from '@parley/configuration/secrets/secret-box';
import {
  addAppKey,
  removeAppKey,
  rotateAppKey,
  type MadeKey,
} from '@parley/configuration/changes/app-keys';
import { changeConfiguration, loadSetup } from '@parley/configuration/changes/change';
import type { Draft } from '@parley/configuration/changes/draft';
import { nameOf } from '@parley/configuration/changes/fields';
import { addGroup } from '@parley/configuration/changes/groups';
import { addUsers, type ImportedRow, userOfRow } from '@parley/configuration/changes/import-users';
import { resetPassword } from '@parley/configuration/changes/passwords';
import type { UserRow } from '@parley/configuration/changes/user-table';
import { alterSettings, serializeSettings } from '@parley/configuration/changes/settings';
import { addSkill, alterSkill, removeSkill } from '@parley/configuration/changes/skills';
import { addReason, alterReason, removeReason } from '@parley/configuration/changes/status-reasons';
import { addUser, alterUser, removeUser } from '@parley/configuration/changes/users';
import { AdministrationError } from '@parley/configuration/administration-error';
import { forPeople, read, readable } from './for-people.js';
import { outgoingOf } from '@parley/configuration/outgoing-allowed';
import { unknownFields } from '@parley/configuration/changes/unknown-fields';
import {
  keyOf,
  reasonOf,
  skillOf,
  type UserInput,
  userOf,
  userInput,
} from '@parley/configuration/records/named';
import type { AccountConfiguration } from '@parley/configuration/records/records';

/** Who acts, for the audit. */
export interface Actor {
  /** `cli`, `cli:root` … */
  readonly name: string;
  /** Host name or address. */
  readonly from: string;
}

/** A skill to be made or changed; what is left out gets a sensible value or stays. */
export interface SkillInput {
  readonly name?: string;
  readonly description?: string;
  /** Seconds. */
  readonly maxWaitTime?: number;
}

/** A status reason to be made or changed; what is left out gets a sensible value or stays. */
export interface ReasonInput {
  readonly text?: string;
  readonly state?: Availability;
  readonly enabled?: boolean;
  readonly order?: number;
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
   * @param now gives the time, epoch ms
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
    const { password } = administrator;
    const loginName = forPeople(() => nameOf('loginName', administrator.loginName));
    const problem = await passwordProblem(password, loginName, accountId);
    if (problem !== null) throw new AdministrationError(problem);
    await this.#makeAccount(accountId);
    await this.#work(accountId, async (draft) => {
      if (draft.before.users.size > 0) throw taken(accountId);
      draft.note('account.create', `account:${accountId}`, { administrator: loginName });
      if (draft.records.agentGroup.size === 0) addGroup(draft, { name: FIRST_GROUP });
      await addUser(draft, { loginName, profileIds: [1], passwordSh: password });
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
  async setup(accountId: string): Promise<AccountConfiguration> {
    await this.#requireAccount(accountId);
    return loadSetup(this.#store, accountId);
  }

  /** The settings with their defaults, as the wire has them. */
  async settings(accountId: string): Promise<ConfiguredSettings> {
    return serializeSettings(await this.setup(accountId));
  }

  /**
   * Changes the settings that are given, written as on the wire, and leaves the others.
   * @param outgoingAllow addresses and ranges that the server is let connect to by its operator
   * @throws AdministrationError naming the field that cannot be.
   */
  async changeSettings(
    accountId: string,
    change: unknown,
    outgoingAllow: readonly string[] = [],
  ): Promise<void> {
    const outgoing = outgoingOf(outgoingAllow);
    const asked = read(settingsChangeDocument, change);
    const [unknown] = unknownFields(settingsChangeDocument, change);
    if (unknown !== undefined) {
      throw new AdministrationError(
        `There is no setting ${unknown}: "parley account settings ${accountId}" shows those there are. Nothing was changed.`,
      );
    }
    await this.#change(accountId, (draft) => alterSettings(draft, asked, outgoing));
  }

  /** The newest entries of the audit log, newest first. */
  async audit(accountId: string, limit: number): Promise<readonly StoredAuditEntry[]> {
    await this.#requireAccount(accountId);
    return this.#store.config.audit(accountId, { limit });
  }

  /**
   * Adds a user; without a password it can log in by app key only.
   * @returns its id
   * @throws AdministrationError for a taken name, an unknown skill or group, a poor password.
   */
  async createUser(
    accountId: string,
    wanted: UserInput & { readonly loginName: string },
    password: string | null,
  ): Promise<number> {
    const input = userInput(await this.setup(accountId), wanted);
    const [change = {}] = read(userChangeDocument, { ...input, passwordSh: password });
    return this.#change(accountId, (draft) => addUser(draft, change));
  }

  /**
   * Adds the users whose rows are right, in one transaction; the others are reported in their places.
   * @throws AdministrationError for an unknown account.
   */
  async importUsers(accountId: string, rows: readonly UserRow[]): Promise<readonly ImportedRow[]> {
    await this.#requireAccount(accountId);
    return this.#change(accountId, (draft) => addUsers(draft, rows.map(userOfRow)));
  }

  /** Changes what is given of a user and leaves the rest. */
  async changeUser(accountId: string, loginName: string, wanted: UserInput): Promise<void> {
    const input = userInput(await this.setup(accountId), wanted);
    const [change = {}] = read(userChangeDocument, input);
    await this.#change(accountId, (draft) =>
      alterUser(draft, userOf(draft.before, loginName).id, change),
    );
  }

  /** Deletes a user with the keys that act for it, and ends its logins and its agent session. */
  async deleteUser(accountId: string, loginName: string): Promise<void> {
    await this.#change(accountId, (draft) => removeUser(draft, userOf(draft.before, loginName).id));
  }

  /** Lets a user log in again. */
  async enableUser(accountId: string, loginName: string): Promise<void> {
    await this.#change(accountId, (draft) =>
      alterUser(draft, userOf(draft.before, loginName).id, { isEnabled: true }),
    );
  }

  /** Keeps a user from logging in, and ends its logins and its agent session. */
  async disableUser(accountId: string, loginName: string): Promise<void> {
    const id = await this.#change(accountId, async (draft) => {
      const user = userOf(draft.before, loginName);
      await alterUser(draft, user.id, { isEnabled: false });
      return user.id;
    });
    await this.#store.logins.deleteOfUser(accountId, id);
  }

  /**
   * Gives a user a new password and ends its logins: whoever knew the old one is out.
   * @throws AdministrationError for an unknown user or a poor password.
   */
  async setPassword(accountId: string, loginName: string, password: string): Promise<void> {
    const id = await this.#change(accountId, async (draft) => {
      const user = userOf(draft.before, loginName);
      await resetPassword(draft, user.id, password, 'keep');
      return user.id;
    });
    await this.#store.logins.deleteOfUser(accountId, id);
  }

  /** @returns the new skill's id */
  async createSkill(
    accountId: string,
    skill: SkillInput & { readonly name: string },
  ): Promise<number> {
    const [change = {}] = read(skillChangeDocument, skill);
    return this.#change(accountId, (draft) => addSkill(draft, change));
  }

  /** Changes what is given of a skill and leaves the rest. */
  async changeSkill(accountId: string, name: string, wanted: SkillInput): Promise<void> {
    const [change = {}] = read(skillChangeDocument, wanted);
    await this.#change(accountId, (draft) =>
      alterSkill(draft, skillOf(draft.before, name).id, change),
    );
  }

  /** Deletes a skill: users hold it no more. */
  async deleteSkill(accountId: string, name: string): Promise<void> {
    await this.#change(accountId, (draft) => removeSkill(draft, skillOf(draft.before, name).id));
  }

  /** Adds a reason for being in a state. @returns its id */
  async createReason(accountId: string, wanted: ReasonInput): Promise<number> {
    const [change = {}] = read(statusReasonChangeDocument, wanted);
    return this.#change(accountId, (draft) => addReason(draft, change));
  }

  /** Changes what is given of a status reason and leaves the rest. */
  async changeReason(accountId: string, text: string, wanted: ReasonInput): Promise<void> {
    const [change = {}] = read(statusReasonChangeDocument, wanted);
    await this.#change(accountId, (draft) =>
      alterReason(draft, reasonOf(draft.before, text).id, change),
    );
  }

  /** Deletes a status reason: agents who have it are without one. */
  async deleteReason(accountId: string, text: string): Promise<void> {
    await this.#change(accountId, (draft) => removeReason(draft, reasonOf(draft.before, text).id));
  }

  /**
   * Makes a key for visitors' pages and apps. It is no secret: pages show it to everybody.
   * @param trust whether its calls may name the visitor's address (for servers, not pages)
   * @param value the key itself, where pages and apps have one already; a new one when left out
   * @throws AdministrationError for a value that cannot be a key, is taken, or is to be trusted.
   */
  async createVisitorKey(
    accountId: string,
    trust: 'page' | 'server',
    value?: string,
  ): Promise<string> {
    return this.#change(accountId, (draft) => {
      // A key for visitors has no secrets to keep.
      const { id } = addAppKey(draft, null, {
        kind: 'visitor',
        trusted: trust === 'server',
        ...(value === undefined ? {} : { key: value }),
      });
      return draft.require('appKey', id).key;
    });
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
    await this.#requireAccount(accountId);
    const box = await this.#secrets();
    return this.#change(accountId, (draft) => {
      requireFit(box, draft.before);
      const { id: userId } = userOf(draft.before, loginName);
      return secretsOf(draft, addAppKey(draft, box, { kind: 'agent', userId, form }));
    });
  }

  /** Gives a bot's key new secrets; the old ones, and what was opened with them, are void. */
  async rotateKey(accountId: string, key: string): Promise<BotKeySecrets> {
    await this.#requireAccount(accountId);
    const box = await this.#secrets();
    return this.#change(accountId, (draft) => {
      requireFit(box, draft.before);
      return secretsOf(draft, rotateAppKey(draft, box, keyOf(draft.before, key).id));
    });
  }

  /** Ends a key. Logins that were made with it end too: those of its user. */
  async revokeKey(accountId: string, key: string): Promise<void> {
    const userId = await this.#change(accountId, (draft) => {
      const record = keyOf(draft.before, key);
      removeAppKey(draft, record.id);
      return record.userId;
    });
    if (userId !== null) await this.#store.logins.deleteOfUser(accountId, userId);
  }

  /** Looks at everything that is stored of an account's chats, agents and visits. */
  async examine(
    accountId: string,
    onProgress?: (reached: number, of: number) => void,
  ): Promise<Examination> {
    await this.#requireAccount(accountId);
    return examine(this.#store.journal, accountId, onProgress);
  }

  /**
   * Gives up what a plan says, and writes it into the audit.
   * @throws AdministrationError when the account's journal went on since it was examined
   */
  async acceptLoss(found: Examination, plan: RecoveryPlan): Promise<void> {
    const { name: actor, from } = this.#actor;
    await acceptLoss(this.#store.journal, found, plan, { at: this.#now(), actor, from });
  }

  /** Indexes that do not lead to all rows, of all accounts. */
  damagedIndexes(): Promise<readonly IndexFault[]> {
    return this.#store.indexes.damaged();
  }

  /**
   * Makes damaged indexes anew, of all accounts; answers which.
   * @throws AdministrationError for one that cannot be made anew: then more is damaged than it
   */
  async rebuildIndexes(): Promise<readonly IndexFault[]> {
    const damaged = await this.damagedIndexes();
    for (const table of new Set(damaged.map((fault) => fault.table))) {
      if (await this.#store.indexes.rebuild(table)) continue;
      throw new AdministrationError(
        `What the rows of ${table} are found by cannot be made anew, for some have the same key, or pages of the file are damaged: restore a backup.`,
      );
    }
    return damaged;
  }

  /** Makes the projections of one account, or of all, anew. */
  async rebuildProjections(
    accountId: string | undefined,
    onProgress: (progress: RebuildProgress) => void,
  ): Promise<Rebuilt> {
    if (accountId !== undefined) await this.#requireAccount(accountId);
    return rebuildProjections(this.#store, accountId, onProgress);
  }

  async #requireAccount(accountId: string): Promise<void> {
    if ((await this.#store.accounts.get(accountId)) !== null) return;
    const known = await this.#store.accounts.list();
    const hint =
      known.length === 0
        ? 'there is none yet: make one with "parley account create"'
        : `there are ${known.slice(0, 10).join(', ')}${known.length > 10 ? ' …' : ''}`;
    throw new AdministrationError(`There is no account ${accountId}; ${hint}.`);
  }

  async #makeAccount(accountId: string): Promise<void> {
    try {
      await this.#store.accounts.create({ id: accountId, createdAt: this.#now() });
    } catch (error) {
      if (!(error instanceof StoreConflict)) throw error;
      const { revisions } = await this.#store.config.load(accountId);
      if (Object.keys(revisions).length > 0) throw taken(accountId);
    }
  }

  async #change<R>(accountId: string, work: (draft: Draft) => R | Promise<R>): Promise<R> {
    await this.#requireAccount(accountId);
    return this.#work(accountId, work);
  }

  async #work<R>(accountId: string, work: (draft: Draft) => R | Promise<R>): Promise<R> {
    const { name: actor, from } = this.#actor;
    const desk = { store: this.#store, accountId, actor, from, now: this.#now };
    try {
      const { result } = await changeConfiguration(desk, {}, work);
      return result;
    } catch (error) {
      throw readable(error);
    }
  }
}

function taken(accountId: string): AdministrationError {
  return new AdministrationError(
    `There is an account ${accountId} already: choose another id, or add users with "parley user create ${accountId} …".`,
  );
}

/** @throws AdministrationError when keys of the account were sealed with another secret key. */
function requireFit(box: SecretBox, { accountId, appKeys }: AccountConfiguration): void {
  if (![...appKeys.values()].some((key) => sealedElsewhere(box, key))) return;
  throw new AdministrationError(
    `The secret key here is another one than the keys of account ${accountId} were made with: give the one that the server uses, with --secret-key-file or PARLEY_SECRET_KEY.`,
  );
}

function secretsOf(draft: Draft, { id, secrets }: MadeKey): BotKeySecrets {
  const { secret = '', accessToken = null, accessTokenSecret = null } = secrets;
  return { appKey: draft.require('appKey', id).key, secret, accessToken, accessTokenSecret };
}
