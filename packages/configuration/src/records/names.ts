/**
 * How names are compared, everywhere: what is trimmed, composed and folded when it is kept is so when
 * it is looked up. One function per kind of name, so that a kind can be compared otherwise one day.
 */

import { SharedMap } from './shared-map.js';

/** Characters that are not shown: names with and without them look the same. */
const NOT_SHOWN = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;

/**
 * Names that look or read the same have one key: case, width, composition, spaces around it and the
 * number of those within, and what is not shown make no difference. (As NFKC_Casefold of Unicode; the
 * full folding, in which `ß` is `ss`, is that of lower, upper and lower case again.)
 */
function fold(name: string): string {
  const folded = name.normalize('NFKC').replace(NOT_SHOWN, '').toLowerCase().toUpperCase();
  return folded.normalize('NFKC').toLowerCase().normalize('NFKC').trim().replace(/\s+/gu, ' ');
}

export const loginNameKey = fold;
export const skillNameKey = fold;
export const groupNameKey = fold;
export const surveyNameKey = fold;
export const contentNameKey = fold;
export const categoryNameKey = fold;
export const reasonTextKey = fold;
export const identityNameKey = fold;
export const ruleNameKey = fold;

/** Mail addresses: servers may distinguish the case of a local part, people never do. */
export const mailAddressKey = fold;

/**
 * A language tag in its one spelling: `de_de` is `de-DE`. What is no tag stays as it came.
 */
export function languageKey(language: string): string {
  const tag = language.trim().replaceAll('_', '-');
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? language;
  } catch {
    return language;
  }
}

/** What can be found by its name. */
interface Numbered {
  readonly id: number;
}

/** Records by name. It is never changed: `with` makes another one. */
export class NameIndex<T extends Numbered> {
  readonly #key: (name: string) => string;
  readonly #nameOf: (record: T) => string;
  /** In the order of their ids, which is the order in which they were made. */
  readonly #byKey: SharedMap<string, readonly T[]>;

  /**
   * Of several that are named alike, as there may be from before names were compared so, the one
   * spelled like the name asked for is found, else the first.
   */
  constructor(
    nameOf: (record: T) => string,
    key: (name: string) => string,
    records: Iterable<T> | SharedMap<string, readonly T[]> = [],
  ) {
    this.#key = key;
    this.#nameOf = nameOf;
    if (records instanceof SharedMap) {
      this.#byKey = records;
      return;
    }
    const byKey = new Map<string, T[]>();
    for (const record of records) {
      const at = key(nameOf(record));
      const alike = byKey.get(at);
      if (alike === undefined) byKey.set(at, [record]);
      else alike.push(record);
    }
    for (const alike of byKey.values()) alike.sort((a, b) => a.id - b.id);
    this.#byKey = SharedMap.of(byKey);
  }

  /** The index without some records, and with others. */
  with(gone: readonly T[], added: readonly T[]): NameIndex<T> {
    const changes = new Map<string, readonly T[]>();
    const at = (record: T) => {
      const key = this.#key(this.#nameOf(record));
      return [key, changes.get(key) ?? this.#byKey.get(key) ?? []] as const;
    };
    for (const record of gone) {
      const [key, alike] = at(record);
      changes.set(
        key,
        alike.filter(({ id }) => id !== record.id),
      );
    }
    for (const record of added) {
      const [key, alike] = at(record);
      const all = [...alike, record].sort((a, b) => a.id - b.id);
      changes.set(key, all);
    }
    const emptied = [...changes].map(
      ([key, alike]) => [key, alike.length === 0 ? undefined : alike] as const,
    );
    return new NameIndex(this.#nameOf, this.#key, this.#byKey.with(emptied));
  }

  /** The record of that name, however it is spelled. */
  get(name: string): T | undefined {
    const found = this.alike(this.#key(name));
    if (found.length <= 1) return found[0];
    const spelled = name.normalize('NFC').trim();
    return found.find((record) => this.#nameOf(record) === spelled) ?? found[0];
  }

  /** All records whose name is compared by this key: one, unless they are of before names were. */
  alike(key: string): readonly T[] {
    return this.#byKey.get(key) ?? [];
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  values(): readonly T[] {
    return [...this.#byKey.values()].flat();
  }
}
