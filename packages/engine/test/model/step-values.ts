/** What steps of a story stand for: opening hours, addresses, visitors, filled surveys. */
import type { OpeningHours, VisitorFacts, Weekday } from '@parley/engine';
import { NOTHING_KNOWN } from '../account.js';
import type { Step } from './steps.js';

const WEEKDAYS: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7];

export const HOURS: Readonly<Record<(Step & { do: 'hours' })['open'], OpeningHours | null>> = {
  always: null,
  'half the time': {
    days: WEEKDAYS.flatMap((weekday) =>
      Array.from({ length: 24 }, (_, n) => ({ weekday, from: 60 * n, to: 60 * n + 30 })),
    ),
    holidays: [],
  },
  // All that stories ever see of it: one minute on Sundays.
  never: { days: [{ weekday: 7, from: 0, to: 1 }], holidays: [] },
};

/** Four networks, two of them of one site. */
const ADDRESSES = ['192.0.2.1', '2001:db8:0:1::7', '2001:db8:0:2::7', '198.51.100.9'];

export function addressOf(number: number): string | null {
  return ADDRESSES[number] ?? null;
}

export function visitorOf({ from, visit, visitor }: Step & { do: 'request' }): VisitorFacts {
  return {
    ...NOTHING_KNOWN,
    ...(from === undefined ? {} : { ip: addressOf(from) }),
    ...(typeof visit === 'number' ? { sharkSessionId: `visit-${visit}` } : {}),
    ...(typeof visitor === 'number' ? { sharkVisitorId: `visitor-${visitor}` } : {}),
  };
}

export function filled(answer: string) {
  const answers = [{ questionId: 1, label: 'Are you satisfied?', values: [answer] }];
  return { surveyId: 1, title: 'How was it?', answers };
}
