/**
 * The headers of requests that are not over: who brings large ones and never finishes, or asks for so
 * much that requests wait for their turn, would hold their memory with each connection.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpContext } from './context.js';
import { cut } from './connection.js';
import type { HeldMemory, Holding } from './held-memory.js';
import { noRoom } from './room.js';
import type { Flaw } from './well-formed.js';

/** What Node takes for a header's name or value beside its characters, bytes. */
const BYTES_PER_TEXT = 40;

/** Smaller ones are part of what a connection takes. */
export const SMALL_HEAD = 4 * 1024;

/** What headers take that are not all there yet, by the socket on which HTTP is spoken. */
const unfinished = new WeakMap<Socket, Holding>();

/**
 * Counts what has come of headers that are not all there as held, until they are or nobody looks on.
 * @returns false when there is no room for them
 */
export function holdUnfinished(held: HeldMemory, network: string, socket: Socket): boolean {
  const bytes = headBytes(gathered(socket));
  const holding = unfinished.get(socket);
  if (bytes === 0) {
    releaseUnfinished(held, socket);
    return true;
  }
  if (holding !== undefined) held.grow(holding, bytes - holding.bytes);
  else
    unfinished.set(
      socket,
      held.hold(network, bytes, () => cut(socket)),
    );
  return held.lacks(network, 0) === null;
}

export function releaseUnfinished(held: HeldMemory, socket: Socket): void {
  const holding = unfinished.get(socket);
  if (holding === undefined) return;
  unfinished.delete(socket);
  held.release(holding);
}

/**
 * The names and values that Node has gathered of a request whose headers are not all there. It shows
 * nobody of them until they are, which may be never.
 */
function gathered(socket: Socket & { parser?: Gathering | null }): readonly string[] {
  return socket.parser?._headers ?? [];
}

interface Gathering {
  readonly _headers?: readonly string[];
}

/**
 * Counts a request's headers as held for its network until the request is over.
 * @returns why there is no room for them; null when there is
 */
export function holdHead(
  server: HttpContext,
  raw: IncomingMessage,
  response: ServerResponse,
): Flaw | null {
  releaseUnfinished(server.held, raw.socket);
  const bytes = headBytes(raw.rawHeaders) + (raw.url?.length ?? 0);
  if (bytes <= SMALL_HEAD) return null;
  const { held, proxies } = server;
  const network = proxies.network(raw);
  const lacking = held.lacks(network, bytes);
  if (lacking !== null) {
    const { headers, ...flaw } = noRoom(lacking, network);
    // As long as the rest of the request does not come, Node keeps what came.
    return { ...flaw, headers: { ...headers, connection: 'close' } };
  }
  const { socket } = raw;
  const holding = held.hold(network, bytes, () => cut(socket));
  const release = () => held.release(holding);
  response.once('close', () => {
    if (raw.complete || socket.destroyed) release();
    else {
      raw.once('end', release);
      socket.once('close', release);
    }
  });
  return null;
}

/** What names and values of headers take in memory, bytes. */
function headBytes(texts: readonly string[]): number {
  let bytes = texts.length * BYTES_PER_TEXT;
  for (const { length } of texts) bytes += length;
  return bytes;
}
