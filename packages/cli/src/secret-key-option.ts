/** Where the key comes from that secrets are sealed with: a file, or the environment, never a flag. */
import { SECRET_KEY_VARIABLE } from '@parley/server/defaults';
import { Option } from 'commander';

export function secretKeyOption(): Option {
  return new Option(
    '--secret-key-file <file>',
    `file with the key that encrypts secrets (default: ${SECRET_KEY_VARIABLE}, or the key in the data folder)`,
  ).env('PARLEY_SECRET_KEY_FILE');
}

/** The key as it was given, for whoever opens the box of secrets. */
export function secretKeyOf(file: string | undefined): {
  readonly secretKey?: string;
  readonly secretKeyFile?: string;
} {
  const secretKey = process.env[SECRET_KEY_VARIABLE];
  return {
    ...(secretKey === undefined ? {} : { secretKey }),
    ...(file === undefined ? {} : { secretKeyFile: file }),
  };
}
