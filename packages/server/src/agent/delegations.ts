/** `S/delegations`: programs that the agent lets work in the session. */
import { execute } from '../http/execute.js';
import { pathParam } from '../http/query.js';
import { readBody } from '../http/read-body.js';
import { answerCreated, answerEmpty, answerTagged, refuseCall } from '../http/reply.js';
import { type Delegation as StoredDelegation, sessionTopic } from '@parley/engine';
import {
  delegatedDocument,
  type Delegation,
  delegationsDocument,
  formatTime,
  newDelegationDocument,
  REL,
  WireError,
} from '@parley/protocol';
import { hashToken, newToken, randomDigits } from '@parley/configuration/secrets/tokens';
import { TAGGED } from '../http/entity-tag.js';
import type { Operation } from '../http/operation.js';
import type { SessionCall } from './authorize.js';
import { DELEGATED_BEARER } from './delegated.js';

const DELEGATION_DIGITS = 12;

export const getDelegations: Operation<SessionCall> = {
  summary: 'Lists the programs that may work in the session, and what each may do.',
  ...TAGGED,
  answers: { 200: delegationsDocument, 304: null },
  handle(call) {
    const link = [{ href: `${call.sessionUri}/delegations`, rel: REL.self }];
    const delegation = (call.session.delegations ?? []).map((each) => delegationValue(call, each));
    return answerTagged(call, delegationsDocument, { link, delegation }, call.session.seq);
  },
};

export const addDelegation: Operation<SessionCall> = {
  summary: 'Lets a program work in the session, as the agent, with the given rights.',
  description:
    'The response shows the bearer token only this once. The token works for this session alone, until the session or the delegation ends. A program does not take the session over, and its calls do not count as heartbeats. `read` allows reading everything; `accept` allows accepting and declining; `speak` allows sending lines to the visitor, typing, and deciding on suggestions; `whisper`, `suggest` (to the agent, in their own chats), `transfer`, `invite`, `end`, `survey` and `availability` allow what their names say. Everything else is refused.\n\nRequests that use a right also listed in `approval` wait until the agent allows each of them (approvals), for two minutes at most. The program gets its response then.\n\nThe delegation ends after `expiresIn` seconds, if given, and with the session at the latest.',
  body: newDelegationDocument,
  answers: { 201: delegatedDocument },
  gives: ['Location'],
  errors: ['invalidField', 'conflict'],
  async handle(call) {
    const { name, rights, approval, expiresIn } = readBody(call, newDelegationDocument);
    const missing = approval.find((right) => !rights.includes(right));
    if (rights.length === 0 || missing !== undefined) {
      throw new WireError(
        'invalidField',
        missing === undefined
          ? 'delegation.rights names nothing that the program may do: name a right at least, such as read.'
          : `delegation.approval names ${missing}, which is not among delegation.rights: name it in both, or in neither.`,
      );
    }
    const bearer = `${DELEGATED_BEARER}${newToken()}`;
    const { delegationId } = await execute<'session.delegate'>(
      call,
      {
        ...{ type: 'session.delegate', sessionId: call.session.id, name },
        tokenHash: hashToken(bearer),
        ...{ rights: [...new Set(rights)], approval: [...new Set(approval)] },
        ...(expiresIn === undefined ? {} : { expiresIn }),
      },
      randomDigits(DELEGATION_DIGITS),
    );
    const made = call.session.delegations?.find(({ id }) => id === delegationId);
    if (made === undefined) return refuseCall(call, noDelegation());
    const href = `${call.sessionUri}/delegations/${delegationId}`;
    return answerCreated(call, delegatedDocument, { ...delegationValue(call, made), bearer }, href);
  },
};

export const endDelegation: Operation<SessionCall> = {
  summary: 'Ends a delegation: its program is refused from now on, and its streams end.',
  answers: { 200: null },
  errors: ['notFound'],
  async handle(call) {
    const { id: sessionId } = call.session;
    const delegationId = pathParam(call, 'delegation');
    await execute<'session.endDelegation'>(call, {
      type: 'session.endDelegation',
      sessionId,
      delegationId,
    });
    const { approvals } = call.account.host;
    for (const each of approvals.pending(sessionId)) {
      if (each.delegationId === delegationId) approvals.close(each.id, 'gone');
    }
    call.server.polls.changed(call.account.id, sessionTopic(sessionId));
    return answerEmpty(call);
  },
};

function delegationValue(call: SessionCall, delegation: StoredDelegation): Delegation {
  const { id, name, rights, approval, since, until } = delegation;
  const { timeZone } = call.account.host.config.settings;
  return {
    link: [{ href: `${call.sessionUri}/delegations/${id}`, rel: REL.self }],
    ...{ id, name, rights: [...rights], approval: [...approval] },
    since: formatTime(since, timeZone),
    ...(until === undefined ? {} : { until: formatTime(until, timeZone) }),
  };
}

function noDelegation(): WireError {
  return new WireError(
    'notFound',
    'There is no such delegation in this session: read delegations for those there are.',
  );
}
