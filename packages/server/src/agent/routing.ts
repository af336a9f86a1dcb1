/** Why chats go where they go (rules WHY1 to WHY3). */
import { soughtFor, type Weighed, type Weighing, weigh } from '@parley/engine';
import {
  formatTime,
  REL,
  routingDocument,
  type RoutingDecision,
  type RoutingWeighing,
} from '@parley/protocol';
import type { AccountCall } from '../http/call.js';
import { answerWith } from '../http/reply.js';
import type { Operation } from '../http/operation.js';
import type { AgentChatCall } from './authorize.js';

export const getRouting: Operation<AgentChatCall> = {
  summary:
    'Explains the routing of the chat: who was rung, by which rule, and who was passed over.',
  description:
    'Open to everyone in the chat, and to those who supervise it. While the chat waits, `now` says who would be rung, and why everybody else would not.',
  answers: { 200: routingDocument },
  handle(call) {
    const { chat, uri } = call;
    const { state, config } = call.account.host;
    const now = call.account.host.now();
    const waits =
      chat.phase.name === 'waiting' && chat.offers.every(({ role }) => role !== 'agent');
    const value = {
      link: [{ href: `${uri}/routing`, rel: REL.self }],
      decision: decisionsOf(call),
      ...(waits ? { now: weighingValue(call, weigh(state, config, soughtFor(chat), now)) } : {}),
    };
    return answerWith(call, routingDocument, value);
  },
};

function decisionsOf(call: AgentChatCall): RoutingDecision[] {
  const { config } = call.account.host;
  return (call.chat.routed ?? []).map(({ userId, role, at, why }) => ({
    time: formatTime(at, config.settings.timeZone),
    agentId: userId,
    name: nameOf(call, userId),
    role,
    rule: why.rule,
    ...(why.ruleId === undefined ? {} : { ruleId: why.ruleId }),
    candidates: why.candidates,
    load: why.load,
    idle: seconds(why.idleMs),
    ...(why.group === undefined ? {} : { agentGroupId: why.group.agentGroupId }),
    passedOver: (why.others ?? []).map((one) => candidateValue(call, one)),
  }));
}

/** Where a chat would go, as documents say it. */
export function weighingValue(call: AccountCall, weighing: Weighing): RoutingWeighing {
  const { open, userId, rule, ruleId, group, weighed, rules } = weighing;
  return {
    open,
    ...(userId === null ? {} : { agentId: userId }),
    ...(rule === null ? {} : { rule }),
    ...(ruleId === null ? {} : { ruleId }),
    ...(group === null ? {} : { agentGroupId: group.agentGroupId }),
    candidate: weighed.map((one) => candidateValue(call, one)),
    attachmentRule: rules.map(({ rule: { id, name, action, userId: agentId }, because }) => ({
      ...{ id, name, action, agentId },
      ...(because === null ? {} : { because }),
    })),
  };
}

function candidateValue(call: AccountCall, { userId, load, idleMs, because }: Weighed) {
  return {
    agentId: userId,
    name: nameOf(call, userId),
    load,
    idle: seconds(idleMs),
    ...(because === undefined ? {} : { because }),
  };
}

function nameOf({ account }: AccountCall, userId: number): string {
  return account.host.config.users.get(userId)?.nickname ?? '';
}

const seconds = (ms: number) => Math.max(0, Math.round(ms / 1000));
