/** What a check has to work with: agents and visitors, created for it and logged out afterwards. */
import { type Answer, members, valueAt } from './answer.js';
import type { Ask } from './exchange.js';
import { Skipped } from './outcome.js';
import {
  AgentSession,
  type AskOptions,
  askFor,
  HttpActor,
  type ChatSide,
  locationOf,
  withQuery,
} from './actors.js';
import type { Secrets } from './secrets.js';
import type { BotKey, Credentials, Target } from './target.js';
import type { Wire } from './wire.js';

export type Who = 'agent' | 'agent2';

export interface Login {
  readonly bearer: string;
  readonly csrf: string;
  /** `session_id=…`, ready to be sent; empty when none was set. */
  readonly cookie: string;
}

export interface Skill {
  readonly id: string;
  readonly name: string;
}

/** What the account says of an agent. */
export interface AgentFacts {
  readonly id: string;
  readonly nickname: string;
  readonly skills: readonly Skill[];
  /** -1 for no cap. */
  readonly maxChats: number;
}

/** What holds for all checks of a run. */
export interface Scenario {
  readonly target: Target;
  readonly wire: Wire;
  readonly secrets: Secrets;
  /** `https://host/api/account/{account}` */
  readonly api: string;
  readonly logins: ReadonlyMap<Who, Login>;
  readonly agents: ReadonlyMap<Who, AgentFacts>;
}

/** Two parties in a chat. */
export interface AcceptedChat {
  readonly agent: AgentSession;
  readonly chat: ChatSide;
  readonly visitor: ChatSide;
}

/** Query parameters that agents' clients append to every link. */
const AGENT_QUERY = 'v=1&NC=true';
const VISITOR_QUERY = 'v=1';

export class Fixture {
  readonly target: Target;
  readonly api: string;
  readonly #scenario: Scenario;
  readonly #leavers: (() => Promise<unknown>)[] = [];

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    this.target = scenario.target;
    this.api = scenario.api;
  }

  /** The scheme and host that this suite uses. */
  get origin(): string {
    return new URL(this.api).origin;
  }

  /** Sends a request without any credential, below the account or to a whole URL. */
  ask(method: string, path: string, options: AskOptions = {}): Promise<Answer> {
    return this.send(askFor(method, path.startsWith('http') ? path : this.api + path, options));
  }

  send = async (ask: Ask): Promise<Answer> => {
    const answer = await this.#scenario.wire.send(ask);
    for (const secret of secretsIn(answer)) this.#scenario.secrets.add(secret);
    return answer;
  };

  /** Does something when the check is over, whatever came of it. */
  afterwards(leave: () => Promise<unknown>): void {
    this.#leavers.push(leave);
  }

  /** What the account says of an agent. @throws Skipped when no second agent was given. */
  facts(who: Who = 'agent'): AgentFacts {
    return this.#known(this.#scenario.agents.get(who));
  }

  /** The bearer that an agent has throughout the run. */
  bearer(who: Who = 'agent'): string {
    return this.#known(this.#scenario.logins.get(who)).bearer;
  }

  credentials(who: Who = 'agent'): Credentials {
    return this.#known(this.target[who]);
  }

  /** @throws Skipped when no bot's key was given. */
  bot(): BotKey {
    if (this.target.bot !== undefined) return this.target.bot;
    throw new Skipped("it needs a bot's app key, which was not given");
  }

  /** A skill that both agents hold, or the first one's when there is no second agent. */
  skill(): Skill {
    const [first] = this.skills();
    if (first !== undefined) return first;
    throw new Skipped('the agents hold no skill in common');
  }

  skills(): readonly Skill[] {
    const other = this.#scenario.agents.get('agent2');
    return this.facts().skills.filter(
      ({ id }) => other === undefined || other.skills.some((each) => each.id === id),
    );
  }

  /** @throws Skipped unless the agent may take as many chats at once. */
  needsRoomFor(chats: number): void {
    const { maxChats } = this.facts();
    if (maxChats >= 0 && maxChats < chats) {
      throw new Skipped(`it needs an agent with room for ${chats} chats; theirs is ${maxChats}`);
    }
  }

  /** Logs in once more, beside the login of the run; logged out afterwards. */
  async logIn(credentials: Credentials = this.credentials()): Promise<Answer> {
    const answer = (await this.tryLogin({ ...credentials })).is(200);
    this.#leavers.push(() => this.logout(loginOf(answer)));
    return answer;
  }

  tryLogin(body: unknown, version = '1.3'): Promise<Answer> {
    return this.ask('POST', `/login?v=${version}`, { body });
  }

  logout({ csrf, cookie }: Login): Promise<Answer> {
    return this.ask('POST', '/logout?v=1.3', { body: { csrf }, headers: { Cookie: cookie } });
  }

  /** Somebody with a bearer, at the account. */
  user(bearer: string = this.bearer()): HttpActor {
    return new HttpActor(this.send, this.api, { Authorization: `Bearer ${bearer}` }, AGENT_QUERY);
  }

  /** Opens an agent session without cookie; ended afterwards. */
  async session(who: Who = 'agent'): Promise<AgentSession> {
    const opened = await this.user(this.bearer(who)).post('/agentSession');
    return this.sessionAt(locationOf(opened, 'agentSessionLocation.link'), who);
  }

  /** The agent session at an address; ended afterwards. */
  sessionAt(uri: string, who: Who = 'agent', cookie?: string): AgentSession {
    const headers = {
      Authorization: `Bearer ${this.bearer(who)}`,
      ...(cookie === undefined ? {} : { Cookie: cookie }),
    };
    const session = new AgentSession(this.send, uri, headers, AGENT_QUERY);
    this.#leavers.push(() => session.end());
    return session;
  }

  /** A visitor without a chat, at the account. */
  get visitor(): HttpActor {
    return new HttpActor(this.send, this.api, this.key(), VISITOR_QUERY);
  }

  /** The visitors' app key as a header. */
  key(): Readonly<Record<string, string>> {
    return { Authorization: `LivePerson appKey=${this.target.appKey}` };
  }

  /** Asks for a chat; ended afterwards. */
  async chat(fields: Readonly<Record<string, unknown>> = {}): Promise<ChatSide> {
    return this.chatOf(await this.visitor.post('/chat/request', { request: fields }));
  }

  /** The visitor's chat that an answer leads to; ended afterwards. */
  chatOf(answer: Answer): ChatSide {
    const chat = this.visitor.chatAt(locationOf(answer, 'chatLocation.link'));
    this.#leavers.push(() => chat.end());
    return chat;
  }

  /** An agent and a visitor in a chat. */
  async acceptedChat(
    fields: Readonly<Record<string, unknown>> = {},
    who: Who = 'agent',
  ): Promise<AcceptedChat> {
    const agent = await this.session(who);
    const visitor = await this.chat(fields);
    return { agent, visitor, chat: await agent.accept() };
  }

  /** A link as an agent's client uses it. */
  asAgent(url: string): string {
    return withQuery(url, AGENT_QUERY);
  }

  /** Ends what the check began: chats first, then sessions, then logins. */
  async leave(): Promise<void> {
    for (const leave of this.#leavers.reverse()) {
      // What is over already, or cannot be reached, need not be ended.
      await leave().catch(() => undefined);
    }
  }

  #known<T>(value: T | undefined): T {
    if (value !== undefined) return value;
    throw new Skipped('it needs a second agent, who was not given');
  }
}

/** Tokens that a server gives, in JSON and XML, and the values of its cookies. */
function secretsIn(answer: Answer): readonly string[] {
  const tokens = answer.text.matchAll(/(?:"(?:bearer|csrf)":\s*"|<(?:bearer|csrf)>)([^"<]+)/g);
  const cookies = answer.setCookies().map((line) => /=([^;]*)/.exec(line)?.[1] ?? '');
  return [...[...tokens].map(([, token = '']) => token), ...cookies];
}

/** The tokens of a login's answer, as far as they are there. */
export function loginOf(answer: Answer): Login {
  const cookie = answer.cookie('session_id');
  return {
    bearer: String(answer.at('bearer') ?? ''),
    csrf: String(answer.at('csrf') ?? ''),
    cookie: cookie === undefined ? '' : `session_id=${cookie}`,
  };
}

/** What an agent info document holds. */
export function factsOf(answer: Answer): AgentFacts {
  const skills = members(answer.at('info.skillsInfo.skillInfo')).map((skill) => ({
    id: String(valueAt(skill, 'id')),
    name: String(valueAt(skill, 'name')),
  }));
  return {
    id: String(answer.at('info.id')),
    nickname: String(answer.at('info.agentName')),
    skills,
    maxChats: Number(answer.at('info.maxChats')),
  };
}
