/** Requests to go on as a WebSocket: they are requests as others are, until they are answered. */
import { IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** What a request brings that asks to go on as a WebSocket. */
export interface Upgrade {
  readonly socket: Duplex;
  /** What came behind the request already. */
  readonly head: Buffer;
  readonly response: ServerResponse;
}

const upgrades = new WeakMap<IncomingMessage, Upgrade>();

/** What goes on from this request as a WebSocket; undefined for any other request. */
export function upgradeOf(raw: IncomingMessage): Upgrade | undefined {
  return upgrades.get(raw);
}

/**
 * The connection is the WebSocket's from now on: the answer that would have been written over it is over
 * for whoever waits for that.
 */
export function handOver(raw: IncomingMessage): Upgrade | undefined {
  const upgrade = upgrades.get(raw);
  if (upgrade === undefined || !upgrades.delete(raw)) return undefined;
  const { response, socket } = upgrade;
  if (socket instanceof Socket) response.detachSocket(socket);
  response.emit('close');
  return upgrade;
}

const asked = Symbol('parley.upgradeAsked');

/**
 * A request that asks for another protocol than WebSocket (`h2c`, as some clients do by themselves) is
 * carried out as it is: a server need not follow.
 */
export class MaybeUpgrade extends IncomingMessage {
  declare [asked]: boolean;

  get upgrade(): boolean {
    // A tunnel is none of ours: nobody listens for it, so that Node closes the connection.
    const goesOn = this.method === 'CONNECT' || this.headers.upgrade?.toLowerCase() === 'websocket';
    return this[asked] && goesOn;
  }

  set upgrade(value: boolean) {
    this[asked] = value;
  }
}

/** Has the server take such requests as others. */
export function takeUpgrades(
  server: HttpServer,
  Answering: typeof ServerResponse<IncomingMessage>,
): void {
  server.on('upgrade', (raw: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    if (!(socket instanceof Socket)) {
      socket.destroy();
      return;
    }
    const response = new Answering(raw);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once('finish', () => socket.destroySoon());
    upgrades.set(raw, { socket, head, response });
    server.emit('request', raw, response);
  });
}
