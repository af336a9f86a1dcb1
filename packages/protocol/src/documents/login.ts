/** Logging in and out. */
import Type from 'typebox';
import { list, secret, stringly, text } from '../annotations.js';
import { defineDocument, type DocumentValue } from '../document.js';
import { BaseUris } from './domain.js';

/** Longest password, in characters. */
export const PASSWORD_MAX = 256;

const secretText = () => secret(text(PASSWORD_MAX));

export const loginRequestDocument = defineDocument({
  name: 'loginRequest',
  root: null,
  style: 'plain',
  description: 'A user name with a password, or with an app key and its secrets.',
  schema: Type.Refine(
    Type.Object({
      username: Type.String({ minLength: 1, maxLength: 200 }),
      password: Type.Optional(secretText()),
      appKey: Type.Optional(text(200)),
      secret: Type.Optional(secretText()),
      accessToken: Type.Optional(secretText()),
      accessTokenSecret: Type.Optional(secretText()),
    }),
    (login) =>
      login.password !== undefined || (login.appKey !== undefined && login.secret !== undefined),
    () => 'needs a password, or appKey and secret',
  ),
});
export type LoginRequest = DocumentValue<typeof loginRequestDocument>;

export const loginDocument = defineDocument({
  name: 'login',
  root: null,
  style: 'plain',
  description: 'The login: bearer, csrf token, and where every service is.',
  schema: Type.Object({
    csrf: secret(Type.String({ description: 'Send it back when refreshing and logging out.' })),
    wsuk: Type.String(),
    config: Type.Object({
      loginName: Type.String(),
      userId: stringly(Type.Integer()),
      userPrivileges: list(Type.Integer()),
      serverCurrentTime: Type.Integer({
        description: 'Epoch milliseconds.',
        'x-wire': { instant: 'epoch-ms' },
      }),
      timeDiff: Type.Integer({ description: 'Milliseconds.' }),
      serverTimeZoneName: Type.String(),
      serverTimeGMTDiff: Type.Integer({ description: 'Milliseconds.' }),
      isLPA: Type.Boolean(),
      isAdmin: Type.Boolean(),
      accountTimeZoneId: Type.String(),
    }),
    csdsCollectionResponse: Type.Object({ baseURIs: BaseUris }),
    accountData: Type.Object({
      agentGroupsData: Type.Object({
        items: list(
          Type.Object({ id: Type.Integer(), deleted: Type.Boolean(), name: Type.String() }),
        ),
        revision: Type.Integer(),
      }),
    }),
    sessionTTl: stringly(Type.Integer({ description: 'Milliseconds.' })),
    bearer: secret(Type.String()),
  }),
});
export type LoginDocument = DocumentValue<typeof loginDocument>;

export const csrfDocument = defineDocument({
  name: 'csrf',
  root: null,
  style: 'plain',
  description: 'The csrf token, for refresh and logout.',
  schema: Type.Object({ csrf: secretText() }),
});

export const changePasswordDocument = defineDocument({
  name: 'changePassword',
  root: null,
  style: 'plain',
  description: 'The old password and, twice, the new one.',
  schema: Type.Refine(
    Type.Object({
      loginName: Type.Optional(
        text(200, 'The user whose password to change, if the path does not name one.'),
      ),
      oldPassword: secretText(),
      newPassword: secretText(),
      confirmPassword: secretText(),
    }),
    (change) => change.newPassword === change.confirmPassword,
    () => 'has two different new passwords; newPassword and confirmPassword must be the same',
  ),
});
