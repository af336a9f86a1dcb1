/** Where the key comes from that secrets are sealed with: a file, or the environment, never a flag. */
import { SECRET_KEY_VARIABLE } from '@parley/server/defaults';
import { Option } from 'commander';

export function secretKeyOption(): Option {
  return new Option(
    '--secret-key-file <file>',
    `file with the key that secrets are sealed with; else ${SECRET_KEY_VARIABLE}, else the data folder's own`,
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
