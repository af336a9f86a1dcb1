/**
 * A complete agent: logs in, takes one chat, answers the visitor from a script, ends the chat and
 * logs out. It knows an account, a user and the address of the Domain API; everything beyond the
 * documented entry points it finds by the links that the server gives.
 *
 * An example without the SDK, for whoever writes a client in another language; with it: agent-with-sdk.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Principal, Refused } from './calls.js';

const { PARLEY_DOMAIN, PARLEY_ACCOUNT, PARLEY_USER, PARLEY_PASSWORD } = process.env;
const { values: options } = parseArgs({
  options: {
    domain: { type: 'string', default: PARLEY_DOMAIN ?? 'https://localhost:8443' },
    account: { type: 'string', default: PARLEY_ACCOUNT ?? '12345678' },
    user: { type: 'string', default: PARLEY_USER ?? 'agent1' },
  },
});
// The password is no flag: every user of a machine can read those.
const password = PARLEY_PASSWORD ?? 'parley-demo';

const script = [
  'Hello! I am a small program, and I am glad to meet you. What can I do for you?',
  'I see. I am writing that down.',
  'Thank you. A person will read this and come back to you. Goodbye!',
];

/** A list of one is written as that one, and an empty list is left out. */
type Listed<T> = T | readonly T[] | undefined;
type Linked = { link?: Listed<{ '@href': string; '@rel': string }> };
type ChatEvent = { state?: string; text?: string; by?: string; source?: string };
type Events = Linked & { event?: Listed<ChatEvent> };

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());
const pause = (ms: number) => sleep(ms, undefined, { signal: interrupted.signal });
const say = (line: string) => console.log(`${new Date().toTimeString().slice(0, 8)}  ${line}`);

const caller = new Principal(async (seconds, why) => {
  say(`${why} Trying again in ${seconds} s.`);
  await pause(seconds * 1_000);
});

/** Links carry no version: it goes behind `?`, or behind a query that is there already. */
const versioned = (href: string) => `${href}${href.includes('?') ? '&' : '?'}v=1&NC=true`;
const get = <T>(href: string) => caller.call<T>('GET', versioned(href));
const post = <T>(href: string, body: unknown) => caller.call<T>('POST', versioned(href), body);

const listOf = <T>(given: Listed<T>) => (given === undefined ? [] : ([given].flat() as T[]));

const findLink = ({ link }: Linked, rel: string) =>
  listOf(link).find((each) => each['@rel'] === rel)?.['@href'];

function linkOf(document: Linked, rel: string): string {
  const href = findLink(document, rel);
  if (href === undefined) throw new Error(`The server gave no link "${rel}" where one is due.`);
  return href;
}

/** Waits until a chat rings and accepts it; answers where the chat is. */
async function takeChat(incoming: string): Promise<string> {
  for (;;) {
    const { incomingRequests } = await get<{ incomingRequests: Linked }>(incoming);
    const accept = findLink(incomingRequests, 'acceptNextChat');
    if (accept === undefined) await pause(1_000);
    else {
      const accepted = await post<{ chatLocation: Linked }>(accept, {}).catch(tooLate);
      if (accepted !== null) return linkOf(accepted.chatLocation, 'location');
    }
  }
}

/** Meanwhile the visitor may have left (404 when accepting, 409 when writing): that is no failure. */
function tooLate(error: unknown): null {
  if (error instanceof Refused && [404, 409].includes(error.status)) return null;
  throw error;
}

/** Follows the chat's events by their `next` links, until the script or the chat is over. */
async function converse(chatUri: string): Promise<void> {
  const { chat } = await get<{ chat: Linked & { events: Events } }>(chatUri);
  const lines = linkOf(chat, 'events');
  const answers = [...script];
  for (let page = chat.events; ; ) {
    for (const { state, source, by, text } of listOf(page.event)) {
      say(state === undefined ? `${by}: ${text}` : `The chat is now ${state}.`);
      if (state === 'ended') return;
      const answer = source === 'visitor' ? answers.shift() : undefined;
      if (answer === undefined) continue;
      const line = { '@type': 'line', text: answer, textType: 'plain' };
      await post(lines, { event: line }).catch(tooLate);
      if (answers.length > 0) continue;
      say('That was the whole script: ending the chat.');
      await post(lines, { event: { '@type': 'state', state: 'ended' } }).catch(tooLate);
    }
    await pause(1_000);
    page = (await get<{ events: Events }>(linkOf(page, 'next'))).events;
  }
}

async function main(): Promise<void> {
  const { domain, account, user } = options;
  const where = `${domain}/api/account/${account}/service/agentVep/baseURI.json?version=1.0`;
  const { baseURI } = await caller.call<{ baseURI: string }>('GET', where);
  const base = `https://${baseURI}/api/account/${account}`;
  say(`Account ${account} lives at ${baseURI}.`);

  const credentials = { username: user, password };
  type Login = { bearer: string; csrf: string };
  const login = await caller.call<Login>('POST', `${base}/login?v=1.3`, credentials);
  const { bearer, csrf } = login;
  caller.headers['authorization'] = `Bearer ${bearer}`;
  say(`Logged in as ${user}.`);
  const refresh = () => caller.call('POST', `${base}/refresh?v=1.3`, { csrf });
  const refreshing = setInterval(() => void refresh().catch(giveUp), 5 * 60_000);
  try {
    const opened = await post<{ agentSessionLocation: Linked }>(`${base}/agentSession`, {});
    const session = linkOf(opened.agentSessionLocation, 'location');
    const { agentSessionId: links } = await get<{ agentSessionId: Linked }>(session);
    const availability = versioned(linkOf(links, 'availability'));
    await caller.call('PUT', availability, { availability: { chat: 'Online' } });
    say('Online; waiting for a chat. Ctrl-C logs out.');
    const chat = await takeChat(linkOf(links, 'incoming-requests'));
    say('Accepted a chat.');
    await converse(chat);
  } finally {
    clearInterval(refreshing);
    await caller.call('POST', `${base}/logout?v=1.3`, { csrf });
    say('Logged out.');
  }
}

function giveUp(error: unknown): void {
  if (interrupted.signal.aborted) return;
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

await main().catch(giveUp);
