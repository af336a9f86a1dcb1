/** Names of what forms and tables offer to choose from. */
import type { AdminTextId } from '../texts/admin/en.js';
import type { Choice, LabelledChoice } from './model.js';

/** Names of ids, in the order of the choices. */
export function namesOf(choices: readonly Choice[], wanted: readonly number[]): string {
  const names = choices.filter(({ value }) => wanted.includes(Number(value)));
  return names.map(({ text: name }) => name).join(', ');
}

/** What a value is called; empty for one that is none of the choices. */
export function choiceName(
  choices: readonly LabelledChoice[],
  wanted: unknown,
  say: (id: AdminTextId) => string,
): string {
  const found = choices.find(({ value }) => value === wanted);
  return found === undefined ? '' : say(found.label);
}
