/** Over stdin and stdout: for programs that start it themselves. */
import type { Readable, Writable } from 'node:stream';
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { type McpOptions, mcpServer } from './server.js';

/** What it reads from and writes to; the process's own by default. */
export interface Stdio {
  readonly input?: Readable;
  readonly output?: Writable;
}

/**
 * Serves one program, until it closes its end.
 * @returns settles then
 */
export function serveOverStdio(options: McpOptions, { input, output }: Stdio = {}): Promise<void> {
  const from = input ?? process.stdin;
  const transport = new StdioServerTransport(from, output ?? process.stdout);
  const served = serveStdio(() => mcpServer(options), { transport });
  return new Promise((resolve) => {
    const stop = () => {
      void served.close().finally(resolve);
    };
    from.once('end', stop);
    from.once('close', stop);
    options.agent.signal.addEventListener('abort', stop, { once: true });
  });
}
