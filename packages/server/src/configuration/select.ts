/**
 * Which fields an answer shows: `select=id,name`, `select=$all`, `select=id,memberOf(agentGroupId)`.
 * Fields that there are not are passed over, as the original API does.
 */
import { WireError } from '@parley/protocol';

/** Names of the fields, with those inside of them; null for all. */
export type Selection = ReadonlyMap<string, Selection> | null;

const TOKEN = /\s*([\w$'-]+|[(),])/y;
const LONGEST = 1_000;
const DEEPEST = 5;

/** @throws WireError 400 for a selection whose brackets do not fit, or that is too long. */
export function parseSelection(text: string | undefined): Selection {
  const source = text?.trim() ?? '';
  if (source === '') return null;
  if (source.length > LONGEST) return refuse(source);
  const tokens = tokensOf(source);
  const selection = readFields(tokens, source, 0);
  return tokens.length === 0 ? selection : refuse(source);
}

function tokensOf(source: string): string[] {
  const tokens: string[] = [];
  for (let at = 0; at < source.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(source)?.[1];
    if (token === undefined) return refuse(source);
    tokens.push(token);
  }
  return tokens;
}

function readFields(tokens: string[], source: string, depth: number): Selection {
  if (depth > DEEPEST) return refuse(source);
  const fields = new Map<string, Selection>();
  let all = false;
  for (;;) {
    const name = tokens.shift();
    if (name === undefined || /^[(),]$/.test(name)) return refuse(source);
    let inside: Selection = null;
    if (tokens[0] === '(') {
      tokens.shift();
      inside = readFields(tokens, source, depth + 1);
      if (tokens.shift() !== ')') return refuse(source);
    }
    // The original has names for sets of fields, such as $summary: all fields are no less.
    if (name.startsWith('$')) all = true;
    else fields.set(name, inside);
    if (tokens[0] !== ',') return all ? null : fields;
    tokens.shift();
  }
}

function refuse(source: string): never {
  throw new WireError(
    'invalidQuery',
    `Query parameter select "${source.slice(0, 80)}" is not understood: write $all, or fields such as id,name,memberOf(agentGroupId).`,
  );
}

/** The value with the selected fields only. */
export function pick<T>(value: T, selection: Selection): T {
  if (selection === null || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const members: unknown = value.map((each: unknown) => pick(each, selection));
    return members as T;
  }
  const fields = Object.entries(value).flatMap(([name, field]) => {
    const inside = selection.get(name);
    return inside === undefined ? [] : [[name, pick(field, inside)] as const];
  });
  const picked: unknown = Object.fromEntries(fields);
  return picked as T;
}
