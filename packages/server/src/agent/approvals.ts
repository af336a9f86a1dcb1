/** `B/approvals`: writes of programs that wait for a person. */
import { pathParam } from '../http/query.js';
import { readBody } from '../http/read-body.js';
import { answerTagged, answerWith, refuseCall } from '../http/reply.js';
import {
  type Approval,
  approvalDocument,
  approvalsDocument,
  decisionDocument,
  formatTime,
  REL,
  WireError,
} from '@parley/protocol';
import type { LiveAccount } from '@parley/runtime/accounts/accounts';
import type { Approval as Held } from '@parley/runtime/accounts/approvals';
import { TAGGED } from '../http/entity-tag.js';
import type { Operation } from '../http/operation.js';
import { announceApproval, pendingApprovals } from './approval.js';
import { mayDecide } from './approvers.js';
import type { UserCall } from './authorize.js';

export const getApprovals: Operation<UserCall> = {
  summary: 'What programs want to do, and must ask the caller for.',
  description:
    'Programs in the own session, where the delegation says what waits; and, for administrators and managers, bots that they supervise. A bot, or a program, has what it asks for wait by the header `Approval-For`, with rights as delegations name them, separated by commas: a request that takes one of these waits for a person, for two minutes at most. The header says nothing of reading, typing and reading positions. Streams bring the same as it comes, in frames of type `approval`.',
  ...TAGGED,
  answers: { 200: approvalsDocument, 304: null },
  handle(call) {
    const held = pendingApprovals(call.account).filter((each) =>
      mayDecide(call.account, each, call.user.id),
    );
    const link = [{ href: `${call.base}/approvals`, rel: REL.self }];
    const approval = held.map((each) => approvalValue(call.account, call.base, each));
    return answerTagged(call, approvalsDocument, { link, approval }, 0);
  },
};

export const putApproval: Operation<UserCall> = {
  summary: 'Allows what a program wants to do, or refuses it.',
  description:
    'The program that waits goes on at once, as if its request came now. Nothing waits for longer than two minutes, nor after the program has hung up.',
  body: decisionDocument,
  answers: { 200: approvalDocument },
  errors: ['notFound', 'conflict'],
  handle(call) {
    const { account, user } = call;
    const { approvals } = account.host;
    const { decision } = readBody(call, decisionDocument);
    const held = approvals.get(pathParam(call, 'approval'));
    if (held === undefined || !mayDecide(account, held, user.id)) {
      const message = 'Nothing of this id waits for you: read approvals for what does.';
      return refuseCall(call, new WireError('notFound', message));
    }
    // A session that is over has nobody who waits in it any more.
    if (!account.host.state.sessions.has(held.sessionId)) approvals.close(held.id, 'gone');
    const state = decision === 'approve' ? 'approved' : 'refused';
    if (!approvals.close(held.id, state)) {
      const now = approvals.get(held.id)?.state ?? 'gone';
      if (now !== state) {
        throw new WireError('conflict', `It does not wait any more: it is ${now}.`);
      }
    }
    announceApproval(call, held);
    const value = approvalValue(account, call.base, { ...held, state });
    return answerWith(call, approvalDocument, value);
  },
};

/** @param base of the account's addresses */
export function approvalValue({ host }: LiveAccount, base: string, held: Held): Approval {
  const { id, program, delegationId, userId, right, method, path, chatId, body, state } = held;
  const time = (at: number) => formatTime(at, host.config.settings.timeZone);
  return {
    link: [{ href: `${base}/approvals/${id}`, rel: REL.self }],
    ...{ id, program, method, path, state },
    ...(delegationId === null ? { agentId: userId } : { delegationId }),
    right: right as Approval['right'],
    ...(chatId === null ? {} : { chatSessionKey: chatId }),
    ...(body === null ? {} : { body }),
    ...{ since: time(held.since), until: time(held.until) },
  };
}
