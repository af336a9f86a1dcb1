/**
 * How names are compared, everywhere: what is trimmed, composed and folded when it is kept is so when
 * it is looked up. One function per kind of name, so that a kind can be compared otherwise one day.
 */

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

/** Mail addresses: servers may tell the case of a local part apart, people never do. */
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

/** Records by name. */
export class NameIndex<T> {
  readonly #key: (name: string) => string;
  readonly #nameOf: (record: T) => string;
  readonly #byKey = new Map<string, readonly T[]>();

  /**
   * @param records in the order in which they were made: of several that are named alike, as there
   *   may be from before names were compared so, the one spelled like the name asked for is found,
   *   else the first
   */
  constructor(records: Iterable<T>, nameOf: (record: T) => string, key: (name: string) => string) {
    this.#key = key;
    this.#nameOf = nameOf;
    for (const record of records) {
      const at = key(nameOf(record));
      this.#byKey.set(at, [...(this.#byKey.get(at) ?? []), record]);
    }
  }

  /** The record of that name, however it is spelled. */
  get(name: string): T | undefined {
    const found = this.#byKey.get(this.#key(name));
    if (found === undefined || found.length === 1) return found?.[0];
    const spelled = name.normalize('NFC').trim();
    return found.find((record) => this.#nameOf(record) === spelled) ?? found[0];
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  values(): readonly T[] {
    return [...this.#byKey.values()].flat();
  }
}
