/** `npm run bench`: measures the real server beside bare ones, and says how it went. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runBench } from './bench.js';
import { combine, readResults } from './combine.js';
import { type Plan, plans } from './plan.js';
import { describeProfile } from './profile.js';
import { report } from './report.js';
import type { Results } from './results.js';
import type { Profiled } from './rounds.js';

const HELP = `npm run bench -- [options] [folders]

  --quick        half a minute instead of a few; more noise
  --smoke        a few seconds, to see that the bench works; the figures mean nothing
  --only LOADS   only these: idle-next, incoming, lines-1, lines-50, lines-500, steady-1000, memory,
                 push-lines, push-waiters-plain, push-waiters-tls, streams-sse, streams-websocket,
                 streams-pairs-sse, streams-pairs-websocket, streams-idle-plain, streams-idle-tls.
                 The beginning of a name, up to a hyphen, names all that begin so: streams, push
  --profile      also watch the server under each load and say where its time goes
  --combine      measures nothing: puts runs that went to these folders together into one report
  --out DIR      where latest.md and latest.json go (default: bench/results)
`;

interface Options {
  readonly plan: Plan;
  readonly profile: boolean;
  readonly only: readonly string[] | null;
  readonly out: string;
  /** Folders of runs to put together; null to measure. */
  readonly combine: readonly string[] | null;
}

function readOptions(): Options | 'help' {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      smoke: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      only: { type: 'string' },
      out: { type: 'string' },
      combine: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  return {
    plan: values.smoke ? plans.smoke : values.quick ? plans.quick : plans.full,
    profile: values.profile,
    only: values.only?.split(',') ?? null,
    combine: values.combine ? positionals : null,
    out: values.out ?? fileURLToPath(new URL('../results', import.meta.url)),
  };
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === 'help') {
    process.stdout.write(HELP);
    return;
  }
  const { plan, out, only, profile } = options;
  mkdirSync(out, { recursive: true });
  if (options.combine !== null) {
    write(out, combine(readResults(options.combine)), []);
    return;
  }
  // On the same disk as the project, never in a temporary file system that only pretends to be one.
  const workspace = fileURLToPath(new URL('../results/.parley-data', import.meta.url));
  mkdirSync(workspace, { recursive: true });
  const start = performance.now();
  const { results, profiles } = await runBench({
    plan,
    workspace,
    only,
    profile,
    progress: (message) => {
      const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6);
      process.stderr.write(`${seconds} s  ${message}\n`);
    },
  });
  write(out, results, profiles);
}

function write(out: string, results: Results, profiles: readonly Profiled[]): void {
  const text = [report(results), ...profiles.map(describeProfile)].join('\n');
  writeFileSync(join(out, 'latest.md'), text);
  writeFileSync(join(out, 'latest.json'), `${JSON.stringify(results, null, 2)}\n`);
  process.stdout.write(text);
}

// Ends by way of `exit`, which removes the databases of the run.
process.once('SIGINT', () => process.exit(130));
try {
  await main();
} catch (error) {
  process.stderr.write(`The bench failed: ${explain(error)}\n`);
  process.exitCode = 1;
}

/** An error and what caused it, in one line. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${explain(error.cause)}`;
}
