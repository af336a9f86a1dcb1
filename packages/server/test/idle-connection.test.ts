/** What a connection keeps between its requests: nothing of them. */
import { Agent, createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { oneByOne } from '../src/http/connection.js';
import { DEFAULT_CONNECTION_LIMITS } from '../src/http/listeners.js';
import { HeldMemory } from '../src/http/held-memory.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

it('[MEM13] a connection on which nothing is under way holds nothing of its last request', async () => {
  const seen: WeakRef<IncomingMessage>[] = [];
  const counting = { held: new HeldMemory(DEFAULT_CONNECTION_LIMITS), networkOf: () => 'here' };
  const serve = oneByOne((raw, response) => {
    seen.push(new WeakRef(raw));
    response.end('answer');
  }, counting);
  const server = createServer(serve).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = () =>
    new Promise<void>((answered, failed) => {
      const asked = request({ port, agent }, (answer) => answer.resume().once('end', answered));
      asked.once('error', failed).end();
    });
  try {
    await ask();
    await ask();
    for (let turns = 0; turns < 5; turns += 1) {
      await turn();
      collect();
    }
    expect(Object.values(agent.freeSockets).flat()).toHaveLength(1);
    expect(seen.map((each) => each.deref()?.url)).toEqual([undefined, undefined]);
  } finally {
    agent.destroy();
    server.close();
  }
});
