/** New passwords: what the account asks of them, and what becomes of logins made with the old one. */
import { WireError } from '@parley/protocol';
import { hashPassword, passwordProblem } from '../secrets/password.js';
import type { UserRecord } from '../records/records.js';
import { type SignOuts, timeOfSignOut } from '../records/sign-out-times.js';
import type { Draft } from './draft.js';

/**
 * The hash to keep of a new password.
 * @throws WireError 400 saying what is wrong with it.
 */
export async function acceptPassword(
  draft: Draft,
  password: string,
  loginName: string,
): Promise<string> {
  const { minLength } = draft.before.settings.passwordPolicy;
  const length = [...password].length;
  const problem =
    length < minLength
      ? `The password has ${length} characters; this account asks for at least ${minLength}.`
      : await passwordProblem(password, loginName, draft.before.accountId);
  if (problem !== null) throw new WireError('weakPassword', problem);
  return draft.once(`hash of ${password}`, () => hashPassword(password));
}

/** The fields of a user who has this password from now on; whoever knew the old one is out. */
export function withPassword(
  before: SignOuts,
  passwordHash: string,
  now: number,
): Pick<UserRecord, 'passwordHash' | 'passwordChangedAt' | 'signedOutAt'> {
  const signedOutAt = timeOfSignOut(before, now);
  return { passwordHash, passwordChangedAt: now, signedOutAt };
}

/**
 * Gives users the new password that they chose themselves. That whoever else knew the old one is out is
 * written with it: no stop in between leaves a login alive, nor one that is being opened by the old one.
 * @param keptLogin the hash of the bearer that the change came by, which goes on; null for none
 */
export async function changePassword(
  draft: Draft,
  userId: number,
  password: string,
  keptLogin: string | null,
): Promise<void> {
  const user = draft.require('user', userId);
  draft.update('user', userId, {
    passwordHash: await acceptPassword(draft, password, user.loginName),
    passwordChangedAt: draft.now,
    mustChangePassword: false,
    loginsEndedAt: timeOfSignOut(user, draft.now),
    keptLogin,
  });
  draft.note('password.change', `user:${userId}`);
}

/** Gives a user a new password, as an administrator does. */
export async function resetPassword(
  draft: Draft,
  userId: number,
  password: string,
  next: 'change at next login' | 'keep',
): Promise<void> {
  const user = draft.require('user', userId);
  const passwordHash = await acceptPassword(draft, password, user.loginName);
  const mustChangePassword = next === 'change at next login';
  draft.update('user', userId, {
    ...withPassword(user, passwordHash, draft.now),
    mustChangePassword,
  });
  draft.note('password.reset', `user:${userId}`, { mustChangePassword });
}
