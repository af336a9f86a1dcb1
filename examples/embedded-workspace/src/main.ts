/** Serves the CRM and the orders page, each from an origin of its own, with the SDK as it is built beside. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const PAGE = fileURLToPath(new URL('../page', import.meta.url));
const SDK = fileURLToPath(new URL('.', import.meta.resolve('@parley/workspace-sdk')));

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

function serve(name: string, index: string, wanted: string | undefined): void {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const [folder, file] = pathname.startsWith('/sdk/')
      ? [SDK, pathname.slice('/sdk'.length)]
      : [PAGE, pathname === '/' ? index : pathname];
    const type = TYPES[extname(file)];
    try {
      if (type === undefined) throw new Error('Pages and programs are served, nothing else.');
      // A URL's path has no dots left that lead out of the folder; normalize takes what a \ would do.
      const body = await readFile(join(folder, normalize(file)));
      response.writeHead(200, { 'content-type': type }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  server.listen(Number(wanted), '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    process.stdout.write(`${name} is at http://localhost:${port}\n`);
  });
}

serve('The CRM', '/crm.html', process.env['CRM_PORT'] ?? '3002');
serve('The orders page', '/orders.html', process.env['ORDERS_PORT'] ?? '3003');
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(0));
