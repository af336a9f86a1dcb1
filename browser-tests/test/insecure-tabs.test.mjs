// Tabs of pages that came by plain HTTP from another machine, where browsers have no Web Locks.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, openStage, PASSWORD, times, transcript, write } from '../actors.mjs';
import { ELSEWHERE } from '../browser.mjs';

/** A tab asks twelve times, about 2 s in all, whether one that does not answer is still there. */
const SOON = { timeout: 15_000, interval: 50 };
/** For so long there may be two streams: a beat of a second, and how long a busy machine takes, ms. */
const BEAT = 2_000;

let stage;
let context;
let at;
let visitor;
/** The tab that leads, and another one. */
let leader;
let other;
let said = 0;
/** Logins and sessions that pages asked for. */
const opened = [];
/** How many streams agents had, and when. */
const counts = [];
/** The tab that opened a stream last. */
let listens;
let counting;

beforeAll(async () => {
  stage = await openStage();
  at = `http://${ELSEWHERE}:${new URL(stage.server.http).port}`;
  context = await stage.newContext({ viewport: { width: 1440, height: 900 } });
  context.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (request.method() !== 'POST') return;
    if (/\/(agentSession|login)$/.test(pathname)) opened.push(pathname.split('/').at(-1));
  });
  counting = setInterval(async () => {
    const answer = await fetch(`${stage.server.http}/metrics`);
    // The visitor's comes without one.
    const count = /^parley_streams\{transport="websocket"\} (\d+)/m.exec(await answer.text())?.[1];
    counts.push({ at: Date.now(), count: Number(count) });
  }, 100);
}, 60_000);

afterAll(async () => {
  clearInterval(counting);
  await stage?.close();
});

async function tab() {
  const page = await context.newPage();
  page.on('websocket', () => {
    listens = page;
  });
  await page.goto(`${at}/workspace/?account=${ACCOUNT}&user=agent1&lang=en`);
  return page;
}

const open = (page) => page.getByRole('link', { name: /Vera/ }).click();
const shows = (page, text) => expect.poll(() => times(transcript(page), text), SOON).toBe(1);
const streams = () => counts.at(-1)?.count;

/** Stops all that a tab does, as a machine without memory or a debugger can. @returns what lets it run again */
async function stopped(page) {
  const cdp = await context.newCDPSession(page);
  await cdp.send('Debugger.enable');
  const paused = new Promise((resolve) => cdp.once('Debugger.paused', resolve));
  await cdp.send('Debugger.pause');
  // It stops at the next statement.
  page.evaluate(() => {}).catch(() => {});
  await paused;
  return () => cdp.send('Debugger.disable').then(() => cdp.detach());
}

/** The visitor says so many lines more, while something else happens. */
async function talks(count, meanwhile = async () => {}) {
  const lines = async () => {
    for (let n = 0; n < count; n += 1) {
      said += 1;
      await visitor.say(`Number ${said}.`);
    }
  };
  await Promise.all([lines(), meanwhile()]);
}

/** A tab shows what the visitor said, all of it, each once and in order. */
async function hasAll(page) {
  await shows(page, `Number ${said}.`);
  const shown = (await transcript(page).innerText()).match(/Number \d+\./g);
  expect(shown).toEqual(Array.from({ length: said }, (_, n) => `Number ${n + 1}.`));
}

/** For how long there was more than one stream since then, at a stretch, ms. */
function longestWithTwo(since) {
  let longest = 0;
  let began = null;
  for (const { at: when, count } of counts) {
    if (when < since) continue;
    if (count < 2) began = null;
    else {
      began ??= when;
      longest = Math.max(longest, when - began);
    }
  }
  return longest;
}

describe('tabs without Web Locks', { timeout: 90_000 }, () => {
  it('[CLIENT70, CLIENT87] share session and stream all the same', async () => {
    leader = await tab();
    const secure = await leader.evaluate(() => [isSecureContext, 'locks' in navigator]);
    expect(secure).toEqual([false, false]);
    await leader.locator('[name=password]').fill(PASSWORD);
    await leader.keyboard.press('Enter');
    visitor = await stage.visitor('Vera', 'Hello', { skill: 'Sales' });
    await leader.getByRole('button', { name: 'Accept' }).first().click();
    await shows(leader, 'Hello');
    other = await tab();
    await open(other);
    await open(leader);
    await write(other, 'From the second');
    await write(leader, 'From the first');
    for (const page of [leader, other]) {
      await shows(page, 'From the second');
      await shows(page, 'From the first');
    }
    await expect.poll(streams, SOON).toBe(1);
    expect(listens).toBe(leader);
  });

  it('[CLIENT88] go on when the one that leads is frozen by the browser, also when it comes back', async () => {
    const since = Date.now();
    // A browser without a window freezes no page: it is told what a page is told, and then stopped.
    await leader.evaluate(() => document.dispatchEvent(new Event('freeze')));
    const goOn = await stopped(leader);
    await talks(10);
    await expect.poll(() => listens === other, SOON).toBe(true);
    await hasAll(other);
    await talks(10, goOn);
    await leader.evaluate(() => document.dispatchEvent(new Event('resume')));
    await hasAll(leader);
    await hasAll(other);
    await expect.poll(streams, SOON).toBe(1);
    expect(longestWithTwo(since)).toBeLessThan(BEAT);
    expect(listens).toBe(other);
    [leader, other] = [other, leader];
  });

  it('[CLIENT88] go on when it stops without a word, and it stops listening once it runs again', async () => {
    const goOn = await stopped(leader);
    await talks(10);
    await expect.poll(() => listens === other, SOON).toBe(true);
    await hasAll(other);
    const since = Date.now();
    await talks(10, goOn);
    await hasAll(leader);
    await hasAll(other);
    await expect.poll(streams, SOON).toBe(1);
    expect(longestWithTwo(since)).toBeLessThan(BEAT);
    [leader, other] = [other, leader];
  });

  it('[CLIENT88] go on when it is closed, and when it is killed', async () => {
    const since = Date.now();
    await talks(20, () => leader.close());
    await hasAll(other);
    expect(listens).toBe(other);
    leader = other;
    other = await tab();
    await open(other);
    await hasAll(other);
    await talks(10, async () => {
      const killed = leader.waitForEvent('crash');
      leader.goto('chrome://crash').catch(() => {});
      await killed;
    });
    await expect.poll(() => listens === other, SOON).toBe(true);
    await hasAll(other);
    await write(other, 'Still here');
    await shows(other, 'Still here');
    await expect.poll(streams, SOON).toBe(1);
    expect(longestWithTwo(since)).toBeLessThan(BEAT);
    // It was one session all the time.
    expect(opened).toEqual(['login', 'agentSession']);
    expect(stage.complaints).toEqual([]);
  });
});
