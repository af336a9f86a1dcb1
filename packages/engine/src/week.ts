/** Days of the week, and parts of them. */

/** Monday is 1, Sunday is 7. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** A part of a day, in minutes from local midnight: from `from` on, and before `to` (at most 1440). */
export interface OpenSpan {
  readonly from: number;
  readonly to: number;
}
