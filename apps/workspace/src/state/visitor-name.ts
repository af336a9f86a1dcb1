/** What agents are told as the name of a visitor who gave none: a word of the protocol, in no language. */
const UNNAMED = 'visitor';

/** @returns the name that a visitor gave; empty when none was given */
export function givenName(visitorName: string | null | undefined): string {
  return visitorName === UNNAMED ? '' : (visitorName ?? '');
}
