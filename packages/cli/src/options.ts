/** Options that several commands have, each also as a variable of the environment. */
import type { StartOptions } from '@parley/server';
import { DEFAULT_HOST, DEFAULT_HTTP_PORT, DEFAULT_HTTPS_PORT } from '@parley/server/defaults';
import { InvalidArgumentError, Option } from 'commander';
import { CommandFailure } from './command-failure.js';
import { defaultDataDir } from './data-directory.js';

/** Where everything is kept. */
export function dataDirOption(): Option {
  return new Option('--data-dir <folder>', 'folder for all stored data')
    .env('PARLEY_DATA_DIR')
    .default(defaultDataDir());
}

/** What the server is let connect to, beside what it may anyway. */
export function outgoingAllowOption(): Option {
  return new Option(
    '--outgoing-allow <ranges>',
    'non-public addresses that the server may connect to, such as 10.1.0.0/16',
  )
    .env('PARLEY_OUTGOING_ALLOW')
    .argParser(parseRanges);
}

/** How a server listens: what `serve` uses and `doctor` looks at. */
export function serverOptions(): Option[] {
  return [
    dataDirOption(),
    new Option(
      '--host <address>',
      'address to listen on; 0.0.0.0 for every address of this machine',
    )
      .env('PARLEY_HOST')
      .default(DEFAULT_HOST),
    new Option('--http-port <port>', 'port for plain HTTP; 0 picks a free one')
      .env('PARLEY_HTTP_PORT')
      .argParser(parsePort)
      .default(DEFAULT_HTTP_PORT),
    new Option('--https-port <port>', 'port for HTTPS; 0 picks a free one, "off" disables HTTPS')
      .env('PARLEY_HTTPS_PORT')
      .argParser((text) => (text === 'off' ? ('off' as const) : parsePort(text)))
      .default(DEFAULT_HTTPS_PORT),
    new Option(
      '--public-domain <host[:port]>',
      'host that clients should use (default: the host of their request)',
    ).env('PARLEY_PUBLIC_DOMAIN'),
    new Option('--tls-cert <file>', 'certificate (PEM) (default: the server creates its own)').env(
      'PARLEY_TLS_CERT',
    ),
    new Option('--tls-key <file>', 'private key of the certificate (PEM)').env('PARLEY_TLS_KEY'),
  ];
}

/** The values of `serverOptions`, as commander hands them over. */
export interface ServerFlags {
  readonly dataDir: string;
  readonly host: string;
  readonly httpPort: number;
  readonly httpsPort: number | 'off';
  readonly publicDomain?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

/** @throws CommandFailure when only one of certificate and key is given. */
export function startOptionsOf(flags: ServerFlags): StartOptions {
  const { dataDir, host, httpPort, httpsPort, publicDomain, tlsCert, tlsKey } = flags;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new CommandFailure(
      'A certificate needs its key: give both --tls-cert and --tls-key, or neither.',
    );
  }
  return {
    dataDir,
    host,
    httpPort,
    httpsPort: httpsPort === 'off' ? null : httpsPort,
    ...(publicDomain === undefined ? {} : { publicDomain }),
    ...(tlsCert === undefined || tlsKey === undefined
      ? {}
      : { tls: { certFile: tlsCert, keyFile: tlsKey } }),
  };
}

/** @throws InvalidArgumentError unless it is a port or 0. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a whole number from 1 to 65535, or 0 for a free one.');
}

/** A whole number within bounds. */
export function parseWhole(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^-?\d{1,9}$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

/** Collects an option that may be given several times. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** A list as people write it: values between commas. */
export function parseRanges(text: string): readonly string[] {
  return text
    .split(',')
    .map((range) => range.trim())
    .filter((range) => range !== '');
}
