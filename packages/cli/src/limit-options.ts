/** Options of `serve` that bound what strangers may bring in. */
import type { StartOptions } from '@parley/server';
import { Option } from 'commander';
import { parseWhole } from './options.js';

export interface LimitFlags {
  readonly maxWaitingChats?: number;
  readonly maxLinesPerSecond?: number;
  readonly maxRequestsPerSecond?: number;
  readonly maxTextPerSecond?: number;
  readonly maxConnections?: number;
  readonly maxMemory?: number;
  readonly maxAccountMemory?: number;
}

export function limitOptions(): Option[] {
  return [
    option(
      '--max-waiting-chats <number>',
      'chats from one address that may wait for an agent (1000)',
      'PARLEY_MAX_WAITING_CHATS',
    ),
    option(
      '--max-lines-per-second <number>',
      'lines that a visitor may send in one chat, with bursts of ten seconds’ worth (1000)',
      'PARLEY_MAX_LINES_PER_SECOND',
    ),
    option(
      '--max-requests-per-second <number>',
      'requests per credential of agents, bots and administrators, with bursts of ten seconds’ worth (10000)',
      'PARLEY_MAX_REQUESTS_PER_SECOND',
    ),
    option(
      '--max-text-per-second <number>',
      'bytes of text from one visitor address, with bursts of half an hour’s worth (64000)',
      'PARLEY_MAX_TEXT_PER_SECOND',
    ),
    option(
      '--max-connections <number>',
      'open connections from one address, except trusted proxies (10000)',
      'PARLEY_MAX_CONNECTIONS',
    ),
    option(
      '--max-memory <megabytes>',
      'memory for visitors’ chats and visits of all accounts (a sixth of the heap)',
      'PARLEY_MAX_MEMORY',
    ),
    option(
      '--max-account-memory <megabytes>',
      'the same for one account, at most three quarters of the total (768)',
      'PARLEY_MAX_ACCOUNT_MEMORY',
    ),
  ];
}

const MOST = 100_000_000;
const MEBIBYTE = 1024 * 1024;

function option(flags: string, description: string, variable: string): Option {
  return new Option(flags, description).env(variable).argParser(parseWhole(1, MOST));
}

/** What the flags say; what they leave out has the server's defaults. */
export function limitsOf(
  flags: LimitFlags,
): Pick<StartOptions, 'visitors' | 'credentials' | 'connections' | 'memory'> {
  const { maxWaitingChats, maxLinesPerSecond, maxTextPerSecond, maxConnections } = flags;
  const { maxMemory, maxAccountMemory, maxRequestsPerSecond } = flags;
  return {
    visitors: {
      ...(maxWaitingChats === undefined ? {} : { waitingChats: maxWaitingChats }),
      ...(maxLinesPerSecond === undefined ? {} : { linesPerSecond: maxLinesPerSecond }),
      ...(maxTextPerSecond === undefined ? {} : { bytesPerSecond: maxTextPerSecond }),
    },
    credentials:
      maxRequestsPerSecond === undefined ? {} : { requestsPerSecond: maxRequestsPerSecond },
    memory: {
      ...(maxMemory === undefined ? {} : { processBytes: maxMemory * MEBIBYTE }),
      ...(maxAccountMemory === undefined ? {} : { accountBytes: maxAccountMemory * MEBIBYTE }),
    },
    connections: maxConnections === undefined ? {} : { perAddress: maxConnections },
  };
}
