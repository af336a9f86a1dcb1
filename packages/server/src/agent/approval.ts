/** A program's write that waits until the agent of the session approves it (rules APPROVE…). */
import { sessionTopic } from '@parley/engine';
import { WireError } from '@parley/protocol';
import { randomDigits } from '@parley/configuration/secrets/tokens';
import type { Approval } from '@parley/runtime/accounts/approvals';
import type { AuthCall } from '../auth/context.js';
import type { Wait } from '../http/wait.js';
import type { DelegatedPrincipal } from './delegated.js';

/** How long an agent may take, ms. */
const APPROVAL_MS = 120_000;

const APPROVAL_DIGITS = 15;

/**
 * Lets a write wait for the agent, where the delegation says so.
 * @returns null for what goes on at once: it needs no approval, or has it
 * @throws WireError 403 when the agent refused, or did not decide in time; 409 over a WebSocket; 429 when
 *   too many wait.
 */
export function waitForApproval(
  call: AuthCall,
  caller: DelegatedPrincipal,
  sessionId: string,
  chatId: string | null,
): Wait | null {
  const { delegation, right, user } = caller;
  if (!delegation.approval.includes(right)) return null;
  const { turn, account, request } = call;
  const { host } = account;
  if (turn.kind === 'again' || turn.kind === 'last') {
    return goOn(call, host.approvals.get(turn.seen), sessionId);
  }
  if (call.proof !== request) {
    throw new WireError(
      'conflict',
      'This has to be approved by the agent, for which nothing waits over a WebSocket: send it over HTTP.',
    );
  }
  const id = randomDigits(APPROVAL_DIGITS);
  const now = host.now();
  const wanted = {
    ...{ sessionId, userId: user.id, delegationId: delegation.id, program: delegation.name },
    ...{ right, method: request.method, path: pathBelow(call, sessionId), chatId },
    body: bodyOf(call),
    ...{ since: now, until: now + APPROVAL_MS },
  };
  const changed = () => call.server.polls.changed(account.id, sessionTopic(sessionId));
  const { socket } = request.raw;
  // Nobody shall approve what nobody waits for.
  const hungUp = () => {
    if (host.approvals.close(id, 'gone')) changed();
  };
  if (!host.approvals.ask(id, wanted, () => socket.off('close', hungUp))) {
    throw new WireError(
      'tooManyRequests',
      'As many writes of programs wait for this agent as may: wait until some are decided.',
      { 'retry-after': '5' },
    );
  }
  socket.once('close', hungUp);
  changed();
  return held(call, id, sessionId);
}

function goOn(call: AuthCall, approval: Approval | undefined, sessionId: string): Wait | null {
  const { host, id } = call.account;
  switch (approval?.state) {
    case 'approved':
      return null;
    case 'refused':
      throw new WireError('forbidden', 'The agent refused this: do not send it again.');
    case 'pending':
      if (call.turn.kind !== 'last') return held(call, approval.id, sessionId);
      host.approvals.close(approval.id, 'gone');
      call.server.polls.changed(id, sessionTopic(sessionId));
      throw noDecision();
    default:
      throw noDecision();
  }
}

function noDecision(): WireError {
  return new WireError(
    'forbidden',
    'The agent did not approve this within two minutes, so it was not done: ask them first, then send it again.',
  );
}

function held({ account: { host } }: AuthCall, approvalId: string, sessionId: string): Wait {
  return {
    ...{ kind: 'wait', forMs: APPROVAL_MS, host, seen: approvalId },
    // It keeps nobody alive: a program waits, and not the agent.
    alive: `approval ${approvalId}`,
    place: `approvals ${sessionId}`,
    topics: [sessionTopic(sessionId)],
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
