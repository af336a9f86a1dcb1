/** Reading the description: operations of a chapter, and what references point at. */
import type { OpenApi, OpenApiMethod, OperationObject, Ref } from '../openapi.js';
import { type Html, html } from './html.js';

export interface Described {
  readonly path: string;
  readonly method: OpenApiMethod;
  readonly operation: OperationObject;
}

/**
 * The operations with this tag, in the description's order, but for those that delete: each stands
 * behind all that is done with what it deletes, so that a page can be gone through from its top.
 */
export function operationsOf(api: OpenApi, tag: string): Described[] {
  const operations = Object.entries(api.paths).flatMap(([path, item]) =>
    (Object.entries(item) as [OpenApiMethod, OperationObject][])
      .filter(([, operation]) => operation.tags[0] === tag)
      .map(([method, operation]) => ({ path, method, operation })),
  );
  return deletionsLast(operations);
}

function deletionsLast(operations: readonly Described[]): Described[] {
  const ordered = [...operations];
  const deletions = operations
    .filter(({ method }) => method === 'delete')
    .sort((a, b) => b.path.length - a.path.length);
  for (const deletion of deletions) {
    const at = ordered.indexOf(deletion);
    ordered.splice(at, 1);
    const last = ordered.findLastIndex(
      ({ path }) => path === deletion.path || path.startsWith(`${deletion.path}/`),
    );
    ordered.splice(last < 0 ? at : last + 1, 0, deletion);
  }
  return ordered;
}

/** The last part of a reference. */
export function nameOf({ $ref }: Ref): string {
  return $ref.slice($ref.lastIndexOf('/') + 1);
}

/** What a reference points at, or the thing itself. */
export function resolved<T extends object>(from: Readonly<Record<string, T>>, thing: T | Ref): T {
  if (!isRef(thing)) return thing;
  const found = from[nameOf(thing)];
  if (found === undefined) throw new Error(`Nothing is at ${thing.$ref}.`);
  return found;
}

export function isRef(thing: object): thing is Ref {
  return '$ref' in thing;
}

/** The summary as a heading: a sentence without its full stop. */
export function headingOf({ summary }: OperationObject): string {
  return summary.replace(/\.$/, '');
}

export function methodBadge(method: OpenApiMethod): Html {
  return html`<span class="method ${method}">${method.toUpperCase()}</span>`;
}
