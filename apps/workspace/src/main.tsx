import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { IntlProvider } from 'react-intl';
import { aroundWorkspace } from './embed/around.js';
import { embeddedIn, isLoginWindow } from './embed/embedded.js';
import { listenToPages } from './embed/pages.js';
import { Tones } from './sound/tones.js';
import { WorkspaceController } from './state/controller.js';
import { createWorkspace } from './state/model.js';
import { remembered } from './state/remembered.js';
import { storage } from './state/storage.js';
import './styles.css';
import { loadTexts, readableTag } from './texts/index.js';
import { App } from './view/app.js';
import { ServicesContext } from './view/workspace-context.js';
import { applyTheme } from './view/theme.js';

const query = new URLSearchParams(location.search);
const wanted = [query.get('lang') ?? '', ...navigator.languages].flatMap(readableTag);
const { locale, texts, admin, board, programs } = await loadTexts(wanted);
document.documentElement.lang = locale;
document.documentElement.dir = query.get('dir') === 'rtl' ? 'rtl' : 'ltr';
applyTheme();

const controller = new WorkspaceController(createWorkspace(), {
  domainApi: location.origin,
  storage,
});
const tones = new Tones((is) => controller.soundBlocked(is));

addEventListener('storage', ({ key, newValue }) => {
  controller.drafts.storedElsewhere(key, newValue ?? '');
});
const { account, username } = remembered();
if (account !== '' && username !== '' && !isLoginWindow()) void controller.join(account, username);

// A tab that joins another one has no login to press: its first press allows sounds.
for (const press of ['pointerdown', 'keydown']) {
  addEventListener(press, () => tones.unlock(), { once: true });
}

const root = document.getElementById('workspace');
if (root === null) throw new Error('The page has no #workspace.');
const around = embeddedIn();
if (around !== null) {
  document.documentElement.dataset['embed'] = '';
  listenToPages(controller, aroundWorkspace(controller, around.origins));
}

createRoot(root).render(
  <StrictMode>
    <IntlProvider locale={locale} messages={texts}>
      <ServicesContext.Provider
        value={{ controller, tones, adminTexts: admin, boardTexts: board, programTexts: programs }}
      >
        <App />
      </ServicesContext.Provider>
    </IntlProvider>
  </StrictMode>,
);

// The shell opens without a connection, too. Only what was built has a worker.
// Within another page the server says each time which pages that may be.
if (import.meta.env.PROD && around === null && 'serviceWorker' in navigator) {
  navigator.serviceWorker.register(new URL('sw.js', document.baseURI)).catch(() => {
    // A browser that keeps nothing: the page works as ever.
  });
}
