/** Everything that is looked at. */
import { type ServerFlags, startOptionsOf } from '../options.js';
import { type CheckProgress, examineDatabase } from '@parley/server/administration';
import { checkCertificate } from './certificate.js';
import type { Finding } from './finding.js';
import { checkDataDirectory } from './data-folder.js';
import { checkDisk, checkNode, checkOpenFiles } from './machine.js';
import { checkPort } from './ports.js';

/**
 * All checks, in the order in which a start would meet them.
 * @param now epoch ms
 * @param onProgress called with how far the check of the data is
 */
export async function examine(
  flags: ServerFlags,
  now: number,
  onProgress: CheckProgress,
): Promise<Finding[]> {
  const options = startOptionsOf(flags);
  const { dataDir, host, httpPort, httpsPort } = flags;
  const findings = [
    checkNode(),
    checkOpenFiles(),
    ...checkDataDirectory(dataDir),
    await checkDisk(dataDir),
  ];
  const usable = findings.every(({ state }) => state !== 'problem');
  if (usable) findings.push(...(await examineDatabase(dataDir, onProgress)));
  findings.push(await checkCertificate(options, now));
  findings.push(await checkPort('http', host, httpPort));
  if (httpsPort !== 'off') findings.push(await checkPort('https', host, httpsPort));
  return findings;
}
