import { isNode, lineAt, literalText, parseSource, walk } from './source.mjs';

/** @typedef {import('./source.mjs').Node} Node */
/** @typedef {import('./source.mjs').SourceError} SourceError */

/**
 * One import of a file, of values or of types. `specifier` is undefined when the name is computed.
 * @typedef {{ line: number, specifier: string | undefined }} Import
 */

/**
 * Finds everything a file imports, re-exports, requires or names in an import type.
 * @param {string} file its name says the language
 * @param {string} text
 * @returns {Import[]} in source order
 * @throws {SourceError} when the file does not parse
 */
export function findImports(file, text) {
  /** @type {Import[]} */
  const found = [];
  walk(parseSource(file, text), (node) => {
    const source = importedFrom(node);
    if (source === undefined) return;
    found.push({ line: lineAt(text, node.start), specifier: literalText(source) });
  });
  return found;
}

/**
 * The part of a node that names a module, if the node is an import of some kind.
 * @param {Node} node
 * @returns {unknown}
 */
function importedFrom(node) {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return node.source;
    case 'ExportNamedDeclaration':
      return node.source ?? undefined;
    case 'TSExternalModuleReference':
      return node.expression;
    case 'CallExpression':
      return isNode(node.callee, 'Identifier') && node.callee.name === 'require'
        ? firstArgument(node)
        : undefined;
    default:
      return undefined;
  }
}

/**
 * Finds where a file reads the clock or draws random numbers by itself.
 * @param {string} file
 * @param {string} text
 * @returns {{ line: number, what: string }[]} in source order
 */
export function findAmbient(file, text) {
  /** @type {{ line: number, what: string }[]} */
  const found = [];
  walk(parseSource(file, text), (node) => {
    const what = ambientUse(node);
    if (what !== undefined) found.push({ line: lineAt(text, node.start), what });
  });
  return found;
}

const ambientMembers = new Set(['Date.now', 'Math.random', 'performance.now']);

/**
 * @param {Node} node
 * @returns {string | undefined}
 */
function ambientUse(node) {
  if (node.type === 'MemberExpression') {
    const { object, property } = node;
    if (!isNode(object, 'Identifier') || !isNode(property, 'Identifier')) return undefined;
    const name = `${object.name}.${property.name}`;
    return object.name === 'crypto' || ambientMembers.has(name) ? name : undefined;
  }
  if (node.type !== 'NewExpression' && node.type !== 'CallExpression') return undefined;
  const isDate = isNode(node.callee, 'Identifier') && node.callee.name === 'Date';
  if (!isDate) return undefined;
  if (node.type === 'CallExpression') return 'Date()';
  return firstArgument(node) === undefined ? 'new Date()' : undefined;
}

/**
 * @param {Node} call
 * @returns {unknown}
 */
function firstArgument(call) {
  return Array.isArray(call.arguments) ? call.arguments[0] : undefined;
}
