/** The description for clients that speak JSON alone: what most generators make good code from. */
import { isRecord } from './pages/is-record.js';
import type { Components, OpenApi } from './openapi.js';

const JSON_TYPE = 'application/json';

/** The one way to authorize that generated clients cannot go. */
const SIGNATURE = 'signature';

const INTRODUCTION = `
This description has JSON only, so that a generator makes one type of each body and answer. The server speaks XML and HAL too, and takes requests that are signed (OAuth 1.0a): \`/openapi.json\` describes all of it.
`.trim();

/** The same operations with JSON as the only representation. */
export function jsonOnly(api: OpenApi): OpenApi {
  const { [SIGNATURE]: _, ...securitySchemes } = api.components.securitySchemes;
  const reduced = reduce(api) as OpenApi;
  return {
    ...reduced,
    info: { ...api.info, description: `${INTRODUCTION}\n\n${api.info.description}` },
    components: used(reduced.paths, { ...reduced.components, securitySchemes }),
  };
}

/** Without other media types, and without alternatives that ask for a signature. */
function reduce(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reduce);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).flatMap(([key, inside]) => {
    if (key === 'security' && Array.isArray(inside)) {
      return [[key, inside.filter((each) => !Object.hasOwn(each, SIGNATURE))] as const];
    }
    if (!isContent(key, inside)) return [[key, reduce(inside)] as const];
    // What has no JSON form, as lines have none, stays what it is.
    const { [JSON_TYPE]: json } = inside;
    return [[key, json === undefined ? reduce(inside) : { [JSON_TYPE]: reduce(json) }] as const];
  });
  return Object.fromEntries(entries);
}

/** Whether it is the content of a body or an answer, not a property of that name. */
function isContent(key: string, inside: unknown): inside is Readonly<Record<string, unknown>> {
  return (
    key === 'content' && isRecord(inside) && Object.keys(inside).some((type) => type.includes('/'))
  );
}

/** The components that anything in the paths leads to. */
function used(paths: OpenApi['paths'], components: Components): Components {
  const wanted = new Set<string>();
  const look = (value: unknown): void => {
    for (const [, kind = '', name = ''] of JSON.stringify(value).matchAll(POINTER)) {
      const place = `${kind}/${name}`;
      if (wanted.has(place)) continue;
      wanted.add(place);
      const all: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { ...components };
      look(all[kind]?.[name] ?? null);
    }
  };
  look(paths);
  const kept = <T>(kind: string, all: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(all).filter(([name]) => wanted.has(`${kind}/${name}`)));
  return {
    schemas: kept('schemas', components.schemas),
    responses: kept('responses', components.responses),
    parameters: kept('parameters', components.parameters),
    examples: kept('examples', components.examples),
    headers: kept('headers', components.headers),
    securitySchemes: components.securitySchemes,
  };
}

const POINTER = /"\$ref":"#\/components\/(\w+)\/([^"]+)"/g;
