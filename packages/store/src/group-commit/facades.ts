import type { Accounts } from '../port/accounts.js';
import type { Configuration } from '../port/configuration.js';
import type { Logins } from '../port/logins.js';
import { checkConfigWrite, checkLimit, checkLogin, checkPosition } from '../validate.js';
import { damagedLogins } from '../operations/check-rows.js';
import type { CommitQueue } from './commit-queue.js';
import type { ConfigScope } from './messages.js';

/** The configuration, spoken to through a queue. */
export function configurationOn(queue: CommitQueue): Configuration {
  return {
    load: (accountId) => queue.read({ ask: 'loadConfig', accountId }),
    changedSince: (accountId, known) => queue.read({ ask: 'changedConfig', accountId, known }),
    list(accountId, kind, options = {}) {
      const { changedAfter, includeDeleted } = options;
      let scope: ConfigScope = { show: 'current' };
      if (includeDeleted) scope = { show: 'changed', after: 0 };
      if (changedAfter !== undefined) scope = { show: 'changed', after: changedAfter };
      return queue.read({ ask: 'listConfig', accountId, kind, scope });
    },
    async write(accountId, write) {
      checkConfigWrite(accountId, write);
      return queue.write({ do: 'writeConfig', accountId, write });
    },
    answered: (accountId, key) => queue.read({ ask: 'answeredRequest', accountId, key }),
    async audit(accountId, { before = Number.MAX_SAFE_INTEGER, limit }) {
      checkLimit(limit);
      return queue.read({ ask: 'audit', accountId, before, limit });
    },
  };
}

/** The accounts, spoken to through a queue. */
export function accountsOn(queue: CommitQueue): Accounts {
  return {
    async create({ id, createdAt }) {
      await queue.write({ do: 'createAccount', accountId: id, createdAt });
    },
    get: (accountId) => queue.read({ ask: 'getAccount', accountId }),
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
export function loginsOn(queue: CommitQueue): Logins {
  return {
    async load(accountId, now, onDamaged = () => {}) {
      const { logins, damaged } = await queue.read({ ask: 'loadLogins', accountId, now });
      if (damaged > 0) onDamaged(damagedLogins(accountId, damaged));
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
