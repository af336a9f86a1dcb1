/** Where the time goes: CPU profiles of the server, summed up. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The parts of a `.cpuprofile` that count here. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Microseconds between samples. */
  readonly timeDeltas: readonly number[];
}

/** Functions named in the report, by self time. */
const MOST_FUNCTIONS = 25;
/** Threads that did less than this are not worth a line, seconds. */
const LEAST_BUSY = 0.05;

/** What the profiles in a folder say, as Markdown: busy time by part and by function, per thread. */
export function describeProfiles(directory: string): string {
  const files = readdirSync(directory).filter((name) => name.endsWith('.cpuprofile'));
  const sections = files.flatMap((file) => describe(join(directory, file)));
  return ['## Where the time goes', '', ...sections].join('\n');
}

function describe(path: string): string[] {
  const profile: CpuProfile = JSON.parse(readFileSync(path, 'utf8'));
  const byId = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const parts = new Map<string, number>();
  const functions = new Map<string, number>();
  let busy = 0;
  for (const [index, id] of profile.samples.entries()) {
    const frame = byId.get(id);
    const seconds = (profile.timeDeltas[index] ?? 0) / 1e6;
    if (frame === undefined || frame.functionName === '(idle)') continue;
    busy += seconds;
    const part = partOf(frame.functionName, frame.url);
    add(parts, part, seconds);
    const place = frame.url === '' ? '' : ` (${frame.url.split('/').at(-1)}:${frame.lineNumber + 1})`;
    add(functions, `${frame.functionName || '(anonymous)'}${place}, ${part}`, seconds);
  }
  if (busy < LEAST_BUSY) return [];
  const share = ([name, seconds]: readonly [string, number]) =>
    `- ${((100 * seconds) / busy).toFixed(1).padStart(4)} % ${name}`;
  return [
    `### ${path.split('/').at(-1)}: ${busy.toFixed(1)} s busy`,
    '',
    ...largest(parts).map(share),
    '',
    ...largest(functions).slice(0, MOST_FUNCTIONS).map(share),
    '',
  ];
}

/** The part of the program that a function belongs to. */
function partOf(name: string, url: string): string {
  if (name === '(garbage collector)') return 'garbage collection';
  if (name === '(program)') return 'native code and system calls';
  if (url.startsWith('node:')) return `Node: ${url.slice('node:'.length)}`;
  const module = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (module !== undefined) return module;
  const room = /\/packages\/([^/]+)\//.exec(url)?.[1];
  if (room !== undefined) return `parley/${room}`;
  return 'built into JavaScript';
}

function add(sums: Map<string, number>, key: string, value: number): void {
  sums.set(key, (sums.get(key) ?? 0) + value);
}

function largest(sums: ReadonlyMap<string, number>): [string, number][] {
  return [...sums].toSorted(([, a], [, b]) => b - a);
}
