/**
 * Reads XML from strangers. What could hurt is refused before the parser sees it (DOCTYPE, entities,
 * floods of character references) or bounded after it (depth, attributes, elements); references are
 * resolved here, not by the parser.
 */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { placeOf } from './place.js';
import { isRecord } from './values.js';
import { visible } from './visible-text.js';
import { isXmlChar } from './xml-text.js';

/** What an XML document may hold at most. */
export const XML_LIMITS = {
  depth: 32,
  attributesPerElement: 64,
  elements: 2_000,
  /** Comments, CDATA sections and the like. */
  otherMarkup: 1_000,
  characterReferences: 1_000,
} as const;

/**
 * The content of the root element as JSON has it: attributes under `@name`, children under their
 * names (an array when a name repeats), text beside them under `$`; an element with only text is
 * that text.
 */
export type XmlResult =
  | { readonly ok: true; readonly root: string; readonly value: unknown }
  | { readonly ok: false; readonly message: string };

/** Reads one XML document. Never throws. */
export function parseXml(text: string): XmlResult {
  try {
    refuseDangerous(text);
    const found = XMLValidator.validate(text);
    if (found !== true) {
      const { msg, line, col } = found.err;
      throw new Refusal(`The XML is malformed at line ${line}, column ${col}: ${shown(msg)}`);
    }
    // The validator overlooks text behind a root element without content.
    if (!text.trimEnd().endsWith('>')) {
      throw new Refusal('The XML is malformed: text stands behind the root element.');
    }
    return convert(PARSER.parse(text));
  } catch (error) {
    const message =
      error instanceof Refusal
        ? error.message
        : `The XML cannot be read: ${error instanceof Error ? shown(error.message) : 'unknown reason'}`;
    return { ok: false, message };
  }
}

/** What the parser says names elements as they were sent: shortened, with nothing hidden in it. */
function shown(message: string): string {
  return visible(message.length > 200 ? `${message.slice(0, 197)}...` : message);
}

const PARSER = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  cdataPropName: '#cdata',
  maxNestedTags: XML_LIMITS.depth + 1,
});

/** Why a document is not read. */
class Refusal extends Error {}

function refuseDangerous(text: string): void {
  const declaration = /<!\s*(?:DOCTYPE|ENTITY)/i.exec(text);
  if (declaration !== null) {
    throw new Refusal(
      `A DOCTYPE or entity declaration is not accepted (${placeOf(text, declaration.index)}); send the document without it.`,
    );
  }
  // An element has one or two of them: what has more is not even parsed.
  if (count(text, '<') > 2 * XML_LIMITS.elements + XML_LIMITS.otherMarkup) {
    throw new Refusal(`The XML has more than ${XML_LIMITS.elements} elements.`);
  }
  const references = count(text, '&#');
  if (references > XML_LIMITS.characterReferences) {
    throw new Refusal(
      `The XML has ${references} numeric character references; ${XML_LIMITS.characterReferences} are allowed. Send the characters themselves.`,
    );
  }
}

function count(text: string, part: string): number {
  let found = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) found += 1;
  return found;
}

const REFERENCE = /&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]+));|&/gi;

const NAMED: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

function resolve(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(REFERENCE, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) {
      const char = NAMED.get(name);
      if (char === undefined) throw new Refusal(`The XML uses the unknown entity ${shown(whole)}.`);
      return char;
    }
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    if (!isXmlChar(code)) {
      throw new Refusal(`The XML has ${whole.slice(0, 12)}, which is no character of XML 1.0.`);
    }
    return String.fromCodePoint(code);
  });
}

/** A node as the parser gives it: one key with its children, and attributes under `:@`. */
type Node = Readonly<Record<string, unknown>>;

function convert(parsed: unknown): XmlResult {
  const isLayout = (node: Node) => String(node['#text'] ?? '-').trim() === '';
  const roots = nodesOf(parsed).filter((node) => !isLayout(node));
  const root = roots[0];
  if (root === undefined || roots.length > 1 || nameOf(root).startsWith('#')) {
    throw new Refusal(`The XML must have one root element, and nothing beside it.`);
  }
  const budget = { elements: XML_LIMITS.elements };
  const name = nameOf(root);
  return { ok: true, root: name, value: contentOf(root, name, 1, budget) };
}

function contentOf(node: Node, name: string, depth: number, budget: { elements: number }): unknown {
  if (depth > XML_LIMITS.depth) {
    throw new Refusal(
      `The XML nests deeper than ${XML_LIMITS.depth} elements, at <${shown(name)}>.`,
    );
  }
  budget.elements -= 1;
  if (budget.elements < 0) {
    throw new Refusal(`The XML has more than ${XML_LIMITS.elements} elements.`);
  }
  const content = new Map<string, unknown>(attributesOf(node, name));
  let text = '';
  for (const child of nodesOf(node[name])) {
    const childName = nameOf(child);
    if (childName === '#text') text += resolve(String(child['#text']));
    else if (childName === '#cdata')
      text += nodesOf(child['#cdata'])
        .map((each) => each['#text'])
        .join('');
    else add(content, childName, contentOf(child, childName, depth + 1, budget));
  }
  if (content.size === 0) return text;
  // Between child elements white space is only layout.
  const layout = [...content.keys()].some((key) => !key.startsWith('@')) && text.trim() === '';
  if (text !== '' && !layout) content.set('$', text);
  return Object.fromEntries(content);
}

function attributesOf(node: Node, name: string): [string, string][] {
  const attributes = node[':@'];
  if (!isRecord(attributes)) return [];
  const entries = Object.entries(attributes);
  if (entries.length > XML_LIMITS.attributesPerElement) {
    throw new Refusal(
      `<${shown(name)}> has ${entries.length} attributes; ${XML_LIMITS.attributesPerElement} are allowed.`,
    );
  }
  return entries.map(([key, value]) => [`@${key}`, resolve(String(value))]);
}

function add(content: Map<string, unknown>, name: string, value: unknown): void {
  const before = content.get(name);
  if (before === undefined) content.set(name, value);
  else if (Array.isArray(before)) before.push(value);
  else content.set(name, [before, value]);
}

function nodesOf(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function nameOf(node: Node): string {
  return Object.keys(node).find((key) => key !== ':@') ?? '#text';
}
