/**
 * Readers of streams whose connections are cut at any byte: each comes again with the position that it got last,
 * and checks that every event comes once and in order.
 */
import { request } from 'node:http';
import { WebSocket } from 'ws';
import type { Agent, ChatEvent, Visitor } from './chat-fixture.js';
import { at, linkAt } from './harness.js';
import { type Frame, FrameParser } from './stream-fixture.js';

/** How long a reader may take to get all, ms. */
const MAX_MS = 30_000;

/** How long a connection lasts: so many bytes or ms, or until the server ends it. */
export interface Cut {
  readonly bytes: number;
  readonly ms: number;
}

export function cutFrom(random: () => number): Cut {
  const how = random();
  return {
    bytes: how < 0.4 ? Math.floor(random() * 3_000) : Number.POSITIVE_INFINITY,
    ms: how > 0.8 ? random() * 30 : 1_000,
  };
}

export interface Connection {
  readonly status: number;
  readonly frames: readonly Frame[];
}

/** Reads a stream until it is cut; gives the frames that came whole. */
export function readSse(url: string, authorization: string, position: string, cut: Cut) {
  return new Promise<Connection>((resolve) => {
    const headers = { authorization, ...(position === '' ? {} : { 'last-event-id': position }) };
    const asked = request(url, { headers, agent: false });
    const parser = new FrameParser();
    const decoder = new TextDecoder();
    const frames: Frame[] = [];
    let status = 0;
    let bytes = 0;
    const timer = setTimeout(() => asked.destroy(), cut.ms);
    const over = () => {
      clearTimeout(timer);
      resolve({ status, frames });
    };
    asked.on('error', () => {});
    asked.on('close', over);
    asked.on('response', (response) => {
      status = response.statusCode ?? 0;
      response.on('error', () => {});
      response.on('data', (chunk: Buffer) => {
        const rest = cut.bytes - bytes;
        bytes += chunk.length;
        if (status === 200) {
          const whole = chunk.subarray(0, Math.max(0, rest));
          frames.push(...parser.take(decoder.decode(whole, { stream: true })));
        }
        if (bytes >= cut.bytes || frames.at(-1)?.type === 'bye') asked.destroy();
      });
    });
    asked.end();
  });
}

export function readWebSocket(url: string, authorization: string, position: string, cut: Cut) {
  return new Promise<Connection>((resolve) => {
    const query = position === '' ? '' : `?position=${position}`;
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}${query}`, {
      headers: { authorization },
    });
    const frames: Frame[] = [];
    let status = 101;
    let bytes = 0;
    const timer = setTimeout(() => socket.terminate(), cut.ms);
    socket.on('message', (data) => {
      bytes += String(data).length;
      if (bytes > cut.bytes) socket.terminate();
      else frames.push({ position: null, ...JSON.parse(String(data)) });
    });
    socket.on('unexpected-response', (_request, response) => {
      status = response.statusCode ?? 0;
      response.destroy();
      socket.terminate();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve({ status, frames });
    });
  });
}

/** What is between a reader and the server. */
export interface Network {
  /** The address by which one is reached. */
  through(url: string): string;
  /** How long the reader itself lets a connection last. */
  cut(random: () => number): Cut;
}

const DIRECT: Network = { through: (url) => url, cut: cutFrom };

/** What a reader has of each chat. */
export type Got = Map<string, ChatEvent[]>;

export class Reader {
  readonly got: Got = new Map();
  readonly #of: () => Agent | Visitor;
  readonly #random: () => number;
  readonly #network: Network;
  resyncs = 0;
  connections = 0;

  constructor(
    of: () => Agent | Visitor,
    random: () => number,
    chats: readonly string[],
    network: Network = DIRECT,
  ) {
    this.#of = of;
    this.#random = random;
    this.#network = network;
    for (const id of chats) this.got.set(id, []);
  }

  /** Reads to the end of all its chats. */
  async run(): Promise<void> {
    let position = '';
    const began = performance.now();
    for (; !this.#isDone(); this.connections += 1) {
      if (performance.now() - began > MAX_MS) {
        throw new Error(`a reader never gets the end: ${this.#sent()}`);
      }
      const of = this.#of();
      const { bearer, appKey } = of.credential();
      const authorization =
        bearer === undefined ? `LivePerson appKey=${appKey}` : `Bearer ${bearer}`;
      const over = this.#random() < 0.5 ? readSse : readWebSocket;
      const path = over === readSse ? 'stream' : 'ws';
      const { status, frames } = await over(
        this.#network.through(`${of.uri}/${path}`),
        authorization,
        position,
        this.#network.cut(this.#random),
      );
      // The session was taken over, or the connection was cut before it was answered.
      if (![0, 101, 200, 404].includes(status)) throw new Error(`status ${status}`);
      for (const frame of frames) {
        // Without what is before, what comes behind is of no use.
        if (!(await this.#take(frame, of))) break;
        position = frame.position ?? position;
      }
    }
  }

  async #take({ type, data, position }: Frame, of: Agent | Visitor): Promise<boolean> {
    if (type === 'resync') this.resyncs += 1;
    const chats = ['hello', 'resync'].includes(type)
      ? (data['chat'] as unknown[])
      : type === 'chat' && data['change'] === 'came'
        ? [data['chat']]
        : [];
    const listed = new Set(chats.map((chat) => String(at(chat, 'chatSessionKey'))));
    // A stream that goes on from no position knows nothing of chats that are over.
    const isNew = type === 'resync' || (type === 'hello' && position !== null);
    const over = isNew ? [...this.got.keys()].filter((id) => !listed.has(id)) : [];
    for (const chat of chats) {
      const next = Number(at(chat, 'next'));
      const uri = linkAt(chat, 'link', 'next').replace(/\?.*/, '');
      if (!(await this.#read(of, String(at(chat, 'chatSessionKey')), uri, next))) return false;
    }
    for (const id of over) {
      const uri = `${of.uri}/chat/${id}/events`;
      if (!(await this.#read(of, id, uri, Number.POSITIVE_INFINITY))) return false;
    }
    if (type !== 'events') return true;
    const uri = String(data['uri']);
    const own = this.#of_(uri.slice(uri.lastIndexOf('/') + 1));
    for (const event of [at(data, 'events.event') ?? []].flat() as ChatEvent[]) {
      if (Number(event['@id']) <= lastOf(own)) {
        throw new Error(`event ${event['@id']} came twice, or late: ${this.#sent()}`);
      }
      own.push(event);
    }
    return true;
  }

  /** Reads as ever what is before the stream; false when it was cut, or the session taken over meanwhile. */
  async #read(of: Agent | Visitor, id: string, uri: string, next: number): Promise<boolean> {
    const own = this.#of_(id);
    if (lastOf(own) + 1 >= next || own.at(-1)?.state === 'ended') return true;
    const reply = await of.get(`${uri}?from=${lastOf(own) + 1}`).catch(() => null);
    if (reply === null || reply.status === 404) return false;
    const events = [at(reply.body, 'events.event') ?? []].flat() as ChatEvent[];
    own.push(...events.filter((event) => Number(event['@id']) < next));
    return true;
  }

  #of_(chatId: string): ChatEvent[] {
    const own = this.got.get(chatId) ?? [];
    this.got.set(chatId, own);
    return own;
  }

  #isDone(): boolean {
    return [...this.got.values()].every((events) => events.at(-1)?.state === 'ended');
  }

  #sent(): string {
    return JSON.stringify([...this.got].map(([id, events]) => [id, events.map(nameOf)]));
  }
}

export const lastOf = (events: readonly ChatEvent[]) => Number(events.at(-1)?.['@id'] ?? -1);
export const isWhisper = ({ subType }: ChatEvent) => subType === 'ONLY_TO_REP';
export const nameOf = (event: ChatEvent) => `${event['@id']}:${event.text ?? event.state}`;
