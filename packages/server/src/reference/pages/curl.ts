/** An operation as a command to paste: `curl`, with what the reader has in variables. */
import type { OpenApi, ParameterObject } from '../openapi.js';
import { type Described, resolved } from './operations-of.js';

/** The variable of the shell that holds a credential, by security scheme. */
const CREDENTIALS: Readonly<Record<string, string>> = {
  bearer: '-H "Authorization: Bearer $TOKEN"',
  appKey: '-H "Authorization: LivePerson appKey=$KEY"',
};

/** The command, over several lines. */
export function curl(api: OpenApi, { path, method, operation }: Described): string {
  const parameters = operation.parameters.map((each) => resolved(api.components.parameters, each));
  const lines = [
    `curl${method === 'get' ? '' : ` -X ${method.toUpperCase()}`} "$PARLEY${address(path, parameters)}"`,
  ];
  const scheme = Object.keys(operation.security[0] ?? {})[0] ?? '';
  const credential = CREDENTIALS[scheme];
  if (credential !== undefined) lines.push(credential);
  const media = operation.requestBody?.content['application/json'];
  const [first] = Object.values(media?.examples ?? {});
  if (first !== undefined) {
    const { value } = resolved(api.components.examples, first);
    lines.push("-H 'Content-Type: application/json'", `-d '${quoted(JSON.stringify(value))}'`);
  }
  const table = operation.requestBody?.content['text/csv']?.schema['examples'];
  if (Array.isArray(table)) {
    lines.push("-H 'Content-Type: text/csv'", `--data-binary '${quoted(String(table[0]))}'`);
  }
  return lines.join(' \\\n  ');
}

function address(path: string, parameters: readonly ParameterObject[]): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const example = parameters.find((each) => each.name === name)?.example;
    return example === undefined ? whole : String(example);
  });
  const inQuery = parameters.filter((each) => each.in === 'query');
  const names = inQuery.map(({ name }) => name);
  const shown = inQuery.filter(({ example }) => example !== undefined);
  const versions = parameters.find((each) => each.name === 'v')?.schema['enum'];
  const newest = Array.isArray(versions) ? String(versions.at(-1)) : undefined;
  const query = [
    ...shown.map(({ name, example }) => `${name}=${example}`),
    ...(newest === undefined ? [] : [`v=${newest}`]),
    ...(names.includes('NC') ? ['NC=true'] : []),
  ];
  return query.length === 0 ? filled : `${filled}?${query.join('&')}`;
}

function quoted(text: string): string {
  return text.replaceAll("'", `'\\''`);
}
