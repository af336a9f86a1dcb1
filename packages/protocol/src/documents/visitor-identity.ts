/** Authenticated visitors: the connections of the configuration, and what is asked and answered of them. */
import Type from 'typebox';
import { address, id, list, numberOrText, optional, secret, text } from '../annotations.js';
import { defineDocument, type DocumentValue } from '../document.js';
import { CONFIG_NAME_MAX } from './configuration.js';

const common = { root: null, style: 'plain' } as const;

/** Longest URL of the configuration, in characters. */
const URL_MAX = 2_000;

const connectionFields = {
  id: id('The value used as connectorId and authChatConnId.'),
  name: text(CONFIG_NAME_MAX, 'Unique among connections.'),
  kind: Type.Enum(['jwt', 'code'], {
    description:
      'jwt: the page sends the identity provider’s token. code: it sends an authorization code, which the server exchanges for a token.',
  }),
  isEnabled: Type.Boolean(),
  issuer: text(URL_MAX, 'The required value of iss in its tokens.'),
  audience: text(
    URL_MAX,
    'The value that aud of its tokens must contain. Empty: not checked. For kind code, the default is the client id.',
  ),
  publicKey: text(
    8_000,
    'The key that verifies its tokens, RS256 or ES256: PEM, its base64 alone, or a JWK. Give either this or jwksUrl.',
  ),
  jwksUrl: address('endpoint', URL_MAX, {
    description: 'The address of its keys (JSON Web Key Set). Empty if publicKey is given.',
  }),
  tokenEndpoint: address('endpoint', URL_MAX, {
    description: 'For kind code: where codes are exchanged.',
  }),
  clientId: text(500, 'For kind code.'),
  redirectUri: address('page', URL_MAX, {
    description: 'For kind code: the default for requests that name none.',
  }),
};

const VisitorIdentity = optional({
  ...connectionFields,
  deleted: Type.Boolean(),
  hasClientSecret: Type.Boolean({ description: 'The secret itself is never returned.' }),
});
/** A connection as it is answered. */
export type ConfiguredIdentity = Type.Static<typeof VisitorIdentity>;

export const visitorIdentityDocument = defineDocument({
  ...common,
  name: 'visitorIdentity',
  description: 'A connection to an identity provider of visitors.',
  schema: VisitorIdentity,
});

export const visitorIdentitiesDocument = defineDocument({
  ...common,
  name: 'visitorIdentities',
  description: 'The connections to identity providers of visitors.',
  schema: list(VisitorIdentity, { always: true, xmlItem: 'visitorIdentity' }),
});

export const visitorIdentityChangeDocument = defineDocument({
  ...common,
  name: 'visitorIdentityChange',
  xmlRoot: 'visitorIdentities',
  description: 'A connection, or a list of them, to create or change.',
  schema: list(
    optional({
      ...connectionFields,
      clientSecret: secret(text(2_000, 'For kind code. Never returned.')),
    }),
    { always: true, xmlItem: 'visitorIdentity', maxItems: 100 },
  ),
});
/** What is sent to make or change a connection. */
export type IdentityChange = DocumentValue<typeof visitorIdentityChangeDocument>[number];

/** Longest token or code, in characters. */
export const SSO_KEY_MAX = 16_384;

export const conversationRequestDocument = defineDocument({
  ...common,
  name: 'conversationRequest',
  description: 'Authenticates a visitor with a token or code from an identity provider.',
  schema: Type.Object({
    authChatConnId: Type.Optional(
      id('The connection: connectorId of the engagement. May be omitted if there is only one.'),
    ),
    ssoKey: secret(text(SSO_KEY_MAX, 'The token (JWT), or the authorization code.')),
    redirectUri: Type.Optional(
      address('page', URL_MAX, {
        description: 'Where the code was sent. If omitted: the redirect URI of the connection.',
      }),
    ),
    engagementId: Type.Optional(numberOrText()),
    LETagContextId: Type.Optional(text(100)),
    LETagSessionId: Type.Optional(text(100)),
    LETagVisitorId: Type.Optional(text(100)),
  }),
});
export type ConversationRequest = DocumentValue<typeof conversationRequestDocument>;

export const conversationDocument = defineDocument({
  ...common,
  name: 'conversation',
  description: 'The ids with which the authenticated visitor requests a chat.',
  schema: Type.Object({
    conversationId: Type.String(),
    participantId: Type.String({ description: 'Always the same for the same person.' }),
  }),
});

const PlainDay = Type.Object({
  year: Type.Integer(),
  month: Type.Integer(),
  day: Type.Integer(),
});

export const participantInfoDocument = defineDocument({
  ...common,
  name: 'participantInfo',
  xmlRoot: 'participantExtendedInfo',
  description: 'What the identity provider says about an authenticated visitor.',
  schema: Type.Object({
    authenticatedParticipantInfo: Type.Object({
      isUserAuthenticated: Type.Boolean(),
      participantId: Type.String(),
      balance: Type.Optional(Type.Number()),
      registrationDate: Type.Optional(PlainDay),
      lastPaymentDate: Type.Optional(PlainDay),
      customerId: Type.Optional(Type.String()),
      customerStatus: Type.Optional(Type.String()),
      customerType: Type.Optional(Type.String()),
      socialId: Type.Optional(Type.String()),
      imei: Type.Optional(Type.String()),
      userName: Type.Optional(Type.String()),
      companySize: Type.Optional(Type.Number()),
      accountName: Type.Optional(Type.String()),
      role: Type.Optional(Type.String()),
    }),
    authenticatedPersonalInfo: Type.Object({
      name: Type.Optional(Type.String()),
      surname: Type.Optional(Type.String()),
      contacts: list(optional({ email: Type.String(), phone: Type.String() }), {
        always: true,
        xmlItem: 'contact',
      }),
    }),
  }),
});
