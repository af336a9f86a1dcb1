import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { closedLoop } from '../src/load/closed-loop.js';
import { Crowd } from '../src/load/crowd.js';
import { summarise } from '../src/load/latencies.js';
import type { Job } from '../src/load/messages.js';
import { everySecond, openLoop } from '../src/load/open-loop.js';
import { ResponseReader } from '../src/load/response.js';
import { watchOthers } from '../src/machine.js';

const REQUEST = 'GET / HTTP/1.1\r\nHost: here\r\n\r\n';

let server: Server | null = null;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

/** A job for so many clients on a server that answers like this. */
async function jobOn(listener: RequestListener, clients: number): Promise<Job> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const requests = Array.from({ length: clients }, () => REQUEST);
  return { port, requests, expect: 200, seconds: 0.1, arrivals: { kind: 'closed' } };
}

describe('the machine', () => {
  it('what other programs take of it is seen, what is measured is not counted', async () => {
    const others = watchOthers();
    const spin = 'const end = Date.now() + 300; while (Date.now() < end);';
    await once(spawn(process.execPath, ['-e', spin]), 'exit');
    expect(others(0)).toBeGreaterThan(0.2);
    expect(others(1_000)).toBe(0);
  });
});

describe('reading answers', () => {
  const answer = Buffer.from('HTTP/1.1 201 Created\r\nContent-Length: 5\r\nx: y\r\n\r\nhello');

  it('reports the status once the answer is complete, however it is cut', () => {
    for (let cut = 1; cut < answer.length; cut += 1) {
      const reader = new ResponseReader();
      const first = Buffer.from(answer.subarray(0, cut));
      expect(reader.push(first)).toBeNull();
      // The buffer belongs to the socket, which uses it again.
      first.fill(0);
      expect(reader.push(answer.subarray(cut))).toBe(201);
      expect(reader.push(answer)).toBe(201);
    }
  });

  it('takes an answer without a body where there can be none', () => {
    expect(new ResponseReader().push(Buffer.from('HTTP/1.1 204 No Content\r\n\r\n'))).toBe(204);
  });

  it('refuses an answer whose end it cannot find, and one that goes on after its end', () => {
    const chunked = Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
    expect(() => new ResponseReader().push(chunked)).toThrow('without Content-Length');
    const more = Buffer.concat([answer, Buffer.from('!')]);
    expect(() => new ResponseReader().push(more)).toThrow('1 bytes more');
  });
});

describe('percentiles', () => {
  it('are values that were measured, over all parts together', () => {
    const upTo500 = Float64Array.from({ length: 500 }, (_, index) => 500 - index);
    const from501 = Float64Array.from({ length: 500 }, (_, index) => 501 + index);
    expect(summarise([upTo500, from501])).toEqual({
      count: 1000,
      p50: 500,
      p90: 900,
      p99: 990,
      p999: 999,
      max: 1000,
    });
  });

  it('are none of nothing', () => {
    expect(summarise([])).toBeNull();
    expect(summarise([new Float64Array()])).toBeNull();
  });
});

describe('a closed loop', () => {
  it('has one request under way per client, and then the next', async () => {
    const first: ServerResponse[] = [];
    let open = 0;
    let most = 0;
    let received = 0;
    const job = await jobOn((_request, response) => {
      received += 1;
      open += 1;
      most = Math.max(most, open);
      response.once('finish', () => {
        open -= 1;
      });
      // Nobody is answered before everybody has asked.
      if (first.push(response) < 3) return;
      for (const each of first.length === 3 ? first : [response]) each.end('ok');
    }, 3);
    const { answered, latencies, rate } = await closedLoop(await Crowd.connect(job), job.seconds);
    const sum = answered.reduce((total, count) => total + count, 0);
    expect(most).toBe(3);
    expect(sum).toBe(received);
    // The first answer of each client only shows that it is connected.
    expect(latencies).toHaveLength(sum - 3);
    // Its last one came after the time, so it is no part of the rate.
    expect(rate * job.seconds).toBeCloseTo(sum - 6);
  });

  it('fails on an answer that is not the expected one', async () => {
    const job = await jobOn((_request, response) => {
      response.statusCode = 503;
      response.end('no');
    }, 2);
    await expect(Crowd.connect(job)).rejects.toThrow('status 503 instead of 200');
  });
});

describe('an open loop', () => {
  it('plans the same arrivals for the same seed: one per client and second', () => {
    const arrivals = everySecond(50, 3, 7);
    expect(arrivals).toEqual(everySecond(50, 3, 7));
    expect(arrivals).not.toEqual(everySecond(50, 3, 8));
    const times = arrivals.map(({ at }) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    for (let client = 0; client < 50; client += 1) {
      const own = arrivals.filter((arrival) => arrival.client === client).map(({ at }) => at);
      expect(own.map((at) => Math.floor(at / 1000))).toEqual([0, 1, 2]);
    }
  });

  it('counts latency from the plan: a stall is felt by all that should have been sent meanwhile', async () => {
    const stall = 200;
    let asked = 0;
    const job = await jobOn((_request, response) => {
      asked += 1;
      // The very first request only shows that the client is connected.
      setTimeout(() => response.end('ok'), asked === 2 ? stall : 0);
    }, 1);
    // One client: what is planned during the stall of its first request has to wait for it.
    const arrivals = Array.from({ length: 10 }, (_, index) => ({ at: index * 10, client: 0 }));
    const { latencies } = await openLoop(await Crowd.connect(job), arrivals);
    expect(latencies).toHaveLength(10);
    latencies.forEach((latency, index) => {
      expect(latency, `arrival ${index}`).toBeGreaterThan(stall - index * 10 - 5);
    });
  });
});
