/** A bare `node:http` server: reads the body and gives an answer made beforehand. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type CannedAnswer, readCanned } from './canned.js';

const answers = await readCanned(process.stdin);
const lastParts = answers.map((answer) => ({
  answer,
  end: answer.route.slice(answer.route.lastIndexOf('/')),
  length: Buffer.byteLength(answer.body),
}));

/** Which answer a request gets: by the method and the last part of the path, without any routing. */
function answerFor({ method, url = '' }: IncomingMessage) {
  return lastParts.find(
    ({ answer, end }) => answer.method === method && (url.endsWith(end) || url.includes(`${end}?`)),
  );
}

function give(response: ServerResponse, { status, headers, body }: CannedAnswer, length: number) {
  response.writeHead(status, { ...headers, 'content-length': length });
  response.end(body);
}

const server = createServer((request, response) => {
  const found = answerFor(request);
  if (found === undefined) {
    response.writeHead(404).end();
    return;
  }
  if (request.method !== 'POST') return give(response, found.answer, found.length);
  let text = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    text += chunk;
  });
  request.on('end', () => {
    JSON.parse(text);
    give(response, found.answer, found.length);
  });
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  process.stdout.write(`${JSON.stringify({ port })}\n`);
});
