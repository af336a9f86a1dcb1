/** An operation as a command to paste: `curl`, with what the reader has in variables. */
import type { OpenApi, OperationObject, ParameterObject } from '../openapi.js';
import { type Described, resolved } from '../pages/operations-of.js';
import { type Particulars, particularsOf } from './particulars.js';
import type { Variable } from './recipes.js';

/** A command, and what it needs. */
export interface Command {
  readonly text: string;
  /** The variables that must be there. */
  readonly needs: readonly Variable[];
  /** Those that are used up by it. */
  readonly spends: readonly Variable[];
  /** Who sends it: a user of the demo account, a visitor, anybody. */
  readonly as: string;
  readonly status: number;
  /** Why the demo answers something else than what is described first. */
  readonly because: string | null;
}

/** Who may send what, in the demo account. */
const TOKENS: Readonly<Record<string, { readonly header: string; readonly as: string }>> = {
  AGENT_TOKEN: { header: '-H "Authorization: Bearer $AGENT_TOKEN"', as: 'as agent1' },
  ADMIN_TOKEN: { header: '-H "Authorization: Bearer $ADMIN_TOKEN"', as: 'as admin1' },
  KEY: {
    header: '-H "Authorization: LivePerson appKey=$KEY"',
    as: 'as a visitor’s page',
  },
};

/** Other names of what a recipe makes beside its own. */
const MADE_BY: Readonly<Record<string, Variable>> = {
  PARLEY: 'API',
  SID: 'VISITOR',
  LOGIN_NAME: 'USER_ID',
  PARTICIPANT: 'VISIT',
  VISITOR_ID: 'EARLIER',
};

/** What is longer stands in several lines, in characters. */
const ONE_LINE = 56;

/** The command of an operation. */
export function commandOf(api: OpenApi, { path, method, operation }: Described): Command {
  const particulars = particularsOf(method, path);
  const parameters = operation.parameters.map((each) => resolved(api.components.parameters, each));
  const isOpen = operation.security.some((each) => Object.keys(each).length === 0);
  const scheme = isOpen ? '' : Object.keys(operation.security[0] ?? {})[0];
  const token = TOKENS[tokenFor(path, scheme ?? '')];
  const body = bodyLines(api, operation, particulars);
  const options = particulars.options === undefined ? '' : ` ${particulars.options}`;
  const verb = `curl${options}${method === 'get' ? '' : ` -X ${method.toUpperCase()}`}`;
  const to = `"${address(path, parameters, particulars)}"`;
  const text = [
    ...(verb.length + to.length < ONE_LINE ? [`${verb} ${to}`] : [verb, to]),
    ...(token === undefined ? [] : [token.header]),
    ...body,
  ].join(' \\\n  ');
  const named = [...text.matchAll(/\$([A-Z_]+)\b/g)].map(([, name = '']) => MADE_BY[name] ?? name);
  const { needs = [], spends = [], expects } = particulars;
  return {
    text,
    needs: [...new Set([...named.filter((name) => name !== 'RANDOM'), ...needs])],
    spends,
    as: token?.as ?? 'by anybody',
    status: expects?.status ?? Number(Object.keys(operation.responses)[0]),
    because: expects?.because ?? null,
  };
}

const FOR_ADMINISTRATORS = /\/(?:configuration|supervision|routing)\/|\/\{account\}\/visitors\//;

/** Which token goes with it; agents and administrators both have bearers. */
function tokenFor(path: string, scheme: string): string {
  if (scheme === 'appKey') return 'KEY';
  if (scheme !== 'bearer') return '';
  return FOR_ADMINISTRATORS.test(path) ? 'ADMIN_TOKEN' : 'AGENT_TOKEN';
}

function address(
  path: string,
  parameters: readonly ParameterObject[],
  { path: values = {}, query = {} }: Particulars,
): string {
  const filled = path
    .replace(/^\/api\/account\/\{account\}/, '$API')
    .replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
  const versions = parameters.find((each) => each.name === 'v')?.schema['enum'];
  const newest = Array.isArray(versions) ? { v: String(versions.at(-1)) } : {};
  const shown = parameters.flatMap(({ name, example, in: place }) =>
    place === 'query' && example !== undefined ? [[name, String(example)] as const] : [],
  );
  const sent = Object.entries({ ...Object.fromEntries(shown), ...newest, ...query }).map(
    ([name, value]) => `${name}=${value}`,
  );
  const at = filled.startsWith('$API') ? filled : `$PARLEY${filled}`;
  return sent.length === 0 ? at : `${at}?${sent.join('&')}`;
}

/** The body, with the header that says what it is; nothing where none is sent. */
function bodyLines(
  api: OpenApi,
  { requestBody }: OperationObject,
  particulars: Particulars,
): readonly string[] {
  const [first] = Object.values(requestBody?.content['application/json']?.examples ?? {});
  if (first !== undefined) {
    const { value } = resolved(api.components.examples, first);
    return ["-H 'Content-Type: application/json'", `-d '${bodyOf(value, particulars)}'`];
  }
  const table = requestBody?.content['text/csv']?.schema['examples'];
  if (!Array.isArray(table)) return [];
  const rows = adapted(String(table[0]).trimEnd(), particulars);
  return ["-H 'Content-Type: text/csv'", `--data-binary '${rows}'`];
}

/** As it stands between single quotes, with what is particular put in. */
function adapted(text: string, { body = [] }: Particulars): string {
  return body.reduce(
    (done, [pattern, replacement]) => done.replace(pattern, replacement),
    text.replaceAll("'", "'\\''"),
  );
}

function bodyOf(value: unknown, particulars: Particulars): string {
  const compact = adapted(JSON.stringify(value), particulars);
  return compact.length <= ONE_LINE ? compact : indented(compact);
}

/** JSON as `JSON.stringify` indents it, of a text that is not quite JSON any more. */
function indented(compact: string): string {
  let depth = 0;
  const line = (): string => `\n  ${'  '.repeat(depth)}`;
  const text = compact.replaceAll(
    /"(?:[^"\\]|\\.)*"|\[[^[\]{}]{0,40}\]|\{\}|\[\]|[{[]|[}\]]|,|:/g,
    (token: string): string => {
      if (/^(?:"|\{\}|\[.*\])/.test(token)) return token;
      if (token === ':') return ': ';
      if (token === ',') return `,${line()}`;
      if (token === '{' || token === '[') {
        depth += 1;
        return token + line();
      }
      depth -= 1;
      return line() + token;
    },
  );
  return text;
}
