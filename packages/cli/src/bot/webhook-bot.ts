/** `parley bot webhook`: a bot whose answers come from an HTTP endpoint. */
import { createBot, fileStorage, LaterAnswers, webhook } from '@parley/bot';
import { CommandFailure } from '../command-failure.js';
import { loginByKeyFile, readText } from '../key-file.js';
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
  const text = file === undefined ? terminal.env(SECRET_VARIABLE) : readText(file);
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
  return loginByKeyFile(user, keyFile);
}

/** Settles with the first SIGINT or SIGTERM; a second one ends the process as it always does. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve());
  });
}
