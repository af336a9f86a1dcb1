import { chatsByVisitor } from './chats-by-visitor.js';
import type { Projection } from './projection.js';

/** Every projection, in the order in which they are made. */
export const projections: readonly Projection[] = [chatsByVisitor];

const EVENTS: ReadonlySet<string> = new Set(projections.flatMap(({ types }) => types));

/** Whether any projection is made of events of this type. */
export function isProjected(type: string): boolean {
  return EVENTS.has(type);
}

/** @throws Error when there is none of that name */
export function projectionNamed(name: string): Projection {
  const found = projections.find((projection) => projection.name === name);
  if (found === undefined) throw new Error(`There is no projection ${name}.`);
  return found;
}
