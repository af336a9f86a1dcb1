/**
 * Populates an account: agents in chats with visitors, who have visits, and records of every kind of
 * configuration.
 */
import type { SurveyQuestion } from '@parley/configuration/records/records';
import { randomDigits } from '@parley/configuration/secrets/tokens';
import { creation } from '@parley/configuration/records/record-changes';
import { type CallOptions, call, DEMO_PASSWORD, textAt } from '../harness.js';
import { claimsOf, ISSUER, SigningKey } from '../identity-provider.js';
import type { PathId, QueryId } from './audience.js';

/** Everything that can be named, of one owner. */
export interface Ids
  extends Readonly<Record<Exclude<PathId, 'id'>, string>>,
    Record<QueryId, string> {
  readonly account: string;
  /** Records of the configuration, by their path. */
  readonly records: Readonly<Record<string, string>>;
}

/** Records of the demo account by their path, once it has those of `contentRecords(1, 1, 1, 1, 1, { id: 1, userId: 103 })`. */
export const DEMO_RECORDS = {
  'le-users/users': '101',
  'le-users/skills': '11',
  'le-users/agentGroups': '1',
  'le-users/profiles': '1',
  surveys: '1',
  'canned-content/categories': '1',
  'canned-content': '1',
  'app-keys': '1',
  'le-agents/status-reasons': '1',
  'routing-rules': '1',
  'visitor-identity': '1',
  // The same records as canned content, in another form.
  'engagement-window/canned-responses': '1',
  'le-categories/categories': '1',
} as const;

/** The same kinds, with ids that no account has by itself. */
export const FOREIGN_RECORDS = {
  'le-users/users': 7101,
  'le-users/skills': 7211,
  'le-users/agentGroups': 7301,
  /** The same in all accounts: this one is in none. */
  'le-users/profiles': 7801,
  surveys: 7401,
  'canned-content/categories': 7501,
  'canned-content': 7601,
  'app-keys': 7701,
  'le-agents/status-reasons': 7901,
  'routing-rules': 8101,
  'visitor-identity': 8001,
  'engagement-window/canned-responses': 7601,
  'le-categories/categories': 7501,
} as const;

/** Signs the tokens of every account's visitors. */
const key = new SigningKey('ES256');

/** Surveys, canned content, a status reason and a connection, of which the demo has none. */
export function contentRecords(
  survey: number,
  category: number,
  content: number,
  reason: number,
  connection: number,
  rule: { readonly id: number; readonly userId: number },
) {
  const question = { mandatory: false, validationType: 'alpha_numeric' } as const;
  const option = (value: string) => ({
    value,
    displayValue: value,
    checked: false,
    showLogicId: [],
  });
  const questions: readonly SurveyQuestion[] = [
    { ...question, id: 1, order: 1, logicId: 1, type: 'Text Field', label: 'Order?', entries: [] },
    {
      ...{ ...question, id: 2, order: 2, logicId: 2, type: 'Dropdown Box', label: 'Why?' },
      entries: ['order', 'else'].map(option),
    },
  ];
  const kinds = ['agent', 'exit', 'offline', 'preChat'] as const;
  return [
    ...kinds.map((kind, index) =>
      creation(
        'survey',
        { kind, name: kind, title: kind, header: '', skillId: null, enabled: true, questions },
        survey + index,
      ),
    ),
    creation(
      'visitorIdentity',
      {
        ...{ name: 'Visitors', kind: 'jwt', enabled: true, issuer: ISSUER, audience: '' },
        ...{ publicKey: key.pem, jwksUrl: '', tokenEndpoint: '', clientId: '', redirectUri: '' },
        sealedClientSecret: null,
      },
      connection,
    ),
    creation(
      'routingRule',
      {
        ...{ name: 'Tips', enabled: false, order: 1, action: 'attach', role: 'listener' },
        ...{ userId: rule.userId, skillIds: [], languages: [], hours: [], answers: [] },
      },
      rule.id,
    ),
    creation('statusReason', { text: 'Lunch', state: 'Away', enabled: true, order: 1 }, reason),
    creation('cannedCategory', { name: 'Greetings' }, category),
    creation(
      'cannedContent',
      {
        name: 'Hello',
        enabled: true,
        hotkey: '',
        categoryIds: [category],
        skillIds: [],
        texts: [{ language: 'en-US', text: 'Hello!' }],
      },
      content,
    ),
  ];
}

/** Who is to be in an account. */
export interface Residents {
  readonly account: string;
  /** Login name. */
  readonly agent: string;
  readonly bearer: string;
  readonly visitor: string;
  /** The visitor's. */
  readonly appKey: string;
  readonly skill: string;
  readonly records: Readonly<Record<string, string>>;
  /** The server's time, epoch ms. */
  readonly now: number;
  /** The bearer of an administrator. */
  readonly supervisor: string;
  /** Lines in the chat, so that event ids of one chat are not those of another. */
  readonly lines: number;
}

/**
 * Puts an agent in a chat with a visitor who was here before; gives the ids of it all.
 * @param http `http://host:port`
 */
export async function populate(http: string, residents: Residents): Promise<Ids> {
  const { account, agent, bearer, visitor, appKey, skill, records } = residents;
  const base = `${http}/api/account/${account}`;
  const require = async (method: string, url: string, options: CallOptions) => {
    const reply = await call(method, url.startsWith('http') ? url : base + url, options);
    if (reply.status >= 300) throw new Error(`${method} ${url}: ${reply.text}`);
    return reply;
  };
  const opened = await require('POST', '/agentSession?NC=true', { bearer });
  const session = opened.headers.location ?? '';
  const seen = await require('POST', `/app/engagement/visitors/${visitor}`, { appKey, body: {} });
  const sid = textAt(seen.body, 'sessionId');
  const ssoKey = await key.sign(claimsOf(visitor, residents.now, { jti: `${account}/${visitor}` }));
  const known = await require('POST', '/conversation', { appKey, body: { ssoKey } });
  const request = { visitorId: visitor, agent, LETagVisitorId: visitor, LETagSessionId: sid };
  const chats: string[] = [];
  for (const time of ['before', 'now']) {
    const ids = time === 'now' ? (known.body as object) : {};
    const body = { request: { ...request, ...ids, preChatLines: ['hidden'] } };
    await require('POST', '/chat/request', { appKey, body });
    const accepted = await require('POST', `${session}/incomingRequests`, { bearer });
    const chat = accepted.headers.location ?? '';
    for (let line = 0; line < residents.lines; line += 1) {
      const event = { type: 'line', text: 'line', subType: 'ONLY_TO_REP' };
      await require('POST', `${chat}/events`, { bearer, body: { event } });
    }
    if (time === 'before') {
      const event = { type: 'state', state: 'ended' };
      await require('POST', `${chat}/events`, { bearer, body: { event } });
    }
    chats.push(last(chat));
  }
  const [earlier = '', chat = ''] = chats;
  // Somebody watches the chat; another one rings on.
  const boss = { bearer: residents.supervisor };
  const loginData = { role: 'supervisor' };
  const opening = await require('POST', '/agentSession?NC=true', { ...boss, body: { loginData } });
  const watched = `${opening.headers.location}/chat/${chat}/collaborationChannels`;
  const watching = { channel: { role: 'supervisor' } };
  const joined = await require('POST', watched, { ...boss, body: watching });
  const delegation = { name: 'Helper', rights: ['read'] };
  const delegated = await require('POST', `${session}/delegations`, {
    bearer,
    body: { delegation },
  });
  const suggestions = watched.replace(/collaborationChannels$/, 'suggestions');
  for (let line = 0; line < residents.lines; line += 1) {
    const suggestion = { text: 'suggestion' };
    await require('POST', suggestions, { ...boss, body: { suggestion } });
  }
  await require('POST', '/chat/request', { appKey, body: { request: { agent } } });
  const ringing = await require('GET', `${session}/incomingRequests`, { bearer });
  const offer = textAt(ringing.body, 'incomingRequests.offer.id');
  return {
    ...{ account, agent, visitor, sid, chat, earlier, records, skill },
    session: last(session),
    event: String(residents.lines + 2),
    visit: chat.replace(/-.*K/, 'K'),
    participant: textAt(known.body, 'participantId'),
    service: 'agentVep',
    offer: last(offer),
    channel: last(joined.headers.location ?? ''),
    suggestion: String(residents.lines),
    delegation: last(delegated.headers.location ?? ''),
    approval: randomDigits(15),
    user: records['le-users/users'] ?? '0',
    chatSessionKeys: chat,
    serviceQueue: skill,
    chatReasonId: records['le-agents/status-reasons'] ?? '',
    skillId: records['le-users/skills'] ?? '0',
    ids: records['canned-content'] ?? '',
    skill_ids: records['le-users/skills'] ?? '',
    agentId: records['le-users/users'] ?? '0',
    groupId: records['le-users/agentGroups'] ?? '0',
  };
}

/** A bearer token, by password. @throws Error when the login is refused. */
export async function bearerOf(http: string, account: string, username: string): Promise<string> {
  const body = { username, password: DEMO_PASSWORD };
  const reply = await call('POST', `${http}/api/account/${account}/login?v=1.3`, { body });
  return textAt(reply.body, 'bearer');
}

/** What comes after the last slash. */
export function last(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}
