/** A proxy in front of the server that changes what goes through it. */
import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a proxy does to requests and answers. */
export interface Change {
  /** The path with query, and the headers, as they go on; null: 404 at once. */
  request?(path: string, headers: IncomingHttpHeaders): string | null;
  /** The text and the headers of an answer. @param asked the headers of the request as it came */
  answer?(text: string, headers: IncomingHttpHeaders, asked: IncomingHttpHeaders): string;
}

export interface ChangingProxy {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** `GET /path`, of all requests, as clients sent them. */
  readonly seen: string[];
  stop(): Promise<void>;
}

/** @param target `http://host:port` of the server */
export async function startProxy(target: string, change: Change): Promise<ChangingProxy> {
  const seen: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const { method = 'GET', url = '/' } = incoming;
    seen.push(`${method} ${url.replace(/\?.*/, '')}`);
    const headers = { ...incoming.headers };
    // Links are written on the host that is asked: the proxy's own stays in them.
    const path = change.request === undefined ? url : change.request(url, headers);
    if (path === null) {
      outgoing.writeHead(404).end('{"error":{"message":"The proxy knows no such path."}}');
      incoming.resume();
      return;
    }
    const onward = httpRequest(target + path, { method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const answered = { ...answer.headers };
        const text = Buffer.concat(chunks).toString('utf8');
        const changed = change.answer?.(text, answered, incoming.headers) ?? text;
        delete answered['content-length'];
        delete answered['transfer-encoding'];
        outgoing.writeHead(answer.statusCode ?? 502, answered);
        // 304 has no body.
        outgoing.end(answer.statusCode === 304 ? undefined : changed);
      });
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The addresses that a client may build. */
const ENTRY_POINTS =
  /^\/api\/account\/[^/]+(\/(login|refresh|logout|agentSession|oauth2\/token|service\/.*))?$/;

const OWN_PATH = /\/api\/account\/[^"?;\s]*/g;

const rename = (path: string) =>
  `/renamed${path.replace(/\/([^/]+)/g, (_, segment: string) => `/r-${segment}`)}`;

const restore = (path: string) => path.slice('/renamed'.length).replace(/\/r-/g, '/');

/** Renames every path but the entry points, in all links, `Location` and the paths of cookies. */
export const RENAMED: Change = {
  request(url) {
    const [path = '', ...query] = url.split('?');
    const onward = [...query].map((each) => `?${each}`).join('');
    if (ENTRY_POINTS.test(path)) return path + onward;
    return path.startsWith('/renamed/') ? restore(path) + onward : null;
  },
  answer(text, headers) {
    const cookies = headers['set-cookie']?.map((line) =>
      line.replace(
        /(Path=)(\/api\/account\/[^/]+\/[^;]*)/i,
        (_, name, path) => name + rename(path),
      ),
    );
    if (cookies !== undefined) headers['set-cookie'] = cookies;
    const { location } = headers;
    if (location !== undefined) headers['location'] = location.replace(OWN_PATH, rename);
    return text.replace(OWN_PATH, rename);
  },
};

/** What Parley adds to the original's links. */
const EXTENSIONS = [
  ...['read', 'stream', 'websocket', 'tickets', 'supervision', 'suggestions'],
  ...['approvals', 'delegations'],
];

/** A server without any extension: the original API alone. */
export const ORIGINAL: Change = {
  request(url, headers) {
    delete headers['if-none-match'];
    delete headers['idempotency-key'];
    return url.replace(/([?&])wait=\d+&?/, '$1').replace(/[?&]$/, '');
  },
  answer(text, headers) {
    for (const name of Object.keys(headers)) {
      if (/^(etag|idempotency-.*|ratelimit.*|x-request-id|traceparent)$/.test(name)) {
        delete headers[name];
      }
    }
    const links = new RegExp(`,?\\{"@?href":"[^"]*","@?rel":"(${EXTENSIONS.join('|')})"\\}`, 'g');
    return text.replace(links, '');
  },
};
