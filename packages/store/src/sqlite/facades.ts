import type { Accounts, Configuration, Journal, JournalEntry, Logins } from '../types.js';
import {
  checkConfigWrite,
  checkEntries,
  checkLimit,
  checkLogin,
  checkMarks,
  checkSnapshot,
} from '../validate.js';
import type { CommitQueue } from './commit-queue.js';
import type { ConfigScope, JournalValue } from './messages.js';

/** How many journal entries are read at once: bounds the time a read keeps commits waiting. */
const PAGE = 500;

/** The journal, spoken to through a queue. */
export function journalOn(queue: CommitQueue): Journal {
  return {
    async append(accountId, entries, marks = []) {
      try {
        checkEntries(accountId, entries);
        checkMarks(accountId, marks);
      } catch (error) {
        // The caller's state is ahead of the journal now, as after any other refusal.
        if (error instanceof Error) queue.refuse(accountId, error);
        throw error;
      }
      const values = flatten(entries);
      await queue.write(
        marks.length === 0
          ? { do: 'append', accountId, values }
          : { do: 'append', accountId, values, marks },
      );
    },
    async load(accountId) {
      queue.forget(accountId);
      const snapshot = await queue.read({ ask: 'latestSnapshot', accountId });
      const tail = pages(snapshot?.seq ?? 0, (after) =>
        queue.read({ ask: 'journalPage', accountId, after, limit: PAGE }),
      );
      return { snapshot, tail };
    },
    async saveSnapshot(accountId, snapshot) {
      checkSnapshot(accountId, snapshot);
      await queue.write({ do: 'saveSnapshot', accountId, snapshot });
    },
    async readChat(accountId, chatId) {
      const entries: JournalEntry[] = [];
      const found = pages(0, (after) =>
        queue.read({ ask: 'chatPage', accountId, chatId, after, limit: PAGE }),
      );
      for await (const page of found) entries.push(...page);
      return entries;
    },
    async chatsOfVisitor(accountId, visitorId, limit) {
      checkLimit(limit);
      return queue.read({ ask: 'chatsOfVisitor', accountId, visitorId, limit });
    },
  };
}

/** The configuration, spoken to through a queue. */
export function configurationOn(queue: CommitQueue): Configuration {
  return {
    load: (accountId) => queue.read({ ask: 'loadConfig', accountId }),
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
  };
}

/** The logins, spoken to through a queue. */
export function loginsOn(queue: CommitQueue): Logins {
  return {
    load: (accountId, now) => queue.read({ ask: 'loadLogins', accountId, now }),
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

/** Pages of entries after a position, each asked for when the one before has been used. */
function pages(
  start: number,
  read: (after: number) => Promise<JournalEntry[]>,
): AsyncIterable<readonly JournalEntry[]> {
  return {
    async *[Symbol.asyncIterator]() {
      let after = start;
      for (;;) {
        const page = await read(after);
        const last = page.at(-1);
        if (last === undefined) return;
        yield page;
        if (page.length < PAGE) return;
        after = last.seq;
      }
    },
  };
}

function flatten(entries: readonly JournalEntry[]): JournalValue[] {
  const values: JournalValue[] = [];
  for (const { seq, at, type, version, chatId, data } of entries) {
    values.push(seq, at, type, version, chatId, data);
  }
  return values;
}
