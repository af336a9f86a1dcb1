/** The administration: a list of its pages, and the page that the address names. */
import type { Administration } from '@parley/client/administration';
import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { ErrorText } from '../parts/small.js';
import { messageOf } from '../state/messages.js';
import type { AdminTextId } from '../texts/admin/en.js';
import { useServices } from '../view/workspace-context.js';
import { WithTexts } from '../view/with-texts.js';
import styles from './admin.module.css';
import { AppKeysPage } from './app-keys.js';
import { AuditPage } from './audit.js';
import { AdministrationContext, useAdminTexts } from './context.js';
import { Loading } from './loading.js';
import { SectionPage } from './section-page.js';
import { SECTIONS } from './sections.js';
import { SettingsPage } from './settings.js';
import { SurveysPage } from './surveys.js';

const PAGES: readonly { readonly id: string; readonly title: AdminTextId }[] = [
  ...SECTIONS.slice(0, 3),
  { id: 'keys', title: 'keys.title' },
  { id: 'surveys', title: 'surveys.title' },
  ...SECTIONS.slice(3),
  { id: 'settings', title: 'settings.title' },
  { id: 'audit', title: 'audit.title' },
];

/** Loaded when somebody opens it: agents who never do get nothing of it. */
export function Admin() {
  const { adminTexts } = useServices();
  const [texts, setTexts] = useState<Readonly<Record<string, string>> | null>(null);
  useEffect(() => {
    void adminTexts().then(setTexts);
  }, [adminTexts]);
  if (texts === null) return null;
  return (
    <WithTexts texts={texts}>
      <Connected />
    </WithTexts>
  );
}

function Connected() {
  const { controller } = useServices();
  const [administration, setAdministration] = useState<Administration | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    let shown = true;
    controller.administration().then(
      (found) => shown && setAdministration(found),
      (failure: unknown) => shown && setError(failure),
    );
    return () => {
      shown = false;
    };
  }, [controller]);
  return (
    <div className={styles['admin']}>
      <Navigation />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keyboard too, where nothing in it takes the focus */}
      <main id="admin" className={styles['content']} tabIndex={0}>
        {error !== null && <ErrorText>{messageOf(error)}</ErrorText>}
        {error === null && administration === null && <Loading />}
        {administration !== null && (
          <AdministrationContext.Provider value={administration}>
            <Shown />
          </AdministrationContext.Provider>
        )}
      </main>
    </div>
  );
}

/** What the address names: `/admin/{page}/{record}`. */
function useShown(): { readonly page: string; readonly chosen: string | null } {
  const [path] = useLocation();
  const [, , page, chosen] = path.split('/');
  return { page: page || 'users', chosen: chosen === undefined || chosen === '' ? null : chosen };
}

function Shown() {
  const { page, chosen } = useShown();
  const section = SECTIONS.find(({ id }) => id === page);
  if (section !== undefined) return <SectionPage key={page} section={section} chosen={chosen} />;
  if (page === 'keys') return <AppKeysPage chosen={chosen} />;
  if (page === 'surveys') return <SurveysPage chosen={chosen} />;
  if (page === 'settings') return <SettingsPage />;
  return <AuditPage />;
}

function Navigation() {
  const say = useAdminTexts();
  const { page } = useShown();
  const [, go] = useLocation();
  return (
    <nav className={styles['nav']} aria-label={say('admin.title')}>
      {/* There is no room beside a page on phones: one is chosen instead. */}
      <select
        aria-label={say('admin.title')}
        value={page}
        onChange={({ target }) => go(`/admin/${target.value}`)}
      >
        {PAGES.map(({ id, title }) => (
          <option key={id} value={id}>
            {say(title)}
          </option>
        ))}
      </select>
      {PAGES.map(({ id, title }) => (
        <a key={id} href={`#/admin/${id}`} aria-current={page === id ? 'page' : undefined}>
          {say(title)}
        </a>
      ))}
    </nav>
  );
}
