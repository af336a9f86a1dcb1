/**
 * A program's write that waits until a person approves it (rules APPROVE…): in the session of an agent that
 * agent, and in a session of its own whoever supervises it.
 */
import { DELEGATED_RIGHTS, sessionTopic } from '@parley/engine';
import { WireError } from '@parley/protocol';
import { randomDigits } from '@parley/configuration/secrets/tokens';
import type { LiveAccount } from '@parley/runtime/accounts/accounts';
import type { Approval, ApprovalRequest } from '@parley/runtime/accounts/approvals';
import type { AuthCall } from '../auth/context.js';
import type { Wait } from '../http/wait.js';
import { approversOf } from './approvers.js';
import { isSignal, rightFor, type SessionPrincipal } from './delegated.js';

/** How long a person may take, ms. */
const APPROVAL_MS = 120_000;

const APPROVAL_DIGITS = 15;

/** Names rights of which this request, if it takes one of them, is to be approved. */
const HEADER = 'approval-for';

/**
 * Lets a write wait for a person, where the delegation or the program itself says so.
 * @returns null for what goes on at once: it needs no approval, or has it
 * @throws WireError 403 when it was refused, nobody decided in time, or nobody is there who could; 409 over
 *   a WebSocket; 429 when too many wait; 400 for a header that names something else than rights.
 */
export function waitForApproval(
  call: AuthCall,
  caller: SessionPrincipal,
  sessionId: string,
  chatId: string | null,
): Wait | null {
  const { turn, account, request } = call;
  if (turn.kind === 'look') return null;
  const right = rightToApprove(call, caller);
  if (right === null) return null;
  const { host } = account;
  if (turn.kind === 'again' || turn.kind === 'last') {
    return goOn(call, host.approvals.get(turn.seen), sessionId);
  }
  if (call.proof !== request) {
    throw new WireError(
      'conflict',
      'This has to be approved by a person, for whom nothing waits over a WebSocket: send it over HTTP.',
    );
  }
  const id = randomDigits(APPROVAL_DIGITS);
  const now = host.now();
  const { user } = caller;
  const delegation = caller.by === 'delegation' ? caller.delegation : null;
  const wanted: ApprovalRequest = {
    ...{ sessionId, userId: user.id, delegationId: delegation?.id ?? null },
    program: delegation?.name ?? user.nickname,
    ...{ right, method: request.method, path: pathBelow(call, sessionId), chatId },
    body: bodyOf(call),
    ...{ since: now, until: now + APPROVAL_MS },
  };
  if (approversOf(account, wanted).length === 0) throw nobodyDecides();
  const { socket } = request.raw;
  // Nobody shall approve what nobody waits for.
  const hungUp = () => close(call, id);
  if (!host.approvals.ask(id, wanted, () => socket.off('close', hungUp))) {
    throw new WireError(
      'tooManyRequests',
      'As many writes of programs wait in this session as may: wait until some are decided.',
      { 'retry-after': '5' },
    );
  }
  socket.once('close', hungUp);
  announceApproval(call, wanted);
  return held(call, id, sessionId);
}

/** The call does not get as far as to wait on: what it waited for is over. */
export function dropApproval(call: AuthCall): void {
  const { turn } = call;
  if (turn.kind === 'again' || turn.kind === 'last') close(call, turn.seen);
}

/** Wakes those who may decide, and the call that waits. */
export function announceApproval(
  { account, server }: AuthCall,
  approval: Pick<Approval, 'sessionId' | 'userId' | 'delegationId'>,
): void {
  server.polls.changed(account.id, sessionTopic(approval.sessionId));
  if (approval.delegationId !== null) return;
  for (const { id } of approversOf(account, approval)) {
    server.polls.changed(account.id, sessionTopic(id));
  }
}

/** Approvals that wait, but for those whose session or delegation has ended meanwhile. */
export function pendingApprovals({ host }: LiveAccount): readonly Approval[] {
  return host.approvals.allPending().filter(({ id, sessionId, delegationId }) => {
    const session = host.state.sessions.get(sessionId);
    const isThere =
      session !== undefined &&
      (delegationId === null ||
        session.delegations?.some((each) => each.id === delegationId) === true);
    if (!isThere) host.approvals.close(id, 'gone');
    return isThere;
  });
}

function close(call: AuthCall, id: string): void {
  const { approvals } = call.account.host;
  const approval = approvals.get(id);
  if (approval !== undefined && approvals.close(id, 'gone')) announceApproval(call, approval);
}

/** What the write takes, if a person has to allow it. */
function rightToApprove(call: AuthCall, caller: SessionPrincipal): string | null {
  const isDelegated = caller.by === 'delegation';
  if (isDelegated && caller.delegation.approval.includes(caller.right)) return caller.right;
  const asked = askedFor(call);
  if (asked.length === 0 || isSignal(call)) return null;
  const right = isDelegated ? caller.right : rightFor(call);
  return right !== null && right !== 'read' && asked.includes(right) ? right : null;
}

function askedFor({ request }: AuthCall): readonly string[] {
  const header = request.headers[HEADER];
  if (typeof header !== 'string') return [];
  const names = header.split(',').flatMap((part) => part.trim() || []);
  const rights: readonly string[] = DELEGATED_RIGHTS;
  const unknown = names.find((name) => !rights.includes(name));
  if (unknown === undefined) return names;
  throw new WireError(
    'invalidField',
    `Approval-For names something that is no right: name some of ${rights.join(', ')}.`,
  );
}

function goOn(call: AuthCall, approval: Approval | undefined, sessionId: string): Wait | null {
  switch (approval?.state) {
    case 'approved':
      return null;
    case 'refused':
      throw new WireError(
        'forbidden',
        approval.delegationId === null
          ? 'A person refused this: do not send it again.'
          : 'The agent refused this: do not send it again.',
      );
    case 'pending':
      if (call.turn.kind === 'last') {
        close(call, approval.id);
        throw noDecision();
      }
      if (approversOf(call.account, approval).length > 0) {
        return held(call, approval.id, sessionId);
      }
      close(call, approval.id);
      throw nobodyDecides();
    default:
      throw noDecision();
  }
}

function noDecision(): WireError {
  return new WireError(
    'forbidden',
    'Nobody approved this within two minutes, so it was not done: ask for it first, then send it again.',
  );
}

function nobodyDecides(): WireError {
  return new WireError(
    'forbidden',
    'Nobody who may approve this is logged in, so it was not done: it takes an administrator, or a manager of the group, who works in a session.',
  );
}

function held({ account: { host } }: AuthCall, approvalId: string, sessionId: string): Wait {
  return {
    ...{ kind: 'wait', forMs: APPROVAL_MS, host, seen: approvalId },
    // It keeps nobody alive: a program waits, and not the agent.
    alive: `approval ${approvalId}`,
    place: `approvals ${sessionId}`,
    // Who may decide may leave.
    topics: [sessionTopic(sessionId), 'roster'],
  };
}

/** What is addressed, below the session. */
function pathBelow({ request }: AuthCall, sessionId: string): string {
  const path = request.url.split('?', 1)[0] ?? '';
  const at = path.indexOf(sessionId);
  return at < 0 ? path : path.slice(at + sessionId.length);
}

/** The body as values; null where it is empty, and the text where it is not JSON. */
function bodyOf({ request }: AuthCall): unknown {
  const { body } = request;
  if (typeof body !== 'string' || body === '') return null;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}
