/**
 * The least that can do what is measured of push: a bare `node:http` server that writes lines to a
 * file, syncs it once for all that came meanwhile, and then answers writers and those who wait. A chat is
 * there as soon as somebody writes in it or waits for it.
 */
import { open } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';

interface Chat {
  /** The id of its next event. */
  next: number;
  waiting: ServerResponse | null;
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
      if (chat.waiting !== null) {
        const link = [
          { '@href': `http://127.0.0.1/chat/${id}/events`, '@rel': 'self' },
          { '@href': `http://127.0.0.1/chat/${id}/events?from=${chat.next}`, '@rel': 'next' },
        ];
        give(chat.waiting, 200, { events: { link, event } });
        chat.waiting = null;
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

/**
 * A poll that comes after the line it asks for is answered like one that waited. Nothing is kept of a
 * feed: who asks from further on is believed.
 */
function wait(id: string, from: number, response: ServerResponse): void {
  const chat = chats.get(id) ?? { next: from, waiting: null };
  chats.set(id, chat);
  chat.next = Math.max(chat.next, from);
  if (from >= chat.next) {
    chat.waiting = response;
    return;
  }
  const link = { '@href': `http://127.0.0.1/chat/${id}/events?from=${chat.next}`, '@rel': 'next' };
  give(response, 200, { events: { link, event: [] } });
}

/** As long as the real server keeps idle connections, ms. */
const KEEP_ALIVE_TIMEOUT = 72_000;

const server = createServer({ keepAliveTimeout: KEEP_ALIVE_TIMEOUT }, (request, response) => {
  const { url = '', method } = request;
  const id = /\/chat\/([^/]+)\/events/.exec(url)?.[1] ?? '';
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
    const chat = chats.get(id) ?? { next: 0, waiting: null };
    chats.set(id, chat);
    pending.push({ id, chat, text: event?.text, response });
    void flush();
  });
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  process.stdout.write(`${JSON.stringify({ port })}\n`);
});
