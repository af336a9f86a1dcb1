/**
 * Reads the XML that servers answer: elements, attributes, text, CDATA and references. Strict about
 * being well-formed, because clients' parsers are; anything else (DTDs, namespaces) is not answered
 * by a server that keeps to the contract.
 */

export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** The text directly inside, without that of the children. */
  readonly text: string;
}

const NAME = '[A-Za-z_][\\w.:-]*';
const TOKEN = new RegExp(
  [
    '<!--[\\s\\S]*?-->',
    '<!\\[CDATA\\[([\\s\\S]*?)\\]\\]>',
    `</(${NAME})\\s*>`,
    `<(${NAME})((?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(/?)>`,
    '([^<]+)',
  ].join('|'),
  'y',
);
const ATTRIBUTE = new RegExp(`(${NAME})\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'g');
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

interface Open {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  text: string;
}

/** @throws Error saying where it is not well-formed. */
export function parseXml(source: string): XmlElement {
  const document: Open = { name: '', attributes: new Map(), children: [], text: '' };
  const open: Open[] = [document];
  TOKEN.lastIndex = /^\uFEFF?(?:<\?xml[^>]*\?>)?/.exec(source)?.[0].length ?? 0;
  while (TOKEN.lastIndex < source.length) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(source);
    if (found === null) throw new Error(`not well-formed at character ${at}`);
    const [, cdata, closed, opened, attributes = '', empty, text] = found;
    const inside = open.at(-1) ?? document;
    if (cdata !== undefined) inside.text += cdata;
    else if (text !== undefined) inside.text += resolve(text, at);
    else if (opened !== undefined) {
      const element: Open = {
        name: opened,
        attributes: readAttributes(attributes, at),
        children: [],
        text: '',
      };
      inside.children.push(element);
      if (empty === '') open.push(element);
    } else if (closed !== undefined) {
      if (open.length < 2 || inside.name !== closed) {
        throw new Error(`</${closed}> closes <${inside.name}> at character ${at}`);
      }
      open.pop();
    }
  }
  const [root, second] = document.children;
  if (open.length > 1) throw new Error(`<${open.at(-1)?.name}> is never closed`);
  if (root === undefined || second !== undefined || document.text.trim() !== '') {
    throw new Error('there must be one root element and nothing beside it');
  }
  return root;
}

function readAttributes(source: string, at: number): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', double, single] of source.matchAll(ATTRIBUTE)) {
    if (attributes.has(name)) throw new Error(`attribute ${name} stands twice at character ${at}`);
    attributes.set(name, resolve(double ?? single ?? '', at));
  }
  return attributes;
}

function resolve(text: string, at: number): string {
  return text.replaceAll(
    /&(#x[0-9a-fA-F]+|#\d+|\w+)?;?/g,
    (reference, name: string | undefined) => {
      const known = name === undefined ? undefined : NAMED[name];
      const complete = reference.endsWith(';');
      if (complete && known !== undefined) return known;
      if (complete && name?.startsWith('#')) {
        const code = name.startsWith('#x') ? `0${name.slice(1)}` : name.slice(1);
        return String.fromCodePoint(Number(code));
      }
      throw new Error(`"${reference}" is no reference at character ${at}`);
    },
  );
}

/** The children of a name. */
export function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** The first element down a path of names, like `events/event`; undefined when there is none. */
export function elementAt(element: XmlElement, path: string): XmlElement | undefined {
  return path
    .split('/')
    .reduce<XmlElement | undefined>(
      (inside, name) => inside?.children.find((child) => child.name === name),
      element,
    );
}
