/** Pages of the reference as a reader pastes them: their commands into a shell, from the top down. */
import { spawn } from 'node:child_process';
import { type DefaultTreeAdapterMap, parse } from 'parse5';

type Node = DefaultTreeAdapterMap['node'];
type Element = DefaultTreeAdapterMap['element'];

/** Commands that a page shows. */
export interface Shown {
  /** The id of the section they stand in. */
  readonly section: string;
  /** The class of their figure: `first`, `before`, `request` or `after`. */
  readonly kind: string;
  readonly text: string;
  /** What stands below them. */
  readonly note: string;
}

/** What came of commands. */
export interface Pasted extends Shown {
  /** The status of each curl, in order. */
  readonly statuses: readonly number[];
}

/** The commands of a page, in its order. */
export function shownIn(page: string): Shown[] {
  const found: Shown[] = [];
  const walk = (node: Node, section: string): void => {
    const id = attribute(node, 'id');
    const here = id !== '' && isElement(node, 'section') ? id : section;
    const code = isElement(node, 'figure') ? firstOf(node, isShell) : undefined;
    if (code !== undefined) {
      const note = firstOf(node, (each) => attribute(each, 'class') === 'note');
      found.push({
        section: here,
        kind: attribute(node, 'class'),
        text: textOf(code),
        note: note === undefined ? '' : textOf(note),
      });
    }
    for (const each of childrenOf(node)) walk(each, here);
  };
  walk(parse(page), '');
  return found;
}

/** Pastes them into one shell, bash unless `PARLEY_SHELL` names another, in order, with the address of a server in the demo's place. */
export async function paste(
  all: readonly Shown[],
  demo: string,
  server: string,
): Promise<Pasted[]> {
  const script = [
    // Every curl says its status, apart from what it answers.
    `curl() { command curl -w '%{stderr}\\n@status %{http_code}\\n' "$@"; }`,
    ...all.flatMap(({ text }) => ["printf '\\n@next\\n' >&2", text.replaceAll(demo, server)]),
  ].join('\n');
  const output = await run(script);
  const parts = output.split('\n@next\n').slice(1);
  return all.map((each, index) => ({
    ...each,
    statuses: [...(parts[index] ?? '').matchAll(/^@status (\d+)$/gm)].map(([, status]) =>
      Number(status),
    ),
  }));
}

/** @returns what the script wrote on stderr */
function run(script: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const bash = spawn(process.env['PARLEY_SHELL'] ?? 'bash', ['-s'], {
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    let output = '';
    bash.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    bash.on('error', reject);
    bash.on('close', () => resolve(output));
    bash.stdin.end(script);
  });
}

function isShell(node: Node): boolean {
  return isElement(node, 'pre') && attribute(node, 'class') === 'shell';
}

function isElement(node: Node, name: string): node is Element {
  return node.nodeName === name;
}

function attribute(node: Node, name: string): string {
  return ('attrs' in node ? node.attrs : []).find((each) => each.name === name)?.value ?? '';
}

function childrenOf(node: Node): readonly Node[] {
  return 'childNodes' in node ? node.childNodes : [];
}

function firstOf(node: Node, fits: (node: Node) => boolean): Node | undefined {
  if (fits(node)) return node;
  for (const each of childrenOf(node)) {
    const found = firstOf(each, fits);
    if (found !== undefined) return found;
  }
  return undefined;
}

function textOf(node: Node): string {
  return 'value' in node ? node.value : childrenOf(node).map(textOf).join('');
}
