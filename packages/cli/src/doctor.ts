/** `parley doctor`: looks at everything that keeps a server from starting or running well. */
import { Command } from 'commander';
import { CommandFailure } from './command-failure.js';
import { checkCertificate } from './doctor/certificate.js';
import { checkDatabase } from './doctor/database.js';
import type { Finding } from './doctor/finding.js';
import { checkDataDirectory, checkDisk, checkNode } from './doctor/machine.js';
import { checkPort } from './doctor/ports.js';
import { type ServerFlags, serverOptions, startOptionsOf } from './options.js';
import type { Terminal } from './terminal.js';

const MARKS = { good: 'ok     ', warning: 'WARNING', problem: 'PROBLEM' } as const;

export function doctorCommand(terminal: Terminal): Command {
  const command = new Command('doctor').description(
    'look for what keeps a server from starting or running well; takes the options of serve',
  );
  for (const option of serverOptions()) command.addOption(option);
  return command.action(async (flags: ServerFlags) => {
    const findings = await examine(flags, Date.now());
    for (const { state, about, found, remedy } of findings) {
      terminal.print(`${MARKS[state]}  ${about}: ${found}`);
      if (remedy !== undefined) terminal.print(`         ${remedy}`);
    }
    const problems = findings.filter(({ state }) => state === 'problem').length;
    if (problems === 0) return;
    throw new CommandFailure(
      `${problems === 1 ? 'One problem' : `${problems} problems`} found; what to do stands below each.`,
    );
  });
}

/**
 * All checks, in the order in which a start would meet them.
 * @param now epoch ms
 */
export async function examine(flags: ServerFlags, now: number): Promise<Finding[]> {
  const options = startOptionsOf(flags);
  const { dataDir, host, httpPort, httpsPort } = flags;
  const findings = [checkNode(), ...checkDataDirectory(dataDir), await checkDisk(dataDir)];
  const usable = findings.every(({ state }) => state !== 'problem');
  if (usable) findings.push(await checkDatabase(dataDir));
  findings.push(await checkCertificate(options, now));
  findings.push(await checkPort('http', host, httpPort));
  if (httpsPort !== 'off') findings.push(await checkPort('https', host, httpsPort));
  return findings;
}
