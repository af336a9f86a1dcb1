/** Serves an agent's chats to assistant programs until it is stopped. */
import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectAgent, ParleyError } from '@parley/client/agent';
import { type Approvable, type McpOptions, serveHttp, serveOverStdio } from '@parley/mcp';
import { CommandFailure } from '../command-failure.js';
import { loginByKeyFile, readText } from '../key-file.js';
import type { Terminal } from '../terminal.js';
import { VERSION } from '../version.js';

export interface McpFlags {
  readonly server: string;
  readonly account: string;
  readonly user?: string;
  readonly keyFile?: string;
  readonly session?: string;
  readonly bearerFile?: string;
  readonly approve?: readonly Approvable[];
  readonly httpPort?: number;
  readonly httpHost?: string;
  readonly tokenFile?: string;
  readonly allowHost?: readonly string[];
  readonly allowOrigin?: readonly string[];
  readonly printConfig?: true;
}

const PROGRAM = fileURLToPath(new URL('../../bin/parley.js', import.meta.url));

/** @throws CommandFailure for options that cannot work, before anything is connected. */
export async function runMcp(terminal: Terminal, flags: McpFlags): Promise<void> {
  if (flags.printConfig) {
    terminal.print(JSON.stringify(configuration(flags), null, 2));
    return;
  }
  const http = httpOf(flags);
  const place = { account: flags.account, domainApi: flags.server };
  const identity = identityOf(terminal, flags);
  const agent = await connectAgent({
    ...{ ...place, ...identity },
    onConnection: (connection) => {
      if (connection.state === 'offline') terminal.note(connection.error.message);
    },
  }).catch((error: unknown) => {
    if (!(error instanceof ParleyError)) throw error;
    throw new CommandFailure(`${error.message} ${error.remedy}`);
  });
  const stop = () => void agent.close().catch(() => {});
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, stop);
  try {
    const beside = 'session' in identity;
    // Nothing rings at a bot before a program says that it is there.
    if (!beside) await agent.setAvailability('Away');
    const options: McpOptions = {
      agent,
      beside,
      version: VERSION,
      ...(flags.approve === undefined ? {} : { approve: flags.approve }),
      cannedTexts: async () =>
        (await agent.programs.cannedTexts()).map(({ name, text }) => ({ name, texts: text })),
    };
    if (http === null) await serveOverStdio(options);
    else {
      const served = await serveHttp(options, http);
      terminal.print(
        `Assistant programs connect to ${served.url}, with the token in ${http.tokenFile}.`,
      );
      const why = await agent.ended;
      await served.close();
      if (why === 'taken-over') {
        throw new CommandFailure(
          'Its session is over, or works somewhere else now: this ends here.',
        );
      }
    }
  } finally {
    await agent.close().catch(() => {});
  }
}

function httpOf(flags: McpFlags) {
  const {
    httpPort: port,
    httpHost: host,
    tokenFile,
    allowHost: hosts,
    allowOrigin: origins,
  } = flags;
  if (port === undefined) {
    if (host ?? tokenFile ?? hosts ?? origins) {
      throw new CommandFailure('These options are for HTTP: give --http-port <port> too.');
    }
    return null;
  }
  if (tokenFile === undefined) {
    throw new CommandFailure(
      'HTTP needs a token: give --token-file <file>. It is made when it is not there.',
    );
  }
  return {
    port,
    tokenFile,
    token: tokenIn(tokenFile),
    ...(host === undefined ? {} : { host }),
    ...(hosts === undefined ? {} : { hosts }),
    ...(origins === undefined ? {} : { origins }),
  };
}

/** Made with a random token that only its owner reads, when it is not there. */
function tokenIn(file: string): string {
  if (!existsSync(file)) {
    writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  }
  const token = readText(file).trim();
  if (token.length >= 32) return token;
  throw new CommandFailure(`${file} holds no token of 32 characters or more.`);
}

/** Who works: a bot, or a program in the session of a person. @throws CommandFailure for neither, and for both */
function identityOf(terminal: Terminal, { user, keyFile, session, bearerFile }: McpFlags) {
  if (session !== undefined && user === undefined && keyFile === undefined) {
    const bearer = bearerFile === undefined ? terminal.env('PARLEY_BEARER') : readText(bearerFile);
    if (bearer) return { session, login: { bearer: bearer.trim() } };
    throw new CommandFailure(
      'There is no bearer: give --bearer-file <file>, or set PARLEY_BEARER, to what was delegated.',
    );
  }
  if (session === undefined && user !== undefined && keyFile !== undefined) {
    return { login: loginByKeyFile(user, keyFile) };
  }
  throw new CommandFailure(
    'Say who works: a bot, by --user <loginName> and --key-file <file>, or a program beside a person, by --session <url>.',
  );
}

/** As assistant programs take it: what to start, and with which arguments. */
function configuration(flags: McpFlags) {
  const { server, account, user, keyFile, session, bearerFile, approve } = flags;
  const file = (path: string | undefined) => (path === undefined ? undefined : resolve(path));
  const given = {
    ...{ server, account, user, 'key-file': file(keyFile) },
    ...{ session, 'bearer-file': file(bearerFile), approve: approve?.join(',') },
  };
  const args = [
    ...[PROGRAM, 'mcp'],
    ...Object.entries(given).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}`, value],
    ),
  ];
  return { mcpServers: { parley: { command: process.execPath, args } } };
}
