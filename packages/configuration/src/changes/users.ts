/** Users: how they are serialized, made, changed and deleted (rules CFG…). */
import type { Role } from '@parley/engine';
import { type ConfiguredUser, type UserChange, WireError } from '@parley/protocol';
import type { AccountConfiguration, NewRecord, Stored, UserRecord } from '../records/records.js';
import type { Draft } from './draft.js';
import { emailOf, omitUndefined, nameOf, printable, refuse, unique } from './fields.js';
import { rootOf } from './groups.js';
import { localTime } from './local-time.js';
import { removeRulesOfUser } from './routing-rules.js';
import { timeOfSignOut } from '../records/sign-out-times.js';
import { acceptPassword, withPassword } from './passwords.js';
import { profileIdsOf, rolesAsked } from './roles.js';

/** Chats at once of a new user for whom nothing is said. */
const DEFAULT_MAX_CHATS = 3;

/** A user as answers show it; never with its password. */
export function serializeUser(
  user: Stored<'user'>,
  setup: AccountConfiguration,
  state: 'live' | 'deleted',
): ConfiguredUser {
  const { timeZone } = setup.engine.settings;
  const membership = (groupId: number, since: number) => ({
    agentGroupId: groupId,
    ...omitUndefined({ assignmentDate: localTime(since, timeZone) }),
  });
  const deleted = state === 'deleted';
  const profileIds = profileIdsOf(user.roles);
  return {
    id: user.id,
    deleted,
    loginName: user.loginName,
    fullName: user.fullName,
    nickname: user.nickname,
    email: user.email,
    isEnabled: user.enabled,
    isActive: user.enabled && !deleted,
    maxChats: user.maxChats,
    skillIds: [...user.skillIds],
    memberOf: membership(user.groupId, user.groupSince),
    managerOf: user.managerOf.map(({ groupId, since }) => membership(groupId, since)),
    permissionGroups: profileIds,
    profileIds,
    userTypeId: user.kind === 'bot' ? 2 : 1,
    description: user.description,
    mobileNumber: user.mobileNumber,
    employeeId: user.employeeId,
    pictureUrl: user.pictureUrl,
    changePwdNextLogin: user.mustChangePassword,
    disabledManually: user.disabledManually,
    ...omitUndefined({
      lastPwdChangeDate: localTime(user.passwordChangedAt, timeZone),
      dateUpdated: localTime(user.changedAt, timeZone),
    }),
  };
}

/**
 * Adds a user; answers its id. Without a password it can log in by app key only.
 * @throws WireError naming the field that cannot be.
 */
export async function addUser(draft: Draft, change: UserChange): Promise<number> {
  const { now } = draft;
  const loginName = nameOf('loginName', change.loginName);
  const fullName = nameOf('fullName', change.fullName ?? loginName);
  const roles = rolesAsked(change, null) ?? ['agent'];
  const enabled = change.isEnabled ?? true;
  const record: NewRecord<'user'> = {
    loginName,
    fullName,
    nickname: nameOf('nickname', change.nickname ?? fullName),
    email: '',
    kind: 'human',
    enabled,
    maxChats: DEFAULT_MAX_CHATS,
    skillIds: [],
    groupId: change.memberOf?.agentGroupId ?? rootOf(draft.records.agentGroup).id,
    groupSince: now,
    roles,
    managerOf: managed(change, roles, [], now) ?? [],
    passwordHash: null,
    mustChangePassword: change.changePwdNextLogin ?? false,
    disabledManually: change.disabledManually ?? !enabled,
    ...plainFields(change),
  };
  const password = change.passwordSh ?? '';
  const secret =
    password === ''
      ? {}
      : { passwordHash: await acceptPassword(draft, password, loginName), passwordChangedAt: now };
  const id = draft.create('user', { ...record, ...secret });
  draft.note('user.create', `user:${id}`, { loginName, roles, kind: record.kind });
  return id;
}

/**
 * Changes the fields that are given and leaves the others.
 * @throws WireError naming the field that cannot be.
 */
export async function alterUser(draft: Draft, id: number, change: UserChange): Promise<void> {
  const user = draft.require('user', id);
  const { now } = draft;
  const roles = rolesAsked(change, user.roles) ?? user.roles;
  const enabled = change.isEnabled ?? user.enabled;
  const groupId = change.memberOf?.agentGroupId ?? user.groupId;
  const names = omitUndefined({
    loginName: change.loginName === undefined ? undefined : nameOf('loginName', change.loginName),
    fullName: change.fullName === undefined ? undefined : nameOf('fullName', change.fullName),
    nickname: change.nickname === undefined ? undefined : nameOf('nickname', change.nickname),
    managerOf: managed(change, roles, user.managerOf, now),
    mustChangePassword: change.changePwdNextLogin,
  });
  const fields: Partial<UserRecord> = {
    ...plainFields(change),
    ...names,
    ...(sameRoles(roles, user.roles) ? {} : { roles }),
    ...(groupId === user.groupId ? {} : { groupId, groupSince: now }),
    ...enabling(user, enabled, change.disabledManually, now),
  };
  const changed = draft.update('user', id, fields);
  const password = change.passwordSh ?? '';
  if (password !== '') {
    const loginName = fields.loginName ?? user.loginName;
    const passwordHash = await acceptPassword(draft, password, loginName);
    draft.update('user', id, withPassword(user, passwordHash, now));
    draft.note('password.reset', `user:${id}`, {});
  }
  const { signedOutAt: _, ...noted } = changed;
  if (Object.keys(noted).length > 0) draft.note('user.change', `user:${id}`, noted);
}

/** Deletes a user, with the keys that act for it. */
export function removeUser(draft: Draft, id: number): void {
  const user = draft.require('user', id);
  const keys = [...draft.records.appKey.values()].filter(({ userId }) => userId === id);
  for (const key of keys) {
    draft.remove('appKey', key.id, NO_SECRETS);
    draft.note('key.revoke', `appKey:${key.id}`, { key: key.key, because: `user:${id}` });
  }
  const signedOut = timeOfSignOut(user, draft.now);
  removeRulesOfUser(draft, id);
  const last = { enabled: false, passwordHash: null, signedOutAt: signedOut };
  draft.remove('user', id, last);
  draft.note('user.delete', `user:${id}`, { loginName: user.loginName });
}

/** What a deleted key is kept without. */
export const NO_SECRETS = {
  secretHash: null,
  accessToken: null,
  accessTokenSecretHash: null,
  sealedSecret: null,
  sealedAccessTokenSecret: null,
} as const;

/** The fields that are kept as they are given. */
function plainFields(change: UserChange): Partial<UserRecord> {
  const { email, description, mobileNumber, employeeId, pictureUrl, skillIds, maxChats } = change;
  return omitUndefined({
    email: email === undefined ? undefined : emailOf('email', email),
    description: description === undefined ? undefined : multiline(description),
    mobileNumber: mobileNumber === undefined ? undefined : line('mobileNumber', mobileNumber),
    employeeId: employeeId === undefined ? undefined : line('employeeId', employeeId),
    pictureUrl,
    skillIds: skillIds === undefined ? undefined : unique(skillIds),
    maxChats,
    kind: change.userTypeId === undefined ? undefined : KINDS[change.userTypeId],
  });
}

const KINDS: Readonly<Record<number, UserRecord['kind']>> = { 1: 'human', 2: 'bot' };

const MAX_LINE = 100;

function line(field: string, value: string): string {
  return printable(field, value, MAX_LINE);
}

function multiline(value: string): string {
  return value.trim();
}

function enabling(
  user: UserRecord,
  enabled: boolean,
  disabledManually: boolean | undefined,
  now: number,
): Partial<UserRecord> {
  const manually =
    disabledManually ?? (enabled === user.enabled ? user.disabledManually : !enabled);
  const signedOut = user.enabled && !enabled ? { signedOutAt: timeOfSignOut(user, now) } : {};
  return { enabled, disabledManually: manually, ...signedOut };
}

/** The groups a user manages; undefined for no change. Only managers manage any. */
function managed(
  change: UserChange,
  roles: readonly Role[],
  before: UserRecord['managerOf'],
  now: number,
): UserRecord['managerOf'] | undefined {
  const isManager = roles.includes('manager');
  const asked = change.managerOf?.map(({ agentGroupId }) => agentGroupId);
  if (asked === undefined) return isManager || before.length === 0 ? undefined : [];
  if (!isManager && asked.length > 0) {
    // Who is no manager any more is sent back with the groups of before, as they were read.
    const known = new Set(before.map(({ groupId }) => groupId));
    if (asked.every((groupId) => known.has(groupId))) return [];
    return refuse('managerOf names groups, but the user is no agent manager: add profile id 3.');
  }
  return unique(asked).map(
    (groupId) => before.find((one) => one.groupId === groupId) ?? { groupId, since: now },
  );
}

function sameRoles(a: readonly Role[], b: readonly Role[]): boolean {
  return a.length === b.length && a.every((role) => b.includes(role));
}

/** @throws WireError 404 when there is no such user. */
export function userNamed(setup: AccountConfiguration, id: number): Stored<'user'> {
  const user = setup.users.get(id);
  if (user !== undefined) return user;
  throw new WireError('notFound', `There is no user ${id}: read the users for the ids there are.`);
}
