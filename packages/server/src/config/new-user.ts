/** What a new user is made from, and what it may be. */
import type { Role } from '@parley/engine';
import { hashPassword, passwordProblem } from '../auth/password.js';
import { AdministrationError } from './administration-error.js';
import { type AccountSetup, type NewRecord, nameKey } from './records.js';

/** A user to be made; what is left out gets a sensible value. */
export interface NewUser {
  readonly loginName: string;
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
  /** Name of its group; default: the account's first. */
  readonly group?: string;
  /** Most chats at once, -1 for no cap; default 3. */
  readonly maxChats?: number;
}

const DEFAULT_MAX_CHATS = 3;
const MOST_CHATS = 1000;
const LONGEST_NAME = 100;

/**
 * The record of a new user, who has no password yet.
 * @throws AdministrationError naming the field that cannot be.
 */
export function userRecord(
  wanted: NewUser,
  belongs: { readonly skillIds: readonly number[]; readonly groupId: number },
): NewRecord<'user'> {
  const loginName = checkName('login name', wanted.loginName);
  const fullName = checkName('full name', wanted.fullName ?? loginName);
  const maxChats = wanted.maxChats ?? DEFAULT_MAX_CHATS;
  if (!Number.isInteger(maxChats) || maxChats < -1 || maxChats > MOST_CHATS) {
    throw new AdministrationError(
      `${maxChats} cannot be the most chats at once: choose a whole number up to ${MOST_CHATS}, or -1 for no cap.`,
    );
  }
  return {
    loginName,
    fullName,
    nickname: checkName('nickname', wanted.nickname ?? fullName),
    email: wanted.email ?? '',
    kind: wanted.kind ?? 'human',
    enabled: true,
    maxChats,
    skillIds: belongs.skillIds,
    groupId: belongs.groupId,
    roles: wanted.roles ?? ['agent'],
    passwordHash: null,
    mustChangePassword: false,
  };
}

/** @throws AdministrationError unless it is a name: some printable text of at most 100 characters. */
export function checkName(what: string, name: string): string {
  const trimmed = name.trim();
  if (trimmed !== '' && [...trimmed].length <= LONGEST_NAME && !/\p{C}/u.test(trimmed)) {
    return trimmed;
  }
  throw new AdministrationError(
    `"${name.slice(0, LONGEST_NAME)}" cannot be a ${what}: use 1 to ${LONGEST_NAME} printable characters.`,
  );
}

/** @throws AdministrationError naming the skills there are. */
export function skillIdByName(setup: AccountSetup, name: string): number {
  const skill = setup.skillByName.get(nameKey(name));
  if (skill !== undefined) return skill.id;
  const names = [...setup.skillByName.values()].map((known) => known.name);
  throw missing('skill', name, setup.accountId, names);
}

/** The id of a group by name; without a name, of the account's first. */
export function groupIdByName(setup: AccountSetup, name: string | undefined): number {
  const groups = [...setup.groups.values()].sort((a, b) => a.id - b.id);
  const group =
    name === undefined ? groups[0] : groups.find((known) => nameKey(known.name) === nameKey(name));
  if (group !== undefined) return group.id;
  const names = groups.map((known) => known.name);
  throw missing('agent group', name ?? '', setup.accountId, names);
}

function missing(what: string, name: string, accountId: string, known: readonly string[]) {
  const hint = known.length === 0 ? 'there is none yet' : `there are ${known.join(', ')}`;
  return new AdministrationError(`There is no ${what} ${name} in account ${accountId}; ${hint}.`);
}

/**
 * The hash to keep of a new password.
 * @throws AdministrationError saying what is wrong with the password.
 */
export async function acceptPassword(password: string, loginName: string): Promise<string> {
  const problem = passwordProblem(password, loginName);
  if (problem !== null) throw new AdministrationError(problem);
  return hashPassword(password);
}
