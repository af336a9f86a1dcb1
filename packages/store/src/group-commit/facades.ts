import type { Accounts } from '../port/accounts.js';
import type { Configuration } from '../port/configuration.js';
import type { Indexes } from '../port/indexes.js';
import type { Logins } from '../port/logins.js';
import { checkConfigWrite, checkLimit, checkLogin, checkPosition } from '../validate.js';
import type { CommitQueue } from './commit-queue.js';
import { rowDamage } from '../operations/damage-of-rows.js';
import type { ConfigScope } from './messages.js';
import type { Repairs } from './repairs.js';

const CONFIGURATION = ['config_kind', 'config_item', 'tally'] as const;

/** The configuration, spoken to through a queue. */
export function configurationOn(queue: CommitQueue, repairs: Repairs): Configuration {
  const reading = <T>(read: () => Promise<T>) => repairs.reading(CONFIGURATION, read);
  return {
    load: (accountId) => reading(() => queue.read({ ask: 'loadConfig', accountId })),
    changedSince: (accountId, known) =>
      reading(() => queue.read({ ask: 'changedConfig', accountId, known })),
    list(accountId, kind, options = {}) {
      const { changedAfter, includeDeleted } = options;
      let scope: ConfigScope = { show: 'current' };
      if (includeDeleted) scope = { show: 'changed', after: 0 };
      if (changedAfter !== undefined) scope = { show: 'changed', after: changedAfter };
      return reading(() => queue.read({ ask: 'listConfig', accountId, kind, scope }));
    },
    holding: (kind, text) => queue.read({ ask: 'configHolding', kind, text }),
    async write(accountId, write) {
      checkConfigWrite(accountId, write);
      return queue.write({ do: 'writeConfig', accountId, write });
    },
    answered: (accountId, key) =>
      repairs.reading(['answered_request', 'tally'], () =>
        queue.read({ ask: 'answeredRequest', accountId, key }),
      ),
    async audit(accountId, { before = Number.MAX_SAFE_INTEGER, limit }) {
      checkLimit(limit);
      return queue.read({ ask: 'audit', accountId, before, limit });
    },
  };
}

/** The accounts, spoken to through a queue. */
export function accountsOn(queue: CommitQueue, repairs: Repairs): Accounts {
  return {
    async create({ id, createdAt }) {
      await queue.write({ do: 'createAccount', accountId: id, createdAt });
    },
    get: (accountId) =>
      repairs.reading(['account', 'tally'], () => queue.read({ ask: 'getAccount', accountId })),
    list: () => queue.read({ ask: 'listAccounts' }),
    async rest(accountId, rest) {
      const { seq, dueAt } = rest;
      checkPosition(accountId, 'where an account rests', seq);
      if (dueAt !== null) checkPosition(accountId, 'when something is due', dueAt);
      await queue.write({ do: 'putRest', accountId, rest: { seq, dueAt } });
    },
    standing: () => queue.read({ ask: 'standing' }),
  };
}

/** The logins, spoken to through a queue. */
export function loginsOn(queue: CommitQueue, repairs: Repairs): Logins {
  return {
    async load(accountId, now, onDamaged = () => {}) {
      const read = () => queue.read({ ask: 'loadLogins', accountId, now });
      let { logins, damage } = await read();
      if (damage === null) return logins;
      const found = rowDamage('logins', accountId, damage);
      if (await repairs.rebuild('login')) ({ logins, damage } = await read());
      if (damage === null) {
        repairs.repaired(found);
        return logins;
      }
      onDamaged(found);
      // They are void from now on, and what is damaged later shows again.
      if (repairs.allowed) {
        await queue.write({ do: 'settleRecords', accountId, records: ['logins'] });
      }
      return logins;
    },
    async put(accountId, login) {
      checkLogin(accountId, login);
      await queue.write({ do: 'putLogin', accountId, login });
    },
    delete: (accountId, bearerHash) => queue.write({ do: 'deleteLogin', accountId, bearerHash }),
    async deleteOfUser(accountId, userId) {
      await queue.write({ do: 'deleteLoginsOfUser', accountId, userId });
    },
    async purge(accountId, now) {
      await queue.write({ do: 'purgeLogins', accountId, now });
    },
  };
}

/** What rows are found by, spoken to through a queue. */
export function indexesOn(queue: CommitQueue): Indexes {
  return {
    check: () => queue.read({ ask: 'fileFaults' }),
    damaged: async () => (await queue.read({ ask: 'fileFaults' })).indexes,
    rebuild: (table) => queue.write({ do: 'rebuildIndexes', table }),
  };
}
