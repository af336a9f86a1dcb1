/** Serves the page of the CRM, and beside it the SDK as it is built: any web server will do. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const PAGE = fileURLToPath(new URL('../page', import.meta.url));
/** `…/dist`, above `agent/index.js`. */
const SDK = fileURLToPath(new URL('..', import.meta.resolve('@parley/client/agent')));

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const [folder, name] = pathname.startsWith('/sdk/')
    ? [SDK, pathname.slice('/sdk'.length)]
    : [PAGE, pathname === '/' ? '/index.html' : pathname];
  const type = TYPES[extname(name)];
  try {
    if (type === undefined) throw new Error('Pages and programs are served, nothing else.');
    // A URL's path has no dots left that lead out of the folder; normalize takes what a \ would do.
    const body = await readFile(join(folder, normalize(name)));
    response.writeHead(200, { 'content-type': type }).end(body);
  } catch {
    response.writeHead(404).end();
  }
});

server.listen(Number(process.env['PORT'] ?? 3001), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`The CRM is at http://localhost:${port}\n`);
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(0));
