/**
 * Masks what identifies people in recorded chats. The rules are few and stand in docs/recording-chats.md; they
 * find what is written as people write it, and no more: read a recording before you give it away.
 */

/** The same for what is the same, all through a recording. */
export class Mask {
  readonly #names: readonly { readonly pattern: RegExp; readonly instead: string }[];
  /** What stands for what, by kind and text. */
  readonly #known = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  /** Names that somebody said to be theirs, and what stands for them. */
  readonly #said: { readonly pattern: RegExp; readonly instead: string }[] = [];

  /** @param names of the people in the chat, and what each is called instead; the first that fits counts */
  constructor(names: readonly { readonly name: string; readonly instead: string }[]) {
    this.#names = names.flatMap(({ name, instead }) => patternsOf(name, instead));
  }

  /** Names that a text introduces: `My name is …`. For all texts, before the first is masked. */
  learn(text: string): void {
    for (const [, name = ''] of text.matchAll(INTRODUCED)) {
      if (this.#names.some(({ pattern }) => name.replace(pattern, '') === '')) continue;
      this.#said.push(
        ...patternsOf(
          name,
          this.#instead('name', name, (n) => `Name ${n}`),
        ),
      );
    }
  }

  /** The text without what the rules find. */
  text(text: string): string {
    // What stands for something is set aside, so that no later rule looks at it.
    const made: string[] = [];
    const aside = (instead: string) => {
      made.push(instead);
      return String.fromCharCode(FIRST_ASIDE + made.length - 1);
    };
    let masked = text.replace(ASIDE, '?');
    const put = (pattern: RegExp, instead: (found: string) => string | null) => {
      masked = masked.replace(pattern, (found) => {
        const other = made.length < MAX_ASIDE ? instead(found) : MORE;
        return other === null ? found : aside(other);
      });
    };
    put(EMAIL, (found) => this.#instead('mail', found, (n) => `mail${n}@example.com`));
    put(IBAN, (found) => this.#instead('iban', found, (n) => `XX00 0000 0000 ${digits(n, 4)}`));
    put(CARD, (found) =>
      isCard(found) ? this.#instead('card', found, (n) => `0000 0000 0000 ${digits(n, 4)}`) : null,
    );
    put(IP, (found) => this.#instead('ip', found, (n) => `192.0.2.${n}`));
    put(DATE, (found) => found);
    put(PHONE, (found) =>
      isPhone(found) ? this.#instead('phone', found, (n) => `+00 000 ${digits(n, 6)}`) : null,
    );
    for (const street of STREETS) {
      put(street, (found) => this.#instead('street', found, (n) => `${n} Example Street`));
    }
    put(TOWN, (found) => this.#instead('town', found, (n) => `${digits(n, 5)} Exampletown`));
    put(ORDER, (found) => this.#number(found));
    put(LONG_NUMBER, (found) => (YEAR.test(found) ? null : this.#number(found)));
    for (const { pattern, instead } of [...this.#names, ...this.#said]) put(pattern, () => instead);
    return masked.replace(ASIDE, (one) => made[one.charCodeAt(0) - FIRST_ASIDE] ?? '?');
  }

  /** As long as it was, with letters as X. */
  #number(number: string): string {
    return this.#instead('number', number, (n) => {
      const places = number.replace(/\D/g, '').length;
      const counted = [...digits(n, places)];
      return number.replace(/\p{L}|\d/gu, (one) =>
        /\d/.test(one) ? (counted.shift() ?? '0') : 'X',
      );
    });
  }

  #instead(kind: string, found: string, make: (number: number) => string): string {
    const key = `${kind}:${found.toLowerCase().replace(/[\s-]/g, '')}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const number = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, number);
    const made = make(number);
    this.#known.set(key, made);
    return made;
  }
}

/** Characters that mean nothing by themselves: they hold the place of what was masked. */
const ASIDE = /[\ue000-\uf8ff]/g;
const FIRST_ASIDE = 0xe000;
const MAX_ASIDE = 6_000;
/** In a text with more to mask than there are places. */
const MORE = '…';

/** Of a date, a year says nothing of anybody. */
const DATE = /\b(?:19|20)\d\d-\d\d-\d\d\b/g;
const YEAR = /^(?:19|20)\d\d$/;
const EMAIL = /[\p{L}\d._%+-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+/gu;
const IBAN = /\b[A-Z]{2}\d{2}(?:[ ]?[A-Z\d]{4}){2,7}(?:[ ]?[A-Z\d]{1,3})?\b/g;
const CARD = /\b\d(?:[ -]?\d){12,18}\b/g;
const IP = /\b(?:\d{1,3}\.){3}\d{1,3}\b/g;
/** With a prefix, or in groups. */
const PHONE =
  /(?<![\w.])(?:\+|00|\(?0)\d[\d\s()/-]{5,18}\d(?!\w)|(?<![\w.-])\(?\d{3}\)?[ -]\d{3}[ -]\d{4}(?!\w)/g;
const STREETS: readonly RegExp[] = [
  /\b\d{1,5}[a-z]? (?:\p{Lu}[\p{L}'.-]+ ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Way|Square|Sq|Court|Ct|Boulevard|Blvd|Close|Terrace|Place|Pl)\b\.?/gu,
  /(?<!\p{L})(?:\p{Lu}[\p{L}.-]*[ -]){0,2}(?:\p{Lu}[\p{L}-]*)?(?:straße|strasse|str\.|weg|platz|allee|gasse|ufer|damm|Straße|Weg|Platz|Allee) \d{1,4} ?[a-z]?(?!\w)/gu,
  /\b\d{1,4},? (?:rue|avenue|boulevard|place|chemin|impasse)(?: (?:d[eu]|des|la|le))* \p{Lu}[\p{L}'-]+(?: \p{Lu}[\p{L}'-]+)*/gu,
  /(?<!\p{L})(?:[Vv]ia|[Cc]alle|[Pp]laza)(?: (?:del?|la|las|los))* \p{Lu}[\p{L}'-]+(?: \p{Lu}[\p{L}'-]+)*,? \d{1,4}(?!\w)/gu,
];
const TOWN = /\b\d{5} \p{Lu}[\p{L}-]+(?: \p{Lu}[\p{L}-]+)?|\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b/gu;
const ORDER =
  /(?<=(?:order|invoice|booking|customer|ticket|case|tracking|reference|bestellung|bestellnummer|auftrag|rechnung|kundennummer|sendung|commande|facture|pedido|factura)(?:\s+(?:is|no\.?|nr\.?|number|id|nummer|numéro|número))*\s*[:#]?\s*)(?=[\p{L}\d-]*\d)[\p{L}\d][\p{L}\d-]*/giu;
const LONG_NUMBER =
  /(?<![\p{L}\d])(?=[\p{Lu}\d-]*\d{4})[\p{Lu}\d]+(?:-[\p{Lu}\d]+)*(?![\p{L}\d])/gu;
const INTRODUCED =
  /(?<!\p{L})(?:[Mm]y name is|[Mm]y name's|[Ii] am called|[Tt]his is|[Mm]ein Name ist|[Ii]ch heiße|[Ii]ch heisse|[Jj]e m['’]appelle|[Mm]e llamo|[Mm]i chiamo|[Ii]k heet)\s+(\p{Lu}[\p{L}'’-]+(?:\s+\p{Lu}[\p{L}'’-]+){0,2})/gu;

function patternsOf(name: string, instead: string) {
  const words = name
    .trim()
    .split(/\s+/)
    .filter((word) => word.length > 1);
  const whole = words.length > 1 ? [words.map(escaped).join('\\s+')] : [];
  return [...whole, ...words.map(escaped)].map((pattern) => ({
    pattern: new RegExp(`(?<![\\p{L}\\d])${pattern}(?![\\p{L}\\d])`, 'giu'),
    instead,
  }));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** A number of so many places, counted from 1; longer where they do not suffice. */
function digits(number: number, places: number): string {
  return String(number).padStart(places, '0');
}

/** Whether its check digit fits (Luhn). */
function isCard(text: string): boolean {
  const numbers = [...text.replace(/\D/g, '')].reverse().map(Number);
  const sum = numbers.reduce((all, digit, index) => {
    const twice = index % 2 === 1 ? digit * 2 : digit;
    return all + (twice > 9 ? twice - 9 : twice);
  }, 0);
  return sum % 10 === 0;
}

function isPhone(text: string): boolean {
  const count = text.replace(/\D/g, '').length;
  return count >= 7 && count <= 15;
}
