/** `parley bot webhook`: a bot whose answers come from an HTTP endpoint. */
import { readFileSync } from 'node:fs';
import { createBot, fileStorage, LaterAnswers, webhook } from '@parley/bot';
import { CommandFailure } from '../command-failure.js';
import { passwordOf } from '../new-password.js';
import type { Terminal } from '../terminal.js';

export interface WebhookFlags {
  readonly url: string;
  readonly server: string;
  readonly account: string;
  readonly user: string;
  readonly passwordFile?: string;
  readonly keyFile?: string;
  readonly secretFile?: string;
  readonly handOver?: string;
  readonly laterPort?: number;
  readonly laterUrl?: string;
  readonly storage?: string;
}

const SECRET_VARIABLE = 'WEBHOOK_SECRET';
const KEY_FIELDS = ['appKey', 'secret', 'accessToken', 'accessTokenSecret'] as const;

/** Runs the bot until it is stopped. @throws CommandFailure for options that cannot work. */
export async function runWebhookBot(terminal: Terminal, flags: WebhookFlags): Promise<void> {
  const secrets = secretsOf(terminal, flags.secretFile);
  const login = await loginOf(terminal, flags);
  const asked = flags.laterPort !== undefined || flags.laterUrl !== undefined;
  const later = asked ? laterOf(flags, secrets) : undefined;
  const bot = createBot({
    ...{ account: flags.account, domainApi: flags.server, login, signals: false },
    ...(flags.handOver === undefined ? {} : { handOver: { skill: flags.handOver } }),
    ...(flags.storage === undefined ? {} : { storage: fileStorage(flags.storage) }),
  });
  const { url } = flags;
  bot.use(meant(() => webhook({ url, secrets, ...(later === undefined ? {} : { later }) })));
  const stopped = stopSignal();
  const port = await later?.listen();
  try {
    await bot.start();
    terminal.note(`${flags.user} answers by ${new URL(url).origin}. Ctrl-C stops it.`);
    if (port !== undefined) terminal.note(`Later answers are taken on port ${port}.`);
    await stopped;
    await bot.stop();
  } finally {
    await later?.close();
  }
}

function laterOf(flags: WebhookFlags, secrets: readonly string[]): LaterAnswers {
  const { laterPort: port, laterUrl: url } = flags;
  return meant(
    () =>
      new LaterAnswers({
        secrets,
        ...(port === undefined ? {} : { port }),
        ...(url === undefined ? {} : { url }),
      }),
  );
}

/** What a wrong option throws is for people. */
function meant<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw error instanceof TypeError ? new CommandFailure(error.message) : error;
  }
}

function secretsOf(terminal: Terminal, file: string | undefined): readonly string[] {
  const text = file === undefined ? terminal.env(SECRET_VARIABLE) : read(file);
  const secrets = (text ?? '').split('\n').flatMap((line) => line.trim() || []);
  if (secrets.length > 0) return secrets;
  throw new CommandFailure(
    `There is no secret: give --secret-file <file> with one a line, or set ${SECRET_VARIABLE}. echo "whsec_$(openssl rand -base64 32)" makes one.`,
  );
}

async function loginOf(terminal: Terminal, { user, passwordFile, keyFile }: WebhookFlags) {
  if (keyFile === undefined) {
    return { username: user, password: await passwordOf(terminal, user, passwordFile) };
  }
  let key: Record<string, unknown>;
  try {
    key = JSON.parse(read(keyFile)) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    throw new CommandFailure(`${keyFile} is no JSON: it must hold ${KEY_FIELDS.join(', ')}.`);
  }
  const text = (name: (typeof KEY_FIELDS)[number]) => {
    const value = key[name];
    if (typeof value === 'string') return value;
    throw new CommandFailure(`${keyFile} has no "${name}": it must hold ${KEY_FIELDS.join(', ')}.`);
  };
  const [appKey, secret] = [text('appKey'), text('secret')];
  const tokens = [text('accessToken'), text('accessTokenSecret')] as const;
  return { username: user, appKey, secret, accessToken: tokens[0], accessTokenSecret: tokens[1] };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new CommandFailure(`The file ${file} cannot be read (${code}).`);
  }
}

/** Settles with the first SIGINT or SIGTERM; a second one ends the process as it always does. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve());
  });
}
