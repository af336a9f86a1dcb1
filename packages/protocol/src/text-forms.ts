/**
 * Texts that must be more than short enough: each form has one function, which brings a text into the
 * form it is kept in, or says what is wrong with it.
 */
import { keptName, nameProblem } from './names.js';

/** What a text of a schema is, beside a text. */
export type TextForm = 'name';

/** The text as it is kept, or what it must be, as `must …`. */
export type FormResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: string };

/** Reads a text that a client sent. */
export function readForm(form: TextForm, text: string): FormResult {
  switch (form) {
    case 'name': {
      const kept = keptName(text);
      const problem = nameProblem(kept);
      return problem === null ? { ok: true, text: kept } : { ok: false, problem };
    }
    default:
      return form satisfies never;
  }
}
