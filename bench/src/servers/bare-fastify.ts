/** A bare Fastify server: routing, body parsing, and answers made beforehand. */
import fastify from 'fastify';
import { readCanned } from './canned.js';

const app = fastify();
for (const { method, route, status, headers, body } of await readCanned(process.stdin)) {
  app.route({
    method,
    url: route,
    handler: (_request, reply) => reply.code(status).headers(headers).send(body),
  });
}
await app.listen({ host: '127.0.0.1', port: 0 });
const address = app.server.address();
const port = typeof address === 'object' ? address?.port : undefined;
process.stdout.write(`${JSON.stringify({ port })}\n`);
