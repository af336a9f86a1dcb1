/** What a check of `parley doctor` found. */
export interface Finding {
  readonly state: 'good' | 'warning' | 'problem';
  /** What was looked at, in two or three words. */
  readonly about: string;
  /** What was found, with the value. */
  readonly found: string;
  /** What to do about it; absent when nothing need be done. */
  readonly remedy?: string;
}

export function good(about: string, found: string): Finding {
  return { state: 'good', about, found };
}

export function warning(about: string, found: string, remedy: string): Finding {
  return { state: 'warning', about, found, remedy };
}

export function problem(about: string, found: string, remedy: string): Finding {
  return { state: 'problem', about, found, remedy };
}
