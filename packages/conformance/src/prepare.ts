/** Finds out what a run needs to know of the server and the account before any check. */
import { type Answer, members, valueAt } from './answer.js';
import { CannotRun, Mismatch } from './outcome.js';
import { type AgentSession, askFor } from './actors.js';
import {
  type AgentFacts,
  factsOf,
  type Login,
  loginOf,
  Fixture,
  type Scenario,
  type Who,
} from './scenario.js';
import type { Secrets } from './secrets.js';
import type { Target } from './target.js';
import type { Wire } from './wire.js';

const AGENTS: readonly Who[] = ['agent', 'agent2'];

/**
 * Logs the agents in and asks who they are.
 * @throws CannotRun saying what is in the way and what to do about it.
 */
export async function prepare(target: Target, wire: Wire, secrets: Secrets): Promise<Scenario> {
  hideAll(target, secrets);
  try {
    const api = await findApi(target, wire);
    const logins = new Map<Who, Login>();
    const agents = new Map<Who, AgentFacts>();
    const scenario: Scenario = { target, wire, secrets, api, logins, agents };
    const fixture = new Fixture(scenario);
    try {
      await knowAppKey(fixture, target);
      for (const who of AGENTS.filter((each) => target[each] !== undefined)) {
        logins.set(who, await logIn(fixture, who));
        agents.set(who, factsOf((await (await fixture.session(who)).get('/info')).is(200)));
      }
      // Asked when the suite's own agents are all in: none of them is a stranger then.
      for (const who of agents.keys()) await beAlone(await fixture.session(who), target);
    } catch (error) {
      await dismiss(scenario);
      throw error;
    } finally {
      await fixture.leave();
    }
    return scenario;
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    const { message, expected, got, answer } = error;
    const check =
      answer === null
        ? `Check that a server runs at ${target.baseUrl}.`
        : `Check that ${target.baseUrl} is the server, and that account and users are right.`;
    throw new CannotRun(
      `The suite cannot begin: ${message} should be ${expected}, but it is ${got}. ${check}`,
    );
  }
}

/** Logs the agents of a run out again. */
export async function dismiss(scenario: Scenario): Promise<void> {
  for (const login of scenario.logins.values()) {
    await new Fixture(scenario).logout(login).catch(() => undefined);
  }
}

function hideAll({ agent, agent2, appKey, bot }: Target, secrets: Secrets): void {
  secrets.add(agent.password);
  secrets.add(agent2?.password ?? '');
  secrets.add(appKey);
  for (const secret of [bot?.appKey, bot?.secret, bot?.accessToken, bot?.accessTokenSecret]) {
    secrets.add(secret ?? '');
  }
}

/**
 * Where the account's API is: over TLS where the Domain API says, as clients do; by plain HTTP
 * where the target says, because that is for proxies and tools on the same machine.
 */
async function findApi({ baseUrl, account }: Target, wire: Wire): Promise<string> {
  const base = baseUrl.replace(/\/+$/, '');
  const at = (origin: string) => `${origin}/api/account/${account}`;
  const url = `${at(base)}/service/agentVep/baseURI.json?version=1.0`;
  const answer = await wire.send(askFor('GET', url, {}));
  const found = answer.at('baseURI');
  if (answer.status !== 200 || typeof found !== 'string') {
    throw answer.mismatch(
      `GET ${url}`,
      '200 with a baseURI',
      `${answer.status} ${inShort(answer)}`,
    );
  }
  return at(base.startsWith('https:') ? `https://${found}` : base);
}

async function logIn(fixture: Fixture, who: Who): Promise<Login> {
  const { username, password } = fixture.credentials(who);
  const answer = await fixture.tryLogin({ username, password });
  const login = loginOf(answer);
  if (answer.status === 200 && login.bearer !== '') return login;
  throw new CannotRun(`The login of ${username} was answered ${answer.status}: ${inShort(answer)}`);
}

/** Without visitors hardly a check would say anything but that the key is wrong. */
async function knowAppKey(fixture: Fixture, { account }: Target): Promise<void> {
  const answer = await fixture.visitor.get('/chat/availability');
  if (answer.status !== 401 && answer.status !== 403) return;
  throw new CannotRun(
    `The app key was answered ${answer.status}: ${inShort(answer)} Give a key for visitors of account ${account} with PARLEY_APP_KEY or --app-key.`,
  );
}

const MAX_SHOWN = 300;

/** The message of an error, or the beginning of what else came, on one line. */
function inShort(answer: Answer): string {
  const said = answer.at('error.message');
  const text = (typeof said === 'string' ? said : answer.text).replaceAll(/\s+/g, ' ').trim();
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

/** Others at work would take the suite's chats, and theirs would ring at its agents. */
async function beAlone(session: AgentSession, { agent, agent2 }: Target): Promise<void> {
  const own = [agent.username, agent2?.username].map((name) => name?.toLowerCase());
  const answer = (await session.get('/availableAgents')).is(200);
  const busy = members(answer.at('availableAgents.agents.agent'))
    .filter((each) => ['2', '3'].includes(String(valueAt(each, '@chatState'))))
    .map((each) => String(valueAt(each, 'userName')))
    .filter((name) => !own.includes(name.toLowerCase()));
  const ringing = await session.get('/incomingRequests');
  if (busy.length > 0) {
    throw new CannotRun(
      `The account is in use: ${busy.join(', ')} would take the suite's chats. Log them out, or name an account where nobody works.`,
    );
  }
  if (Number(ringing.at('incomingRequests.ringingCount') ?? 0) > 0) {
    throw new CannotRun(
      'The account is in use: a visitor waits in it. Let the chat end, or name an account where nobody asks for chats.',
    );
  }
}
