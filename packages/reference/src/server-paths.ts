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
      because: { type: 'string', description: 'What keeps it; nothing of its data.' },
    },
    required: ['account', 'because'],
  },
});
const concerned = {
  unavailable: accounts('Accounts that cannot be served now'),
  damaged: accounts('Stored data that is damaged, as the last look at all of it found'),
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
      description: 'Nothing changed: what the client has is current.',
      headers: headersNamed(['ETag'], components),
    },
  });
  return {
    '/healthz': get(
      'getHealthz',
      'Whether the process is alive.',
      'It asks nothing but that: an orchestrator restarts what does not answer.',
      { 200: answer('It is.', status(['alive'])) },
    ),
    '/readyz': get(
      'getReadyz',
      'Whether requests should be sent here now.',
      'A load balancer sends requests elsewhere while this is not 200.',
      {
        200: answer('They should.', status(['ready'], concerned)),
        503: answer(
          'Not now; accounts-failing: there are accounts, and none of them can be served.',
          status(['starting', 'stopping', 'store-failing', 'accounts-failing'], concerned),
          ['Retry-After'],
        ),
      },
    ),
    '/metrics': get(
      'getMetrics',
      'What the server reports of itself in numbers, for Prometheus.',
      'For the operator: answered on the server’s own machine or, where the server was started with a token, to whoever brings that as a bearer; to others it is 404. docs/metrics.md names every metric.',
      {
        200: {
          description: 'The metrics, in the text format of Prometheus.',
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
      'This description.',
      `Every representation: JSON, XML and HAL. Clients that speak JSON alone are generated from \`${JSON_ONLY}\`.`,
      description('OpenAPI 3.1.'),
    ),
    [JSON_ONLY]: get(
      'getOpenapiJsonOnly',
      'This description, in JSON alone.',
      'The same operations, without XML, HAL, forms and signatures: one type for each body and answer, for generators of clients.',
      description('OpenAPI 3.1.'),
    ),
  };
}
