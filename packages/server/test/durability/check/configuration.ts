/**
 * The records of a collection as registers: each change raises the collection's
 * revision by one, so revisions put all changes in one order.
 *
 * 1. That order agrees with time: what was asked for after an answer has a higher revision.
 * 2. Whoever reads at a revision reads, of every record, what was written last up to it: no change
 *    that was acknowledged is lost, none that was refused is seen, none is seen early.
 * 3. Reads never go back.
 * 4. A change that names a revision is made only right after it; it is refused for that only when the
 *    collection was at another.
 */
import type { RecordKind } from '../history/format.js';
import { type Call, type Calls, groupBy, type OkCall } from './calls.js';

const STALE = 412;

type Write = Call<'write'>;

export class Configuration {
  readonly problems: string[] = [];
  readonly #calls: Calls;

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  check(): void {
    const writes = groupBy(this.#calls.of('write'), ({ ask }) => ask.kind);
    const lists = groupBy(this.#calls.done('list'), ({ ask }) => ask.kind);
    for (const kind of new Set([...writes.keys(), ...lists.keys()])) {
      this.#checkKind(kind, writes.get(kind) ?? [], lists.get(kind) ?? []);
    }
  }

  #checkKind(kind: RecordKind, writes: readonly Write[], lists: readonly OkCall<'list'>[]): void {
    const done = writes.filter((write): write is OkCall<'write'> => write.outcome === 'ok');
    this.#checkRevisions(kind, done, lists);
    this.#checkConditions(kind, writes, done, lists);
    this.#checkValues(kind, writes, done, lists);
  }

  /** 1 and 3. */
  #checkRevisions(
    kind: RecordKind,
    done: readonly OkCall<'write'>[],
    lists: readonly OkCall<'list'>[],
  ): void {
    const twins = groupBy(done, ({ answer }) => answer.revision);
    for (const [revision, [one, other]] of twins) {
      if (one !== undefined && other !== undefined) {
        this.#wrong(
          kind,
          `calls ${one.number} and ${other.number} were both acknowledged as revision ${revision}`,
        );
      }
    }
    const known = [...done, ...lists].sort((a, b) => a.end - b.end);
    for (const later of known) {
      const writes = later.ask.do === 'write';
      for (const before of known) {
        if (before.end >= later.start) break;
        const goesBack = writes
          ? before.answer.revision >= later.answer.revision
          : before.answer.revision > later.answer.revision;
        if (!goesBack) continue;
        this.#wrong(
          kind,
          `call ${later.number} (${later.ask.do}) has revision ${later.answer.revision}; call ${before.number}, which was over before, had ${before.answer.revision}`,
        );
        break;
      }
    }
  }

  /** 4. */
  #checkConditions(
    kind: RecordKind,
    writes: readonly Write[],
    done: readonly OkCall<'write'>[],
    lists: readonly OkCall<'list'>[],
  ): void {
    for (const write of writes) {
      const { ifRevision } = write.ask;
      if (write.outcome === 'ok') {
        if (ifRevision !== undefined && write.answer.revision !== ifRevision + 1) {
          this.#wrong(
            kind,
            `call ${write.number} was to be done at revision ${ifRevision}, and was done as ${write.answer.revision}`,
          );
        }
        continue;
      }
      if (write.outcome !== 'refused' || write.status !== STALE) continue;
      if (ifRevision === undefined) {
        this.#wrong(kind, `call ${write.number} named no revision, and was refused for it`);
        continue;
      }
      // Somebody else may have written until then, or the revision was never the right one.
      const all: readonly Call[] =
        kind === 'users' ? [...writes, ...this.#calls.of('reset')] : writes;
      const others = all.some(
        (other) =>
          other !== write &&
          other.outcome !== 'refused' &&
          other.start < write.end &&
          other.until > this.#seenAt(ifRevision, done, lists),
      );
      if (!others && this.#seenAt(ifRevision, done, lists) < write.start) {
        this.#wrong(
          kind,
          `call ${write.number} was refused as stale at revision ${ifRevision}, after which nobody wrote`,
        );
      }
    }
  }

  /** When the collection was last known to be at a revision. */
  #seenAt(
    revision: number,
    done: readonly OkCall<'write'>[],
    lists: readonly OkCall<'list'>[],
  ): number {
    const seen = [...done, ...lists].filter(({ answer }) => answer.revision === revision);
    return Math.max(-1, ...seen.map(({ start }) => start));
  }

  /** 2, record by record. */
  #checkValues(
    kind: RecordKind,
    writes: readonly Write[],
    done: readonly OkCall<'write'>[],
    lists: readonly OkCall<'list'>[],
  ): void {
    const stamps = new Map(
      writes.flatMap((write) =>
        write.ask.value === null ? [] : [[write.ask.value.stamp, write] as const],
      ),
    );
    const ids = new Set([
      ...done.map(({ answer }) => answer.record),
      ...lists.flatMap(({ answer }) => Object.keys(answer.stamps).map(Number)),
    ]);
    for (const id of ids) {
      const own = done.filter(({ answer }) => answer.record === id);
      const seen = lists.map((list) => ({
        revision: list.answer.revision,
        value: list.answer.stamps[id] ?? null,
        call: list as Call,
      }));
      const written = own.map((write) => ({
        revision: write.answer.revision,
        value: write.ask.value?.stamp ?? null,
        call: write as Call,
      }));
      this.#checkRecord(kind, id, written, seen, writes, stamps);
    }
  }

  #checkRecord(
    kind: RecordKind,
    id: number,
    written: readonly ReadScope[],
    seen: readonly ReadScope[],
    writes: readonly Write[],
    stamps: ReadonlyMap<string, Write>,
  ): void {
    // At one revision, what was written comes before what is read.
    const all = [...written, ...seen].sort(
      (a, b) => a.revision - b.revision || (a.call.ask.do === 'write' ? -1 : 1),
    );
    const over = new Set<string | null>();
    let current: ReadScope | null = null;
    for (const readScope of all) {
      const { value, call } = readScope;
      const what = `record ${id} is ${say(value)} at revision ${readScope.revision} in call ${call.number}`;
      if (call.ask.do !== 'write') {
        const write = value === null ? undefined : stamps.get(value);
        if (write?.outcome === 'refused')
          this.#wrong(kind, `${what}, which was refused in call ${write.number}`);
        if (write !== undefined && write.start > call.end)
          this.#wrong(kind, `${what}, before call ${write.number} asked for it`);
      }
      if (current !== null && value !== current.value) {
        const before = `call ${current.call.number} ${current.call.ask.do === 'write' ? 'made' : 'found'} it ${say(current.value)} at revision ${current.revision}`;
        const goesBack = value !== null && over.has(value);
        const unexplained =
          call.ask.do !== 'write' &&
          (current.revision === readScope.revision ||
            !this.#mayBe(value, id, writes, call, current));
        if (goesBack || unexplained) this.#wrong(kind, `${what}; ${before}`);
        over.add(current.value);
      }
      current = readScope;
    }
  }

  /** Whether a change that nobody knows the end of may have made it so after it was as it was. */
  #mayBe(
    value: string | null,
    id: number,
    writes: readonly Write[],
    read: Call,
    current: ReadScope,
  ): boolean {
    return writes.some(
      ({ ask, outcome, start, until }) =>
        outcome === 'unknown' &&
        (value === null ? ask.value === null && ask.record === id : ask.value?.stamp === value) &&
        start < read.end &&
        until > (current.call.ask.do === 'write' ? current.call.start : 0),
    );
  }

  #wrong(kind: RecordKind, what: string): void {
    this.problems.push(`${kind}: ${what}`);
  }
}

/** What a record was at a revision; null: there was none. */
interface ReadScope {
  readonly revision: number;
  readonly value: string | null;
  readonly call: Call;
}

function say(value: string | null): string {
  return value === null ? 'not there' : `"${value}"`;
}
