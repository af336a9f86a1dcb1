/** What people name by its name, the configuration names by its number. */
import type { Role } from '@parley/engine';
import type { UserChange } from '@parley/protocol';
import { omitUndefined } from '../changes/fields.js';
import { profileIdsOf } from '../changes/roles.js';
import { AdministrationError } from '../administration-error.js';
import { NameIndex, reasonTextKey } from './names.js';
import type { AccountConfiguration, Stored } from './records.js';

/** A user to be made or changed; what is left out gets a sensible value, or stays. */
export interface UserInput {
  readonly loginName?: string;
  /** Default: the login name. */
  readonly fullName?: string;
  /** What visitors see; default: the full name. */
  readonly nickname?: string;
  readonly email?: string;
  /** Default: human. */
  readonly kind?: 'human' | 'bot';
  /** Default: agent. */
  readonly roles?: readonly Role[];
  /** Names of its skills. */
  readonly skills?: readonly string[];
  /** Name of its group; default: the account's root. */
  readonly group?: string;
  /** Most chats at once, -1 for no cap; default 3. */
  readonly maxChats?: number;
}

/**
 * The input as the wire would write it.
 * @throws AdministrationError naming the skills or groups there are.
 */
export function userInput(setup: AccountConfiguration, input: UserInput): UserChange {
  const { kind, roles, skills, group, ...plain } = input;
  return {
    ...plain,
    ...omitUndefined({
      userTypeId: kind === undefined ? undefined : kind === 'bot' ? 2 : 1,
      profileIds: roles === undefined ? undefined : profileIdsOf(roles),
      skillIds: skills?.map((name) => skillIdByName(setup, name)),
      memberOf: group === undefined ? undefined : { agentGroupId: groupIdByName(setup, group) },
    }),
  };
}

function skillIdByName(setup: AccountConfiguration, name: string): number {
  const skill = setup.skillByName.get(name);
  if (skill !== undefined) return skill.id;
  const names = setup.skillByName.values().map((known) => known.name);
  throw missing('skill', name, setup.accountId, names);
}

function groupIdByName(setup: AccountConfiguration, name: string): number {
  const group = setup.groupByName.get(name);
  if (group !== undefined) return group.id;
  const names = setup.groupByName.values().map((known) => known.name);
  throw missing('agent group', name, setup.accountId, names);
}

function missing(what: string, name: string, accountId: string, known: readonly string[]) {
  const hint = known.length === 0 ? 'there is none yet' : `there are ${known.join(', ')}`;
  return new AdministrationError(`There is no ${what} ${name} in account ${accountId}; ${hint}.`);
}

/** @throws AdministrationError for an unknown user. */
export function userOf(
  { accountId, userByLogin }: AccountConfiguration,
  loginName: string,
): Stored<'user'> {
  const user = userByLogin.get(loginName);
  if (user !== undefined) return user;
  throw new AdministrationError(
    `There is no user ${loginName} in account ${accountId}: "parley user list ${accountId}" shows those there are.`,
  );
}

/** @throws AdministrationError for an unknown skill. */
export function skillOf(
  { accountId, skillByName }: AccountConfiguration,
  name: string,
): Stored<'skill'> {
  const skill = skillByName.get(name);
  if (skill !== undefined) return skill;
  throw new AdministrationError(
    `There is no skill ${name} in account ${accountId}: "parley skill list ${accountId}" shows those there are.`,
  );
}

/** @throws AdministrationError for an unknown status reason. */
export function reasonOf(
  { accountId, records }: AccountConfiguration,
  text: string,
): Stored<'statusReason'> {
  const reasons = records.statusReason.values();
  const index = new NameIndex<Stored<'statusReason'>>(
    (known) => known.text,
    reasonTextKey,
    reasons,
  );
  const reason = index.get(text);
  if (reason !== undefined) return reason;
  throw new AdministrationError(
    `There is no status reason ${text} in account ${accountId}: "parley reason list ${accountId}" shows those there are.`,
  );
}

/** @throws AdministrationError for an unknown key. */
export function keyOf({ accountId, appKeys }: AccountConfiguration, key: string): Stored<'appKey'> {
  const record = appKeys.get(key);
  if (record !== undefined) return record;
  throw new AdministrationError(
    `There is no key ${key} in account ${accountId}: "parley key list ${accountId}" shows those there are.`,
  );
}
