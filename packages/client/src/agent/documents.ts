/** What an agent reads of its session and chats, as values. */
import { type Doc, docOf, listOf } from '../core/document.js';

/** What an agent can be set to. */
export type Presence = 'Online' | 'Occupied' | 'Away';

/** The chat state of an agent session. */
export interface Availability {
  readonly chat: Presence | 'Offline';
  /** The status reason of this state; null for none. */
  readonly reasonId: number | null;
}

/** A skill: a queue by topic. */
export interface SkillName {
  readonly id: number;
  readonly name: string;
}

/** Who the agent is. */
export interface AgentInfo {
  readonly id: number;
  readonly loginName: string;
  readonly displayName: string;
  /** The agent's nickname, which visitors see. */
  readonly agentName: string;
  /** Maximum number of chats at once; -1: no limit. */
  readonly maxChats: number;
  readonly availability: Availability;
  readonly skills: readonly SkillName[];
}

/** A colleague, online or not. */
export interface Colleague {
  readonly id: number;
  readonly userName: string;
  readonly nickname: string;
  readonly state: Presence | 'Offline';
  /** Milliseconds in that state. */
  readonly elapsed: number;
  readonly chats: number;
  readonly maxChats: number;
  readonly groupName: string;
  readonly skills: readonly SkillName[];
}

/** A change of a colleague's state. */
export interface ColleagueState {
  readonly id: number;
  readonly nickname: string;
  readonly state: Presence | 'Offline';
  /** ISO 8601. */
  readonly since: string;
}

/** A skill that a chat can be transferred to. */
export interface TransferTarget extends SkillName {
  readonly onlineAgents: number;
}

/** Facts of a visit, by name. The server decides which facts there are. */
export interface VisitInfo {
  readonly visitorId: string;
  readonly isInCurrentChat: boolean;
  readonly session: Readonly<Record<string, string>>;
  readonly visitor: Readonly<Record<string, string>>;
  readonly time: Readonly<Record<string, string>>;
}

/** A variable that the page or the visitor's app sent. */
export interface CustomVariable {
  readonly name: string;
  readonly value: string;
  readonly displayName: string;
}

/** A question of a survey, and its answer. */
export interface Answered {
  readonly question: string;
  readonly answers: readonly string[];
}

const STATES = ['Offline', 'Online', 'Occupied', 'Away'] as const;

const text = (value: unknown) => String(value ?? '');

export function readAvailability(body: unknown): Availability {
  const doc = docOf(body, 'availability');
  const reason = doc['chatReasonId'];
  return {
    chat: text(doc['chat']) as Availability['chat'],
    reasonId: reason === undefined ? null : Number(reason),
  };
}

export function readSkills(value: unknown): readonly SkillName[] {
  return listOf(value).map(({ id, name }) => ({
    id: Number(id),
    name: text(name),
  }));
}

export function readAgentInfo(body: unknown): AgentInfo {
  const info = docOf(body, 'info');
  return {
    id: Number(info['id']),
    loginName: text(info['loginName']),
    displayName: text(info['displayName']),
    agentName: text(info['agentName']),
    maxChats: Number(info['maxChats']),
    availability: readAvailability(info),
    skills: readSkills(docOf(info, 'skillsInfo')['skillInfo']),
  };
}

export function readColleagues(body: unknown): readonly Colleague[] {
  const list = listOf(docOf(docOf(body, 'availableAgents'), 'agents')['agent']);
  return list.map((agent: Doc) => ({
    id: Number(agent['id']),
    userName: text(agent['userName']),
    nickname: text(agent['nickname']),
    state: STATES[Number(agent['chatState']) - 1] ?? 'Offline',
    elapsed: Number(agent['elapsedTimeInState'] ?? 0),
    chats: Number(agent['chats'] ?? 0),
    maxChats: Number(agent['maxChats'] ?? -1),
    groupName: text(agent['agentGroupName']),
    skills: readSkills(docOf(agent, 'skillsInfo')['skillInfo']),
  }));
}

export function readTransferTargets(body: unknown): readonly TransferTarget[] {
  return listOf(docOf(body, 'transfer')['skill']).map(({ id, name, onlineAgents }) => ({
    id: Number(id),
    name: text(name),
    onlineAgents: Number(onlineAgents),
  }));
}

export function readVisitInfo(body: unknown): VisitInfo {
  const info = docOf(body, 'visitInfo');
  const facts = (key: string) =>
    Object.fromEntries(
      listOf(docOf(info, key)['info']).map((fact) => [text(fact['name']), text(fact['$'])]),
    );
  return {
    visitorId: text(info['visitorId']),
    isInCurrentChat: info['isInCurrentChat'] === true,
    session: facts('sessionInfo'),
    visitor: facts('visitorInfo'),
    time: facts('time'),
  };
}

export function readVariables(body: unknown): readonly CustomVariable[] {
  const list = listOf(docOf(body, 'customVariables')['customVariable']);
  return list.map(({ name, value, displayName }) => ({
    name: text(name),
    value: text(value),
    displayName: text(displayName ?? name),
  }));
}

/** What was answered before the chat, of all surveys. */
export function readAnswered(body: unknown): readonly Answered[] {
  const surveys = listOf(docOf(body, 'surveys')['survey']);
  return surveys
    .flatMap((survey) => listOf(docOf(survey, 'questions')['question']))
    .map(({ label, answer }) => ({ question: text(label), answers: texts(answer) }))
    .filter(({ answers }) => answers.length > 0);
}

function texts(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.map(text) : [text(value)];
}
