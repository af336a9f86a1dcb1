/** Options of `serve` that bound what strangers may bring in. */
import type { StartOptions } from '@parley/server';
import { Option } from 'commander';
import { parseWhole } from './options.js';

export interface LimitFlags {
  readonly maxWaitingChats?: number;
  readonly maxLinesPerSecond?: number;
  readonly maxTextPerSecond?: number;
  readonly maxConnections?: number;
}

export function limitOptions(): Option[] {
  return [
    option(
      '--max-waiting-chats <number>',
      'chats of one address that may wait for an agent (1000)',
      'PARLEY_MAX_WAITING_CHATS',
    ),
    option(
      '--max-lines-per-second <number>',
      'lines of a visitor in one chat; ten seconds’ worth may come at once (1000)',
      'PARLEY_MAX_LINES_PER_SECOND',
    ),
    option(
      '--max-text-per-second <number>',
      'characters from one visitor’s address; half an hour’s worth may come at once (64000)',
      'PARLEY_MAX_TEXT_PER_SECOND',
    ),
    option(
      '--max-connections <number>',
      'open connections of one address, trusted proxies aside (10000)',
      'PARLEY_MAX_CONNECTIONS',
    ),
  ];
}

const MOST = 100_000_000;

function option(flags: string, description: string, variable: string): Option {
  return new Option(flags, description).env(variable).argParser(parseWhole(1, MOST));
}

/** What the flags say; what they leave out has the server's defaults. */
export function limitsOf(flags: LimitFlags): Pick<StartOptions, 'visitors' | 'connections'> {
  const { maxWaitingChats, maxLinesPerSecond, maxTextPerSecond, maxConnections } = flags;
  return {
    visitors: {
      ...(maxWaitingChats === undefined ? {} : { waitingChats: maxWaitingChats }),
      ...(maxLinesPerSecond === undefined ? {} : { linesPerSecond: maxLinesPerSecond }),
      ...(maxTextPerSecond === undefined ? {} : { charactersPerSecond: maxTextPerSecond }),
    },
    connections: maxConnections === undefined ? {} : { perAddress: maxConnections },
  };
}
