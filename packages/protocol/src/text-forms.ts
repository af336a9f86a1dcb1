/**
 * Texts that must be more than short enough: each form has one function, which brings a text into the
 * form it is kept in, or says what is wrong with it.
 */
import { type LinkKind, linkOrNull, readLink } from './links.js';
import { keptName, nameProblem } from './names.js';
import { quoted } from './visible-text.js';

/**
 * What a text of a schema is, beside a text. `own-address` is one that this server makes; `origin` is
 * `scheme://host[:port]`, perhaps with a wildcard, or `*`: whoever keeps it knows which of these it
 * may be, and checks the rest as the address of a page.
 */
export type TextForm = 'name' | 'mail-address' | 'own-address' | 'origin' | LinkKind;

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
    case 'mail-address': {
      const kept = keptName(text);
      if (isMailAddress(kept)) return { ok: true, text: kept };
      const problem = `must be a mail address such as ann@example.com, got ${quoted(text)}`;
      return { ok: false, problem };
    }
    case 'origin':
    case 'own-address':
      return { ok: true, text };
    case 'link':
    case 'page':
    case 'picture':
    case 'endpoint':
      return readLink(form, text);
    default:
      return form satisfies never;
  }
}

/**
 * A text of the form as it is written: an address from before addresses were checked is not written
 * when it leads where it may not.
 */
export function writtenForm(form: TextForm | undefined, text: string): string {
  switch (form) {
    case 'link':
    case 'page':
    case 'picture':
    case 'endpoint':
      return linkOrNull(form, text) ?? '';
    default:
      return text;
  }
}

/** One plain address: nothing that would be a list, a comment, a display name or a further header. */
export const MAIL_ADDRESS =
  '^[^\\s@<>"(),:;\\\\\\[\\]\\u0000-\\u001f\\u007f]{1,64}@[A-Za-z0-9\\u00a1-\\uffff]([A-Za-z0-9.\\u00a1-\\uffff-]*[A-Za-z0-9\\u00a1-\\uffff])?$';

const MAIL_ADDRESS_FORM = new RegExp(MAIL_ADDRESS, 'u');

export const MAIL_ADDRESS_MAX = 254;

/** Whether a text is one mail address such as ann@example.com, with nothing hidden in it. */
export function isMailAddress(text: string): boolean {
  return (
    text.length <= MAIL_ADDRESS_MAX && MAIL_ADDRESS_FORM.test(text) && nameProblem(text) === null
  );
}
