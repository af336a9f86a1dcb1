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
  summary: 'Lists the requests of programs that wait for the caller’s approval.',
  description:
    'The list covers programs in the caller’s own session, where the delegation says what waits, and, for administrators and managers, the bots that they supervise. A bot or program can also ask for approval itself: the header `Approval-For` lists rights, named as in delegations and separated by commas, and a request that needs one of them waits for a person, for two minutes at most. The header does not affect reading, typing and reading positions. Streams deliver the same as it happens, in frames of type `approval`.',
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
  summary: 'Approves or refuses a request of a program.',
  description:
    'The waiting request continues at once, as if it had just arrived. A request waits for two minutes at most, and no longer than the program stays connected.',
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
