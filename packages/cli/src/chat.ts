/**
 * `parley chat`: lists, moves and ends the chats of a running server. Live chats are in the server
 * alone, so these ask it over HTTP, as a user who may.
 */
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { CommandFailure } from './command-failure.js';
import { dataDirOption, parseWhole } from './options.js';
import { passwordOf } from './new-password.js';
import { DEFAULT_SERVER, openServerSession, type ServerSession } from './server-session.js';
import { listOptions, printList } from './table.js';
import type { Terminal } from './terminal.js';

interface ServerFlags {
  readonly dataDir: string;
  readonly server: string;
  readonly user: string;
  readonly passwordFile?: string;
  readonly ca?: string;
}

interface ListFlags extends ServerFlags {
  readonly phase?: string;
  readonly json?: true;
}

interface MoveFlags extends ServerFlags {
  readonly toSkill?: number;
  readonly toAgent?: number;
}

/** A chat as the server answers it. */
interface SupervisedChat {
  readonly id: string;
  readonly phase: string;
  readonly skillName?: string;
  readonly skillId?: number;
  readonly agentName?: string;
  readonly agentId?: number;
  readonly visitorName?: string;
  /** Epoch ms. */
  readonly since: number;
}

export function chatCommand(terminal: Terminal): Command {
  const chat = new Command('chat').description('live chats of a running server: list, move, end');
  asUser(listOptions(chat.command('list <account>')))
    .description('list the chats that are not over, longest-waiting first')
    .addOption(
      new Option('--phase <phase>', 'only chats in this phase').choices([
        'waiting',
        'ringing',
        'chatting',
      ]),
    )
    .action((account: string, flags: ListFlags) =>
      withServer(terminal, account, flags, (server) => list(terminal, server, flags)),
    );
  asUser(chat.command('move <account> <chat>'))
    .description('move a chat to a skill or an agent')
    .option('--to-skill <id>', 'the skill whose queue it goes to', parseId)
    .option('--to-agent <id>', 'the agent who is rung at once', parseId)
    .action((account: string, id: string, flags: MoveFlags) =>
      withServer(terminal, account, flags, (server) => move(terminal, server, id, flags)),
    );
  asUser(chat.command('end <account> <chat>'))
    .description('end a chat')
    .action((account: string, id: string, flags: ServerFlags) =>
      withServer(terminal, account, flags, async (server) => {
        await server.call('POST', `${pathOf(id)}/end`, {});
        terminal.print(`Chat ${id} is ended.`);
      }),
    );
  return chat;
}

const parseId = parseWhole(1, 999_999_999);

function asUser(command: Command): Command {
  return command
    .addOption(
      new Option('--server <url>', 'address of the server')
        .env('PARLEY_SERVER')
        .default(DEFAULT_SERVER),
    )
    .addOption(
      new Option('--user <loginName>', 'an administrator or manager of the account')
        .env('PARLEY_USER')
        .makeOptionMandatory(),
    )
    .option(
      '--password-file <file>',
      'file with their password (default: PARLEY_PASSWORD, or a prompt)',
    )
    .option(
      '--ca <file>',
      'certificate authority to trust (PEM) (default: that of the data folder)',
    )
    .addOption(dataDirOption());
}

async function withServer(
  terminal: Terminal,
  account: string,
  { server, user, passwordFile, ca, dataDir }: ServerFlags,
  work: (session: ServerSession) => Promise<void>,
): Promise<void> {
  const password = await passwordOf(terminal, user, passwordFile);
  const session = await openServerSession({
    server,
    account,
    user,
    password,
    ca: ca === undefined ? { ifThere: join(dataDir, 'tls', 'ca.pem') } : { file: ca },
  });
  try {
    await work(session);
  } finally {
    await session.close();
  }
}

async function list(terminal: Terminal, server: ServerSession, flags: ListFlags): Promise<void> {
  const chats: SupervisedChat[] = [];
  for (let total = 1; chats.length < total; ) {
    const query = new URLSearchParams({ offset: String(chats.length), limit: '200' });
    if (flags.phase !== undefined) query.set('phase', flags.phase);
    const page = (await server.call('GET', `/supervision/chats?${query}`)) as {
      readonly chats: { readonly total: number; readonly chat: readonly SupervisedChat[] };
    };
    if (page.chats.chat.length === 0) break;
    chats.push(...page.chats.chat);
    total = page.chats.total;
  }
  const named = (name: string | undefined, id: number | undefined) =>
    id === undefined ? '-' : `${name ?? '?'} (${id})`;
  printList(terminal, flags, chats, [
    ['CHAT', ({ id }) => id],
    ['PHASE', ({ phase }) => phase],
    ['SINCE', ({ since }) => new Date(since).toISOString().replace('.000Z', 'Z')],
    ['SKILL', ({ skillName, skillId }) => named(skillName, skillId)],
    ['AGENT', ({ agentName, agentId }) => named(agentName, agentId)],
    ['VISITOR', ({ visitorName }) => visitorName ?? '-'],
  ]);
}

async function move(
  terminal: Terminal,
  server: ServerSession,
  id: string,
  { toSkill, toAgent }: MoveFlags,
): Promise<void> {
  if ((toSkill === undefined) === (toAgent === undefined)) {
    throw new CommandFailure('Say where the chat goes: --to-skill <id> or --to-agent <id>.');
  }
  const to = toSkill === undefined ? { agentId: toAgent } : { skillId: toSkill };
  const { chat } = (await server.call('PUT', `${pathOf(id)}/assignment`, to)) as {
    readonly chat: SupervisedChat;
  };
  const { phase, agentName, skillName } = chat;
  const where = phase === 'waiting' ? `waits for ${skillName ?? 'anybody'}` : `rings ${agentName}`;
  terminal.print(`Chat ${id} ${where}.`);
}

/** @throws CommandFailure for what cannot be a chat's id. */
function pathOf(id: string): string {
  if (/^H\d+-[0-9a-f]{32}K\d+$/.test(id)) return `/supervision/chats/${id}`;
  throw new CommandFailure(`"${id}" is no chat id: "parley chat list" shows them.`);
}
