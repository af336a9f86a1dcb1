/**
 * What a command of the reference needs before it: tokens, sessions, chats, records of the demo
 * account. Each is a variable of the shell, and how to get it. Bash and zsh as they come: no comments,
 * which an interactive zsh takes for commands, and no $RANDOM inside of $(…), where zsh draws the same
 * number each time.
 */
import { ACCOUNT } from '@parley/protocol/examples';

/** Where the demo server answers; pages put the address that they were read from in its place. */
export const DEMO_ORIGIN = 'http://localhost:8080';

export interface Recipe {
  /** What a reader gets by it. */
  readonly words: string;
  readonly needs: readonly Variable[];
  /** The lines to paste. */
  readonly text: string;
  /** What takes it back, when the page is done with. */
  readonly after?: string;
  /** It stands at the head of a page, unless the page's own commands use it up. */
  readonly first?: true;
}

const asAgent = '-H "Authorization: Bearer $AGENT_TOKEN"';
const asAdmin = '-H "Authorization: Bearer $ADMIN_TOKEN"';
const asVisitor = '-H "Authorization: LivePerson appKey=$KEY"';

const login = (user: string): string => `curl -s "$API/login?v=1.3" \\
  -d '{"username":"${user}","password":"parley-demo"}'`;

/** A record of the configuration, made by the administrator. */
function record(
  variable: string,
  words: string,
  collection: string,
  body: string,
): Readonly<Record<string, Recipe>> {
  return {
    [variable]: {
      words,
      needs: ['ADMIN_TOKEN'],
      text: `N=$RANDOM
${variable}=$(curl -s \\
  "$API/configuration/${collection}" \\
  ${asAdmin} \\
  -d '${body}' | pick id)`,
    },
  };
}

/** A survey for Support, so that it comes before surveys for everything. */
function survey(variable: string, kind: string, words: string): Readonly<Record<string, Recipe>> {
  return {
    [variable]: {
      words,
      needs: ['ADMIN_TOKEN'],
      text: `N=$RANDOM
${variable}=$(curl -s "$API/configuration/surveys" \\
  ${asAdmin} \\
  -d '{"kind":"${kind}","name":"Two questions '$N'","title":"Two questions","skillId":12,
    "questions":[{"id":1,"type":"Text Field","label":"Your name"},
      {"id":2,"type":"Dropdown Box","label":"What is it about?",
        "entry":[{"value":"order"},{"value":"else"}]}]}' | pick id)`,
      after: `curl -s -o /dev/null -X DELETE "$API/configuration/surveys/$${variable}" \\
  ${asAdmin}`,
    },
  };
}

const CHAT_ENDED = (chat: string): string => `curl -s -o /dev/null "$API/chat/$${chat}/events" \\
  ${asVisitor} \\
  -d '{"event":{"@type":"state","state":"ended"}}'`;

const ONLINE = `curl -s -o /dev/null -X PUT "$API/agentSession/$SESSION/availability" \\
  ${asAgent} \\
  -d '{"availability":{"chat":"Online"}}'`;

/** `NAME=$(a chat as this asks for it)`, the last part of its address. */
const asked = (name: string, request: string): string => `${name}=$(curl -s "$API/chat/request" \\
  ${asVisitor} \\
  -d '${request}' | pick @href)
${name}=\${${name}##*/}`;

const ACCEPTED = `CHAT=$(curl -s -X POST "$API/agentSession/$SESSION/incomingRequests" \\
  ${asAgent} | pick @href)
CHAT=\${CHAT##*/}`;

const FIRST = {
  API: {
    words: 'the address of the demo account and a helper that picks fields from JSON',
    needs: [],
    first: true,
    text: `PARLEY=${DEMO_ORIGIN}
API=$PARLEY/api/account/${ACCOUNT}
pick() { grep -o "\\"$1\\":\\"*[^\\",}]*" | head -n 1 | sed 's/^"[^"]*":"*//'; }`,
  },
  KEY: {
    words: "the visitors' app key",
    needs: ['API'],
    first: true,
    text: 'KEY=parley-demo-visitor-key',
  },
  AGENT_TOKEN: {
    words: 'the token of agent1',
    needs: ['API'],
    first: true,
    text: `AGENT_TOKEN=$(${login('agent1')} | pick bearer)`,
  },
  ADMIN_TOKEN: {
    words: 'the token of admin1, the administrator',
    needs: ['API'],
    first: true,
    text: `ADMIN_TOKEN=$(${login('admin1')} | pick bearer)`,
  },
  CSRF: {
    words: 'a login of agent1, with its csrf token',
    needs: ['API'],
    first: true,
    text: `LOGIN=$(${login('agent1')})
AGENT_TOKEN=$(printf %s "$LOGIN" | pick bearer)
CSRF=$(printf %s "$LOGIN" | pick csrf)`,
  },
} as const satisfies Readonly<Record<string, Loose>>;

const LIVE = {
  SESSION: {
    words: 'an agent session of agent1',
    needs: ['AGENT_TOKEN'],
    first: true,
    text: `SESSION=$(curl -s -X POST "$API/agentSession?v=1.0&NC=true" \\
  ${asAgent} | pick @href)
SESSION=\${SESSION##*/}`,
  },
  RINGING: {
    words: 'the availability Online, and a ringing chat',
    needs: ['SESSION', 'KEY'],
    text: `${ONLINE}

${asked('RINGING', '{"request":{"agent":"agent1","interactionTimeout":120}}')}`,
    after: CHAT_ENDED('RINGING'),
  },
  CHAT: {
    words: 'a chat about Support that agent1 accepts',
    needs: ['SESSION', 'KEY'],
    first: true,
    text: `${ONLINE}

${asked('CHAT', '{"request":{"skill":"Support","interactionTimeout":600}}')}

${ACCEPTED}`,
    after: CHAT_ENDED('CHAT'),
  },
  GIVEN_UP: {
    words: 'another chat that agent1 accepts',
    needs: ['SESSION', 'KEY'],
    text: `${ONLINE}

${asked('GIVEN_UP', '{"request":{"agent":"agent1","interactionTimeout":600}}')}

curl -s -o /dev/null -X POST "$API/agentSession/$SESSION/incomingRequests" \\
  ${asAgent}`,
    after: CHAT_ENDED('GIVEN_UP'),
  },
  COLLEAGUE: {
    words: 'a colleague, agent2, who is Online',
    needs: ['API'],
    text: `COLLEAGUE_TOKEN=$(${login('agent2')} | pick bearer)
COLLEAGUE=$(curl -s -X POST "$API/agentSession?v=1.0&NC=true" \\
  -H "Authorization: Bearer $COLLEAGUE_TOKEN" | pick @href)
curl -s -o /dev/null -X PUT "$API/agentSession/\${COLLEAGUE##*/}/availability" \\
  -H "Authorization: Bearer $COLLEAGUE_TOKEN" \\
  -d '{"availability":{"chat":"Online"}}'`,
    after: `curl -s -o /dev/null -X DELETE "$API/agentSession/\${COLLEAGUE##*/}" \\
  -H "Authorization: Bearer $COLLEAGUE_TOKEN"`,
  },
  OFFER: {
    words: 'the id of a ringing chat',
    needs: ['SESSION', 'KEY'],
    text: `${ONLINE}

${asked('OFFERED', '{"request":{"agent":"agent1","interactionTimeout":120}}')}

OFFER=$(curl -s "$API/agentSession/$SESSION/incomingRequests" \\
  ${asAgent} | pick id)`,
    after: CHAT_ENDED('OFFERED'),
  },
  CHANNEL: {
    words: 'an invitation to listen, of manager1',
    needs: ['CHAT'],
    text: `MANAGER_TOKEN=$(${login('manager1')} | pick bearer)
MANAGER=$(curl -s -X POST "$API/agentSession?v=1.0&NC=true" \\
  -H "Authorization: Bearer $MANAGER_TOKEN" | pick @href)
CHANNEL=$(curl -s "$API/agentSession/$SESSION/chat/$CHAT/collaborationChannels" \\
  ${asAgent} \\
  -d '{"channel":{"agentId":104,"role":"listener"}}' | pick @href)
CHANNEL=\${CHANNEL##*/}`,
    after: `curl -s -o /dev/null -X DELETE "$API/agentSession/\${MANAGER##*/}" \\
  -H "Authorization: Bearer $MANAGER_TOKEN"`,
  },
  VISITOR_CHAT: {
    words: 'a chat of a visitor',
    needs: ['KEY'],
    first: true,
    text: asked('VISITOR_CHAT', '{"request":{"skill":"Support","interactionTimeout":600}}'),
    after: CHAT_ENDED('VISITOR_CHAT'),
  },
  WAITING_CHAT: {
    words: 'a waiting chat',
    needs: ['KEY'],
    text: asked('WAITING_CHAT', '{"request":{"skill":"Sales","interactionTimeout":600}}'),
  },
  VISITOR: {
    words: 'a visitor whom the engagement knows',
    needs: ['API'],
    first: true,
    text: `SEEN=$(curl -s "$API/app/engagement/visitors?v=1.0" \\
  -d '{"appType":"EXTERNAL","pages":[{"url":"https://shop.example.com/"}]}')
VISITOR=$(printf %s "$SEEN" | pick visitorId)
SID=$(printf %s "$SEEN" | pick sessionId)`,
  },
} as const satisfies Readonly<Record<string, Loose>>;

const IDENTITY = {
  CONNECTION: {
    words: 'an identity provider (a key, and the connection that trusts it)',
    needs: ['ADMIN_TOKEN'],
    text: `KEY_FILE=$(mktemp)
openssl genrsa -out "$KEY_FILE" 2048 2>/dev/null
PUBLIC_KEY=$(openssl rsa -in "$KEY_FILE" -pubout 2>/dev/null | awk '{printf "%s\\\\n", $0}')
N=$RANDOM
CONNECTION=$(curl -s \\
  "$API/configuration/visitor-identity" \\
  ${asAdmin} \\
  -d '{"name":"Provider '$N'","kind":"jwt",
    "issuer":"https://idp.example.com/",
    "publicKey":"'"$PUBLIC_KEY"'"}' | pick id)`,
    after: `curl -s -o /dev/null -X DELETE "$API/configuration/visitor-identity/$CONNECTION" \\
  ${asAdmin}
rm "$KEY_FILE"`,
  },
  ID_TOKEN: {
    words: 'a token signed by the provider, valid for one use',
    needs: ['CONNECTION'],
    text: `base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
NOW=$(date +%s)
CLAIMS='{"iss":"https://idp.example.com/",
  "sub":"vera","jti":"'$NOW.$RANDOM'",
  "iat":'$NOW',"exp":'$((NOW + 600))'}'
SIGNED=$(printf '{"alg":"RS256"}' | base64url).$(printf %s "$CLAIMS" | base64url)
ID_TOKEN=$SIGNED.$(printf %s "$SIGNED" |
  openssl dgst -sha256 -sign "$KEY_FILE" | base64url)`,
  },
  EARLIER: {
    words: 'an earlier chat of a visitor',
    needs: ['KEY'],
    text: `VISITOR_ID=7$RANDOM$RANDOM
${asked('EARLIER', `{"request":{"visitorId":"'$VISITOR_ID'"}}`)}
${CHAT_ENDED('EARLIER')}`,
  },
  VISIT: {
    words: 'a chat in which the visitor says who she is and agent1 accepts her',
    needs: ['SESSION', 'KEY', 'EARLIER', 'ID_TOKEN'],
    text: `WHO=$(curl -s "$API/conversation" \\
  ${asVisitor} \\
  -d '{"authChatConnId":'$CONNECTION',"ssoKey":"'$ID_TOKEN'"}')
PARTICIPANT=$(printf %s "$WHO" | pick participantId)
CONVERSATION=$(printf %s "$WHO" | pick conversationId)
${ONLINE}
${asked(
  'CHAT',
  `{"request":{"visitorId":"'$VISITOR_ID'","interactionTimeout":600,
    "participantId":"'$PARTICIPANT'","conversationId":"'$CONVERSATION'"}}`,
)}
${ACCEPTED}
VISIT=\${CHAT%%-*}K\${CHAT##*K}`,
    after: CHAT_ENDED('CHAT'),
  },
} as const satisfies Readonly<Record<string, Loose>>;

/** As it is written here: which variables there are is known when all are. */
type Loose = Omit<Recipe, 'needs'> & { readonly needs: readonly string[] };

const RECORDS: Readonly<Record<string, Recipe>> = {
  USER_ID: {
    words: 'a user of your own',
    needs: ['ADMIN_TOKEN'],
    text: `LOGIN_NAME=demo$RANDOM
USER_ID=$(curl -s "$API/configuration/le-users/users" \\
  ${asAdmin} \\
  -d '{"loginName":"'$LOGIN_NAME'","nickname":"'$LOGIN_NAME'","passwordSh":"parley-demo",
    "changePwdNextLogin":false,"profileIds":[2]}' | pick id)`,
  },
  ...record('SKILL_ID', 'a skill of your own', 'le-users/skills', `{"name":"Skill '$N'"}`),
  ...record(
    'GROUP_ID',
    'a group of your own',
    'le-users/agentGroups',
    `{"name":"Group '$N'","parentGroupId":1}`,
  ),
  ...record(
    'SURVEY_ID',
    'a survey of your own',
    'surveys',
    `{"kind":"exit","name":"Survey '$N'","title":"One question",
    "questions":[{"id":1,"type":"Text Field","label":"Your name"}]}`,
  ),
  ...record(
    'CATEGORY_ID',
    'a category of your own',
    'canned-content/categories',
    `{"name":"Category '$N'"}`,
  ),
  ...record(
    'CANNED_ID',
    'a text of your own',
    'canned-content',
    `{"name":"Text '$N'","texts":[{"language":"en-US","text":"Hello"}]}`,
  ),
  ...record(
    'RESPONSE_CATEGORY_ID',
    'a category of your own',
    'le-categories/categories',
    `{"name":"Responses '$N'"}`,
  ),
  ...record(
    'RESPONSE_ID',
    'a response of your own',
    'engagement-window/canned-responses',
    `{"data":[{"title":"Response '$N'","lang":"en-US","msg":"Hello"}]}`,
  ),
  ...record(
    'RULE_ID',
    'a rule of your own',
    'routing-rules',
    `{"name":"Rule '$N'","action":"attach","userId":103,"enabled":false}`,
  ),
  ...record(
    'REASON_ID',
    'a reason of your own',
    'le-agents/status-reasons',
    `{"text":"Reason '$N'","state":"Away"}`,
  ),
  ...record(
    'IDENTITY_ID',
    'a connection of your own',
    'visitor-identity',
    `{"name":"Connection '$N'","kind":"jwt","issuer":"https://idp.example.com/",
    "jwksUrl":"https://idp.example.com/.well-known/jwks.json"}`,
  ),
  ...record(
    'APP_KEY_ID',
    'a key of your own',
    'app-keys',
    `{"kind":"agent","name":"Key '$N'","userId":103}`,
  ),
  ...survey('AGENT_SURVEY_ID', 'agent', 'a survey for agents, which the demo has none of'),
  ...survey('EXIT_SURVEY_ID', 'exit', 'a survey after the chat, which the demo has none of'),
  ...survey('PRE_SURVEY_ID', 'preChat', 'a survey before the chat, which the demo has none of'),
  ...survey('OFFLINE_SURVEY_ID', 'offline', 'a survey for offline, which the demo has none of'),
};

const RECIPES: Readonly<Record<string, Recipe>> = { ...FIRST, ...LIVE, ...IDENTITY, ...RECORDS };

/** A variable of the shell. */
export type Variable = string;

/** @throws Error for a variable that nothing is known of: a mistake of this program. */
export function recipeFor(variable: Variable): Recipe {
  const recipe = RECIPES[variable];
  if (recipe !== undefined) return recipe;
  throw new Error(`The commands of the reference use $${variable}, and no recipe makes it.`);
}
