import { expect, it } from 'vitest';
import { DEMO_BOT_KEY } from '../src/index.js';
import { DEMO_PASSWORD, DEMO_VISITOR_KEY, linkAt, startTestServer } from './harness.js';

it('[LOG1] logs no secret in a whole walk, errors included, at the most talkative level', async () => {
  const server = await startTestServer({ logLevel: 'trace' });
  const secrets = new Set<string>([DEMO_PASSWORD, DEMO_VISITOR_KEY, DEMO_BOT_KEY.secret]);
  try {
    const agent = await server.login('agent1');
    const { bearer, csrf, cookie } = agent;
    for (const token of [bearer, csrf, cookie.split('=')[1] ?? '']) secrets.add(token);
    await server.call('POST', '/login', { body: DEMO_BOT_KEY });
    await server.call('POST', '/login', { body: { username: 'agent1', password: 'wrong-secret' } });
    secrets.add('wrong-secret');

    const opened = await server.call('POST', '/agentSession?v=1&NC=true', { bearer });
    const session = linkAt(opened.body, 'agentSessionLocation.link', 'location');
    const started = await server.call('POST', `/chat/request?v=1&appKey=${DEMO_VISITOR_KEY}`, {
      body: { request: { skill: 'Sales', preChatLines: { line: ['a private line'] } } },
    });
    secrets.add('a private line');
    const chat = linkAt(started.body, 'chatLocation.link', 'location');
    secrets.add(chat.slice(chat.lastIndexOf('/') + 1));
    await server.call('POST', `${session}/incomingRequests`, { bearer });
    await server.call('POST', `${chat}/events`, {
      appKey: DEMO_VISITOR_KEY,
      body: { event: { '@type': 'line', text: 'my card is 4111' } },
    });
    secrets.add('my card is 4111');

    // What goes wrong, too: bad bodies, bad credentials, unknown paths, a stopping store.
    await server.call('POST', '/login', { body: `{"password":"${DEMO_PASSWORD}` });
    await server.call('GET', `/chat/H1-wrong?appKey=${DEMO_VISITOR_KEY}x`);
    await server.call('GET', `/no/such/place?token=${bearer}`, { bearer: `${bearer}x` });
    await server.running.server.store.close();
    const failed = await server.call('POST', '/login', {
      body: { username: 'agent1', password: DEMO_PASSWORD },
    });
    expect(failed.status).toBe(503);
    const line = await server.call('POST', `${chat}/events`, {
      appKey: DEMO_VISITOR_KEY,
      body: { event: { '@type': 'line', text: 'my card is 4111' } },
    });
    expect(line.status).toBe(503);
  } finally {
    await server.stop();
  }
  expect(server.log).toContain('could not be stored');
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(8);
    expect(server.log.includes(secret)).toBe(false);
  }
});
