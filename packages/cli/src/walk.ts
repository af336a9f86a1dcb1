/**
 * A first chat with nothing but curl, to be pasted into a shell: find the account's domain, log in,
 * open a session, start a chat as a visitor, accept it, read it, answer.
 */
import { DEMO_ACCOUNT, DEMO_PASSWORD, DEMO_VISITOR_KEY, type RunningServer } from '@parley/server';

/** The lines of the walk for a running demo server. */
export function curlWalk(running: Pick<RunningServer, 'http' | 'https' | 'caFile'>): string[] {
  const entry = running.https ?? running.http;
  const scheme = entry.startsWith('https') ? 'https' : 'http';
  const trust =
    running.caFile === null || scheme === 'http' ? '' : ` --cacert ${quote(running.caFile)}`;
  return [
    '# Small helpers: call with a credential, and pick a text out of the answer.',
    `call() { curl -sS${trust} -H "Authorization: $1" -H 'Content-Type: application/json' "\${@:2}"; echo; }`,
    `pick() { sed -n "s/.*\\"$1\\":\\"\\([^\\"]*\\)\\".*/\\1/p"; }`,
    `VISITOR='LivePerson appKey=${DEMO_VISITOR_KEY}'`,
    '',
    '# Where is the account? Log in there, and open a workplace.',
    `DOMAIN=$(call none "${entry}/api/account/${DEMO_ACCOUNT}/service/agentVep/baseURI.json?version=1.0" | pick baseURI)`,
    `API="${scheme}://$DOMAIN/api/account/${DEMO_ACCOUNT}"`,
    `AGENT="Bearer $(call none "$API/login?v=1.3" -d '{"username":"agent1","password":"${DEMO_PASSWORD}"}' | pick bearer)"`,
    'SESSION=$(call "$AGENT" -X POST "$API/agentSession?v=1&NC=true" | pick @href)',
    '',
    '# A visitor asks for a chat about Sales; it rings at the agent, who takes it.',
    `CHAT=$(call "$VISITOR" "$API/chat/request?v=1" -d '{"request":{"skill":"Sales"}}' | pick @href)`,
    'call "$AGENT" "$SESSION/incomingRequests?v=1&NC=true"',
    'TAKEN=$(call "$AGENT" -X POST "$SESSION/incomingRequests?v=1&NC=true" | pick @href)',
    '',
    '# The agent reads what happened so far and answers; the visitor sees the line.',
    'call "$AGENT" "$TAKEN/events?v=1&NC=true"',
    `call "$AGENT" "$TAKEN/events?v=1&NC=true" -d '{"event":{"@type":"line","text":"Hello! How can I help?"}}'`,
    'call "$VISITOR" "$CHAT/events?v=1"',
  ];
}

/** A text as one word of a shell. */
function quote(text: string): string {
  return /^[\w/.:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
