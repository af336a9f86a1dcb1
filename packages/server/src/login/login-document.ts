/** What a login is answered with. */
import type { Role } from '@parley/engine';
import { type LoginDocument, zoneOffset } from '@parley/protocol';
import type { NewLogin } from '@parley/runtime/logins/login-registry';
import { randomDigits } from '@parley/configuration/secrets/tokens';
import type { Stored } from '@parley/configuration/records/records';
import { baseUrisOf } from '../domain/base-uris.js';
import type { LoginCall } from './context.js';

/** Numbers that clients read as rights; a user has those of all its roles. */
export const PRIVILEGES: Readonly<Record<Role, readonly number[]>> = {
  /** Takes chats, transfers them. */
  agent: [100, 101],
  /** Watches and joins the chats of managed groups, reads reports. */
  manager: [200, 201],
  /** Reads and changes the configuration; watches every chat. */
  administrator: [200, 201, 300, 301],
};

const WSUK_DIGITS = 18;

/** The login answer: tokens, who the user is, the account's time, and where every service is. */
export function loginDocumentOf(
  call: LoginCall,
  user: Stored<'user'>,
  login: NewLogin,
): LoginDocument {
  const { setup, id: accountId } = call.account;
  const { timeZone } = setup.engine.settings;
  const now = call.server.clock.now();
  const offset = zoneOffset(now, timeZone);
  const privileges = new Set(user.roles.flatMap((role) => PRIVILEGES[role]));
  const groups = [...setup.groups.values()];
  return {
    csrf: login.csrf,
    wsuk: randomDigits(WSUK_DIGITS),
    config: {
      loginName: user.loginName,
      userId: user.id,
      userPrivileges: [...privileges].sort((a, b) => a - b),
      serverCurrentTime: now,
      // The server itself keeps UTC: this leads from the account's clock back to it.
      timeDiff: offset === 0 ? 0 : -offset,
      serverTimeZoneName: timeZone,
      serverTimeGMTDiff: offset,
      isLPA: false,
      isAdmin: user.roles.includes('administrator'),
      accountTimeZoneId: timeZone,
    },
    csdsCollectionResponse: { baseURIs: baseUrisOf(call, accountId) },
    accountData: {
      agentGroupsData: {
        items: groups.map(({ id, name }) => ({ id, deleted: false, name })),
        revision: setup.revisions['agentGroup'] ?? 0,
      },
    },
    sessionTTl: login.record.ttl,
    bearer: login.bearer,
  };
}
