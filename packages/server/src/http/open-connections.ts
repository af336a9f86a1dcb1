/**
 * The connections that are open: bounded for each network and in all. Where there are as many as may
 * be, who has most gives one up for who has fewer, so that a few networks lock nobody out.
 */
import type { Socket } from 'node:net';
import { cut } from './connection.js';
import { holdUnfinished, releaseUnfinished } from './heads.js';
import type { HeldMemory } from './held-memory.js';
import { inSlices } from './in-slices.js';
import { networkOf } from './network.js';

export interface OpenConnectionsOptions {
  /** At once, of one network. */
  readonly perAddress: number;
  /** At once, in all. */
  readonly inAll: number;
  /** Whether the address is that of a trusted proxy, which may have any number of connections. */
  readonly isProxy: (address: string) => boolean;
  readonly held: HeldMemory;
}

export class OpenConnections {
  readonly #options: OpenConnectionsOptions;
  /** Oldest first; those of proxies are only counted. */
  readonly #networks = new Map<string, Set<Socket>>();
  readonly #encrypted = new WeakMap<Socket, Socket>();
  #count = 0;
  #sweep: 'none' | 'under way' = 'none';

  constructor(options: OpenConnectionsOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#count;
  }

  /** Takes a new connection in, or cuts it. */
  take(socket: Socket): void {
    const { remoteAddress } = socket;
    if (remoteAddress === undefined) return;
    const { perAddress, inAll, isProxy } = this.#options;
    const network = isProxy(remoteAddress) ? null : networkOf(remoteAddress);
    const has = network === null ? 0 : (this.#networks.get(network)?.size ?? 0);
    const isOver = network !== null && has >= perAddress;
    if (isOver || (this.#count >= inAll && !this.#makeRoom(has))) {
      socket.destroy();
      return;
    }
    this.#count += 1;
    if (network === null) {
      socket.once('close', () => {
        this.#count -= 1;
      });
      return;
    }
    const own = this.#networks.get(network) ?? new Set();
    this.#networks.set(network, own.add(socket));
    socket.once('close', () => this.#forget(network, socket));
  }

  /** To be called with the socket on which HTTP is spoken, where it is another one: that of TLS. */
  carries(socket: Socket, encrypted: Socket): void {
    this.#encrypted.set(socket, encrypted);
  }

  /**
   * Counts the headers that are not all there yet as held, and cuts those for which there is no room. It
   * goes on in later turns of the event loop; while it does, another one does nothing.
   */
  sweep(): void {
    if (this.#sweep === 'under way') return;
    this.#sweep = 'under way';
    inSlices(this.#look(), () => {
      this.#sweep = 'none';
    });
  }

  *#look(): Generator<void> {
    for (const [network, sockets] of this.#networks) {
      for (const socket of sockets) {
        yield;
        if (holdUnfinished(this.#options.held, network, this.#speaking(socket))) continue;
        this.#forget(network, socket);
        cut(socket);
      }
    }
  }

  /** Cuts the oldest of whoever has most, if that is more than the newcomer would have. */
  #makeRoom(has: number): boolean {
    let most = has + 1;
    let largest: string | undefined;
    for (const [network, { size }] of this.#networks) {
      if (size <= most) continue;
      most = size;
      largest = network;
    }
    if (largest === undefined) return false;
    for (const oldest of this.#networks.get(largest) ?? []) {
      this.#forget(largest, oldest);
      cut(oldest);
      return true;
    }
    return false;
  }

  #forget(network: string, socket: Socket): void {
    const own = this.#networks.get(network);
    if (own === undefined || !own.delete(socket)) return;
    this.#count -= 1;
    if (own.size === 0) this.#networks.delete(network);
    releaseUnfinished(this.#options.held, this.#speaking(socket));
  }

  #speaking(socket: Socket): Socket {
    return this.#encrypted.get(socket) ?? socket;
  }
}
