/**
 * Sign-outs, and what is opened, are put in order by times that are kept. A clock may be set back in
 * between, also over a restart; so what comes later has a later time, whatever the clock says. A login
 * says which sign-out it knew of, so it is known to be of before the next one without a clock: also when
 * it was opened while that one was on its way.
 */
import type { UserRecord } from './records.js';

/** What a user's record says of sign-outs. */
export type SignOuts = Pick<UserRecord, 'signedOutAt' | 'loginsEndedAt' | 'keptLogin'>;

/** Of who was never signed out. */
export const NO_SIGN_OUTS: SignOuts = { signedOutAt: 0, loginsEndedAt: 0, keptLogin: null };

/** The time of the last one, which a login remembers; 0 for none. */
export function lastSignOut({
  signedOutAt,
  loginsEndedAt,
}: Pick<SignOuts, 'signedOutAt' | 'loginsEndedAt'>): number {
  return Math.max(signedOutAt, loginsEndedAt);
}

/**
 * The time of a sign-out.
 * @param before of the user's sign-outs before
 * @param now epoch ms
 */
export function timeOfSignOut(
  before: Pick<SignOuts, 'signedOutAt' | 'loginsEndedAt'>,
  now: number,
): number {
  return Math.max(now, lastSignOut(before) + 2);
}

/** A login, as far as sign-outs go. */
export interface SignedOutLogin {
  readonly bearerHash: string;
  readonly createdAt: number;
  readonly signedOutAt?: number;
}

/** Whether a sign-out of its user has ended a login. */
export function isSignedOut(login: SignedOutLogin, user: SignOuts): boolean {
  const { bearerHash, createdAt, signedOutAt: known } = login;
  const isBefore = (signOut: number) =>
    known === undefined ? createdAt <= signOut : known < signOut;
  if (isBefore(user.signedOutAt)) return true;
  return isBefore(user.loginsEndedAt) && bearerHash !== user.keptLogin;
}
