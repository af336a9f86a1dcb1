// Reads TypeScript and JavaScript sources as syntax trees, for the checks of this folder. The
// parser is the one that Vite, which Vitest runs on, brings along: it costs no further package.
import { parseSync } from 'vite';

/**
 * A node of an ESTree syntax tree; which further fields it has depends on `type`.
 * @typedef {{ type: string, start: number, end: number, [field: string]: unknown }} Node
 */

/** A source file that does not parse. Its message says where and why. */
export class SourceError extends Error {}

/**
 * Parses a source file.
 * @param {string} file its name says the language (.ts, .mts, .tsx, .js, .mjs)
 * @param {string} text
 * @returns {Node} the program
 * @throws {SourceError}
 */
export function parseSource(file, text) {
  const { program, errors } = parseSync(file, text);
  const [error] = errors;
  if (error !== undefined) {
    const at = error.labels[0]?.start ?? 0;
    throw new SourceError(
      `${file}:${lineAt(text, at)}: does not parse: ${error.message}. What to do: correct the syntax.`,
    );
  }
  return /** @type {Node} */ (/** @type {unknown} */ (program));
}

/**
 * Lets a check go on when one file of many does not parse: that becomes one of its problems.
 * @template T
 * @param {string[]} problems where the message goes
 * @param {() => T[]} read parses a file
 * @returns {T[]} what was read; nothing if the file did not parse
 */
export function readOrReport(problems, read) {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    problems.push(error.message);
    return [];
  }
}

/**
 * Calls `visit` for a node and everything below it, in source order.
 * @param {Node} node
 * @param {(node: Node) => void} visit
 */
export function walk(node, visit) {
  visit(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) walk(child, visit);
    }
  }
}

/**
 * Says whether a value is a syntax node (of the given type).
 * @param {unknown} value
 * @param {string} [type]
 * @returns {value is Node}
 */
export function isNode(value, type) {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  return typeof value.type === 'string' && (type === undefined || value.type === type);
}

/**
 * The text of a string literal or of a template without placeholders; undefined for anything else.
 * @param {unknown} node
 * @returns {string | undefined}
 */
export function literalText(node) {
  if (isNode(node, 'Literal')) return typeof node.value === 'string' ? node.value : undefined;
  if (isNode(node, 'TSLiteralType')) return literalText(node.literal);
  if (!isNode(node, 'TemplateLiteral')) return undefined;
  const parts = templateParts(node);
  return parts.length === 1 ? parts[0] : undefined;
}

/**
 * The fixed parts of a template literal, without its placeholders.
 * @param {Node} template
 * @returns {string[]}
 */
export function templateParts(template) {
  const quasis = /** @type {{ value: { cooked?: string, raw: string } }[]} */ (template.quasis);
  return quasis.map(({ value }) => value.cooked ?? value.raw);
}

/**
 * The line, from 1, of a place in a text.
 * @param {string} text
 * @param {number} offset
 * @returns {number}
 */
export function lineAt(text, offset) {
  return text.slice(0, offset).split('\n').length;
}
