/** Gives up what is missing or altered of some records, so that what is damaged later is noticed. */
import type { ResolvedRecords } from '../port/check.js';
import { settleAnswered } from './keep-answered.js';
import { settleLogins } from './logins.js';
import { settleVisitorErasures } from './visitor-erasures.js';
import type { Steps } from './steps.js';
import type { WriteGroup } from './write-group.js';

export function* settleRecords(
  group: WriteGroup,
  accountId: string,
  records: readonly ResolvedRecords[],
): Steps<null> {
  for (const each of records) {
    switch (each) {
      case 'logins':
        yield* settleLogins(group, accountId);
        break;
      case 'retries':
        yield* settleAnswered(group.connection, accountId);
        break;
      case 'erasures':
        yield* settleVisitorErasures(group.connection, accountId);
        break;
      default:
        each satisfies never;
    }
  }
  return null;
}
