/**
 * Reads the XML that servers answer: elements, attributes, text, CDATA and references. Strict about
 * being well-formed, because clients' parsers are: the library reads, and what it overlooks is refused
 * here. A DTD is not answered by a server that keeps to the contract.
 */
import { XMLParser, XMLValidator } from 'fast-xml-parser';

export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** The text directly inside, without that of the children. */
  readonly text: string;
}

const ATTRIBUTES = ':@';
const TEXT = '#text';
const CDATA = '#cdata';

const PARSER = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  attributesGroupName: false,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  // It would leave references that there are not as they are.
  processEntities: false,
  ignoreDeclaration: true,
  textNodeName: TEXT,
  cdataPropName: CDATA,
});

/** Whatever XML 1.0 does not count as a character. */
const NO_CHARACTER = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** As the parser gives it: one key with what is inside, and attributes under `:@`. */
type Node = Readonly<Record<string, unknown>>;

/** @throws Error saying where it is not well-formed. */
export function parseXml(source: string): XmlElement {
  const odd = source.search(NO_CHARACTER);
  if (odd >= 0) throw new Error(`no character of XML stands at character ${odd}`);
  const doctype = source.search(/<!DOCTYPE/i);
  if (doctype >= 0) throw new Error(`a document type stands at character ${doctype}`);
  const found = XMLValidator.validate(source);
  if (found !== true) {
    const { msg, line, col } = found.err;
    throw new Error(`not well-formed at line ${line}, column ${col}: ${msg}`);
  }
  const [root, ...beside] = nodesOf(PARSER.parse(source)).filter((node) => !isBlank(node));
  if (root === undefined || beside.length > 0 || nameOf(root).startsWith('#')) {
    throw new Error('there must be one root element and nothing beside it');
  }
  // The library overlooks what stands behind a root element without content.
  if (!/>\s*$/.test(source)) throw new Error('text stands behind the root element');
  return elementOf(root);
}

function elementOf(node: Node): XmlElement {
  const name = nameOf(node);
  const inside = nodesOf(node[name]);
  const children = inside.filter((each) => !nameOf(each).startsWith('#')).map(elementOf);
  const attributes = Object.entries(node[ATTRIBUTES] ?? {}).map(
    ([key, value]) => [key, resolve(String(value), '<')] as const,
  );
  return { name, attributes: new Map(attributes), children, text: inside.map(textOf).join('') };
}

/** The text that a node is; nothing of an element. */
function textOf(node: Node): string {
  if (node[TEXT] !== undefined) return resolve(String(node[TEXT]), ']]>');
  return nodesOf(node[CDATA])
    .map((each) => String(each[TEXT]))
    .join('');
}

function isBlank(node: Node): boolean {
  return String(node[TEXT] ?? '-').trim() === '';
}

function nameOf(node: Node): string {
  return Object.keys(node).find((key) => key !== ATTRIBUTES) ?? TEXT;
}

function nodesOf(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value : [];
}

const REFERENCE = /&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|(amp|lt|gt|quot|apos));|&/gi;
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

/**
 * @param forbidden what must not stand here as it is
 * @throws Error when it does, or there is an ampersand that begins no reference to a character.
 */
function resolve(text: string, forbidden: string): string {
  if (text.includes(forbidden)) throw new Error(`"${text}" must not have ${forbidden} as it is`);
  return text.replace(REFERENCE, (_, hex?: string, decimal?: string, name?: string) => {
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    const char = name === undefined ? charOf(code) : NAMED[name];
    if (char !== undefined) return char;
    throw new Error(`"${text}" has an ampersand that begins no reference`);
  });
}

/** The character of a code, if XML 1.0 has it. */
function charOf(code: number): string | undefined {
  if (Number.isNaN(code) || code > 0x10_ffff) return undefined;
  const char = String.fromCodePoint(code);
  return NO_CHARACTER.test(char) ? undefined : char;
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
