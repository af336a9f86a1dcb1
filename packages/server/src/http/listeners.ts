/** The sockets: plain HTTP and HTTPS, their limits, and how they are closed. */
import { createServer, type RequestListener, type Server as HttpServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { errorDocument } from '@parley/protocol';
import { StartError } from '../start-error.js';

/** Time for a request's headers, and for the whole request, ms. */
const HEADERS_TIMEOUT = 15_000;
const REQUEST_TIMEOUT = 30_000;
/** Longer than proxies keep idle connections, so that it is they who close them, ms. */
const KEEP_ALIVE_TIMEOUT = 72_000;
const LIMITS = {
  headersTimeout: HEADERS_TIMEOUT,
  requestTimeout: REQUEST_TIMEOUT,
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16 * 1024,
} as const;

/** How often connections that became idle are closed while stopping, ms. */
const CLOSE_IDLE_EVERY = 50;

/** A listening socket. */
export interface Listener {
  readonly port: number;
  /**
   * Takes no new connection, lets those under way finish, and cuts what is left after a while.
   * @param graceMs how long they get
   */
  close(graceMs: number): Promise<void>;
}

/** @throws StartError when the port cannot be had. */
export function listenHttp(
  handler: RequestListener,
  host: string,
  port: number,
): Promise<Listener> {
  return listen(createServer(LIMITS, handler), 'HTTP', host, port);
}

/** @throws StartError when the port cannot be had. */
export function listenHttps(
  handler: RequestListener,
  host: string,
  port: number,
  certificate: { readonly cert: string; readonly key: string },
): Promise<Listener> {
  const { cert, key } = certificate;
  return listen(
    createTlsServer({ ...LIMITS, cert, key, minVersion: 'TLSv1.2' }, handler),
    'HTTPS',
    host,
    port,
  );
}

async function listen(
  server: HttpServer,
  what: 'HTTP' | 'HTTPS',
  host: string,
  port: number,
): Promise<Listener> {
  server.on('clientError', refuseUnreadable);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, what, host, port)));
    server.listen(port, host, resolve);
  });
  server.removeAllListeners('error');
  return {
    port: (server.address() as AddressInfo).port,
    close: (graceMs) => closeGently(server, graceMs),
  };
}

function listenError(error: Error, what: string, host: string, port: number): StartError {
  const option = what === 'HTTP' ? '--http-port' : '--https-port';
  const code = 'code' in error ? error.code : undefined;
  const messages: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} on ${host} is taken by another program: stop that one, or choose another ${what} port with ${option} (0 takes any free one).`,
    EACCES: `Port ${port} may not be used by this user: ports below 1024 need rights. Choose another with ${option}, such as 8080 or 8443.`,
    EADDRNOTAVAIL: `This machine has no address ${host}: choose one of its own with --host, such as 127.0.0.1 or 0.0.0.0.`,
    ENOTFOUND: `The host ${host} is not known to this machine: choose an address with --host, such as 127.0.0.1 or 0.0.0.0.`,
  };
  const known = typeof code === 'string' ? messages[code] : undefined;
  return new StartError(known ?? `Listening on ${host} port ${port} failed: ${error.message}.`, {
    cause: error,
  });
}

function closeGently(server: HttpServer, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    // A connection that was busy when the stop began becomes idle later, and nobody tells us.
    const idle = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_EVERY);
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}

const UNREADABLE: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: `The headers are larger than ${LIMITS.maxHeaderSize} bytes: send less in cookies and URL.`,
  ERR_HTTP_REQUEST_TIMEOUT: 'The request did not arrive in time: send it at once.',
};

/** Answers what is not HTTP, as far as the connection still takes an answer. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  const { code = '' } = error;
  const wasHttp = code.startsWith('HPE_') || code === 'ERR_HTTP_REQUEST_TIMEOUT';
  // What failed below HTTP (a reset, a broken TLS handshake) has nobody who could read an answer.
  if (!wasHttp || !socket.writable) {
    socket.destroy();
    return;
  }
  const message = UNREADABLE[code] ?? 'This is not a readable HTTP/1.1 request: check the request.';
  const answer = errorDocument({
    code: 'malformedBody',
    message,
    time: Date.now(),
    timeZone: 'UTC',
  });
  const body = answer.write('json');
  socket.end(
    [
      'HTTP/1.1 400 Bad Request',
      `Content-Type: ${answer.contentType('json')}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
