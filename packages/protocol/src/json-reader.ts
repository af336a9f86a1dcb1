/** Reads JSON from strangers: says where it is malformed, bounds its depth, keeps prototypes out. */
import { placeOf } from './place.js';
import { Numeral, PROTOTYPE_KEYS } from './values.js';

/** How deep a JSON body may nest. */
export const JSON_DEPTH = 64;

/** A parsed body, or why it is none. */
export type JsonResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string };

/**
 * Parses a JSON body. An empty text is no body: `undefined`. Never throws. Own keys named
 * `__proto__`, `constructor` or `prototype` are left out. Numbers that would be written otherwise
 * than they were, `19.90` or `12345678901234567890`, are `Numeral`s.
 */
export function parseJson(text: string): JsonResult {
  const source = text.startsWith('\ufeff') ? text.slice(1) : text;
  if (source.trim() === '') return { ok: true, value: undefined };
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    const fault = findFault(source);
    return {
      ok: false,
      message: `The JSON is malformed at ${placeOf(source, fault.index)}: ${fault.reason}.`,
    };
  }
  if (!clean(value, JSON_DEPTH)) {
    return { ok: false, message: `The JSON nests deeper than ${JSON_DEPTH} levels.` };
  }
  return { ok: true, value: OTHERWISE.test(source) ? new ExactReader(source).value() : value };
}

/** Where a number may stand that JavaScript would write otherwise; inside of strings too. */
const OTHERWISE = /(?:^|[[:,\s])-?(?:\d{16}|\d+[.eE]|0(?<=-0))/;

/** Removes the prototype keys in place; false when the value nests too deep. */
function clean(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) return value.every((each) => clean(each, depth - 1));
  for (const key of Object.keys(value)) {
    if (PROTOTYPE_KEYS.has(key)) Reflect.deleteProperty(value, key);
    else if (!clean(Reflect.get(value, key), depth - 1)) return false;
  }
  return true;
}

interface Fault {
  readonly index: number;
  readonly reason: string;
}

const TOKEN =
  /[\t\n\r ]*(?:([{}[\],:])|("(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-]))/y;

/** Reads a text that is known to be JSON, and not too deep, without losing how numbers are written. */
class ExactReader {
  readonly #text: string;
  #index = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(): unknown {
    const token = this.#token();
    if (token === '[') return this.#list();
    if (token === '{') return this.#object();
    return /^[-\d]/.test(token) ? numeral(token) : JSON.parse(token);
  }

  #list(): unknown[] {
    const members: unknown[] = [];
    while (this.#peek() !== ']') {
      members.push(this.value());
      if (this.#peek() === ',') this.#token();
    }
    this.#token();
    return members;
  }

  #object(): Record<string, unknown> {
    const record: Record<string, unknown> = {};
    while (this.#peek() !== '}') {
      const key: string = JSON.parse(this.#token());
      this.#token();
      const value = this.value();
      if (!PROTOTYPE_KEYS.has(key)) record[key] = value;
      if (this.#peek() === ',') this.#token();
    }
    this.#token();
    return record;
  }

  /** The next token. */
  #token(): string {
    const token = this.#peek();
    this.#index = TOKEN.lastIndex;
    return token;
  }

  #peek(): string {
    TOKEN.lastIndex = this.#index;
    return TOKEN.exec(this.#text)?.[0].trimStart() ?? '';
  }
}

function numeral(source: string): number | Numeral {
  const value = Number(source);
  return String(value) === source ? value : new Numeral(source, value);
}

/** What may come next while walking JSON token by token. */
type Expected =
  | 'value'
  | 'value or ]'
  | 'key'
  | 'key or }'
  | ':'
  | ', or ]'
  | ', or }'
  | 'nothing more';

/**
 * Where a text stops being JSON. The engine's own error message has no dependable position, so the
 * text is walked once more; this runs for malformed bodies only.
 */
function findFault(text: string): Fault {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let index = 0;
  for (;;) {
    TOKEN.lastIndex = index;
    const match = TOKEN.exec(text);
    const start = index + (/^[\t\n\r ]*/.exec(text.slice(index))?.[0].length ?? 0);
    if (match === null) {
      const seen = start >= text.length ? 'the end of the text' : unreadable(text, start);
      return { index: start, reason: `expected ${expected}, found ${seen}` };
    }
    const token = match[1] ?? (match[2] === undefined ? 'literal' : 'string');
    const next = step(expected, token, open);
    if (next === undefined) {
      return { index: start, reason: `expected ${expected}, found ${match[1] ?? `a ${token}`}` };
    }
    if (open.length > JSON_DEPTH) {
      return { index: start, reason: `it nests deeper than ${JSON_DEPTH} levels here` };
    }
    expected = next;
    index = TOKEN.lastIndex;
  }
}

function unreadable(text: string, start: number): string {
  const char = String.fromCodePoint(text.codePointAt(start) ?? 0);
  return char === '"' ? 'a string that is not closed or has a bad escape' : JSON.stringify(char);
}

/** What is expected after a token; `undefined` when the token does not belong there. */
function step(expected: Expected, token: string, open: ('{' | '[')[]): Expected | undefined {
  const after = (): Expected => {
    const top = open.at(-1);
    return top === undefined ? 'nothing more' : top === '{' ? ', or }' : ', or ]';
  };
  const close = (): Expected => {
    open.pop();
    return after();
  };
  switch (expected) {
    case 'value':
    case 'value or ]':
      if (token === '{' || token === '[') {
        open.push(token);
        return token === '{' ? 'key or }' : 'value or ]';
      }
      if (token === 'literal' || token === 'string') return after();
      return token === ']' && expected === 'value or ]' ? close() : undefined;
    case 'key':
    case 'key or }':
      if (token === 'string') return ':';
      return token === '}' && expected === 'key or }' ? close() : undefined;
    case ':':
      return token === ':' ? 'value' : undefined;
    case ', or ]':
      return token === ',' ? 'value' : token === ']' ? close() : undefined;
    case ', or }':
      return token === ',' ? 'key' : token === '}' ? close() : undefined;
    case 'nothing more':
      return undefined;
    default:
      return expected satisfies never;
  }
}
