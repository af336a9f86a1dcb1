/** Resources of the server itself, which belong to no account. */
import type { JsonSchema } from '@parley/protocol';
import { titleOf } from './operations.js';
import type { ComponentsBuilder } from './components.js';
import type { OperationObject, PathItem, ResponseObject } from './openapi.js';

const status = (values: readonly string[]): JsonSchema => ({
  type: 'object',
  properties: { status: { type: 'string', enum: values } },
  required: ['status'],
});

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
      200: answer('They should.', status(['ready'])),
      503: {
        ...answer('Not now.', status(['starting', 'stopping', 'store-failing'])),
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
