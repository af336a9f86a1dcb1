/** What the gallery shows of the administration: it stands beside no server, but has an account's settings. */
import type {
  Administration,
  ConfiguredSettings,
  MailTestDocument,
} from '@parley/client/administration';
import type { ReactNode } from 'react';
import { AdministrationContext } from '../admin/context.js';
import { MailTestView } from '../admin/mail-test.js';
import { OpeningHours } from '../admin/opening-hours.js';
import { WorkspacePages } from '../admin/workspace-pages.js';
import type { Entry } from './entries.js';
import { LONG_NAME } from './fixtures.js';

const SKILLS = [
  { id: 11, name: 'Sales' },
  { id: 12, name: LONG_NAME },
];

/** Answers what these views ask for. */
const ADMINISTRATION = {
  skills: { list: async () => ({ items: SKILLS }) },
} as unknown as Administration;

const SETTINGS = {
  workspacePages: [
    { title: 'Orders', url: 'https://orders.example/', skillIds: [11], roles: ['agent'] },
    { title: LONG_NAME, url: `https://crm.example/${'a'.repeat(120)}`, skillIds: [], roles: [] },
  ],
  openingHours: {
    days: [
      { weekday: 'Monday', from: '09:00', to: '12:00' },
      { weekday: 'Monday', from: '13:00', to: '24:00' },
    ],
    holidays: [{ date: '2026-12-25' }, { date: '2026-12-31', from: '09:00', to: '12:00' }],
  },
} as ConfiguredSettings;

const nothing = () => {};

function within(view: ReactNode): ReactNode {
  return <AdministrationContext value={ADMINISTRATION}>{view}</AdministrationContext>;
}

const settings = { revision: '"1"', onSaved: nothing };
const tested = (result: Omit<MailTestDocument, 'to'>) =>
  within(
    <MailTestView
      state={{ is: 'done', result: { to: 'admin1@example.com', ...result } }}
      onTest={nothing}
    />,
  );

export const ADMINISTRATION_ENTRIES: readonly Entry[] = [
  {
    name: 'administration, pages of others',
    view: within(<WorkspacePages settings={SETTINGS} {...settings} />),
  },
  {
    name: 'administration, no pages of others',
    view: within(<WorkspacePages settings={{} as ConfiguredSettings} {...settings} />),
  },
  {
    name: 'administration, opening hours',
    view: within(<OpeningHours settings={SETTINGS} {...settings} />),
  },
  {
    name: 'administration, mail test',
    view: within(<MailTestView state={{ is: 'idle' }} onTest={nothing} />),
  },
  {
    name: 'administration, mail test under way',
    view: within(<MailTestView state={{ is: 'busy' }} onTest={nothing} />),
  },
  { name: 'administration, test mail accepted', view: tested({ outcome: 'accepted' }) },
  {
    name: 'administration, test mail refused',
    view: tested({ outcome: 'refused', reason: `550 ${'no-such-mailbox-'.repeat(5)}` }),
  },
  {
    name: 'administration, mail test failed',
    view: within(
      <MailTestView
        state={{ is: 'failed', message: 'Too many test mails: try again in 9 minutes.' }}
        onTest={nothing}
      />,
    ),
  },
];
