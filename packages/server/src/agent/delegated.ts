/**
 * Programs that work in an agent's session by a delegation. Whatever the session may do, a program may do as
 * far as it was given the right: what stands in no line of the table it may not.
 */
import { pathParam } from '../http/query.js';
import { readBody } from '../http/read-body.js';
import type { AgentSession, DelegatedRight, Delegation } from '@parley/engine';
import { newEventDocument, WireError } from '@parley/protocol';
import type { Stored } from '@parley/configuration/records/records';
import { matchesHash } from '@parley/configuration/secrets/tokens';
import type { Principal } from '../auth/agent-auth.js';
import type { AuthCall } from '../auth/context.js';

/** A program, on behalf of the user whose session it works in. */
export interface DelegatedPrincipal {
  readonly by: 'delegation';
  readonly user: Stored<'user'>;
  readonly delegation: Delegation;
  /** What it is about to use of what was delegated. */
  readonly right: DelegatedRight;
}

/** Who calls: a user, or a program in the session of one. */
export type SessionPrincipal = Principal | DelegatedPrincipal;

/** What bearers of programs begin with: they are looked for in the session alone. */
export const DELEGATED_BEARER = 'program.';

const BEARER = /^bearer +(program\.[0-9a-f]{64}) *$/i;

const SESSION = '/api/account/:account/agentSession/:session';

type Rule = DelegatedRight | 'never' | ((call: AuthCall) => DelegatedRight);

/** Operations on the session and below, and the right that each takes; reads take `read`, but for these. */
export const DELEGATED: Readonly<Record<string, Rule>> = {
  // Who delegates is a person: programs are let in, and sent away, by them alone.
  'GET /delegations': 'never',
  'POST /delegations': 'never',
  'DELETE /delegations/:delegation': 'never',
  'DELETE ': 'never',
  // A WebSocket would keep the session alive for a person who is gone.
  'POST /tickets': 'never',
  'GET /ws': 'never',
  'PUT /availability': 'availability',
  'POST /incomingRequests': 'accept',
  'DELETE /incomingRequests/:offer': 'accept',
  'POST /chat/:chat/events': rightForEvent,
  'PUT /chat/:chat/info/agentTyping': 'speak',
  'PUT /chat/:chat/read': 'speak',
  'PUT /chat/:chat/suggestions/:suggestion': 'speak',
  'POST /chat/:chat/suggestions': 'suggest',
  'POST /chat/:chat/transfer': 'transfer',
  'POST /chat/:chat/takeOver': 'transfer',
  'POST /chat/:chat/escalation': 'transfer',
  'POST /chat/:chat/collaborationChannels': 'invite',
  'DELETE /chat/:chat/collaborationChannels/:channel': 'invite',
  'PUT /chat/:chat/survey': 'survey',
};

function rightForEvent(call: AuthCall): DelegatedRight {
  const event = readBody(call, newEventDocument);
  if (event.type === 'state') return 'end';
  return event.type === 'line' && event.subType === 'ONLY_TO_REP' ? 'whisper' : 'speak';
}

/** What is no write that a person would be asked for unless the agent says so: typing, and what was read. */
const SIGNALS: ReadonlySet<string> = new Set([
  'PUT /chat/:chat/info/agentTyping',
  'PUT /chat/:chat/read',
]);

/** Whether the operation only passes on a signal. */
export function isSignal({ request: { method, routeOptions } }: AuthCall): boolean {
  return SIGNALS.has(`${method} ${(routeOptions.url ?? '').slice(SESSION.length)}`);
}

/** The right that an operation takes; null for what no program may do. */
export function rightFor(call: AuthCall): DelegatedRight | null {
  const { method, routeOptions } = call.request;
  const path = routeOptions.url ?? '';
  if (!path.startsWith(SESSION)) return null;
  const rule = DELEGATED[`${method} ${path.slice(SESSION.length)}`];
  if (rule === 'never') return null;
  if (typeof rule === 'function') return rule(call);
  return rule ?? (method === 'GET' || method === 'HEAD' ? 'read' : null);
}

/**
 * The program that calls, if one does.
 * @returns null for whoever brings another credential, and for a bearer that is none, or none any more
 * @throws WireError 429 for more than one credential may bring; 403 for what was not delegated; 400 for a body that does not say what it is about
 */
export function delegatedPrincipalOf(call: AuthCall): DelegatedPrincipal | null {
  const token = BEARER.exec(call.proof.headers.authorization ?? '')?.[1];
  if (token === undefined) return null;
  const { host, setup } = call.account;
  const session: AgentSession | undefined = host.state.sessions.get(pathParam(call, 'session'));
  const delegation = session?.delegations?.find(
    ({ tokenHash, until = Number.POSITIVE_INFINITY }) =>
      host.now() < until && matchesHash(token, tokenHash),
  );
  const user = setup.users.get(session?.userId ?? 0);
  if (delegation === undefined || !user?.enabled) return null;
  call.server.credentials.count(call, `program ${delegation.id}`);
  const right = rightFor(call);
  if (right !== null && delegation.rights.includes(right)) {
    return { by: 'delegation', user, delegation, right };
  }
  throw new WireError(
    'forbidden',
    right === null
      ? 'No program may do this in the session of an agent: the agent has to do it.'
      : `The agent did not delegate the right ${right} to this program: ask for a delegation that has it.`,
  );
}
