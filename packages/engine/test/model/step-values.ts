/** What steps of a story stand for: opening hours, addresses, visitors, filled surveys. */
import type { OpeningHours, VisitorFacts, Weekday } from '@parley/engine';
import { agent, NOTHING_KNOWN, type Setup, TWO_SKILLS } from '../account.js';
import type { Staff, Step } from './steps.js';

const WEEKDAYS: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7];

/** The first half of each hour. */
export const HALF_THE_TIME = WEEKDAYS.flatMap((weekday) =>
  Array.from({ length: 24 }, (_, n) => ({ weekday, from: 60 * n, to: 60 * n + 30 })),
);

export const HOURS: Readonly<Record<(Step & { do: 'hours' })['open'], OpeningHours | null>> = {
  always: null,
  'half the time': {
    days: HALF_THE_TIME,
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

export function visitorOf({
  from,
  visit,
  visitor,
  language,
}: Step & { do: 'request' }): VisitorFacts {
  return {
    ...NOTHING_KNOWN,
    ...(language == null ? {} : { language }),
    ...(from === undefined ? {} : { ip: addressOf(from) }),
    ...(typeof visit === 'number' ? { sharkSessionId: `visit-${visit}` } : {}),
    ...(typeof visitor === 'number' ? { sharkVisitorId: `visitor-${visitor}` } : {}),
  };
}

export function filled(answer: string) {
  const answers = [{ questionId: 1, label: 'Are you satisfied?', values: [answer] }];
  return { surveyId: 1, title: 'How was it?', answers };
}

/** The account the story begins with. */
export function setupOf(staff: readonly Staff[]): Setup {
  const users = staff.map((facts, index) => agent(index + 1, facts));
  const skills = TWO_SKILLS.map((skill) => ({ ...skill, answerLimit: 30 }));
  return { users, skills };
}
