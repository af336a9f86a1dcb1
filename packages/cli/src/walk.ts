/**
 * A first chat with nothing but curl, to be pasted into a shell line by line or piped into one: find
 * the account's domain, log in, open a session, start a chat as a visitor, accept it, read it,
 * answer. It works in bash and zsh as they come: no comments, which an interactive zsh takes for
 * commands.
 */
import { quote } from './command-name.js';

/** The server, and who chats with whom. */
export interface Walk {
  /** `https://host:port` or `http://host:port` */
  readonly server: string;
  /** The certificate authority that curl must be given; null for none. */
  readonly caFile: string | null;
  readonly account: string;
  readonly agent: string;
  /** Null: from PARLEY_PASSWORD, or asked for at the terminal. */
  readonly password: string | null;
  readonly visitorKey: string;
  /** Null for a chat of no skill. */
  readonly skill: string | null;
  /** How long it rings, seconds. */
  readonly ringSeconds: number;
  /** How long a silent visitor's chat lives, seconds. */
  readonly silenceSeconds: number;
}

/** The lines of the walk. */
export function curlWalk(walk: Walk): string[] {
  const { server, caFile, account, agent, password, skill } = walk;
  const secure = server.startsWith('https');
  const trust = caFile === null || !secure ? '' : ` --cacert ${quote(caFile)}`;
  const about = skill === null ? '' : ` about ${skill}`;
  const request = JSON.stringify({ request: skill === null ? {} : { skill } });
  return [
    `call() { curl -sS${trust} -H "Authorization: $1" -H 'Content-Type: application/json' "\${@:2}"; echo; }`,
    `pick() { sed -n "s/.*\\"$1\\":\\"\\([^\\"]*\\)\\".*/\\1/p"; }`,
    `VISITOR=${quote(`LivePerson appKey=${walk.visitorKey}`)}`,
    ...(password === null ? askPassword(agent) : [`PASSWORD=${quote(password)}`]),
    '',
    'echo "1. Where is the account? Log in there, and open a workplace."',
    `DOMAIN=$(call none "${server}/api/account/${account}/service/agentVep/baseURI.json?version=1.0" | pick baseURI)`,
    `API="${secure ? 'https' : 'http'}://$DOMAIN/api/account/${account}"`,
    `AGENT="Bearer $(printf '{"username":"%s","password":"%s"}' ${quote(jsonInside(agent))} "$(printf %s "$PASSWORD" | sed 's/[\\\\"]/\\\\&/g')" | call none "$API/login?v=1.3" -d @- | pick bearer)"`,
    'SESSION=$(call "$AGENT" -X POST "$API/agentSession?v=1&NC=true" | pick @href)',
    '',
    `echo ${quote(`2. A visitor asks for a chat${about}. It rings at ${agent} for ${walk.ringSeconds} seconds; who does not accept in time turns Away.`)}`,
    `CHAT=$(call "$VISITOR" "$API/chat/request?v=1" -d ${quote(request)} | pick @href)`,
    'call "$AGENT" "$SESSION/incomingRequests?v=1&NC=true"',
    'TAKEN=$(call "$AGENT" -X POST "$SESSION/incomingRequests?v=1&NC=true" | pick @href)',
    '',
    `echo "3. The agent reads and answers; the visitor sees the line. After ${walk.silenceSeconds} seconds without a call of the visitor the chat ends."`,
    'call "$AGENT" "$TAKEN/events?v=1&NC=true"',
    `call "$AGENT" "$TAKEN/events?v=1&NC=true" -d '{"event":{"@type":"line","text":"Hello! How can I help?"}}'`,
    'call "$VISITOR" "$CHAT/events?v=1"',
  ];
}

/** From the environment, or from the person, even when the script itself comes through a pipe. */
function askPassword(agent: string): string[] {
  return [
    'PASSWORD=$PARLEY_PASSWORD',
    `if [ -z "$PASSWORD" ]; then printf ${quote(`Password of ${agent}: `)} >&2; read -rs PASSWORD </dev/tty; echo >&2; fi`,
  ];
}

/** A text as it stands between the quotes of JSON. */
function jsonInside(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
