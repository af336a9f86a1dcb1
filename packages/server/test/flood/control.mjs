// A bare server: how long its answers take shows how busy the machine is with other things. It answers
// a POST when what was sent is on the disk.
import { open } from 'node:fs/promises';
import { createServer } from 'node:http';

const file = await open(process.argv[2] ?? '', 'a');
const server = createServer(async (request, response) => {
  let body = '';
  for await (const part of request.setEncoding('utf8')) body += part;
  if (request.method === 'POST') {
    await file.write(body);
    await file.datasync();
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end('{"availability":false}');
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }));
process.on('disconnect', () => process.exit(0));
