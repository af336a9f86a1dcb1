/** Where the token comes from that readers of the metrics bring: a file, or the environment, never a flag. */
import { readFileSync } from 'node:fs';
import { METRICS_TOKEN_VARIABLE } from '@parley/server/defaults';
import { Option } from 'commander';
import { CommandFailure } from './command-failure.js';

export function metricsTokenOption(): Option {
  return new Option(
    '--metrics-token-file <file>',
    `file with the bearer token for reading /metrics (default: ${METRICS_TOKEN_VARIABLE}; without a token only this machine can read them)`,
  ).env('PARLEY_METRICS_TOKEN_FILE');
}

/**
 * The token, as it was given; empty ones count as not given.
 * @throws CommandFailure when the file cannot be read, or the token is given twice.
 */
export function metricsTokenOf(
  file: string | undefined,
  variable: string | undefined,
): { readonly metricsToken?: string } {
  if (file && variable) {
    throw new CommandFailure(
      `The metrics token is given twice: set ${METRICS_TOKEN_VARIABLE} or name the file ${file}, not both.`,
    );
  }
  if (variable) return { metricsToken: variable };
  return file ? { metricsToken: read(file) } : {};
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandFailure(
      `The metrics token file ${file} cannot be read (${why}): name a readable file that holds the token alone.`,
    );
  }
}
