// The pages behind a proxy that has them below a path of its own, and the API where it always is.
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accept, log, openStage, write } from '../actors.mjs';

const PREFIX = '/support/chat';

/** @type {Awaited<ReturnType<typeof openStage>>} */
let stage;
let proxy;
/** What was asked for that is neither below the path nor of the API. */
const lost = [];

beforeAll(async () => {
  stage = await openStage();
  const { hostname, port } = new URL(stage.server.http);
  proxy = createServer((asked, answer) => {
    const { url = '', method, headers } = asked;
    const path = url.startsWith(`${PREFIX}/`) ? url.slice(PREFIX.length) : url;
    if (path === url && !url.startsWith('/api/')) {
      lost.push(url);
      answer.writeHead(404).end();
      return;
    }
    const onward = request({ hostname, port, path, method, headers }, (answered) => {
      answer.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    answer.on('close', () => onward.destroy());
    asked.pipe(onward);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
}, 60_000);

afterAll(async () => {
  await stage?.close();
  proxy?.closeAllConnections();
  proxy?.close();
});

it('[PAGE5] shop, widget and workspace work below a path that a proxy takes off', {
  timeout: 60_000,
}, async () => {
  const at = `http://localhost:${proxy.address().port}${PREFIX}`;
  const anna = await stage.workspace('agent1', { at });
  const shopper = await stage.shopper('Is it dimmable?', { at });
  await accept(anna);
  await write(anna, 'From 5 to 100 %.');
  await log(shopper).getByText('From 5 to 100 %.').waitFor();
  // An address within, as it was bookmarked, and another page of the shop.
  const bookmarked = await stage.newPage();
  await bookmarked.goto(`${at}/workspace/chats/1?lang=en`);
  await bookmarked.getByRole('heading', { name: 'Log in to Parley' }).waitFor();
  await shopper.getByRole('link', { name: 'Delivery' }).click();
  await shopper.waitForURL(`${at}/demo/delivery`);
  await shopper.locator('parley-widget .button').click();
  await log(shopper).getByText('From 5 to 100 %.').waitFor();
  expect(lost).toEqual([]);
  expect(stage.complaints).toEqual([]);
});
