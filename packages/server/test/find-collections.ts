/**
 * Finds the collections of a source that live longer than a call, by its syntax tree: what a class
 * holds in a field, what a module holds, what a literal that is given out holds, and what the closures
 * hold that a function gives out. A collection is a Map or Set, an array that is changed, and an object
 * that is assigned to by a computed key. A WeakMap holds nothing, and a table that its file never
 * changes is no memory.
 */

/** What is used of a node of the compiler's tree. */
interface Node {
  readonly kind: number;
  readonly parent: Node;
  readonly name?: Node;
  readonly type?: Node;
  readonly initializer?: Node;
  readonly expression?: Node;
  readonly argumentExpression?: Node;
  readonly arguments?: readonly Node[];
  readonly elements?: readonly Node[];
  readonly left?: Node;
  readonly right?: Node;
  readonly operatorToken?: Node;
  readonly body?: Node;
  getText(): string;
}

/** Kinds of nodes that are looked for. */
type KindName =
  | 'ArrayLiteralExpression'
  | 'ArrowFunction'
  | 'AsExpression'
  | 'BinaryExpression'
  | 'Block'
  | 'CallExpression'
  | 'Constructor'
  | 'ElementAccessExpression'
  | 'EqualsToken'
  | 'FirstAssignment'
  | 'FunctionDeclaration'
  | 'FunctionExpression'
  | 'GetAccessor'
  | 'Identifier'
  | 'LastAssignment'
  | 'MethodDeclaration'
  | 'NewExpression'
  | 'ObjectLiteralExpression'
  | 'ParenthesizedExpression'
  | 'PropertyAccessExpression'
  | 'PropertyAssignment'
  | 'PropertyDeclaration'
  | 'ReturnStatement'
  | 'SatisfiesExpression'
  | 'SetAccessor'
  | 'ThisKeyword'
  | 'VariableDeclaration';

/** What is used of the compiler. */
export interface Compiler {
  readonly SyntaxKind: Readonly<Record<KindName, number>>;
  readonly ScriptTarget: { readonly Latest: number };
  createSourceFile(name: string, text: string, target: number, parents: boolean): Node;
  forEachChild(node: Node, visit: (child: Node) => void): void;
}

/** Methods that change a collection. */
const CHANGES = new Set(['set', 'add', 'delete', 'clear', 'push', 'unshift', 'splice', 'pop']);
CHANGES.add('shift').add('sort').add('reverse').add('fill').add('copyWithin');

/**
 * Finds them.
 * @param ts the compiler
 * @param text a TypeScript source
 * @returns the name of each: of its field, variable or property, once
 */
export function findCollections(ts: Compiler, text: string): readonly string[] {
  const kinds = ts.SyntaxKind;
  const source = ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest, true);
  const nodes = within(ts, source);
  const functions = new Set(
    (
      [
        'FunctionDeclaration',
        'FunctionExpression',
        'ArrowFunction',
        'MethodDeclaration',
        'Constructor',
        'GetAccessor',
        'SetAccessor',
      ] as const
    ).map((kind) => kinds[kind]),
  );
  const changed = changedNames(nodes, kinds);
  const found = new Set<string>();

  for (const node of nodes) {
    if (node.kind === kinds.PropertyDeclaration) {
      if (isMemory(node.name, node.initializer, node.type)) found.add(nameOf(node.name));
    } else if (node.kind === kinds.BinaryExpression) {
      const { left, right } = node;
      const assigned = node.operatorToken?.kind === kinds.EqualsToken;
      const own = left?.expression?.kind === kinds.ThisKeyword;
      if (assigned && own && isMemory(left?.name, right)) found.add(nameOf(left?.name));
    } else if (node.kind === kinds.VariableDeclaration) {
      if (!isMemory(node.name, node.initializer, node.type)) continue;
      const home = functionOf(node);
      if (home === undefined || isGivenOut(home, nameOf(node.name))) found.add(nameOf(node.name));
    } else if (node.kind === kinds.PropertyAssignment) {
      if (isMemory(node.name, node.initializer)) found.add(nameOf(node.name));
    }
  }
  return [...found];

  /** Whether a name holds a collection that is filled. */
  function isMemory(name: Node | undefined, value: Node | undefined, type?: Node): boolean {
    const made = bare(value);
    const isChanged = changed.has(nameOf(name));
    const typed = type?.getText() ?? '';
    if (made?.kind === kinds.NewExpression) {
      const maker = made.expression?.getText();
      if (maker === 'Array') return isChanged;
      if (maker !== 'Map' && maker !== 'Set') return false;
      // What is made empty is there to be filled, if by another file.
      const isEmpty = (made.arguments ?? []).length === 0;
      return isChanged || (isEmpty && !/^Readonly(?:Map|Set)</u.test(typed));
    }
    if (made?.kind === kinds.ArrayLiteralExpression) return isChanged;
    if (made?.kind === kinds.ObjectLiteralExpression) return changed.has(`${nameOf(name)}[]`);
    const collection = /^(?:Map|Set|Array)<|\[\]$|^Record</u.test(typed);
    if (!collection) {
      return made?.kind === kinds.CallExpression && /^Object\.create\(/u.test(made.getText())
        ? changed.has(`${nameOf(name)}[]`)
        : false;
    }
    return isChanged || changed.has(`${nameOf(name)}[]`);
  }

  /** The value without `as`, `satisfies` and brackets. */
  function bare(value: Node | undefined): Node | undefined {
    let node = value;
    const around = [kinds.AsExpression, kinds.SatisfiesExpression, kinds.ParenthesizedExpression];
    while (node !== undefined && around.includes(node.kind)) node = node.expression;
    return node;
  }

  function functionOf(node: Node): Node | undefined {
    let outer: Node | undefined = node.parent;
    while (outer !== undefined && !functions.has(outer.kind)) outer = outer.parent;
    return outer;
  }

  /** Whether a function that `home` returns, by itself or in an object, uses the variable. */
  function isGivenOut(home: Node, variable: string): boolean {
    const inner = within(ts, home).filter((node) => node !== home);
    const own = inner.filter((node) => functionOf(node) === home);
    const results = own
      .filter((node) => node.kind === kinds.ReturnStatement)
      .flatMap(({ expression }) => bare(expression) ?? []);
    const concise = bare(home.body);
    if (concise !== undefined && concise.kind !== kinds.Block) results.push(concise);
    const seen = new Set<Node>();
    return results.some((result) => holds(result));

    /** Whether what is given out lets the variable live on. */
    function holds(given: Node): boolean {
      if (functions.has(given.kind)) return uses(given);
      if (given.kind === kinds.Identifier) {
        const named = own.find(
          (node) =>
            (node.kind === kinds.FunctionDeclaration || node.kind === kinds.VariableDeclaration) &&
            nameOf(node.name) === given.getText(),
        );
        const value = named?.kind === kinds.VariableDeclaration ? bare(named.initializer) : named;
        const isHeld =
          value?.kind === kinds.ObjectLiteralExpression ||
          (value !== undefined && functions.has(value.kind));
        return isHeld && value !== undefined && holds(value);
      }
      if (given.kind !== kinds.ObjectLiteralExpression) return false;
      return children(given).some((member) => {
        if (functions.has(member.kind)) return uses(member);
        const value = bare(member.initializer ?? member.name);
        return value !== undefined && holds(value);
      });
    }

    /** Whether a function names the variable, or another function of `home` that does. */
    function uses(given: Node): boolean {
      if (seen.has(given)) return false;
      seen.add(given);
      const names = new Set(
        within(ts, given)
          .filter(({ kind }) => kind === kinds.Identifier)
          .map((node) => node.getText()),
      );
      if (names.has(variable)) return true;
      return own.some((node) => {
        const value = node.kind === kinds.VariableDeclaration ? bare(node.initializer) : node;
        const isOther =
          value !== undefined && functions.has(value.kind) && names.has(nameOf(node.name));
        return isOther && uses(value);
      });
    }
  }

  function children(node: Node): Node[] {
    const list: Node[] = [];
    ts.forEachChild(node, (child) => {
      list.push(child);
    });
    return list;
  }
}

/** A node and all below it. */
function within(ts: Compiler, top: Node): Node[] {
  const list: Node[] = [];
  const visit = (node: Node) => {
    list.push(node);
    ts.forEachChild(node, visit);
  };
  visit(top);
  return list;
}

/** Names that are changed somewhere: `name`, or `name[]` where it is by a computed key. */
function changedNames(nodes: readonly Node[], kinds: Compiler['SyntaxKind']): Set<string> {
  const changed = new Set<string>();
  for (const node of nodes) {
    if (node.kind === kinds.CallExpression) {
      const method = node.expression;
      if (method?.kind === kinds.PropertyAccessExpression && CHANGES.has(nameOf(method.name))) {
        changed.add(lastName(method.expression));
      }
    } else if (node.kind === kinds.BinaryExpression) {
      const { left, operatorToken } = node;
      const kind = operatorToken?.kind ?? 0;
      const isAssigned = kind >= kinds.FirstAssignment && kind <= kinds.LastAssignment;
      if (!isAssigned) continue;
      if (left?.kind === kinds.ElementAccessExpression) {
        const name = lastName(left.expression);
        changed.add(name).add(`${name}[]`);
      } else if (left?.kind === kinds.PropertyAccessExpression && nameOf(left.name) === 'length') {
        changed.add(lastName(left.expression));
      }
    }
  }
  return changed;
}

/** The last name of `a.b.c`, with what stands around it (`?.`, `!`) left out. */
function lastName(node: Node | undefined): string {
  if (node === undefined) return '';
  if (node.name !== undefined) return nameOf(node.name);
  const text = node.getText();
  return /^\w+$/u.test(text) || node.expression === undefined ? text : lastName(node.expression);
}

function nameOf(node: Node | undefined): string {
  return node?.getText() ?? '';
}
