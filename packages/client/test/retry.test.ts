import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../server/test/harness.js';
import {
  LoginError,
  type ParleyError,
  RefusedError,
  UnexpectedAnswerError,
  UnreachableError,
} from '../src/agent/index.js';
import { Http, type HttpRequest } from '../src/core/http.js';

/** One answer of a server: a status, seconds for `Retry-After`, a body; or none. */
interface Answer {
  readonly status: number;
  readonly retryAfter?: number;
  readonly body?: unknown;
  readonly text?: string;
}
const NO_ANSWER = 'no answer';

/** Calls a server that gives these answers, one after another, and then 200; on a clock of its own. */
async function call(
  answers: readonly (Answer | typeof NO_ANSWER)[],
  request: Partial<HttpRequest> = {},
  random = 0,
) {
  const clock = new FakeClock();
  const left = [...answers];
  const keys: (string | undefined)[] = [];
  const tries: number[] = [];
  const http = new Http({
    clock: {
      now: () => clock.now(),
      after: (ms, callback) => clock.after(ms, callback),
      random: () => random,
    },
    fetch: async (_, init) => {
      tries.push(clock.now());
      keys.push(init.headers['idempotency-key']);
      const answer = left.shift() ?? { status: 200 };
      if (answer === NO_ANSWER) throw new TypeError('fetch failed');
      const { status, retryAfter, body, text = JSON.stringify(body ?? {}) } = answer;
      return new Response(text, {
        status,
        headers: {
          'x-request-id': 'r-1',
          ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
        },
      });
    },
  });
  let settled = false;
  const done = http
    .send({ method: 'POST', url: 'https://chat.example.com/x?appKey=hidden', ...request })
    .catch((error: ParleyError) => error)
    .finally(() => {
      settled = true;
    });
  for (let steps = 0; !settled && steps < 100_000; steps += 1) {
    await Promise.resolve();
    if (steps % 20 === 19) clock.advance(500);
  }
  const result = await done;
  const pauses = tries.slice(1).map((at, index) => (at - (tries[index] ?? 0)) / 1_000);
  return { result, pauses, keys };
}

const times = (count: number, answer: Answer | typeof NO_ANSWER) =>
  Array.from({ length: count }, () => answer);

describe('the documented retry policy', () => {
  it('[CLIENT10] a 5xx is tried again after 5, 10 and 15 s, then after 2, 4, 8 … minutes', async () => {
    const { result, pauses } = await call(times(6, { status: 503 }));
    expect(pauses).toEqual([5, 10, 15, 120, 240, 480]);
    expect(result).toMatchObject({ status: 200 });
  });

  it('[CLIENT10] a 5xx that names a later time is tried again then', async () => {
    const { pauses } = await call([
      { status: 503, retryAfter: 12 },
      { status: 500, retryAfter: 1 },
    ]);
    expect(pauses).toEqual([12, 10]);
  });

  it.each<[number | undefined, 'login' | undefined, number]>([
    [undefined, undefined, 1],
    [0, undefined, 1],
    [7, undefined, 7],
    [undefined, 'login', 5],
    [2, 'login', 5],
    [9, 'login', 9],
  ])(
    '[CLIENT11] a 429 with Retry-After %s (%s) is tried again after %s s',
    async (after, retry, seconds) => {
      const answer = { status: 429, ...(after === undefined ? {} : { retryAfter: after }) };
      const { pauses } = await call([answer], retry === undefined ? {} : { retry });
      expect(pauses).toEqual([seconds]);
    },
  );

  it.each([400, 403, 404, 405, 406, 409, 412, 413, 415, 422])(
    '[CLIENT12] a %s is not tried again',
    async (status) => {
      const { result, pauses } = await call([{ status }]);
      expect(pauses).toEqual([]);
      expect(result).toBeInstanceOf(RefusedError);
      expect(result).toMatchObject({ status, requestId: 'r-1', remedy: expect.any(String) });
    },
  );

  it('[CLIENT12] a 401 is not tried again, and is an error of its own', async () => {
    const body = { error: { message: 'The bearer has ended.', internalCode: 10 } };
    const { result, pauses } = await call([{ status: 401, body }]);
    expect(pauses).toEqual([]);
    expect(result).toBeInstanceOf(LoginError);
    expect(result).toMatchObject({ message: 'The bearer has ended.', code: 10, status: 401 });
  });

  it('[CLIENT13] the same request that is still being answered is asked for again', async () => {
    const body = { error: { message: 'Wait.', internalCode: 1511 } };
    const { result, pauses } = await call([{ status: 409, retryAfter: 2, body }]);
    expect(pauses).toEqual([2]);
    expect(result).toMatchObject({ status: 200 });
  });

  it('[CLIENT14] no answer is followed by tries after 1, 2, 4, 8 and then every 15 s', async () => {
    const { pauses } = await call(times(7, NO_ANSWER));
    expect(pauses).toEqual([1, 2, 4, 8, 15, 15, 15]);
  });

  it('[CLIENT15] logins and reconnects are spread by up to half as long again', async () => {
    const spread = async (request: Partial<HttpRequest>, answer: Answer | typeof NO_ANSWER) =>
      (await call(times(2, answer), request, 0.999)).pauses;
    expect(await spread({ retry: 'login' }, { status: 503 })).toEqual([7.5, 15]);
    expect(await spread({}, NO_ANSWER)).toEqual([1.5, 3]);
    expect(await spread({}, { status: 503 })).toEqual([5, 10]);
  });

  it('[CLIENT16] every try of a request has the same idempotency key', async () => {
    const { keys } = await call([{ status: 500 }, NO_ANSWER, { status: 429 }], { key: 'one-key' });
    expect(keys).toEqual(times(4, NO_ANSWER).map(() => 'one-key'));
  });

  it('[CLIENT17] an aborted signal ends the tries', async () => {
    const { result, pauses } = await call(times(3, NO_ANSWER), {
      signal: AbortSignal.abort(new Error('enough')),
    });
    expect(pauses).toEqual([]);
    expect(result).toMatchObject({ message: 'enough' });
  });

  it('[CLIENT17] a call that shall be tried once is', async () => {
    const { result, pauses } = await call([{ status: 503, body: { message: 'bare' } }], {
      retry: 'never',
    });
    expect(pauses).toEqual([]);
    expect(result).toBeInstanceOf(UnreachableError);
    expect(result).toMatchObject({ message: 'bare', status: 503 });
  });

  it('[CLIENT18] an answer that is no JSON says who may have answered, and shows no query', async () => {
    const { result, pauses } = await call([{ status: 200, text: '<html>Welcome to the proxy' }]);
    expect(pauses).toEqual([]);
    expect(result).toBeInstanceOf(UnexpectedAnswerError);
    expect((result as Error).message).toContain('<html>Welcome to the proxy');
    expect((result as Error).message).not.toContain('hidden');
  });
});
