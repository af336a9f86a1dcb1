/** What stands on screen: the login, or the workspace with its panes. */
import { lazy, Suspense, useEffect } from 'react';
import { Router } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { useTexts } from '../texts/index.js';
import styles from './app.module.css';
import { Approvals } from './approvals.js';
import { ChatList } from './chat-list.js';
import { Conversation } from './conversation.js';
import { DetailsPane, useDetails } from './details-pane.js';
import { useController, useWorkspace } from './workspace-context.js';
import { focusPlace, useKeptFocus } from './kept-focus.js';
import { Keys } from './keys.js';
import { ListResizer } from './list-resizer.js';
import { LoginAgain, LoginPage } from './login.js';
import { LoginWindow } from './login-window.js';
import { isLoginWindow } from '../embed/embedded.js';
import { EndedNotice, NoticeBar, OfflineStrip } from './notices.js';
import { usePlace, usePlaces, useShownChat, useShowsPrograms } from './paths.js';
import { Rail } from './rail.js';
import { Rings } from './ring.js';
import { Signals } from './signals.js';
import { TopBar } from './top-bar.js';

const BoardPage = lazy(async () => ({
  default: (await import('../board/board.js')).BoardPage,
}));
const ProgramsPage = lazy(async () => ({
  default: (await import('../programs/programs.js')).ProgramsPage,
}));
const Admin = lazy(async () => ({ default: (await import('../admin/admin.js')).Admin }));

/** Addresses stand behind `#`: they work below any path, whatever serves the page. */
export function App() {
  const phase = useWorkspace((state) => state.phase.is);
  if (isLoginWindow()) return <LoginWindow />;
  return <Router hook={useHashLocation}>{phase === 'working' ? <Panes /> : <LoginPage />}</Router>;
}

function Panes() {
  const say = useTexts();
  const controller = useController();
  const shown = useShownChat();
  const loginAsked = useWorkspace((state) => state.loginAsked);
  const showsPrograms = useShowsPrograms();
  const named = usePlace();
  const place = showsPrograms ? 'programs' : named;
  const rail = usePlaces().length > 1;
  const [details, openDetails] = useDetails(shown);
  useEffect(() => controller.show(shown), [controller, shown]);
  useKeptFocus();
  const pane = place === 'chats' ? (shown === null ? 'list' : 'chat') : place;
  return (
    <div className={styles['frame']} data-pane={pane} data-rail={rail}>
      <button type="button" className={styles['skip']} onClick={() => focusPlace()}>
        {say('nav.skip')}
      </button>
      <TopBar />
      <OfflineStrip />
      <NoticeBar />
      <Approvals />
      <Rings place="sheet" />
      <div className={styles['places']}>
        <Rail />
        {place !== 'chats' ? (
          <Suspense>
            {place === 'programs' ? (
              <ProgramsPage />
            ) : place === 'admin' ? (
              <Admin />
            ) : (
              <BoardPage />
            )}
          </Suspense>
        ) : (
          <div className={styles['panes']}>
            <ChatList />
            <ListResizer />
            <main id="conversation" className={styles['main']} tabIndex={-1}>
              <EndedNotice />
              {shown === null ? (
                <NothingShown />
              ) : (
                <Conversation
                  key={shown}
                  id={shown}
                  details={details}
                  onDetails={() => openDetails(!details)}
                />
              )}
            </main>
          </div>
        )}
        <DetailsPane
          id={place === 'chats' ? shown : null}
          isOpen={details}
          onClose={() => openDetails(false)}
        />
      </div>
      <Signals />
      <Keys />
      {loginAsked && <LoginAgain />}
    </div>
  );
}

function NothingShown() {
  const say = useTexts();
  const some = useWorkspace((state) => Object.keys(state.chats).length > 0);
  return <p className={styles['nothing']}>{say(some ? 'chat.none' : 'chat.none.empty')}</p>;
}
