/** Parameters of paths, and those that every operation of an API takes. */
import {
  SERVICES,
  type Parameter,
  type RegisteredOperation,
  type RetryDescription,
} from '@parley/protocol';
import { placeOf } from './chapters.js';
import type { ComponentsBuilder } from './components.js';
import type { ParameterObject, Ref } from './openapi.js';

interface PathParameter {
  readonly description: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly example: unknown;
}

const CHAT_ID: PathParameter = {
  description: 'Id of the chat: its chatSessionKey.',
  schema: { type: 'string', pattern: '^H[0-9]+-[0-9a-f]{32}K[0-9]+$' },
  example: 'H4790238-0f4c1a8e9b2d43c7a6e5d4c3b2a19080K7203655',
};

const PATH_PARAMETERS: Readonly<Record<string, PathParameter>> = {
  account: {
    description: 'The account.',
    schema: { type: 'string', pattern: '^[A-Za-z0-9_]{1,20}$' },
    example: '12345678',
  },
  service: {
    description: 'Name of the service.',
    schema: { type: 'string', enum: [...SERVICES] },
    example: 'agentVep',
  },
  session: {
    description: 'Id of the agent session.',
    schema: { type: 'string', pattern: '^[0-9]+$' },
    example: '739205618840275193',
  },
  chat: CHAT_ID,
  offer: {
    description: 'Id of the offer, as incomingRequests lists it.',
    schema: { type: 'string', pattern: '^[1-9][0-9]{0,14}$' },
    example: '4711',
  },
  channel: {
    description: "Id of the collaboration channel; agent is the chat's agent.",
    schema: { type: 'string', pattern: '^(agent|[0-9]{1,20})$' },
    example: '482205971133',
  },
  delegation: {
    description: 'Id of the delegation.',
    schema: { type: 'string', pattern: '^[1-9][0-9]{0,14}$' },
    example: '482205971134',
  },
  approval: {
    description: 'Id of the approval.',
    schema: { type: 'string', pattern: '^[1-9][0-9]{0,14}$' },
    example: '482205971135001',
  },
  suggestion: {
    description: 'Id of the suggestion: 1, 2, 3 … in each chat.',
    schema: { type: 'string', pattern: '^[1-9][0-9]{0,8}$' },
    example: '1',
  },
  user: {
    description: 'Id of the user.',
    schema: { type: 'string', pattern: '^[1-9][0-9]{0,15}$' },
    example: '103',
  },
  event: {
    description: "Id of the event: its place in the chat's feed, from 0.",
    schema: { type: 'integer', minimum: 0 },
    example: 4,
  },
  visit: {
    description: 'Id of the visit: the chat id without its middle.',
    schema: { type: 'string', pattern: '^H[0-9]+K[0-9]+$' },
    example: 'H4790238K7203655',
  },
  earlier: { ...CHAT_ID, description: "Id of one of the visitor's earlier chats." },
  visitor: {
    description: 'Id of the visitor, from the engagement response.',
    schema: { type: 'string', pattern: '^[A-Za-z0-9._~-]{1,100}$' },
    example: 'Q3NzA0YzM2ZTM4OWY1',
  },
  participant: {
    description: "Id of an authenticated visitor: participantId of the chat's info.",
    schema: { type: 'string' },
    example: '4711',
  },
  id: {
    description: 'Id of the record.',
    schema: { type: 'integer', minimum: 1 },
    example: 101,
  },
};

/** All parameters of an operation: those of its path first. */
export function parametersOf(
  registered: RegisteredOperation,
  components: ComponentsBuilder,
): (ParameterObject | Ref)[] {
  const { url, operation, versions } = registered;
  const names = [...url.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
  return [
    ...names.map((name) => components.parameter(name, pathParameter(name, url))),
    ...Object.entries(operation.query ?? {}).map(([name, each]) => parameter(name, 'query', each)),
    ...Object.entries(operation.headers ?? {}).map(([name, each]) =>
      parameter(name, 'header', each),
    ),
    ...keyOf(operation.retry, components),
    ...(versions.length === 0 ? [] : [version(versions, components)]),
    ...(takesNoCookie(registered) ? [components.parameter('NC', NO_COOKIE)] : []),
  ];
}

const KEY_SCHEMA = { type: 'string', pattern: '^[!-~]{1,128}$' } as const;

/** The header of requests that may come again. */
function keyOf(retry: RetryDescription | undefined, components: ComponentsBuilder): readonly Ref[] {
  if (retry === undefined) return [];
  const isAlone = retry.caller === 'key';
  return [
    components.parameter(isAlone ? 'Idempotency-Key.unguessable' : 'Idempotency-Key', {
      name: 'Idempotency-Key',
      in: 'header',
      description: isAlone
        ? 'A new random key for each new request. To retry, send the same request with the same key and body: nothing happens twice, and you get the first response again. Before a chat exists, the key is all that identifies the visitor, so it must carry 128 random bits: 32 hex digits, for instance.'
        : 'A new random key for each new request. To retry, send the same request with the same key and body: nothing happens twice, and you get the first response again.',
      schema: KEY_SCHEMA,
    }),
  ];
}

function pathParameter(name: string, url: string): ParameterObject {
  const known = PATH_PARAMETERS[name];
  if (known === undefined) {
    throw new Error(
      `The parameter ${name} of ${url} is not described. Add it to PATH_PARAMETERS in reference/parameters.ts.`,
    );
  }
  return { name, in: 'path', required: true, ...known };
}

function parameter(name: string, place: 'query' | 'header', each: Parameter): ParameterObject {
  const { description, schema, required, example, repeated } = each;
  return {
    name,
    in: place,
    description,
    ...(required === undefined ? {} : { required }),
    ...(example === undefined ? {} : { example }),
    ...(repeated
      ? { schema: { type: 'array', items: schema }, style: 'form', explode: true }
      : { schema }),
  };
}

function version(versions: readonly string[], components: ComponentsBuilder): Ref {
  return components.parameter(`v.${versions.join('.')}`, {
    name: 'v',
    in: 'query',
    description: 'Version of the API. If omitted, the newest is used.',
    schema: { type: 'string', enum: [...versions] },
  });
}

const NO_COOKIE: ParameterObject = {
  name: 'NC',
  in: 'query',
  description:
    'Clients may append it to every call. It takes effect only when an agent session is opened.',
  schema: { type: 'string', enum: ['true', 'false'] },
};

function takesNoCookie({ url, operation }: RegisteredOperation): boolean {
  return placeOf(url).access === 'agent session' && operation.query?.['NC'] === undefined;
}
