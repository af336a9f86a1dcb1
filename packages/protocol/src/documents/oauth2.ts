/** Bearers for OAuth 2 clients (RFC 6749, 4.4 and 5). */
import Type from 'typebox';
import { list, secret, text } from '../annotations.js';
import { defineDocument, type DocumentValue } from '../document.js';

export const tokenRequestDocument = defineDocument({
  name: 'tokenRequest',
  root: null,
  style: 'plain',
  description: 'The client id and secret, sent here or as Basic authentication.',
  schema: Type.Object({
    grant_type: Type.String({ description: 'client_credentials', maxLength: 100 }),
    client_id: Type.Optional(text(200, 'An app key of kind agent or server.')),
    client_secret: Type.Optional(secret(text(256))),
  }),
});
export type TokenRequest = DocumentValue<typeof tokenRequestDocument>;

export const tokenDocument = defineDocument({
  name: 'token',
  root: null,
  style: 'plain',
  description: 'A bearer token and how long it is valid.',
  schema: Type.Object({
    access_token: secret(Type.String()),
    token_type: Type.Literal('Bearer'),
    expires_in: Type.Integer({ description: 'Seconds.' }),
  }),
});

export const tokenErrorDocument = defineDocument({
  name: 'tokenError',
  root: null,
  style: 'plain',
  description: 'Why no bearer token was issued (RFC 6749, 5.2).',
  schema: Type.Object({
    error: Type.Enum([
      'invalid_request',
      'invalid_client',
      'unauthorized_client',
      'unsupported_grant_type',
      'temporarily_unavailable',
    ]),
    error_description: Type.String(),
  }),
});
export type TokenError = DocumentValue<typeof tokenErrorDocument>;

export const keySetDocument = defineDocument({
  name: 'keySet',
  root: null,
  xmlRoot: 'keySet',
  style: 'plain',
  description:
    'Keys for verifying bearer tokens (RFC 7517). Always empty, because the tokens are opaque.',
  schema: Type.Object({
    keys: list(Type.Object({ kty: Type.String(), kid: Type.String() }), {
      always: true,
      xmlItem: 'key',
    }),
  }),
});
