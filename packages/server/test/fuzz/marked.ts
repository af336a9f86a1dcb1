/** Bodies whose every text holds a word by which it is found again, wherever it may get to. */
import type { AnyDocument } from '@parley/protocol';

/** In no source, and of letters that every alphabet of ids and names allows. */
export const WORD = 'kanarienvogel';

/** Names of servers that an account's administrators have set: operators read which one failed. */
const HOSTS = ['host'];

/** What must be one of a few, or be there: with the word instead, little is stored of the rest. */
const EXPLICIT = [
  ...['type', 'grant_type', 'skill', 'agent', 'site', 'language', 'lang', 'timeZone'],
  ...['hotkey', 'origins', 'answer'],
];

type Container = Record<string, unknown>;

/**
 * The body with the word in every text of it that may be another, and in fields nobody asked for.
 * @param texts in all of them, or but for those that must name something
 */
export function marked(document: AnyDocument, body: unknown, texts: 'all' | 'free'): unknown {
  const whole: Container = { body: structuredClone(body) };
  const fits = () => document.read(whole['body']).ok;
  const kept = texts === 'all' ? HOSTS : [...HOSTS, ...EXPLICIT];
  let count = 0;
  const mark = (container: Container): void => {
    for (const [key, value] of Object.entries(container)) {
      if (kept.includes(key)) continue;
      if (typeof value === 'object' && value !== null) mark(value as Container);
      if (typeof value !== 'string') continue;
      // Each is another: names and values are often there but once.
      count += 1;
      replace(container, key, `${WORD}${count}`, fits);
    }
    if (container === whole || Array.isArray(container)) return;
    container[WORD] = { [WORD]: [WORD] };
    if (!fits()) Reflect.deleteProperty(container, WORD);
  };
  mark(whole);
  return whole['body'];
}

/** In the first form that the document reads: plain, or as the field may ask for it. */
function replace(container: Container, key: string, word: string, fits: () => boolean): void {
  const before = container[key];
  const address = `https://shop.example.com/${word}?${word}`;
  const plain = [word, `${word}@shop.example.com`];
  const forms = /^https?:/.test(String(before)) ? [address, ...plain] : [...plain, address];
  for (const form of forms) {
    container[key] = form;
    if (fits()) return;
  }
  container[key] = before;
}

/** How many values of a body are spoilt, spread over it. */
const MAX_SPOILT = 4;

/** The body a few times, each with one value in it of a type that it cannot be. */
export function faulty(body: unknown): readonly unknown[] {
  const { length } = valuesIn({ body });
  const times = Math.min(length, MAX_SPOILT);
  return Array.from({ length: times }, (_, time) => {
    const whole: Container = { body: structuredClone(body) };
    const [container, key] = valuesIn(whole)[Math.floor((time * length) / times)] ?? [
      whole,
      'body',
    ];
    container[key] = typeof container[key] === 'string' ? { [WORD]: WORD } : `${WORD}\u0000`;
    return whole['body'];
  });
}

/** Everything in it, at any depth, by where it is. */
function valuesIn(container: Container): readonly (readonly [Container, string])[] {
  return Object.entries(container).flatMap(([key, value]) => [
    [container, key] as const,
    ...(typeof value === 'object' && value !== null ? valuesIn(value as Container) : []),
  ]);
}
