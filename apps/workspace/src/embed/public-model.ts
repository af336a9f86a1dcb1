/**
 * The public model: what pages of others may know. Each value is written out field by field, so that nothing
 * else of the workspace gets out: no login, no private notes, no address of the API.
 */
import { ROOTS } from '@parley/workspace-sdk/model';
import type { PublicModel, Root } from '@parley/workspace-sdk';
import type { WorkspaceController } from '../state/controller.js';
import type { ChatEntry, Workspace } from '../state/model.js';
import { identityOf } from './identity.js';

/** Lines of a transcript that pages are given: the last ones. */
const MAX_LINES = 1_000;

/** A root, and where below it. */
export interface Path {
  readonly root: Root;
  readonly below: readonly string[];
}

/** @throws Error for a root that there is not */
export function parsePath(path: string): Path {
  const [first = '', ...below] = path.split('.');
  const root = ROOTS.find((each) => each === first);
  if (root !== undefined) return { root, below };
  throw new Error(
    `"${first.slice(0, 60)}" is not in the public model, which has ${ROOTS.join(', ')}.`,
  );
}

/** Roots that the server is asked for. */
const ASKED: ReadonlySet<Root> = new Set([
  ...(['surveyQuestions', 'visitorInfo', 'campaignInfo', 'engagementInfo'] as const),
  ...(['visitorJourney', 'SDE', 'authenticatedData', 'customVariables'] as const),
]);

export function isAsked(root: Root): boolean {
  return ASKED.has(root);
}

/** What a root's value is made of: while these are the same, so is the value, as far as it is known here. */
export function inputsOf(state: Workspace, id: string | null, root: Root): readonly unknown[] {
  if (root === 'agentInfo') return [state.me, state.availability, state.account];
  const chat = id === null ? undefined : state.chats[id];
  if (chat === undefined) return [null];
  switch (root) {
    case 'chatInfo':
      return [chat.info, chat.over, chat.role];
    case 'chattingAgentInfo':
      return [chat.id, chat.people, chat.role, state.me];
    case 'chatTranscript':
      return [chat.id, chat.length];
    default:
      return [chat.id, chat.info.visitorName];
  }
}

/** The value at a path; undefined where there is none. */
export async function readValue(
  controller: WorkspaceController,
  id: string | null,
  { root, below }: Path,
): Promise<unknown> {
  let value: unknown = await readRoot(controller, id, root);
  for (const name of below) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name))
      return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}

async function readRoot(
  controller: WorkspaceController,
  id: string | null,
  root: Root,
): Promise<unknown> {
  const state = controller.store.getState();
  if (root === 'agentInfo') return agentInfo(state);
  const chat = id === null ? undefined : state.chats[id];
  return chat === undefined ? null : READERS[root](chat, controller);
}

function agentInfo({ me, account, availability }: Workspace): PublicModel['agentInfo'] {
  if (me === null) return null;
  return {
    accountId: account,
    agentId: me.id,
    agentName: me.displayName,
    agentNickname: me.agentName,
    maxChats: me.maxChats,
    availability: availability.chat,
    skills: me.skills.map(({ id, name }) => ({ id, name })),
  };
}

type Reader<R extends Root> = (
  chat: ChatEntry,
  controller: WorkspaceController,
) => PublicModel[R] | Promise<PublicModel[R]>;

const READERS: { readonly [R in Exclude<Root, 'agentInfo'>]: Reader<R> } = {
  chattingAgentInfo({ people, role }, controller) {
    const { me } = controller.store.getState();
    const agent = people.find((each) => each.role === 'agent');
    if (agent !== undefined) return { agentId: agent.agentId, agentName: agent.name };
    return role === 'agent' && me !== null
      ? { agentId: me.id, agentName: me.agentName }
      : { agentId: null, agentName: '' };
  },
  chatInfo: ({ info, over, role }, controller) => ({
    accountId: controller.store.getState().account,
    chatSessionKey: info.chatSessionKey,
    rtSessionId: String(info.rtSessionId ?? ''),
    skillId: info.skillId ?? null,
    skillName: info.skillName ?? '',
    language: info.language ?? '',
    chatStartTime: info.startTime,
    state: over ?? 'chatting',
    role,
  }),
  chatTranscript: ({ events, length }) => ({
    lines: events
      .slice(0, length)
      .flatMap((event) =>
        event.type === 'line' && event.subType !== 'ONLY_TO_REP'
          ? [
              {
                id: event.id,
                time: event.time,
                source: event.source,
                by: event.by,
                text: event.text,
                textType: event.textType,
              },
            ]
          : [],
      )
      .slice(-MAX_LINES),
  }),
  surveyQuestions: async ({ chat }) => ({ preChat: await chat.preChat() }),
  visitorInfo: async ({ chat, info }) => {
    const { visitor } = await chat.visit();
    return { ...visitor, visitorId: String(info.visitorId), visitorName: info.visitorName };
  },
  campaignInfo: async ({ chat }) => factsOf((await chat.visit()).session, ['campaignId']),
  engagementInfo: async ({ chat }) => factsOf((await chat.visit()).session, ['engagementId']),
  visitorJourney: async ({ chat }) => ({
    pages: (await chat.pages()).map(({ url, title, time }) => ({ url, title, time })),
  }),
  SDE: async ({ chat }, controller) => {
    const identity = await identityOf(controller, chat);
    return {
      customerInfo: attributes(identity?.['authenticatedParticipantInfo']),
      personalInfo: attributes(identity?.['authenticatedPersonalInfo']),
    };
  },
  authenticatedData: async ({ chat }, controller) => {
    const identity = await identityOf(controller, chat);
    if (identity === null) return null;
    return {
      ...attributes(identity['authenticatedParticipantInfo']),
      ...attributes(identity['authenticatedPersonalInfo']),
    };
  },
  customVariables: async ({ chat }) =>
    (await chat.customVariables()).map(({ name, displayName, value }) => ({
      name,
      displayName,
      value,
    })),
};

function factsOf(
  facts: Readonly<Record<string, string>>,
  names: readonly string[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(names.flatMap((name) => (facts[name] ? [[name, facts[name]]] : [])));
}

function attributes(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
