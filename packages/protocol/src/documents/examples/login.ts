/** Examples of the Domain API and of login. */
import {
  baseUriDocument,
  baseUrisDocument,
  csrfDocument,
  keySetDocument,
  loginDocument,
  loginRequestDocument,
  SERVICES,
  tokenDocument,
  tokenErrorDocument,
  tokenRequestDocument,
} from '../../index.js';
import { sent, answered } from './example.js';
import { ACCOUNT, epochMs, HOST } from './values.js';

const baseURIs = SERVICES.map((service) => ({ account: ACCOUNT, baseURI: HOST, service }));

const HEX = '3f9c0d51b7e24a68915c0f7be2d4a6831c5e7f90a2b4c6d8e0f1a3b5c7d9ebf0';

export const LOGIN_ANSWERS = [
  answered(baseUriDocument, { service: 'agentVep', account: ACCOUNT, baseURI: HOST }),
  answered(baseUrisDocument, baseURIs),
  answered(loginDocument, {
    csrf: HEX,
    wsuk: '766900772095619056',
    config: {
      loginName: 'agent1',
      userId: 101,
      userPrivileges: [100, 101],
      serverCurrentTime: epochMs(0),
      timeDiff: -10_800_000,
      serverTimeZoneName: 'Europe/Athens',
      serverTimeGMTDiff: 10_800_000,
      isLPA: false,
      isAdmin: false,
      accountTimeZoneId: 'Europe/Athens',
    },
    csdsCollectionResponse: { baseURIs },
    accountData: {
      agentGroupsData: { items: [{ id: 1, deleted: false, name: 'Main Group' }], revision: 1 },
    },
    sessionTTl: 28_800_000,
    bearer: [...HEX].reverse().join(''),
  }),
  answered(tokenDocument, {
    access_token: `client.my-app-key.ly2wh8w0.${'A'.repeat(43)}.${'B'.repeat(43)}`,
    token_type: 'Bearer',
    expires_in: 3_600,
  }),
  answered(keySetDocument, { keys: [] }),
  answered(tokenErrorDocument, {
    error: 'invalid_client',
    error_description: 'Client id or secret is wrong, or the user of the key is disabled.',
  }),
];

export const LOGIN_BODIES = [
  sent(loginRequestDocument, 'password', 'With a password', {
    username: 'agent1',
    password: 'parley-demo',
  }),
  sent(loginRequestDocument, 'appKey', 'A bot, with its app key and the secrets', {
    username: 'bot1',
    appKey: 'parley-demo-bot-key',
    secret: 'parley-demo-bot-secret',
    accessToken: 'parley-demo-bot-token',
    accessTokenSecret: 'parley-demo-bot-token-secret',
  }),
  sent(loginRequestDocument, 'client', 'A bot, as an OAuth 2 client', {
    username: 'bot1',
    appKey: 'parley-demo-bot-client',
    secret: 'parley-demo-bot-client-secret',
  }),
  sent(csrfDocument, 'csrf', 'The csrf token of the login answer', { csrf: HEX }),
  sent(tokenRequestDocument, 'client', 'Client credentials in the body', {
    grant_type: 'client_credentials',
    client_id: 'parley-demo-bot-client',
    client_secret: 'parley-demo-bot-client-secret',
  }),
];
