/** One answer of the real server, kept so that the bare ones can give the same bytes. */

export interface CannedAnswer {
  readonly method: 'GET' | 'POST';
  /** Path of the route, in Fastify's spelling. */
  readonly route: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Headers that `node:http` writes by itself. */
const NOT_KEPT: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'transfer-encoding',
]);

/** Keeps an answer. */
export async function canAnswer(
  method: CannedAnswer['method'],
  route: string,
  response: Response,
): Promise<CannedAnswer> {
  const headers = [...response.headers].filter(([name]) => !NOT_KEPT.has(name));
  return {
    method,
    route,
    status: response.status,
    headers: Object.fromEntries(headers),
    body: await response.text(),
  };
}

/** The answers that the bench hands to a bare server on its standard input. */
export async function readCanned(input: AsyncIterable<Buffer>): Promise<readonly CannedAnswer[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}
