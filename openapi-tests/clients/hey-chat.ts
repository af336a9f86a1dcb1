/** A whole chat with the client that `@hey-api/openapi-ts` generates, as it comes. */
import { client } from '../generated/hey-api/client.gen.js';
import {
  getAgentSessionChatEvents,
  getAgentSessionChatInfo,
  postAgentSession,
  postAgentSessionChatEvents,
  postAgentSessionIncomingRequests,
  postChatEvents,
  postChatRequest,
  postLogin,
  putAgentSessionAvailability,
} from '../generated/hey-api/index.js';

/**
 * An agent and a visitor chat.
 * @param baseUrl of the server
 * @returns the texts of the chat's lines, as the agent reads them, and how the chat ended
 */
export async function chat(baseUrl: string): Promise<{ lines: string[]; state: string }> {
  client.setConfig({ baseUrl });
  const account = '12345678';
  const login = await postLogin({
    path: { account },
    query: { v: '1.3' },
    body: { username: 'agent1', password: 'parley-demo' },
  });
  if (login.data === undefined) throw new Error(login.error.error.message);
  const bearer = login.data.bearer;
  const auth = () => bearer;
  const key = () => 'LivePerson appKey=parley-demo-visitor-key';

  const opened = await postAgentSession({ path: { account }, query: { NC: true }, auth });
  const session = lastPart(opened.data?.agentSessionLocation.link['@href']);
  await putAgentSessionAvailability({
    path: { account, session },
    body: { availability: { chat: 'Online' } },
    auth,
  });

  const requested = await postChatRequest({
    path: { account },
    body: { request: { skill: 'Sales', preChatLines: { line: ['Is the blue one in stock?'] } } },
    auth: key,
  });
  const visitorChat = lastPart(requested.data?.chatLocation.link['@href']);

  const accepted = await postAgentSessionIncomingRequests({ path: { account, session }, auth });
  const taken = lastPart(accepted.data?.chatLocation.link['@href']);
  const path = { account, session, chat: taken };
  await postAgentSessionChatEvents({
    path,
    body: { event: { '@type': 'line', text: 'It is.' } },
    auth,
  });
  await postChatEvents({
    path: { account, chat: visitorChat },
    body: { event: { '@type': 'line', text: 'Thank you!' } },
    auth: key,
  });
  await postAgentSessionChatEvents({
    path,
    body: { event: { '@type': 'state', state: 'ended' } },
    auth,
  });

  const read = await getAgentSessionChatEvents({ path, auth });
  const { event = [] } = read.data?.events ?? {};
  const lines = [event].flat().flatMap((each) => (each['@type'] === 'line' ? [each.text] : []));
  const info = await getAgentSessionChatInfo({ path, auth });
  return { lines, state: info.data?.info.state ?? 'unknown' };
}

function lastPart(href: string | undefined): string {
  return href?.slice(href.lastIndexOf('/') + 1) ?? '';
}
