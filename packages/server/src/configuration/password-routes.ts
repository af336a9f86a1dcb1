/** Changing one's own password, and resetting another's. */
import { pathParam } from '../http/query.js';
import { readBody } from '../http/read-body.js';
import { answerWith } from '../http/reply.js';
import { requireAdministrator } from './call.js';
import {
  changePasswordDocument,
  configuredUserDocument,
  type DocumentValue,
  resetPasswordDocument,
  WireError,
} from '@parley/protocol';
import type { FastifyInstance } from 'fastify';
import { principalOf } from '../auth/agent-auth.js';
import { provePassword } from '../auth/prove-password.js';
import { loginNameKey } from '@parley/configuration/records/names';
import type { Stored } from '@parley/configuration/records/records';
import type { AccountCall } from '../http/call.js';
import type { Answer } from '../http/answer.js';
import type { Operation } from '../http/operation.js';
import { type Api, resource } from '../http/resource.js';
import type { ConfigurationContext } from './context.js';
import type { ConfigurationCall } from './call.js';
import { changeConfiguration } from '@parley/configuration/changes/change';
import { changeAndApply, idOf } from './collection-handlers.js';
import { AT_REVISION, CONFIGURATION_API } from './collection-routes.js';
import { changePassword, resetPassword } from '@parley/configuration/changes/passwords';
import { revisionHeaders } from './revision.js';
import { serializeUser, userNamed } from '@parley/configuration/changes/users';

/** A call of whoever changes their own password. */
type OwnCall = AccountCall<ConfigurationContext>;

const USERS = '/configuration/le-users/users';

/** The old password itself says who calls: a login is not needed, and may not be to be had. */
const OWN_PASSWORD: Api<OwnCall, ConfigurationContext> = {
  versions: CONFIGURATION_API.versions,
  cors: 'agent',
  authorize: (call) => call,
};

/** Registers the change of a password, by user id or by login name, and the reset. */
export function registerPasswords(app: FastifyInstance, server: ConfigurationContext): void {
  resource(app, server, OWN_PASSWORD, `${USERS}/changePassword`, {
    PUT: changeOwn,
    POST: changeOwn,
  });
  resource(app, server, OWN_PASSWORD, `${USERS}/:id/changePassword`, {
    PUT: changeOwn,
    POST: changeOwn,
  });
  resource(app, server, CONFIGURATION_API, `${USERS}/:id/resetPassword`, {
    PUT: reset,
    POST: reset,
  });
}

const changeOwn: Operation<OwnCall> = {
  summary: 'Changes the caller’s own password.',
  description:
    'The old password is enough proof, so this works without a login too: name the user by the id in the path or by loginName in the body. The user’s other logins end.',
  body: changePasswordDocument,
  answers: { 200: configuredUserDocument },
  gives: ['ETag'],
  errors: [
    'unauthorized',
    'forbidden',
    'wrongCredentials',
    'loginThrottled',
    'invalidField',
    'weakPassword',
  ],
  handle: changeOwnPassword,
};

const reset: Operation<ConfigurationCall> = {
  summary: 'Sets a new password for a user, and ends the user’s logins and agent session.',
  headers: AT_REVISION,
  body: resetPasswordDocument,
  answers: { 200: configuredUserDocument },
  gives: ['ETag'],
  errors: [
    'unauthorized',
    'forbidden',
    'notFound',
    'invalidField',
    'weakPassword',
    'staleRevision',
  ],
  handle: resetOther,
};

async function changeOwnPassword(call: OwnCall): Promise<Answer> {
  const { server, account } = call;
  const id = pathParam(call, 'id') === '' ? null : idOf(call);
  const asked = readBody(call, changePasswordDocument);
  const caller = call.request.headers.authorization === undefined ? null : principalOf(call);
  const named = userAsked(call, id, asked);
  if (caller !== null && caller.user.id !== named?.id) {
    throw new WireError(
      'forbidden',
      'Only the user may change the own password: as an administrator use resetPassword.',
    );
  }
  const claim = {
    ...(id === null
      ? ({ by: 'login name', named: loginNameKey(asked.loginName ?? '') } as const)
      : ({ by: 'id', named: String(id) } as const)),
    user: named,
    proof: caller?.by === 'login' ? `login ${caller.login.bearerHash}` : null,
  };
  const user = await provePassword(call, claim, asked.oldPassword);
  if (user === null) throw wrong();
  if (asked.newPassword === asked.oldPassword) {
    throw new WireError('weakPassword', 'The new password is the old one; choose another.');
  }
  // The login that the change comes by goes on.
  const kept = caller?.by === 'login' ? caller.login.bearerHash : null;
  const done = await changeConfiguration(
    {
      store: server.store,
      accountId: account.id,
      actor: `user:${user.id}`,
      from: server.proxies.clientAddress(call.request.raw),
      now: () => server.clock.now(),
      live: server.accounts.liveSetup(account),
    },
    {},
    async (draft) => {
      // It may have been changed or disabled while the old password was being checked.
      const now = userNamed(draft.before, user.id);
      if (!now.enabled || now.passwordHash !== user.passwordHash) throw wrong();
      await changePassword(draft, user.id, asked.newPassword, kept);
    },
  );
  // Whoever else knew the old password is out when this is in effect.
  await server.accounts.applied(account.id);
  const serialized = serializeUser(
    userNamed(call.account.setup, user.id),
    call.account.setup,
    'live',
  );
  return answerWith(
    call,
    configuredUserDocument,
    serialized,
    200,
    revisionHeaders(done.revisions['user'] ?? 0),
  );
}

type ChangeAsked = DocumentValue<typeof changePasswordDocument>;

/** The user in the path (null: none there) or the body; undefined when there is none such. */
function userAsked(
  call: OwnCall,
  id: number | null,
  { loginName }: ChangeAsked,
): Stored<'user'> | undefined {
  const { users, userByLogin } = call.account.setup;
  if (id !== null) return users.get(id);
  if (loginName === undefined || loginName === '') {
    throw new WireError(
      'invalidField',
      'loginName is required, or the user id in the path: users/{id}/changePassword.',
    );
  }
  return userByLogin.get(loginName);
}

function wrong(): WireError {
  return new WireError(
    'wrongCredentials',
    'The user or the old password is wrong, or the user is disabled: check them, or ask an administrator.',
  );
}

async function resetOther(call: ConfigurationCall): Promise<Answer> {
  requireAdministrator(call);
  const id = idOf(call);
  const { newPassword, changePwdNextLogin } = readBody(call, resetPasswordDocument);
  const { revisions } = await changeAndApply(call, 'user', async (draft) => {
    userNamed(draft.before, id);
    const next = changePwdNextLogin === false ? 'keep' : 'change at next login';
    await resetPassword(draft, id, newPassword, next);
  });
  const { setup } = call.account;
  const serialized = serializeUser(userNamed(setup, id), setup, 'live');
  return answerWith(
    call,
    configuredUserDocument,
    serialized,
    200,
    revisionHeaders(revisions['user'] ?? 0),
  );
}
