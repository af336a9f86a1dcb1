/** What a started server prints for the person who started it. */
import { resolve } from 'node:path';
import {
  DEMO_ACCOUNT,
  DEMO_BOT_CLIENT,
  DEMO_BOT_KEY,
  DEMO_PASSWORD,
  DEMO_VISITOR_KEY,
  type RunningServer,
} from '@parley/server';
import { DEFAULT_SERVER } from './server-session.js';
import { quote } from './command-name.js';
import { defaultDataDir } from './data-directory.js';
import { curlWalk } from './walk.js';

/** The one line of `--json`: everything a program needs that started this server. */
export function readyLine(running: RunningServer, mode: 'demo' | 'plain'): string {
  const { httpPort, httpsPort, http, https, caFile } = running;
  return JSON.stringify({
    ready: true,
    httpPort,
    httpsPort,
    http,
    https,
    caCert: caFile === null ? null : resolve(caFile),
    account: mode === 'demo' ? DEMO_ACCOUNT : null,
    pid: process.pid,
  });
}

/** The start of every banner: where the server is and where it keeps things. */
export function addresses(running: RunningServer, dataDir: string): string[] {
  return [
    'Parley is running.',
    '',
    ...pagesOf(running),
    ...(running.https === null ? [] : [`  HTTPS  ${running.https}   for clients`]),
    `  HTTP   ${running.http}   for proxies and tools on this machine`,
    ...(running.pages.demo || running.pages.workspace
      ? []
      : [`  Docs   ${running.http}/docs   the API, for browsers`]),
    `  Data   ${resolve(dataDir)}`,
    '',
  ];
}

/** The pages for people: what someone who starts it for the first time opens. */
function pagesOf({ http, pages }: RunningServer): string[] {
  const lines = [
    ...(pages.demo
      ? [`  Shop       ${http}/demo/   with the widget of visitors: ask something there`]
      : []),
    ...(pages.workspace
      ? [
          `  Workspace  ${http}/workspace/${pages.demo ? `?account=${DEMO_ACCOUNT}&user=agent1` : ''}   where agents answer`,
        ]
      : []),
    ...(pages.demo || pages.workspace ? [`  Docs       ${http}/docs   the API`] : []),
  ];
  return lines.length === 0 ? [] : [...lines, ''];
}

/** What can be tried out with the demo's bots. */
function botsOf({ http, pages }: RunningServer): string[] {
  return [
    `bot1 answers as the shop's bot, beside whoever else is Online${pages.demo ? '. To try it, ask in the shop, while nobody is in the workspace:' : ':'}`,
    '',
    '  "How long does delivery take?"   it answers from packages/cli/demo-faq',
    '  "Does it suit a bathroom?"       asked twice something like this, it looks for a person',
    '  "A person, please"               it hands over to whoever is Online in the workspace, with a note',
    '',
    'tips1 ("Parley Tips") listens to the chats of agents who invite it as listener, and suggests answers to them alone.',
    '',
    ...(pages.demo ? [] : [`  Visitors connect to ${http}.`, '']),
  ];
}

/**
 * The demo's banner: addresses, credentials, how to trust the certificate, and a first chat.
 * @param bots whether the demo's bots work
 */
export function demoBanner(
  running: RunningServer,
  dataDir: string,
  bots: 'bots' | 'no bots',
): string[] {
  const key = DEMO_BOT_KEY;
  const client = DEMO_BOT_CLIENT;
  return [
    ...addresses(running, dataDir),
    `Demo account ${DEMO_ACCOUNT}, for trying out: its passwords are public, so it listens on this machine only.`,
    '',
    ...(running.pages.demo && running.pages.workspace
      ? [
          `Try it: log in to the workspace with the password ${DEMO_PASSWORD}, then ask something in the shop.`,
          '',
        ]
      : []),
    ...(bots === 'bots' ? botsOf(running) : []),
    `  agents           agent1, agent2   password ${DEMO_PASSWORD}   skills Sales and Support, 10 chats each`,
    `  manager          manager1         password ${DEMO_PASSWORD}`,
    `  administrator    admin1           password ${DEMO_PASSWORD}`,
    `  bot              bot1             password ${DEMO_PASSWORD}, or by key:`,
    `    app key        appKey ${key.appKey}, secret ${key.secret},`,
    `                   accessToken ${key.accessToken}, accessTokenSecret ${key.accessTokenSecret}`,
    `    OAuth 2        client id ${client.appKey}, secret ${client.secret}`,
    `  visitors         appKey ${DEMO_VISITOR_KEY}`,
    '',
    ...trust(running),
    // Its chat would ring at the bot.
    ...(bots === 'bots' ? [] : firstChat(running)),
    'Ctrl-C stops the server. Started again, it continues where it left off.',
  ];
}

function firstChat(running: RunningServer): string[] {
  return [
    'A first chat, to paste into another terminal (bash or zsh, with curl):',
    '',
    ...demoWalk(running).map((line) => (line === '' ? '' : `  ${line}`)),
    '',
  ];
}

/** The walk with the demo's users. */
function demoWalk({ http, https, caFile, server }: RunningServer): string[] {
  const settings = server.accounts.loaded(DEMO_ACCOUNT)?.setup.engine.settings;
  return curlWalk({
    server: https ?? http,
    caFile: caFile === null ? null : resolve(caFile),
    account: DEMO_ACCOUNT,
    agent: 'agent1',
    password: DEMO_PASSWORD,
    visitorKey: DEMO_VISITOR_KEY,
    skill: 'Sales',
    ringSeconds: settings?.ringSeconds ?? 20,
    silenceSeconds: settings?.visitorTimeoutSeconds ?? 40,
  });
}

/**
 * The banner of a server with accounts of its own; without any, the way to a first chat.
 * @param parley how this command is called
 */
export function plainBanner(
  running: RunningServer,
  dataDir: string,
  accounts: number,
  parley: string,
): string[] {
  const { https, http } = running;
  const own = resolve(dataDir) === resolve(defaultDataDir());
  const place = own ? '' : ` --data-dir ${quote(resolve(dataDir))}`;
  const server = https ?? http;
  const address = server === DEFAULT_SERVER ? '' : ` --server ${server}`;
  const none = [
    'There is no account yet. To a first chat with one of yours, in another terminal:',
    '',
    `  ${parley} account create acme --admin ann${place}`,
    `  ${parley} skill create acme Sales${place}`,
    `  ${parley} user create acme ben --skill Sales${place}`,
    `  ${parley} key create acme${place}`,
    `  ${parley} walk acme --user ben --skill Sales${address}${place} | bash`,
    '',
    'Each asks for the password it needs. The last one plays the first chat with curl.',
    '',
  ];
  return [...addresses(running, dataDir), ...(accounts === 0 ? none : []), ...trust(running)];
}

/** How to make clients accept a certificate that the server made by itself. */
function trust({ caFile, https }: RunningServer): string[] {
  if (caFile === null) return [];
  const file = quote(resolve(caFile));
  return [
    "The certificate is the server's own. To trust it:",
    '',
    `  Node       export NODE_EXTRA_CA_CERTS=${file}`,
    `  curl       curl --cacert ${file} ${https}/healthz`,
    '  browsers   import that file as an authority (Settings, Certificates, Authorities)',
    '',
  ];
}
