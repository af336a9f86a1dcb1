/** Starts what is measured: the real server as its users start it, and the bare ones. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Administration, openSecretBox } from '@parley/server/administration';
import { openSqliteStore } from '@parley/store';
import type { BotLogin, Credentials } from '../fixture.js';
import type { CannedAnswer } from './canned.js';
import { MeasuredServer } from './measured.js';

const PARLEY = fileURLToPath(new URL('../../../packages/cli/dist/main.js', import.meta.url));
const ACCOUNT = 'bench';

/**
 * Makes an account of its own in a data directory: bots that take any number of chats,
 * and a visitors' key.
 */
export async function makeAccount(directory: string, bots: number): Promise<Credentials> {
  const administrator = { loginName: 'admin', password: randomBytes(16).toString('hex') };
  const store = await openSqliteStore({ directory });
  try {
    const administration = new Administration(store, { name: 'bench', from: hostname() }, () =>
      openSecretBox({ dataDir: directory }),
    );
    await administration.createAccount(ACCOUNT, administrator);
    // Agents that only read would lose their chats after a minute: bots have to answer.
    await administration.changeSettings(ACCOUNT, { answerLimitSeconds: 0 });
    const appKey = await administration.createVisitorKey(ACCOUNT, 'page');
    const logins: BotLogin[] = [];
    for (let number = 1; number <= bots; number += 1) {
      const username = `bot${number}`;
      const bot = { loginName: username, kind: 'bot', maxChats: -1 } as const;
      await administration.createUser(ACCOUNT, bot, null);
      const keys = await administration.createBotKey(ACCOUNT, username, 'tokens');
      logins.push({ username, ...keys });
    }
    return { account: ACCOUNT, appKey, bots: logins };
  } finally {
    await store.close();
  }
}

/**
 * Starts `parley serve` on a data directory.
 * @param more `tls`: with a TLS port of its own certificate; `connections`: most of one address
 */
export function startParley(
  directory: string,
  more: { readonly tls?: boolean; readonly connections?: number } = {},
): Promise<MeasuredServer> {
  // All visitors of a load come from one address, which may hold an eighth of what an account may.
  const memory = ['--max-memory', '4000', '--max-account-memory', '3000'];
  const options = ['--data-dir', directory, '--http-port', '0', ...memory];
  options.push('--https-port', more.tls ? '0' : 'off');
  if (more.connections !== undefined) options.push('--max-connections', String(more.connections));
  return MeasuredServer.start({
    program: [PARLEY, 'serve', '--json', '--log-level', 'warn', ...options],
    portIn: (line) => portOf(line, 'httpPort'),
    tlsPortIn: (line) => portOf(line, 'httpsPort'),
    input: null,
  });
}

/** Starts the bare hub, which keeps its lines in that folder. */
export function startBareHub(directory: string): Promise<MeasuredServer> {
  return MeasuredServer.start({
    program: [fileURLToPath(new URL('./bare-hub.js', import.meta.url)), directory],
    portIn: (line) => portOf(line, 'port'),
    input: null,
  });
}

/** Starts a bare server that gives these answers. */
export function startBare(
  name: 'bare-fastify' | 'bare-http',
  answers: readonly CannedAnswer[],
): Promise<MeasuredServer> {
  return MeasuredServer.start({
    program: [fileURLToPath(new URL(`./${name}.js`, import.meta.url))],
    portIn: (line) => portOf(line, 'port'),
    input: JSON.stringify(answers),
  });
}

function portOf(line: unknown, name: string): number | undefined {
  const port = typeof line === 'object' && line !== null ? Reflect.get(line, name) : undefined;
  return typeof port === 'number' ? port : undefined;
}
