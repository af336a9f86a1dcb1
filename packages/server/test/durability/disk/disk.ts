/**
 * A disk whose power can be cut (disk.c): what was not synced may be gone, there, or torn, in any
 * order. Linux with a C compiler only.
 */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Random } from '../random.js';
import { survivors, type Survival } from './survivors.js';

const source = fileURLToPath(new URL('disk.c', import.meta.url));

/** Of a million operations, how many fail. */
export interface Weather {
  readonly writes: number;
  readonly syncs: number;
  readonly openings: number;
  readonly reads: number;
}

export const FINE: Weather = { writes: 0, syncs: 0, openings: 0, reads: 0 };

let built: { readonly library: string } | { readonly missing: string } | null = null;

/** Why there can be no such disk here, in words; null when there can. */
export function whyNoDisk(): string | null {
  built ??= build();
  return 'missing' in built ? built.missing : null;
}

function build(): { readonly library: string } | { readonly missing: string } {
  if (process.platform !== 'linux') return { missing: 'disks are imitated on Linux only' };
  const library = join(mkdtempSync(join(tmpdir(), 'parley-disk-')), 'disk.so');
  process.once('exit', () => rmSync(library, { force: true }));
  const options = ['-shared', '-fPIC', '-O1', '-Wall', '-Wextra', '-Werror'];
  const { status, stderr, error } = spawnSync('cc', [...options, '-o', library, source]);
  if (status === 0) return { library };
  if (error !== undefined) {
    return {
      missing: 'there is no C compiler to build one with (Debian: apt-get install gcc libc6-dev)',
    };
  }
  throw new Error(`${source} cannot be compiled: ${stderr}`);
}

/**
 * Says loudly that there is no such disk here, if so.
 * @returns whether there can be one
 * @throws Error where there must be one: in CI
 */
export function hasDisk(): boolean {
  const missing = whyNoDisk();
  if (missing !== null && process.env['CI'] !== undefined) throw new Error(missing);
  if (missing !== null) console.warn(`\n!!! NO POWER CUTS AND NO FAILING DISKS: ${missing}.\n`);
  return missing === null;
}

/** What became of a file or a folder by a cut, for people. */
export type Lost = Readonly<Record<string, Survival | number>>;

export class Disk {
  /** The folder whose files are on this disk. */
  readonly data: string;
  readonly #notes: string;
  readonly #lies: boolean;

  /**
   * @param folder an empty folder, to hold the data and notes about it
   * @param lies whether it says that it synced and never does
   */
  constructor(folder: string, lies = false) {
    const whole = realpathSync(folder);
    this.data = join(whole, 'data');
    this.#notes = join(whole, 'notes');
    this.#lies = lies;
    for (const each of [this.data, this.#notes]) mkdirSync(each, { recursive: true });
    this.weather(FINE);
  }

  /** What a process needs in its environment to have its data on this disk; nothing if it is none. */
  get environment(): Readonly<Record<string, string>> {
    const { data } = this;
    if (whyNoDisk() !== null || built === null || 'missing' in built) return {};
    return {
      LD_PRELOAD: built.library,
      PARLEY_DISK_DATA: data,
      PARLEY_DISK_NOTES: this.#notes,
      ...(this.#lies ? { PARLEY_DISK_LIES: '1' } : {}),
    };
  }

  /** How often things fail from now on. */
  weather({ writes, syncs, openings, reads }: Weather): void {
    const flag = existsSync(this.weatherFile) ? 'r+' : 'w';
    writeFileSync(this.weatherFile, Uint32Array.of(writes, syncs, openings, reads), { flag });
  }

  /** Holds the four numbers of `weather`, and may be written by others as well. */
  get weatherFile(): string {
    return join(this.#notes, 'weather');
  }

  /**
   * Leaves behind what the machine would find after a power cut. No process may use the disk.
   * @param survives what becomes of what was not synced; chosen for each file unless given
   * @throws Error when a process wrote in a way that cannot be imitated
   */
  cutPower(random: Random, survives?: Survival): Lost {
    const trouble = join(this.#notes, 'trouble');
    if (existsSync(trouble)) {
      throw new Error(`disk.c cannot imitate what was done:\n${readFileSync(trouble, 'utf8')}`);
    }
    const lost: Record<string, Survival | number> = {};
    const paths = pathsByInode([this.data, this.#notes]);
    for (const name of readdirSync(this.#notes)) {
      const [, inode] = /^file-(\d+)$/.exec(name) ?? [];
      const path = paths.get(Number(inode));
      if (path === undefined) continue;
      const changes = readFileSync(join(this.#notes, name));
      if (changes.length === 0) continue;
      const how = survives ?? survivalOf(random);
      writeFileSync(path, survivors(readFileSync(path), changes, how, random));
      lost[basename(path)] = how;
    }
    for (const name of readdirSync(this.#notes)) {
      const [, inode] = /^folder-(\d+)$/.exec(name) ?? [];
      const folder = paths.get(Number(inode));
      if (folder === undefined) continue;
      const lines = readFileSync(join(this.#notes, name), 'utf8').split('\n').slice(0, -1);
      const kept = keptOf(lines.length, survives ?? survivalOf(random), random);
      for (const line of lines.slice(kept).reverse()) this.#undo(folder, line);
      if (lines.length > 0) lost[`${basename(folder)}/`] = lines.length - kept;
    }
    this.#forgetIndex(random);
    for (const name of readdirSync(this.#notes)) {
      // Servers that have read their code and wait look at this very file.
      if (name !== basename(this.weatherFile)) rmSync(join(this.#notes, name));
    }
    this.weather(FINE);
    return lost;
  }

  #undo(folder: string, line: string): void {
    const [what, name = '', kept, to = '', replaced] = line.split(' ');
    const path = join(folder, name);
    const back = (from: string | undefined, target: string) => {
      rmSync(target, { force: true });
      if (from !== undefined && !from.endsWith('--1')) linkSync(join(this.#notes, from), target);
    };
    if (what === 'made') rmSync(path, { force: true, recursive: true });
    else if (what === 'removed') back(kept, path);
    else {
      back(kept, path);
      back(replaced, join(folder, to));
    }
  }

  /** The index of SQLite's log is shared memory: what is found of it after a crash means nothing. */
  #forgetIndex(random: Random): void {
    for (const name of readdirSync(this.data)) {
      if (!name.endsWith('-shm')) continue;
      const path = join(this.data, name);
      const { size } = statSync(path);
      const found = random.weighted({ nothing: 1, 'as it was': 1, zeros: 1, garbage: 1 });
      if (found === 'nothing') unlinkSync(path);
      if (found === 'zeros') writeFileSync(path, Buffer.alloc(size));
      if (found === 'garbage') {
        writeFileSync(
          path,
          Uint8Array.from({ length: size }, () => random.below(256)),
        );
      }
    }
  }
}

function survivalOf(random: Random): Survival {
  return random.weighted({ nothing: 2, everything: 1, 'the first': 2, 'any of it': 4 });
}

/** How many of a folder's changes are kept: file systems keep those in order. */
function keptOf(changes: number, survives: Survival, random: Random): number {
  if (survives === 'nothing') return 0;
  return survives === 'everything' ? changes : random.below(changes + 1);
}

function pathsByInode(folders: readonly string[]): Map<number, string> {
  const paths = new Map<number, string>();
  for (const folder of folders) {
    paths.set(statSync(folder).ino, folder);
    for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
      const path = join(entry.parentPath, entry.name);
      const { ino } = statSync(path);
      if (!paths.has(ino)) paths.set(ino, path);
    }
  }
  return paths;
}
