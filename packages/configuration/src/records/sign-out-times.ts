/**
 * Sign-outs, and what is opened, are put in order by times that are kept. A clock may be set back in
 * between, also over a restart; so what comes later has a later time, whatever the clock says.
 */

/**
 * The time of a sign-out.
 * @param before of the user's sign-out before, 0 for none
 * @param now epoch ms
 */
export function timeOfSignOut(before: number, now: number): number {
  return Math.max(now, before + 2);
}

/**
 * The time at which something that is opened now counts as opened.
 * @param signedOutAt of the user's last sign-out, 0 for none
 * @param now epoch ms
 */
export function timeOfOpening(signedOutAt: number, now: number): number {
  return Math.max(now, signedOutAt + 1);
}
