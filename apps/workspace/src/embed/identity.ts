/** What an identity provider says of a chat's visitor: its document has no method of the SDK. */
import type { AgentChat } from '@parley/client/agent';
import type { WorkspaceController } from '../state/controller.js';

type Doc = Readonly<Record<string, unknown>>;

const REL = 'participant-extended-info';

/** @returns null while the visitor is not signed in */
export async function identityOf(
  controller: WorkspaceController,
  chat: AgentChat,
): Promise<Doc | null> {
  const body = (await chat.get('info')) as Doc;
  const { link } = (body['info'] ?? body) as Doc;
  const found = ([link].flat() as Doc[]).find((each) => (each['@rel'] ?? each['rel']) === REL);
  const href = found?.['@href'] ?? found?.['href'];
  if (typeof href !== 'string') return null;
  const address = new URL(href);
  address.searchParams.set('v', '1');
  const headers = {
    accept: 'application/json',
    authorization: `Bearer ${controller.agent?.bearer ?? ''}`,
  };
  const answer = await fetch(address, { headers, credentials: 'omit' });
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error('What the identity provider says could not be read: try again.');
  return (await answer.json()) as Doc;
}
