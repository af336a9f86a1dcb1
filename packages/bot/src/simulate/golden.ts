/** Transcripts that were once looked at and found good. */
import { AssertionError } from 'node:assert';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** @throws AssertionError with the first line that differs, and what to do. */
export function checkGolden(file: string, transcript: string): void {
  if (!existsSync(file) || process.env['PARLEY_GOLDEN'] === 'write') {
    writeFileSync(file, transcript);
    return;
  }
  const golden = readFileSync(file, 'utf8');
  if (golden === transcript) return;
  const before = golden.split('\n');
  const now = transcript.split('\n');
  const line = now.findIndex((each, index) => each !== before[index]);
  const at = line === -1 ? now.length : line;
  const message = [
    `The transcript is not the one of ${file}, from line ${at + 1} on:`,
    `- ${before[at] ?? '(nothing more)'}`,
    `+ ${now[at] ?? '(nothing more)'}`,
    'If it is good so, write it anew: PARLEY_GOLDEN=write.',
  ].join('\n');
  throw new AssertionError({ message, stackStartFn: checkGolden });
}
