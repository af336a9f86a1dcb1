/** What the pages of the administration are made of: sections of records, and the fields of a form. */
import type { Administration, Collection } from '@parley/client/administration';
import type { AdminTextId } from '../texts/admin/en.js';

/** A record, as the API answers it. */
export type Item = Readonly<Record<string, unknown>> & { readonly id: number };

/** One text of canned content. */
export interface Translation {
  readonly language: string;
  readonly text: string;
  readonly title?: string;
}

/** Hours of a day of the week, as `HH:mm`. */
export interface WeekHours {
  readonly weekday: string;
  readonly from: string;
  readonly to: string;
}

/** What must have been answered before the chat. */
export interface GivenAnswer {
  readonly questionId: number;
  readonly answer: string;
}

export type FieldValue =
  | string
  | number
  | boolean
  | readonly number[]
  | readonly string[]
  | readonly Translation[]
  | readonly WeekHours[]
  | readonly GivenAnswer[];

/** What stands in a form, by the name of the field. */
export type Form = Readonly<Record<string, FieldValue>>;

/** Records that others refer to by id. */
export type LookupName = 'skills' | 'agentGroups' | 'cannedCategories' | 'users' | 'questions';

export interface Choice {
  readonly value: number | string;
  readonly text: string;
}

export type Lookups = Readonly<Record<LookupName, readonly Choice[]>>;

interface FieldBase {
  readonly name: string;
  readonly label: AdminTextId;
  readonly hint?: AdminTextId;
  /** Shown only where a record is made, or only where one is changed. */
  readonly only?: 'new' | 'existing';
}

export type FieldSpec = FieldBase &
  (
    | {
        readonly kind: 'text';
        readonly max: number;
        readonly required?: boolean;
        /** What it is offered, though another text may stand there. */
        readonly suggests?: 'timeZones' | 'languages';
      }
    | { readonly kind: 'lines'; readonly max: number }
    | { readonly kind: 'password' }
    | { readonly kind: 'number'; readonly min: number; readonly max: number }
    | { readonly kind: 'switch' }
    | {
        readonly kind: 'choice';
        readonly choices: readonly LabelledChoice[] | LookupName;
        readonly none?: AdminTextId;
      }
    | { readonly kind: 'many'; readonly choices: readonly LabelledChoice[] | LookupName }
    | { readonly kind: 'list'; readonly placeholder: string }
    | { readonly kind: 'translations' }
    | { readonly kind: 'hours' }
    | { readonly kind: 'answers' }
  );

export interface LabelledChoice {
  readonly value: number | string;
  readonly label: AdminTextId;
}

/** What a cell of the table says: a text, or a state with its mark. */
export type Cell = string | { readonly state: 'on' | 'off'; readonly label: AdminTextId };

export interface Column {
  readonly head: AdminTextId;
  readonly cell: (item: Item, lookups: Lookups, say: (id: AdminTextId) => string) => Cell;
  /** Left out where there is little room. */
  readonly wide?: true;
}

export type Records = Collection<Record<string, unknown>, Record<string, unknown>>;

export interface Section {
  readonly id: string;
  readonly title: AdminTextId;
  readonly add: AdminTextId;
  readonly explains: AdminTextId;
  readonly records: (administration: Administration) => Records;
  readonly name: (item: Item) => string;
  readonly columns: readonly Column[];
  readonly fields: readonly FieldSpec[];
  /** What a form begins with: of a record, or of a new one. */
  readonly form: (item: Item | null) => Form;
  /** What is sent, of the fields that differ. */
  readonly change: (fields: Form) => Record<string, unknown>;
  readonly lookups: readonly LookupName[];
}

/** The fields of `form` that differ from `before`. */
export function changed(before: Form, form: Form): Form {
  return Object.fromEntries(
    Object.entries(form).filter(([name, value]) => !same(before[name], value)),
  );
}

export function same(one: FieldValue | Form | undefined, other: FieldValue | Form | undefined) {
  return JSON.stringify(one) === JSON.stringify(other);
}
