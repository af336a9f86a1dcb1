// Finds uses of the clock and of chance, which sources of pure packages do without.
import { isNode, lineAt, parseSource, walk } from './source.mjs';

/** @typedef {import('./source.mjs').Node} Node */

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
