/** A whole chat with `openapi-fetch` and the types of `openapi-typescript`, as these come. */
import createClient from 'openapi-fetch';
import type { paths } from '../generated/openapi-typescript.js';

/**
 * An agent and a visitor chat.
 * @param baseUrl of the server
 * @returns the texts of the chat's lines, as the agent reads them, and how the chat ended
 */
export async function chat(baseUrl: string): Promise<{ lines: string[]; state: string }> {
  const account = '12345678';
  const anybody = createClient<paths>({ baseUrl });
  const login = await anybody.POST('/api/account/{account}/login', {
    params: { path: { account }, query: { v: '1.3' } },
    body: { username: 'agent1', password: 'parley-demo' },
  });
  if (login.data === undefined) throw new Error(login.error.error.message);

  const agent = createClient<paths>({
    baseUrl,
    headers: { Authorization: `Bearer ${login.data.bearer}` },
  });
  const visitor = createClient<paths>({
    baseUrl,
    headers: { Authorization: 'LivePerson appKey=parley-demo-visitor-key' },
  });

  const opened = await agent.POST('/api/account/{account}/agentSession', {
    params: { path: { account }, query: { NC: true } },
  });
  const session = lastPart(opened.data?.agentSessionLocation.link['@href']);
  await agent.PUT('/api/account/{account}/agentSession/{session}/availability', {
    params: { path: { account, session } },
    body: { availability: { chat: 'Online' } },
  });

  const requested = await visitor.POST('/api/account/{account}/chat/request', {
    params: { path: { account } },
    body: { request: { skill: 'Sales', preChatLines: { line: ['Is the blue one in stock?'] } } },
  });
  const visitorChat = lastPart(requested.data?.chatLocation.link['@href']);

  const accepted = await agent.POST(
    '/api/account/{account}/agentSession/{session}/incomingRequests',
    { params: { path: { account, session } } },
  );
  const taken = lastPart(accepted.data?.chatLocation.link['@href']);
  const events = '/api/account/{account}/agentSession/{session}/chat/{chat}/events';
  const at = { params: { path: { account, session, chat: taken } } };
  await agent.POST(events, { ...at, body: { event: { '@type': 'line', text: 'It is.' } } });
  await visitor.POST('/api/account/{account}/chat/{chat}/events', {
    params: { path: { account, chat: visitorChat } },
    body: { event: { '@type': 'line', text: 'Thank you!' } },
  });
  await agent.POST(events, { ...at, body: { event: { '@type': 'state', state: 'ended' } } });

  const read = await agent.GET(events, at);
  const { event = [] } = read.data?.events ?? {};
  const lines = [event].flat().flatMap((each) => (each['@type'] === 'line' ? [each.text] : []));
  const info = await agent.GET(
    '/api/account/{account}/agentSession/{session}/chat/{chat}/info',
    at,
  );
  return { lines, state: info.data?.info.state ?? 'unknown' };
}

function lastPart(href: string | undefined): string {
  return href?.slice(href.lastIndexOf('/') + 1) ?? '';
}
