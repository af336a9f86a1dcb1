/**
 * What of a file's unsynced changes survives a power cut. Disks write sectors of 512 bytes, whole, in
 * any order and at any time; a sync makes them wait until all is written.
 */
import type { Random } from '../random.js';

/** `the first`: as many changes as there was time for, the last one torn. */
export type Survival = 'nothing' | 'everything' | 'the first' | 'any of it';

const SECTOR = 512;
/** As Linux has it: what a sync failed to write is lost by whole pages. */
const PAGE = 4_096;

/** `struct change` of disk.c: three numbers of 64 bits, two of 32. */
const HEAD = 32;
const SYNC_FAILED = 2n ** 64n - 1n;
const SYNCED = SYNC_FAILED - 1n;

type Note =
  | { readonly what: 'synced' | 'sync failed' }
  | {
      readonly what: 'change';
      readonly at: number;
      readonly sizeBefore: number;
      readonly sizeAfter: number;
      readonly before: Buffer;
      readonly after: Buffer;
    };

/**
 * The file as it would be found.
 * @param current as the server sees it
 * @param notes as disk.c wrote them; an unfinished last one is of a change that was not made
 */
export function survivors(
  current: Buffer,
  notes: Buffer,
  survives: Survival,
  random: Random,
): Buffer {
  const all = parse(notes);
  const before = undo(current, all);
  const changes = all.filter((note) => note.what === 'change');
  if (survives === 'the first' && changes.length === all.length) {
    return firstOf(before, changes, random);
  }
  const choose = (versions: number) => {
    if (survives === 'nothing') return 0;
    return survives === 'everything' ? versions - 1 : random.below(versions);
  };
  return anyOf(before, untilLostCut(all, choose), choose);
}

/**
 * What happened until a cut of the file's end that is lost, if one is: file systems note a cut as one
 * thing, in order with what follows. So what was cut off comes back whole or not at all, and with it goes
 * what came after.
 */
function untilLostCut(
  notes: readonly Note[],
  choose: (versions: number) => number,
): readonly Note[] {
  const synced = notes.findLastIndex(({ what }) => what === 'synced');
  const cuts = notes.flatMap((note, index) => (index > synced && isCut(note) ? [index] : []));
  return notes.slice(0, cuts[choose(cuts.length + 1)]);
}

function isCut(note: Note): boolean {
  return note.what === 'change' && note.after.length === 0 && note.sizeAfter < note.sizeBefore;
}

function parse(notes: Buffer): Note[] {
  const all: Note[] = [];
  for (let place = 0; place + HEAD <= notes.length; ) {
    const at = notes.readBigUInt64LE(place);
    const before = notes.readUInt32LE(place + 24);
    const after = notes.readUInt32LE(place + 28);
    const start = place + HEAD;
    place = start + before + after;
    if (place > notes.length) break;
    if (at === SYNC_FAILED || at === SYNCED) {
      all.push({ what: at === SYNCED ? 'synced' : 'sync failed' });
    } else {
      all.push({
        what: 'change',
        at: Number(at),
        sizeBefore: Number(notes.readBigUInt64LE(start - 24)),
        sizeAfter: Number(notes.readBigUInt64LE(start - 16)),
        before: notes.subarray(start, start + before),
        after: notes.subarray(start + before, place),
      });
    }
  }
  return all;
}

type Change = Extract<Note, { what: 'change' }>;

function undo(current: Buffer, notes: readonly Note[]): Buffer {
  let file = current;
  for (const note of notes.toReversed()) {
    if (note.what !== 'change') continue;
    file = resized(file, note.sizeBefore);
    note.before.copy(file, note.at);
  }
  return file;
}

function made(file: Buffer, change: Change): Buffer {
  const next = resized(file, change.sizeAfter);
  change.after.copy(next, change.at);
  return next;
}

function resized(file: Buffer, size: number): Buffer {
  const next = Buffer.alloc(size);
  file.copy(next);
  return next;
}

/** Some of the changes in their order; of the last one, some sectors from its beginning. */
function firstOf(before: Buffer, changes: readonly Change[], random: Random): Buffer {
  let file = before;
  const whole = random.below(changes.length + 1);
  for (const change of changes.slice(0, whole)) file = made(file, change);
  const torn = changes[whole];
  if (torn === undefined || torn.after.length === 0) return file;
  const end =
    (Math.floor(torn.at / SECTOR) + random.below(torn.after.length / SECTOR + 2)) * SECTOR;
  const after = torn.after.subarray(0, Math.max(0, end - torn.at));
  const sizeAfter = Math.min(torn.sizeAfter, Math.max(file.length, torn.at + after.length));
  return made(file, { ...torn, after, sizeAfter });
}

/**
 * Of each sector any version that it had since it was last known to be on disk.
 * @param choose which of so many versions, the oldest first
 */
function anyOf(
  before: Buffer,
  notes: readonly Note[],
  choose: (versions: number) => number,
): Buffer {
  /** Versions of the sectors that may be found in one; the size of the file likewise. */
  const sectors = new Map<number, Buffer[]>();
  let sizes = [before.length];
  /** Pages that the next sync writes. */
  const dirty = new Set<number>();
  let resizedSince = false;
  let file = before;
  const sector = (index: number) =>
    resized(file.subarray(index * SECTOR, (index + 1) * SECTOR), SECTOR);
  for (const note of notes) {
    if (note.what === 'change') {
      const end = Math.max(
        note.at + note.after.length,
        Math.min(note.sizeBefore, note.at + note.before.length),
      );
      const touched: number[] = [];
      for (let at = Math.floor(note.at / SECTOR); at * SECTOR < end; at += 1) touched.push(at);
      for (const at of touched) if (!sectors.has(at)) sectors.set(at, [sector(at)]);
      file = made(file, note);
      if (isCut(note)) {
        // It is not lost, so nothing that was beyond is found again.
        for (const at of touched) {
          if (at * SECTOR >= note.sizeAfter) sectors.set(at, [sector(at)]);
          else sectors.get(at)?.push(sector(at));
        }
        sizes = [note.sizeAfter];
        continue;
      }
      for (const at of touched) {
        sectors.get(at)?.push(sector(at));
        dirty.add(Math.floor((at * SECTOR) / PAGE));
      }
      if (note.sizeAfter !== sizes.at(-1)) {
        sizes.push(note.sizeAfter);
        resizedSince = true;
      }
      continue;
    }
    if (note.what === 'synced') {
      for (const at of sectors.keys()) {
        if (dirty.has(Math.floor((at * SECTOR) / PAGE))) sectors.set(at, [sector(at)]);
      }
      // What was written again is on disk, and with it a file that is long enough to hold it.
      const held = Math.min(file.length, (Math.max(-1, ...dirty) + 1) * PAGE);
      sizes = resizedSince ? [file.length] : sizes.filter((size) => size >= held);
    }
    dirty.clear();
    resizedSince = false;
  }
  const size = sizes[choose(sizes.length)] ?? before.length;
  const found = resized(file, Math.max(size, file.length));
  for (const [at, versions] of sectors) {
    const version = versions[choose(versions.length)];
    version?.copy(found, at * SECTOR, 0, Math.max(0, found.length - at * SECTOR));
  }
  return found.subarray(0, size);
}
