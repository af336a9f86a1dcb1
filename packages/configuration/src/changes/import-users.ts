/** Many users at once: those that can be made are made, the others are reported one by one. */
import { describeProblems, type UserChange, userChangeDocument, WireError } from '@parley/protocol';
import { userInput } from '../records/named.js';
import { loginNameKey } from '../records/names.js';
import type { Draft } from './draft.js';
import { aboutOne } from './fields.js';
import type { UserRow } from './user-table.js';
import { addUser } from './users.js';

/** Reads a row, on the configuration as it is then. @throws an Error that says what is wrong with it. */
export type ReadRow = (draft: Draft) => UserChange;

/** Reads a row of a table. */
export function userOfRow({ password, ...input }: UserRow): ReadRow {
  return (draft) => userAsWritten({ ...userInput(draft.before, input), passwordSh: password });
}

/** Reads a user as the API has it. */
export function userOfJson(value: unknown): ReadRow {
  return () => userAsWritten(value);
}

function userAsWritten(value: unknown): UserChange {
  const result = userChangeDocument.read(value);
  if (!result.ok) {
    throw new WireError('invalidField', aboutOne(describeProblems(result.problems)));
  }
  const [user, ...others] = result.value;
  if (user === undefined || others.length > 0) {
    throw new WireError('invalidField', 'A line must hold one user.');
  }
  return user;
}

/** What became of a row: the new user's id, or why there is none. */
export type ImportedRow = { readonly id: number } | { readonly refused: string };

/**
 * Adds the users whose rows are right.
 */
export async function addUsers(
  draft: Draft,
  rows: readonly ReadRow[],
): Promise<readonly ImportedRow[]> {
  const taken = new Set(
    [...draft.records.user.values()].map(({ loginName }) => loginNameKey(loginName)),
  );
  const results: ImportedRow[] = [];
  for (const read of rows) {
    try {
      const change = read(draft);
      refuseWhatDoesNotFit(draft, taken, change);
      const id = await addUser(draft, change);
      taken.add(loginNameKey(draft.require('user', id).loginName));
      results.push({ id });
    } catch (error) {
      // What is no refusal is a mistake of this program, and ends the whole.
      if (!(error instanceof WireError) && !isRefusal(error)) throw error;
      results.push({ refused: error.message });
    }
  }
  return results;
}

/** What would make the whole change fail otherwise. @throws WireError */
function refuseWhatDoesNotFit(
  { records }: Draft,
  taken: ReadonlySet<string>,
  { loginName, memberOf }: UserChange,
): void {
  if (loginName !== undefined && taken.has(loginNameKey(loginName))) {
    throw new WireError('conflict', `There is a user with the login name "${loginName}" already.`);
  }
  const groupId = memberOf?.agentGroupId;
  const group = groupId === undefined ? undefined : records.agentGroup.get(groupId);
  if (group?.enabled === false) {
    throw new WireError('conflict', `Agent group "${group.name}" takes no new members.`);
  }
}

function isRefusal(error: unknown): error is Error {
  return error instanceof Error && error.name === 'AdministrationError';
}
