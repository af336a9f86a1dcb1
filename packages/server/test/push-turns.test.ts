/** When a request that waits is asked again. */
import type { AccountHost } from '@parley/runtime/accounts/account-host';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Hub } from '@parley/runtime/hub';
import type { Answer, Outcome } from '../src/http/answer.js';
import type { Turn, Wait } from '../src/http/wait.js';
import { LongPolls } from '../src/waits/long-polls.js';
import type { WaitingRequest } from '../src/http/waiters.js';
import { Fixture } from './chat-fixture.js';
import { FakeClock } from './harness.js';

let fixture: Fixture;
let host: AccountHost;
beforeAll(async () => {
  fixture = await Fixture.start();
  host = await fixture.host();
});
afterAll(() => fixture.stop());

const answer: Answer = { kind: 'document', status: 200, body: '', representation: 'json' };

const waitFor = (chatId: string): Wait => ({
  kind: 'wait',
  forMs: 10_000,
  host,
  alive: chatId,
  place: chatId,
  topics: [`chat:${chatId}`],
  seen: '',
});

function setUp() {
  const hub = new Hub((message, error) => {
    throw new Error(message, { cause: error });
  });
  const clock = new FakeClock();
  return { hub, clock, polls: new LongPolls(hub, clock, { perAddress: 1_000 }) };
}

/** A request that is answered as given, and notes what happens to it. */
function requestThat(ask: (turn: Turn) => Outcome | Promise<Outcome>) {
  const seen: string[] = [];
  let hangUp = () => {};
  const request: WaitingRequest = {
    accountId: 'shop',
    network: '10.0.0.1',
    isClosed: false,
    onClosed: (callback) => {
      hangUp = callback;
    },
    ask: (turn) => {
      seen.push(turn.kind);
      return ask(turn);
    },
    answer: () => seen.push('answered'),
    fail: () => seen.push('failed'),
  };
  return { request, seen, hangUp: () => hangUp() };
}

/** On a busy machine what was to be asked at once had to wait. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

const line = (hub: Hub, chatId: string) =>
  hub.committed('shop', 1, [{ type: 'chat.line', chatId, feed: [] }]);

describe('a request that waits', () => {
  it('[PUSH3] is asked again for each batch until there is an answer, and then no more', async () => {
    const { hub, clock, polls } = setUp();
    let news = false;
    const { request, seen } = requestThat(() => (news ? answer : waitFor('a')));
    polls.begin(request, waitFor('a'), 'now');
    line(hub, 'b');
    expect(seen).toEqual([]);
    line(hub, 'a');
    await turn();
    news = true;
    line(hub, 'a');
    line(hub, 'a');
    clock.advance(60_000);
    await turn();
    expect([seen, polls.count]).toEqual([['again', 'again', 'answered'], 0]);
  });

  it('[PUSH3] misses nothing that happened while it was asked, or before it was watched', async () => {
    const { hub, polls } = setUp();
    const open: ((outcome: Outcome) => void)[] = [];
    const { request, seen } = requestThat(() => new Promise((resolve) => open.push(resolve)));
    polls.begin(request, waitFor('a'), 'earlier');
    expect(seen).toEqual(['again']);
    line(hub, 'a');
    open.shift()?.(waitFor('a'));
    await Promise.resolve();
    expect(seen).toEqual(['again', 'again']);
    // Others had their turn while it was asked, so it is asked once more all the same.
    open.shift()?.(waitFor('a'));
    await Promise.resolve();
    expect(seen).toEqual(['again', 'again', 'again']);
    open.shift()?.(answer);
    await Promise.resolve();
    expect(seen.at(-1)).toBe('answered');
  });

  it('[PUSH9] is asked nothing any more when the client hung up, also while it was being asked', async () => {
    const { hub, polls } = setUp();
    let finish: (outcome: Outcome) => void = () => {};
    const { request, seen, hangUp } = requestThat(
      () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    );
    polls.begin(request, waitFor('a'), 'now');
    line(hub, 'a');
    hangUp();
    finish(answer);
    await Promise.resolve();
    line(hub, 'a');
    expect([seen, polls.count]).toEqual([['again'], 0]);
  });

  it('[PUSH12] is answered the error that its call meets', () => {
    const { hub, polls } = setUp();
    const { request, seen } = requestThat(() => {
      throw new Error('not yours any more');
    });
    polls.begin(request, waitFor('a'), 'now');
    hub.changed('shop');
    expect([seen, polls.count]).toEqual([['again', 'failed'], 0]);
  });

  it('[PUSH18] lets others have their turn when it is one of a crowd', async () => {
    const { hub, polls } = setUp();
    let asked = 0;
    for (let each = 0; each < 60; each += 1) {
      const { request } = requestThat(() => {
        asked += 1;
        const until = performance.now() + 1;
        while (performance.now() < until);
        return answer;
      });
      polls.begin(request, { ...waitFor('a'), place: String(each) }, 'now');
    }
    line(hub, 'a');
    // A few milliseconds' worth at once, the others in later turns of the event loop.
    expect(asked).toBeLessThan(20);
    for (let turns = 0; polls.count > 0 && turns < 60; turns += 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect([asked, polls.count]).toEqual([60, 0]);
  });

  it('[PUSH16] is asked for the last time when the server stops, and none waits from then on', () => {
    const { polls } = setUp();
    const one = requestThat(({ kind }) => (kind === 'last' ? answer : waitFor('a')));
    polls.begin(one.request, waitFor('a'), 'now');
    polls.close();
    const late = requestThat(({ kind }) => (kind === 'last' ? answer : waitFor('a')));
    polls.begin(late.request, waitFor('a'), 'now');
    expect([one.seen, late.seen]).toEqual([
      ['last', 'answered'],
      ['last', 'answered'],
    ]);
  });
});
