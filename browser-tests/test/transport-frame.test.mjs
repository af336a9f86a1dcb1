// The transport frame of the original's browser SDK, driven as that SDK drives it: from pages of
// other origins, in a real browser.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, openStage, VISITOR_KEY as KEY } from '../actors.mjs';

// A page of a brand, as that SDK makes it: the frame hidden in it, spoken to in JSON texts.
const PAGE = `<!doctype html><title>shop</title><script>
  const waiting = new Map();
  let calls = 0;
  window.frameReady = (src) => new Promise((resolve) => {
    const frame = document.createElement('iframe');
    frame.src = src; frame.hidden = true; frame.onload = () => { window.frame = frame; resolve(); };
    document.body.append(frame);
  });
  window.addEventListener('message', (event) => {
    const answer = JSON.parse(event.data);
    waiting.get(answer.callId)?.({ ...answer, from: event.origin });
  });
  window.ask = (message) => new Promise((resolve) => {
    const callId = String(++calls);
    waiting.set(callId, resolve);
    setTimeout(() => resolve('no answer'), 3000);
    window.frame.contentWindow.postMessage(JSON.stringify({ callId, domain: 'x', returnDomain: 'y', ...message }), '*');
  });
</script><body></body>`;

/** @type {Awaited<ReturnType<typeof openStage>>} */
let stage;
let server;
let shop;
let other;

/** @returns {Promise<{ origin: string, close: () => void }>} a site of its own origin */
async function site() {
  const http = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(PAGE);
  }).listen(0, '127.0.0.1');
  await once(http, 'listening');
  return { origin: `http://127.0.0.1:${http.address().port}`, close: () => http.close() };
}

beforeAll(async () => {
  stage = await openStage();
  ({ server } = stage);
  shop = await site();
  other = await site();
  await stage.configure((admin) => admin.changeSettings({ visitorOrigins: [shop.origin] }));
}, 60_000);

afterAll(async () => {
  await stage?.close();
  shop?.close();
  other?.close();
});

function api(method, path, body, headers = {}) {
  return fetch(`${server.http}/api/account/${ACCOUNT}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

/** A page of a site with the frame in it, and what it must never see: requests, console errors. */
async function embed(origin, path = '/hcp/html/postmessage.min.html') {
  const page = await stage.newPage();
  const requests = [];
  page.on('request', (request) => requests.push(request));
  await page.goto(origin);
  await page.evaluate((src) => window.frameReady(src), `${server.http}${path}`);
  return { page, requests, ask: (message) => page.evaluate((m) => window.ask(m), message) };
}

const headers = { Authorization: `LivePerson appKey=${KEY}` };
const base = `/api/account/${ACCOUNT}`;

describe('the transport frame in a browser', { timeout: 60_000 }, () => {
  it('[SDK5] carries a chat for a page of an origin that the account allows', async () => {
    const { page, requests, ask } = await embed(shop.origin);
    expect(await ask({ validation: true })).toMatchObject({
      responseType: 'completeLoad',
      responseCode: 200,
      body: '{}',
    });
    const url = `${server.http}${base}/chat/request?v=1&NC=true`;
    // Data as an object, and without content type: JSON.
    const asked = await ask({
      url,
      method: 'POST',
      headers,
      data: { request: { skill: 'Sales' } },
    });
    expect(asked).toMatchObject({ responseType: 'completeLoad', responseCode: 201 });
    expect(asked.from).toBe(server.http);
    const chat = asked.headers.Location;
    expect(asked.headers['Content-Type']).toContain('application/json');
    expect(chat).toContain(`${base}/chat/`);

    // Data as a text, PUT by POST.
    const named = await ask({
      url: `${chat}/info/visitorName?v=1`,
      method: 'POST',
      headers: { ...headers, 'X-HTTP-Method-Override': 'PUT', 'Content-Type': 'application/json' },
      data: '{"visitorName":"Vera"}',
    });
    expect(named.responseCode).toBe(200);
    const line = { event: { '@type': 'line', text: 'Hello <b>there</b>' } };
    const said = await ask({ url: `${chat}/events`, method: 'POST', headers, data: line });
    expect(said.responseCode).toBe(201);
    const read = await ask({ url: `${chat}/events`, method: 'GET', headers });
    expect(JSON.parse(read.body).events.event.at(-1)).toMatchObject({ text: line.event.text });
    const gone = await ask({ url: `${server.http}${base}/chat/nothing`, method: 'GET', headers });
    expect(gone).toMatchObject({ responseType: 'errorLoad', responseCode: 404 });
    for (const request of requests.filter((each) => each.url().includes('/api/'))) {
      expect(await request.headerValue('cookie')).toBeNull();
    }
    await page.context().close();
  });

  it('[SDK6] carries nothing for a page of another origin, whatever it says of itself', async () => {
    const { page, requests, ask } = await embed(other.origin, '/postmessage/postmessage.min.html');
    const refused = await ask({
      url: `${server.http}${base}/chat/request?v=1`,
      method: 'POST',
      headers,
      data: { request: {} },
      domain: shop.origin,
      returnDomain: shop.origin,
    });
    expect(refused).toMatchObject({ responseType: 'errorLoad', responseCode: 403 });
    expect(refused.body).toContain('add the origin');
    expect(requests.map((request) => new URL(request.url()).pathname)).not.toContain(
      `${base}/chat/request`,
    );
    await page.context().close();
  });

  it('[SDK7] carries visitors’ requests to its own server only', async () => {
    const { page, requests, ask } = await embed(shop.origin);
    const before = requests.length;
    for (const url of [
      `${base}/login?v=1.3`,
      `${base}/agentSession`,
      `${base}/configuration/settings`,
      `${base}/oauth2/token`,
      `${base}/supervision/chats`,
      `${base}/chat/../login`,
      `${base}/chat/%2e%2e/login`,
      `/sentinel${base}/app/token`,
      `${other.origin}${base}/chat/request`,
      'javascript:alert(1)',
      '//elsewhere.example/api/account/1/chat/request',
    ]) {
      const answer = await ask({ url, method: 'POST', headers, data: {} });
      expect([url, answer.responseType, answer.responseCode]).toEqual([url, 'errorLoad', 403]);
    }
    expect(requests.length).toBe(before);
    await page.context().close();
  });

  it('[SDK8] answers the window that asked, and no page without an origin', async () => {
    const { page } = await embed(shop.origin);
    // A frame without an origin inside the page asks the transport frame beside it.
    const answer = await page.evaluate(() => {
      const inner = document.createElement('iframe');
      inner.setAttribute('sandbox', 'allow-scripts');
      inner.srcdoc = `<script>
        addEventListener('message', (e) => parent.postMessage('{"callId":"leak"}', '*'));
        parent.frames[0].postMessage('{"callId":"1","validation":true}', '*');
      </scr${''}ipt>`;
      return new Promise((resolve) => {
        addEventListener('message', (event) => resolve(event.data));
        setTimeout(() => resolve('nothing'), 1500);
        document.body.append(inner);
      });
    });
    expect(answer).toBe('nothing');
    await page.context().close();
  });

  it('[SDK9] an app key for some pages only works for these, through the frame', async () => {
    const login = await api('POST', '/login?v=1.3', {
      username: 'admin1',
      password: 'parley-demo',
    });
    const { bearer } = await login.json();
    const auth = { authorization: `Bearer ${bearer}` };
    const keyFor = async (origin) => {
      const body = { kind: 'visitor', origins: [origin] };
      const made = await api('POST', '/configuration/app-keys', body, auth);
      return (await made.json()).key;
    };
    const { page, ask } = await embed(shop.origin);
    const status = async (key) => {
      const own = { Authorization: `LivePerson appKey=${key}` };
      const url = `${base}/chat/request`;
      return (await ask({ url, method: 'POST', headers: own, data: {} })).responseCode;
    };
    expect(await status(await keyFor(shop.origin))).toBe(201);
    expect(await status(await keyFor('https://elsewhere.example'))).toBe(403);
    await page.context().close();
  });
});
