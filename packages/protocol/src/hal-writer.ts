/**
 * Writes canonical values as HAL (`application/hal+json`).
 *
 * What Parley's HAL looks like: the content of the document stands at the top level, without the
 * root key that JSON and XML have, because HAL's own `_links` belong to the resource itself. A
 * document whose content is one value (a number, a word, a list) keeps its root key, since HAL needs
 * an object. Resources inside a resource stay where they are and keep their own `_links`. Lists are
 * arrays without wrappers, numbers are numbers, instants are ISO 8601 in UTC.
 */
import type { Link } from './annotations.js';
import type { ObjectShape, Shape } from './shape.js';
import { withoutHarm } from './links.js';
import { writtenForm } from './text-forms.js';
import { own } from './values.js';

/** The writer of a document of this shape; `name` is used where the content is not an object. */
export function halWriter(shape: Shape, name: string): (value: unknown) => string {
  const wrap = shape.kind !== 'object' && shape.kind !== 'choice';
  return (value) => {
    const content = hal(shape, value);
    return JSON.stringify(wrap ? { [name]: content } : content);
  };
}

function hal(shape: Shape, value: unknown): unknown {
  switch (shape.kind) {
    case 'text':
      return shape.instant === 'iso' ? utc(String(value)) : writtenForm(shape.form, String(value));
    case 'number':
      if (shape.noneAsNull && value === 0) return null;
      return shape.instant === 'epoch-ms' ? utc(Number(value)) : value;
    case 'number-or-text':
      return shape.instant === 'iso' && typeof value === 'string' ? utc(value) : value;
    case 'boolean':
      return value;
    case 'free':
      return withoutHarm(value, shape.from);
    case 'list':
      return (value as readonly unknown[]).map((each) => hal(shape.member, each));
    case 'object':
      return halObject(shape, value as object);
    case 'choice': {
      const branch = shape.branches.get(String(own(value as object, shape.by)));
      return branch === undefined ? value : halObject(branch.shape, value as object);
    }
    default:
      return shape satisfies never;
  }
}

function halObject(shape: ObjectShape, value: object): Record<string, unknown> {
  const found: Link[] = [];
  const rest: Record<string, unknown> = {};
  for (const field of shape.fields) {
    const content = own(value, field.name);
    if (content === undefined) continue;
    if (holdsLinks(field.shape)) found.push(...linksIn(content));
    else rest[field.place === 'text' ? 'value' : field.name] = hal(field.shape, content);
  }
  return found.length === 0 ? rest : { _links: byRelation(found), ...rest };
}

/** Whether this is a link or a list of links: HAL gathers them under `_links`. */
export function holdsLinks(shape: Shape): boolean {
  return (
    (shape.kind === 'object' && shape.link) ||
    (shape.kind === 'list' && shape.member.kind === 'object' && shape.member.link)
  );
}

function linksIn(content: unknown): readonly Link[] {
  return Array.isArray(content) ? (content as readonly Link[]) : [content as Link];
}

/** A relation that occurs once holds its link; one that repeats holds an array of them. */
function byRelation(links: readonly Link[]): Record<string, unknown> {
  const relations = new Map<string, { href: string }[]>();
  for (const { href, rel } of links) {
    const same = relations.get(rel);
    if (same === undefined) relations.set(rel, [{ href }]);
    else same.push({ href });
  }
  return Object.fromEntries(
    [...relations].map(([rel, same]) => [rel, same.length === 1 ? same[0] : same]),
  );
}

function utc(time: string | number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString();
}
