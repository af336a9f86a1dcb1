/**
 * The gallery: every state of the views on one page, which tests walk and people look at. It talks to no
 * server. `?dir=rtl`, `?lang=` and `?theme=` choose how it is shown, `?modal` what. What stands over the whole page comes by its
 * button, and goes by Escape.
 */
import { type ReactNode, StrictMode, useEffect, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { IntlProvider } from 'react-intl';
import { Router } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { Button } from '../parts/button.js';
import { Tones } from '../sound/tones.js';
import { WorkspaceController } from '../state/controller.js';
import { createWorkspace, EMPTY, type Workspace } from '../state/model.js';
import '../styles.css';
import { loadTexts, readableTag } from '../texts/index.js';
import { ServicesContext } from '../view/workspace-context.js';
import { WithTexts } from '../view/with-texts.js';
import { ADMINISTRATION_ENTRIES } from './administration.js';
import { ENTRIES, type Entry } from './entries.js';
import { AGENT, CHATS } from './fixtures.js';
import styles from './gallery.module.css';

const query = new URLSearchParams(location.search);
const { locale, texts, admin, board, programs } = await loadTexts(
  [query.get('lang') ?? 'en'].flatMap(readableTag),
);
const boardTexts = await board();
const programTexts = await programs();
const adminTexts = await admin();
const root = document.documentElement;
root.lang = locale;
root.dir = query.get('dir') === 'rtl' ? 'rtl' : 'ltr';
const theme = query.get('theme');
if (theme !== null) root.dataset['theme'] = theme;

/** All entries; with `?modal` those that stand over the page, by themselves. */
const shown = [...ENTRIES, ...ADMINISTRATION_ENTRIES].filter(
  ({ modal }) => !query.has('modal') || modal === true,
);

/** In whose session nothing happens. */
class IdleController extends WorkspaceController {
  override get agent() {
    return AGENT;
  }
}

/** A state of the workspace that nothing changes but the views themselves. */
function State({
  state,
  children,
}: {
  readonly state: Partial<Workspace>;
  readonly children: ReactNode;
}) {
  const services = useMemo(() => {
    const store = createWorkspace();
    const controller = new IdleController(store, { domainApi: location.origin, storage: null });
    store.setState({
      ...EMPTY,
      phase: { is: 'working' },
      account: '12345678',
      username: 'anna',
      me: { id: 101, loginName: 'anna', displayName: 'Anna', agentName: 'Anna' } as Workspace['me'],
      hasSession: true,
      connection: { state: 'live', via: 'sse' } as unknown as Workspace['connection'],
      availability: { chat: 'Online', reasonId: null },
      availabilitySince: Date.now() - 754_000,
      chats: CHATS,
      library: { canned: [], pages: [], reasons: [{ id: 1, text: 'Lunch', state: 'Away' }] },
      ...state,
    });
    return {
      controller,
      tones: new Tones(() => {}),
      adminTexts: admin,
      boardTexts: board,
      programTexts: programs,
    };
  }, [state]);
  return <ServicesContext.Provider value={services}>{children}</ServicesContext.Provider>;
}

function EntryView({ entry }: { readonly entry: Entry }) {
  const [shown, setShown] = useState(entry.modal !== true);
  useEffect(() => {
    if (entry.modal !== true || !shown) return;
    const hide = ({ key }: KeyboardEvent) => {
      if (key === 'Escape') setShown(false);
    };
    window.addEventListener('keydown', hide, true);
    return () => window.removeEventListener('keydown', hide, true);
  }, [entry.modal, shown]);
  return (
    <section className={styles['entry']} data-entry={entry.name}>
      <h2>{entry.name}</h2>
      <div className={styles['box']} data-size={entry.size ?? 'natural'}>
        {entry.modal && (
          <Button data-modal={entry.name} onClick={() => setShown(true)}>
            {entry.name}
          </Button>
        )}
        {shown && <State state={entry.state ?? {}}>{entry.view}</State>}
      </div>
    </section>
  );
}

/** The whole workspace, with so many chats; null where the gallery is wanted. */
async function underLoad(): Promise<ReactNode> {
  if (!query.has('load')) return null;
  const number = (name: string) => Number(query.get(name) ?? 0);
  const { Load } = await import('./load.js');
  const { App } = await import('../view/app.js');
  const load = new Load(number('load'), number('lines'));
  await load.begin();
  load.run(number('rate'));
  Object.assign(window, { load });
  const services = {
    controller: load.controller,
    tones: new Tones(() => {}),
    adminTexts: admin,
    boardTexts: board,
    programTexts: programs,
  };
  return (
    <ServicesContext.Provider value={services}>
      <App />
    </ServicesContext.Provider>
  );
}

const place = document.getElementById('gallery');
if (place === null) throw new Error('The page has no #gallery.');
const loaded = await underLoad();
// It has the height of the window, as on its own page.
if (loaded !== null) place.id = 'workspace';
createRoot(place).render(
  <StrictMode>
    <IntlProvider locale={locale} messages={texts}>
      {loaded ?? (
        <WithTexts texts={{ ...boardTexts, ...programTexts, ...adminTexts }}>
          <Router hook={useHashLocation}>
            <div className={styles['gallery']}>
              <h1>Gallery</h1>
              {shown.map((entry) => (
                <EntryView key={entry.name} entry={entry} />
              ))}
            </div>
          </Router>
        </WithTexts>
      )}
    </IntlProvider>
  </StrictMode>,
);
