/** Resources of the server itself, which belong to no account. */
import type { JsonSchema } from '@parley/protocol';
import { errorResponse, headersNamed, titleOf } from './operations.js';
import { ACCESS_WORDS } from './chapters.js';
import type { ComponentsBuilder } from './components.js';
import type { OperationObject, PathItem, ResponseObject } from './openapi.js';

/** Where the descriptions are served. */
export const FULL = '/openapi.json';
export const JSON_ONLY = '/openapi-json-only.json';

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
      because: {
        type: 'string',
        description: 'Why it cannot be served. Contains nothing of its data.',
      },
    },
    required: ['account', 'because'],
  },
});
const concerned = {
  unavailable: accounts('Accounts that cannot be served now'),
  damaged: accounts('Damaged data that the last check of all stored data found'),
};

/** The paths, with their operations. */
export function serverPaths(components: ComponentsBuilder): Record<string, PathItem> {
  const answer = (
    description: string,
    schema: JsonSchema,
    headers: Parameters<typeof headersNamed>[0] = [],
  ): ResponseObject => ({
    description,
    headers: headersNamed(headers, components),
    content: { 'application/json': { schema } },
  });
  const get = (
    operationId: string,
    summary: string,
    description: string,
    responses: OperationObject['responses'],
  ): PathItem => ({
    get: {
      operationId,
      tags: [titleOf('server')],
      summary,
      description: `${description}\n\n${ACCESS_WORDS.anybody}`,
      parameters: [],
      responses: {
        ...responses,
        431: errorResponse(431, ['headersTooLarge'], 'wrapped', components),
      },
      security: [],
    },
  });
  const description = (what: string): OperationObject['responses'] => ({
    200: answer(what, { type: 'object' }, ['ETag']),
    304: {
      description: 'Nothing has changed: the client’s copy is current.',
      headers: headersNamed(['ETag'], components),
    },
  });
  return {
    '/healthz': get(
      'getHealthz',
      'Returns whether the process is alive.',
      'Checks nothing else. Orchestrators restart a server that does not respond.',
      { 200: answer('The process is alive.', status(['alive'])) },
    ),
    '/readyz': get(
      'getReadyz',
      'Returns whether the server is ready for requests.',
      'While this does not return 200, load balancers should send requests elsewhere.',
      {
        200: answer('The server is ready.', status(['ready'], concerned)),
        503: answer(
          'The server is not ready. accounts-failing: there are accounts, and none of them can be served.',
          status(['starting', 'stopping', 'store-failing', 'accounts-failing'], concerned),
          ['Retry-After'],
        ),
      },
    ),
    '/metrics': get(
      'getMetrics',
      'Returns the server’s metrics for Prometheus.',
      'For the operator. If the server was started with a metrics token, send it as bearer; requests without it get 401. Otherwise only requests from the server’s own machine are answered, and all others get 404. docs/metrics.md lists every metric.',
      {
        200: {
          description: 'The metrics in Prometheus text format.',
          headers: headersNamed([], components),
          content: { 'text/plain': { schema: { type: 'string' } } },
        },
        401: errorResponse(401, ['unauthorized'], 'wrapped', components),
        404: errorResponse(404, ['notFound'], 'wrapped', components),
        429: errorResponse(429, ['tooManyRequests'], 'wrapped', components),
        503: errorResponse(503, ['busy'], 'wrapped', components),
      },
    ),
    [FULL]: get(
      'getOpenapiJson',
      'Returns this description.',
      `Covers every representation: JSON, XML and HAL. To generate a client that uses only JSON, take \`${JSON_ONLY}\`.`,
      description('OpenAPI 3.1.'),
    ),
    [JSON_ONLY]: get(
      'getOpenapiJsonOnly',
      'Returns this description for JSON only.',
      'The same operations without XML, HAL, forms and signatures. Each body and response has one type, which suits client generators.',
      description('OpenAPI 3.1.'),
    ),
  };
}
