/** Resources of the server itself, which belong to no account. */
import type { JsonSchema } from '@parley/protocol';
import { titleOf } from './operations.js';
import type { ComponentsBuilder } from './components.js';
import type { OperationObject, PathItem, ResponseObject } from './openapi.js';

const status = (
  values: readonly string[],
  more: Readonly<Record<string, JsonSchema>> = {},
): JsonSchema => ({
  type: 'object',
  properties: { status: { type: 'string', enum: values }, ...more },
  required: ['status'],
});

/** Accounts, each with what is the matter. */
const accounts = (description: string): JsonSchema => ({
  type: 'array',
  description: `${description}, a hundred at most; absent when there is none.`,
  items: {
    type: 'object',
    properties: {
      account: { type: 'string' },
      because: { type: 'string', description: 'What keeps it; nothing of its data.' },
    },
    required: ['account', 'because'],
  },
});
const concerned = {
  unavailable: accounts('Accounts that cannot be served now'),
  damaged: accounts('Stored data that is damaged, as the last look at all of it found'),
};

const answer = (description: string, schema: JsonSchema): ResponseObject => ({
  description,
  content: { 'application/json': { schema } },
});

/** The paths, with their operations. */
export function serverPaths(components: ComponentsBuilder): Record<string, PathItem> {
  const retryAfter = components.header('Retry-After', {
    description: 'Seconds to wait before the next attempt.',
    schema: { type: 'string', pattern: '^[0-9]+$' },
  });
  const get = (
    operationId: string,
    summary: string,
    responses: OperationObject['responses'],
  ): PathItem => ({
    get: {
      operationId,
      tags: [titleOf('server')],
      summary,
      parameters: [],
      responses,
      security: [],
    },
  });
  return {
    '/healthz': get('getHealthz', 'Whether the process is alive.', {
      200: answer('It is.', status(['alive'])),
    }),
    '/readyz': get('getReadyz', 'Whether requests should be sent here now.', {
      200: answer('They should.', status(['ready'], concerned)),
      503: {
        ...answer(
          'Not now; accounts-failing: there are accounts, and none of them can be served.',
          status(['starting', 'stopping', 'store-failing', 'accounts-failing'], concerned),
        ),
        headers: { 'Retry-After': retryAfter },
      },
    }),
    '/openapi.json': get('getOpenapiJson', 'This description.', {
      200: {
        ...answer('OpenAPI 3.1.', { type: 'object' }),
        headers: {
          ETag: components.header('ETag', {
            description: 'What the answer is a version of, for If-None-Match and If-Match.',
            schema: { type: 'string' },
          }),
        },
      },
      304: { description: 'Nothing changed: what the client has is current.' },
    }),
  };
}
