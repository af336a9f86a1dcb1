/** The sockets: plain HTTP and HTTPS, their limits, and how they are closed. */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server as HttpServer,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { StartError } from '../start-error.js';
import { MaybeUpgrade, takeUpgrades } from './upgrade.js';
import type { ErrorCode } from '@parley/protocol';
import { type AnswerOptions, answeringClass } from './answering.js';
import {
  carriedBy,
  MAX_HEADER_SIZE,
  oneByOne,
  refusePlainHttp,
  refuseUnreadable,
} from './connection.js';
import type { FairQueue } from './fair-queue.js';
import type { HeldLimits, HeldMemory } from './held-memory.js';
import { networkOf } from './network.js';
import type { OpenConnections } from './open-connections.js';

/** Longer than proxies keep idle connections, so that it is they who close them, ms. */
const KEEP_ALIVE_TIMEOUT = 72_000;
/** Connections that are open for a moment beside those that may be, while they are cut. */
const MAX_BEING_CUT = 100;
/** How often connections that take too long are looked for, ms. */
const LOOK_EVERY = 5_000;
const LIMITS = {
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
  maxHeaderSize: MAX_HEADER_SIZE,
  // A missing Host is refused by us, with a document that says so.
  requireHostHeader: false,
} as const;

/** How many connections there may be, how long they may take, and what they may make us hold. */
export interface ConnectionLimits extends HeldLimits {
  /** At once, of one address, so that it cannot take all that there are. */
  readonly perAddress: number;
  /** At once, in all, so that memory and file handles last. */
  readonly inAll: number;
  /** For a TLS handshake, and for the headers of a request, ms. */
  readonly headersMs: number;
  /** For a whole request, ms. */
  readonly requestMs: number;
  /**
   * A connection on which nothing moves for so long is cut, ms: whoever asks and never reads the
   * answer would hold its memory for ever. Longer than any answer waits by intention.
   */
  readonly silenceMs: number;
}

export const DEFAULT_CONNECTION_LIMITS: ConnectionLimits = {
  perAddress: 10_000,
  inAll: 16_000,
  headersMs: 15_000,
  requestMs: 30_000,
  silenceMs: 120_000,
  heldPerAddress: 16 * 1024 * 1024,
  heldInAll: 128 * 1024 * 1024,
  unreadMs: 30_000,
  readRate: 16 * 1024,
};

/** What a listener needs to know besides where it listens. */
export interface ListenerOptions {
  readonly connections: ConnectionLimits;
  /** Those of all listeners. */
  readonly open: OpenConnections;
  /** Called with what goes wrong with the socket while it listens. */
  readonly onError: (error: Error) => void;
  readonly held: HeldMemory;
  /** The network that a request came from. */
  readonly networkOf: (raw: IncomingMessage) => string;
  /** Whose request is next. */
  readonly turns: FairQueue;
  readonly answered: AnswerOptions['answered'];
  /** Called with why something was refused that was no request. */
  readonly refused: (reason: ErrorCode) => void;
  /** Is given what takes connections, in place of a port. */
  readonly embedded?: ((take: (connection: Duplex) => void) => void) | undefined;
}

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
  options: ListenerOptions,
): Promise<Listener> {
  const how = settings(options, {});
  const server = createServer(how, oneByOne(handler, options));
  takeUpgrades(server, how.ServerResponse);
  return listen(server, 'HTTP', host, port, options);
}

/** A listening socket with a certificate that can be exchanged. */
export interface TlsListener extends Listener {
  /**
   * Shows another certificate to whoever connects from now on.
   * @throws Error when TLS cannot use it; then the one before stays.
   */
  useCertificate(certificate: { readonly cert: string; readonly key: string }): void;
}

/** @throws StartError when the port cannot be had. */
export async function listenHttps(
  handler: RequestListener,
  host: string,
  port: number,
  certificate: ListenerCertificate,
  options: ListenerOptions,
): Promise<TlsListener> {
  const { cert, key, trusted } = certificate;
  const { headersMs: handshakeTimeout } = options.connections;
  const tls = { cert, key, minVersion: 'TLSv1.2', handshakeTimeout } as const;
  const settled = settings(options, trusted ? STRICT_TRANSPORT : {});
  const server = createTlsServer({ ...settled, ...tls }, oneByOne(handler, options));
  takeUpgrades(server, settled.ServerResponse);
  const beneath = new Map<string, Socket>();
  server.on('connection', (socket: Socket) => {
    const peer = peerOf(socket);
    beneath.set(peer, socket);
    socket.once('close', () => beneath.delete(peer));
  });
  server.on('secureConnection', (socket) => {
    const carrier = beneath.get(peerOf(socket));
    if (carrier === undefined) return;
    carriedBy(socket, carrier);
    options.open.carries(carrier, socket);
  });
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    const carrier = beneath.get(peerOf(socket));
    if (carrier !== undefined && PLAIN_HTTP.has(error.code ?? '')) refusePlainHttp(carrier);
  });
  const listener = await listen(server, 'HTTPS', host, port, options);
  return {
    ...listener,
    useCertificate: ({ cert: newCert, key: newKey }) =>
      server.setSecureContext({ cert: newCert, key: newKey, minVersion: 'TLSv1.2' }),
  };
}

/** What TLS says of a request that is none of its own. */
const PLAIN_HTTP: ReadonlySet<string> = new Set([
  'ERR_SSL_HTTP_REQUEST',
  'ERR_SSL_HTTPS_PROXY_REQUEST',
  'ERR_SSL_WRONG_VERSION_NUMBER',
]);

/** The other end of a connection to a listener. */
function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

/** A browser that was here by TLS comes by TLS for a year. */
const STRICT_TRANSPORT = { 'Strict-Transport-Security': 'max-age=31536000' } as const;

/** What a TLS listener shows. */
export interface ListenerCertificate {
  readonly cert: string;
  readonly key: string;
  /** Whether it is the operator's: browsers may be asked to insist on it. */
  readonly trusted: boolean;
}

function settings(options: ListenerOptions, headers: Readonly<Record<string, string>>) {
  const { connections, held, networkOf, answered } = options;
  const { headersMs: headersTimeout, requestMs: requestTimeout } = connections;
  const connectionsCheckingInterval = Math.min(LOOK_EVERY, Math.ceil(headersTimeout / 3));
  const ServerResponse = answeringClass({ held, networkOf, headers, answered });
  return {
    ...LIMITS,
    headersTimeout,
    requestTimeout,
    connectionsCheckingInterval,
    IncomingMessage: MaybeUpgrade,
    ServerResponse,
  };
}

async function listen(
  server: HttpServer,
  what: 'HTTP' | 'HTTPS',
  host: string,
  port: number,
  options: ListenerOptions,
): Promise<Listener> {
  server.on('clientError', (error, socket) => {
    // A crowd that breaks off at once is answered in turns, too.
    const { remoteAddress = '' } = socket as Socket;
    options.turns.add(networkOf(remoteAddress), () => {
      const reason = refuseUnreadable(error, socket);
      if (reason !== null) options.refused(reason);
    });
  });
  // Expectations that HTTP does not know are no reason to refuse: the request is carried out.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  // Beyond a number Node leaves headers out without a word, a second Host among them: see flawOf.
  server.maxHeadersCount = 0;
  server.timeout = options.connections.silenceMs;
  // Beyond, connections are dropped before anybody can be asked to make room.
  server.maxConnections = options.connections.inAll + MAX_BEING_CUT;
  const sockets = openSockets(server);
  server.on('connection', (socket: Socket) => {
    options.turns.connectionCame();
    options.open.take(socket);
  });
  const { embedded } = options;
  if (embedded !== undefined) {
    embedded((connection) => server.emit('connection', connection));
    return { port, close: (graceMs) => closeGently(server, sockets, graceMs) };
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, what, host, port)));
    server.listen(port, host, resolve);
  });
  server.removeAllListeners('error');
  // One connection that could not be taken is no reason to end.
  server.on('error', options.onError);
  return {
    port: (server.address() as AddressInfo).port,
    close: (graceMs) => closeGently(server, sockets, graceMs),
  };
}

/** Every open connection: the HTTP server itself does not know those that only shake hands. */
function openSockets(server: HttpServer): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
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

function closeGently(
  server: HttpServer,
  sockets: ReadonlySet<Socket>,
  graceMs: number,
): Promise<void> {
  return new Promise((resolve) => {
    const closeIdle = () => {
      server.closeIdleConnections();
      // Clients keep spare connections, which Node takes for busy until their first request is over.
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    };
    // A connection that was busy when the stop began becomes idle later, without an event.
    const idle = setInterval(closeIdle, CLOSE_IDLE_EVERY);
    const cut = setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, graceMs);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(cut);
      resolve();
    });
    closeIdle();
  });
}
