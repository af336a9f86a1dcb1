/** Readers of streams, for tests: what they got, frame by frame, over SSE. */
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { vi } from 'vitest';
import type { Agent, Visitor } from './chat-fixture.js';

export interface Frame {
  readonly type: string;
  /** `id` of SSE; null for none. */
  readonly position: string | null;
  // What frames hold is looked at by tests, field by field.
  readonly data: Readonly<Record<string, unknown>>;
}

/** Reads frames out of what came; keeps what is no whole frame yet. */
export class FrameParser {
  #rest = '';
  comments = 0;

  take(text: string): Frame[] {
    const parts = (this.#rest + text).split('\n\n');
    this.#rest = parts.pop() ?? '';
    return parts.flatMap((part) => {
      const fields = new Map(
        part.split('\n').map((line) => {
          const colon = line.indexOf(':');
          return [line.slice(0, colon), line.slice(colon + 1).trimStart()] as const;
        }),
      );
      if (fields.has('')) this.comments += 1;
      const type = fields.get('event');
      if (type === undefined) return [];
      const data = JSON.parse(fields.get('data') ?? '') as Record<string, unknown>;
      return [{ type, position: fields.get('id') ?? null, data }];
    });
  }
}

export interface OpenOptions {
  readonly lastEventId?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A reader of an SSE stream. */
export class SseReader {
  readonly frames: Frame[] = [];
  readonly #parser = new FrameParser();
  readonly #request: ClientRequest;
  response: IncomingMessage | null = null;
  /** Set when the server closed the stream. */
  ended = false;

  constructor(request: ClientRequest) {
    this.#request = request;
    request.on('error', () => {
      this.ended = true;
    });
    request.on('response', (response) => {
      this.response = response;
      response.setEncoding('utf8');
      response.on('data', (text: string) => this.frames.push(...this.#parser.take(text)));
      response.on('error', () => {});
      response.on('close', () => {
        this.ended = true;
      });
    });
    request.end();
  }

  get comments(): number {
    return this.#parser.comments;
  }

  /** The position of the last frame that had one. */
  get position(): string {
    return this.frames.findLast(({ position }) => position !== null)?.position ?? '';
  }

  ofType(type: string): Frame[] {
    return this.frames.filter((frame) => frame.type === type);
  }

  /** Ids and texts of all events that were sent, in order: `4:hello`, `2:chatting`. */
  get events(): string[] {
    return this.frames.flatMap(eventsIn);
  }

  /** Resolves with the frame of this type that comes next, after so many that were there. */
  async next(type: string, after = 0): Promise<Frame> {
    return vi.waitFor(
      () => {
        const found = this.ofType(type)[after];
        if (found === undefined) {
          throw new Error(`no ${type} after ${JSON.stringify(this.frames).slice(0, 2_000)}`);
        }
        return found;
      },
      { interval: 2, timeout: 5_000 },
    );
  }

  async untilEnded(): Promise<void> {
    await vi.waitFor(
      () => {
        if (!this.ended) throw new Error('the stream goes on');
      },
      { interval: 2, timeout: 5_000 },
    );
  }

  close(): void {
    this.#request.destroy();
  }
}

export function eventsIn({ type, data }: Frame): string[] {
  if (type !== 'events') return [];
  const { event } = data['events'] as { event?: unknown };
  const events = [event ?? []].flat() as Record<string, unknown>[];
  return events.map((each) => `${each['@id']}:${each['text'] ?? each['state']}`);
}

const open = new Set<SseReader>();

/** Opens a stream of an agent session or of a visitor's chat; resolves when it was answered. */
export async function openStream(
  of: Agent | Visitor,
  { lastEventId, query = '', headers = {} }: OpenOptions = {},
): Promise<SseReader> {
  const { bearer, appKey } = of.credential();
  const url = new URL(`${of.uri}/stream${query}`);
  const request = httpRequest(url, {
    headers: {
      accept: 'text/event-stream',
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      ...(appKey === undefined ? {} : { authorization: `LivePerson appKey=${appKey}` }),
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
      ...headers,
    },
    agent: false,
  });
  const reader = new SseReader(request);
  open.add(reader);
  await vi.waitFor(
    () => {
      if (reader.response === null && !reader.ended) throw new Error('not answered yet');
    },
    { interval: 2, timeout: 5_000 },
  );
  return reader;
}

/** As `openStream`, and waits for its first frame. */
export async function streamOf(of: Agent | Visitor, options?: OpenOptions): Promise<SseReader> {
  const reader = await openStream(of, options);
  await reader.next('hello');
  return reader;
}

export function closeStreams(): void {
  for (const reader of open) reader.close();
  open.clear();
}
