/** Where an account's services are. */
import Type from 'typebox';
import { list, ownAddress } from '../annotations.js';
import { defineDocument } from '../document.js';

/** The services the domain API knows. */
export const SERVICES = [
  'agentVep',
  'conversationVep',
  'adminArea',
  'liveEngage',
  'smt',
  'msdkgw',
  'accountConfigReadOnly',
  'accountConfigReadWrite',
  'engHistDomain',
  'leDataReporting',
  'sentinel',
  'acCdnDomain',
  'liveEngageUI',
  'adminlogin',
  'visitorFeed',
] as const;

/** Name of a service of the domain API. */
export type Service = (typeof SERVICES)[number];

const host = ownAddress('host[:port], without a scheme.');

/** All services of an account: `[{account, baseURI, service}]`. */
export const BaseUris = list(
  Type.Object({ account: Type.String(), baseURI: host, service: Type.String() }),
  { always: true, xmlItem: 'entry' },
);

export const baseUriDocument = defineDocument({
  name: 'baseURI',
  root: null,
  xmlRoot: 'baseURIResponse',
  style: 'plain',
  description: 'The host that serves one service of the account.',
  schema: Type.Object({ service: Type.String(), account: Type.String(), baseURI: host }),
});

export const baseUrisDocument = defineDocument({
  name: 'baseURIs',
  root: 'baseURIs',
  style: 'plain',
  description: 'The hosts that serve all services of the account.',
  schema: BaseUris,
});
