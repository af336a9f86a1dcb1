/**
 * The least that can do what is measured of push: a bare `node:http` server that writes lines to a
 * file, syncs it once for all that came meanwhile, and then answers writers and those who wait, by long
 * poll, over server-sent events, or over a WebSocket. A chat is there as soon as somebody writes in it or
 * waits for it.
 */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';

interface Chat {
  /** The id of its next event. */
  next: number;
  waiting: ServerResponse | null;
  /** Writes a frame to whoever follows it. */
  stream: ((type: string, data: string) => void) | null;
}

interface Line {
  readonly id: string;
  readonly chat: Chat;
  readonly text: unknown;
  readonly response: ServerResponse;
}

const [, , directory = '.'] = process.argv;
const file = await open(join(directory, 'lines.jsonl'), 'a');
const chats = new Map<string, Chat>();
let pending: Line[] = [];
let flushing = false;

async function flush(): Promise<void> {
  if (flushing) return;
  flushing = true;
  while (pending.length > 0) {
    const batch = pending;
    pending = [];
    await file.appendFile(
      batch.map(({ id, text }) => `${JSON.stringify({ id, text })}\n`).join(''),
    );
    await file.datasync();
    for (const { id, chat, text, response } of batch) {
      const event = { '@id': String(chat.next), '@type': 'line', text, source: 'visitor' };
      chat.next += 1;
      if (chat.waiting !== null || chat.stream !== null) {
        const link = [
          { '@href': `http://127.0.0.1/chat/${id}/events`, '@rel': 'self' },
          { '@href': `http://127.0.0.1/chat/${id}/events?from=${chat.next}`, '@rel': 'next' },
        ];
        const events = { link, event };
        if (chat.waiting !== null) give(chat.waiting, 200, { events });
        chat.waiting = null;
        chat.stream?.('events', JSON.stringify({ uri: `http://127.0.0.1/chat/${id}`, events }));
      }
      give(response, 201, { chatEventLocation: { link: { '@rel': 'location' } } });
    }
  }
  flushing = false;
}

function give(response: ServerResponse, status: number, document: unknown): void {
  const body = JSON.stringify(document);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  });
  response.end(body);
}

/** @param next the id of its next event, when it is not known yet */
function chatOf(id: string, next: number): Chat {
  const chat = chats.get(id) ?? { next, waiting: null, stream: null };
  chats.set(id, chat);
  return chat;
}

/** The frames of a new chat of the real server begin at this event, too. */
const EVENTS_OF_NEW_CHAT = 4;

/** @param next the id that the reader knows of the next event, which nobody else keeps here */
function follow(id: string, next: number, stream: (type: string, data: string) => void): void {
  const chat = chatOf(id, next);
  // Of busy chats this hub's are elsewhere than those of the server that gave them their ids.
  chat.next = next;
  chat.stream = stream;
  stream('hello', JSON.stringify({ chat: [{ chatSessionKey: id, next: chat.next }] }));
}

/** A text frame of a server (RFC 6455, 5.2); nothing here is longer than 65,535 bytes. */
function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const { length } = payload;
  const head =
    length < 126
      ? Buffer.from([0x81, length])
      : Buffer.from([0x81, 126, length >> 8, length & 0xff]);
  return Buffer.concat([head, payload]);
}

/**
 * A poll that comes after the line it asks for is answered like one that waited. Nothing is kept of a
 * feed: who asks from further on is believed.
 */
function wait(id: string, from: number, response: ServerResponse): void {
  const chat = chatOf(id, from);
  chat.next = Math.max(chat.next, from);
  if (from >= chat.next) {
    chat.waiting = response;
    return;
  }
  const link = { '@href': `http://127.0.0.1/chat/${id}/events?from=${chat.next}`, '@rel': 'next' };
  give(response, 200, { events: { link, event: [] } });
}

function idIn(url: string): string {
  return /\/chat\/([^/]+)\/(?:events|stream|ws)/.exec(url)?.[1] ?? '';
}

function nextIn(url: string): number {
  return Number(/next=(\d+)/.exec(url)?.[1] ?? EVENTS_OF_NEW_CHAT);
}

/** As long as the real server keeps idle connections, ms. */
const KEEP_ALIVE_TIMEOUT = 72_000;

const server = createServer({ keepAliveTimeout: KEEP_ALIVE_TIMEOUT }, (request, response) => {
  const { url = '', method } = request;
  const id = idIn(url);
  if (method === 'GET' && url.includes('/stream?')) {
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    let count = 0;
    follow(id, nextIn(url), (type, data) => {
      count += 1;
      response.write(`event: ${type}\nid: ${count}\ndata: ${data}\n\n`);
    });
    return;
  }
  if (method === 'GET') {
    wait(id, Number(/from=(\d+)/.exec(url)?.[1]), response);
    return;
  }
  let text = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    text += chunk;
  });
  request.on('end', () => {
    const { event }: { event?: { text?: unknown } } = JSON.parse(text);
    const chat = chatOf(id, 0);
    pending.push({ id, chat, text: event?.text, response });
    void flush();
  });
});

/** What every server of WebSockets adds to the key (RFC 6455, 1.3). */
const WEBSOCKET_ID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

server.on('upgrade', ({ url = '', headers }, socket) => {
  const key = `${headers['sec-websocket-key']}${WEBSOCKET_ID}`;
  const accept = createHash('sha1').update(key).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  socket.on('error', () => {});
  let count = 0;
  follow(idIn(url), nextIn(url), (type, data) => {
    count += 1;
    socket.write(textFrame(`{"type":"${type}","position":"${count}","data":${data}}`));
  });
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  process.stdout.write(`${JSON.stringify({ port })}\n`);
});
