/** The commands of a page in their order, and what is to be pasted before and after them. */
import type { OpenApi } from '../openapi.js';
import { type Described, operationsOf } from '../pages/operations-of.js';
import { type Command, commandOf } from './curl.js';
import { type Recipe, recipeFor, type Variable } from './recipes.js';

/** Lines to paste, and what they are for. */
export interface Block {
  readonly words: string;
  readonly text: string;
}

export interface PageCommand {
  readonly described: Described;
  /** What it needs and nothing before it on the page has made. */
  readonly before: Block | null;
  readonly command: Command;
}

export interface PageCommands {
  /** What all of the page needs. */
  readonly first: Block;
  readonly operations: readonly PageCommand[];
  /** What takes back what was made; null when nothing is left. */
  readonly after: Block | null;
}

/** The commands of the chapter of that title. */
export function pageCommands(api: OpenApi, title: string): PageCommands {
  const commands = operationsOf(api, title).map((described) => ({
    described,
    command: commandOf(api, described),
  }));
  const spent = new Set(commands.flatMap(({ command }) => command.spends));
  const made = new Set<Variable>();
  const head = withNeeds(
    commands.flatMap(({ command }) => command.needs),
    made,
  ).filter((name) => recipeFor(name).first && dependsOn(name).every((each) => !spent.has(each)));
  const first = blockOf(['API', ...head.filter((name) => name !== 'API')]);
  for (const name of ['API', ...head]) made.add(name);
  const left = [...head];

  const operations = commands.map(({ described, command }) => {
    const missing = withNeeds(command.needs, made);
    for (const name of missing) made.add(name);
    left.push(...missing);
    for (const name of command.spends) {
      made.delete(name);
      const at = left.lastIndexOf(name);
      if (at >= 0) left.splice(at, 1);
    }
    return { described, command, before: missing.length === 0 ? null : blockOf(missing) };
  });

  const undone = left.toReversed().flatMap((name) => recipeFor(name).after ?? []);
  const after =
    undone.length === 0
      ? null
      : {
          words: 'When you are done: this removes what the commands created',
          text: undone.join('\n\n'),
        };
  return { first, operations, after };
}

/** What is missing of these, and of what they need, in an order that works. */
function withNeeds(wanted: readonly Variable[], made: ReadonlySet<Variable>): Variable[] {
  const found: Variable[] = [];
  const add = (name: Variable): void => {
    if (made.has(name) || found.includes(name)) return;
    for (const each of recipeFor(name).needs) add(each);
    found.push(name);
  };
  for (const name of wanted) add(name);
  return found;
}

function dependsOn(name: Variable): Variable[] {
  return [name, ...recipeFor(name).needs.flatMap(dependsOn)];
}

function blockOf(names: readonly Variable[]): Block {
  const recipes = names.map((name): Recipe => recipeFor(name));
  return {
    words: recipes.map(({ words }) => words).join('; '),
    text: recipes.map(({ text }) => text).join('\n\n'),
  };
}
