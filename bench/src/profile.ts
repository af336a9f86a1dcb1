/** Where the time goes: CPU profiles of the server, summed up. */
import type { Profiler } from 'node:inspector';
import type { Profiled } from './rounds.js';

/** Lines of each list. */
const MOST = 30;
/** What the program itself would do while nobody asks anything. */
const RESTING: ReadonlySet<string> = new Set(['(idle)', '(root)']);

/** Busy time by part of the program and by function, per thread, as Markdown. */
export function describeProfile({ title, answers, threads }: Profiled): string {
  const sections = threads.flatMap(({ thread, profile }) => [
    `### ${thread}: ${busyTime(profile, answers)} per answer`,
    '',
    ...describe(profile, answers),
    '',
  ]);
  return [`## Where the time goes: ${title}`, '', ...sections].join('\n');
}

function describe(profile: Profiler.Profile, answers: number): string[] {
  const parts = new Map<string, number>();
  const functions = new Map<string, number>();
  for (const [{ functionName, url, lineNumber }, microseconds] of selfTimes(profile)) {
    const part = partOf(functionName, url);
    const place = url === '' ? '' : ` (${url.split('/').at(-1)}:${lineNumber + 1})`;
    add(parts, part, microseconds);
    add(functions, `${functionName || '(anonymous)'}${place}, ${part}`, microseconds);
  }
  const line = ([name, microseconds]: readonly [string, number]) =>
    `- ${(microseconds / answers).toFixed(2).padStart(6)} µs ${name}`;
  const list = (sums: ReadonlyMap<string, number>) => largest(sums).slice(0, MOST).map(line);
  return [...list(parts), '', ...list(functions)];
}

function busyTime(profile: Profiler.Profile, answers: number): string {
  const microseconds = selfTimes(profile).reduce((sum, [, time]) => sum + time, 0);
  return `${(microseconds / answers).toFixed(1)} µs`;
}

/** Microseconds spent in each function itself. */
function selfTimes(profile: Profiler.Profile): [Profiler.ProfileNode['callFrame'], number][] {
  const sums = new Map<number, number>();
  for (const [index, id] of (profile.samples ?? []).entries()) {
    sums.set(id, (sums.get(id) ?? 0) + (profile.timeDeltas?.[index] ?? 0));
  }
  return profile.nodes
    .filter(({ callFrame }) => !RESTING.has(callFrame.functionName))
    .map(({ id, callFrame }) => [callFrame, sums.get(id) ?? 0]);
}

/** The part of the program that a function belongs to. */
function partOf(name: string, url: string): string {
  if (name === '(garbage collector)') return 'garbage collection';
  if (name === '(program)') return 'native code and system calls';
  if (url.startsWith('node:')) return `Node: ${url.slice('node:'.length)}`;
  const module = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (module !== undefined) return module;
  const folder = /\/packages\/([^/]+)\//.exec(url)?.[1];
  return folder === undefined ? 'built into JavaScript' : `parley/${folder}`;
}

function add(sums: Map<string, number>, key: string, value: number): void {
  sums.set(key, (sums.get(key) ?? 0) + value);
}

function largest(sums: ReadonlyMap<string, number>): [string, number][] {
  return [...sums].toSorted(([, a], [, b]) => b - a);
}
