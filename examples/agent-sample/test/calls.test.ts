import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { Principal, Refused } from '../src/calls.js';

let server: Server | null = null;

afterEach(
  () =>
    new Promise<void>((resolve) => (server === null ? resolve() : server.close(() => resolve()))),
);

/** A server that gives these answers, one after another, and then 200. */
async function answering(...answers: readonly [number, string?][]): Promise<string> {
  const left = [...answers];
  server = createServer((_request, response) => {
    const [status, retryAfter] = left.shift() ?? [200];
    response.writeHead(status, {
      connection: 'close',
      ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
    });
    response.end(`{"error":{"message":"Answered \\"${status}\\"."}}`);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A caller whose pauses are only written down. */
function patient(): { readonly caller: Principal; readonly pauses: [number, string][] } {
  const pauses: [number, string][] = [];
  const caller = new Principal(async (seconds, why) => {
    pauses.push([seconds, why]);
  });
  return { caller, pauses };
}

it('[SAMPLE8] repeats a 5xx after 5, 10 and 15 s, then after 2, 4, 8 … minutes', async () => {
  const origin = await answering(...Array.from({ length: 6 }, (): [number] => [503]));
  const { caller, pauses } = patient();
  await caller.call('GET', `${origin}/x?v=1`);
  expect(pauses.map(([seconds]) => seconds)).toEqual([5, 10, 15, 120, 240, 480]);
  expect(pauses[0]?.[1]).toBe('Answered "503".');
});

it('[SAMPLE9] repeats a 429 after Retry-After, at least 1 s, a login at least 5 s', async () => {
  for (const [path, retryAfter, seconds] of [
    ['/x?v=1', '7', 7],
    ['/x?v=1', '0', 1],
    ['/x?v=1', undefined, 1],
    ['/login?v=1.3', '2', 5],
    ['/login?v=1.3', '9', 9],
  ] as const) {
    const origin = await answering(retryAfter === undefined ? [429] : [429, retryAfter]);
    const { caller, pauses } = patient();
    await caller.call('POST', `${origin}${path}`, {});
    expect(pauses.map(([pause]) => pause)).toEqual([seconds]);
    await new Promise((resolve) => server?.close(resolve));
  }
  server = null;
});

it('[SAMPLE10] repeats no other 4xx', async () => {
  for (const status of [400, 401, 403, 404, 409]) {
    const origin = await answering([status]);
    const { caller, pauses } = patient();
    const refused = await caller.call('GET', `${origin}/x?v=1`).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Refused);
    expect(refused).toMatchObject({ status, message: `Answered "${status}".` });
    expect(pauses).toEqual([]);
    await new Promise((resolve) => server?.close(resolve));
  }
  server = null;
});

it('[SAMPLE11] repeats a call that nobody answered, and asks whether the server runs', async () => {
  const origin = await answering();
  await new Promise((resolve) => server?.close(resolve));
  server = null;
  const pauses: number[] = [];
  const caller = new Principal(async (seconds, why) => {
    expect(why).toBe(`${origin} does not answer; is the server running there?`);
    pauses.push(seconds);
    if (pauses.length === 2) throw new Error('enough');
  });
  await expect(caller.call('GET', `${origin}/x?v=1`)).rejects.toThrow('enough');
  expect(pauses).toEqual([5, 10]);
});
