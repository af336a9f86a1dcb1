/**
 * A page of others beside the chats. It stands in a frame of this server, which alone may load the page's origin;
 * what the page says comes to that frame's window.
 */
import type { WorkspacePagesDocument } from '@parley/client/administration';
import { useEffect, useRef, useState } from 'react';
import { besideChat, OnScreen } from '../embed/beside.js';
import { listenToPages } from '../embed/pages.js';
import { Button } from '../parts/button.js';
import { useTexts } from '../texts/index.js';
import { useController } from './workspace-context.js';
import styles from './details.module.css';

/** The page inside has the same: it may run and keep its own data, and not lead the workspace elsewhere. */
const SANDBOX =
  'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads';

export function PageFrame({
  page,
  isShown,
}: {
  readonly page: WorkspacePagesDocument[number];
  /** Whether its tab is on screen. */
  readonly isShown: boolean;
}) {
  const say = useTexts();
  const controller = useController();
  const [failed, setFailed] = useState(false);
  const stop = useRef<(() => void) | null>(null);
  const [onScreen] = useState(() => new OnScreen());
  useEffect(() => onScreen.set(isShown), [onScreen, isShown]);
  useEffect(
    () => () => {
      stop.current?.();
      stop.current = null;
    },
    [],
  );
  const loaded = (frame: HTMLIFrameElement) => {
    stop.current?.();
    stop.current = null;
    const view = frame.contentWindow;
    const inside = frame.contentDocument?.querySelector('iframe') ?? null;
    // The server answers with an error where the page is not the account's any more.
    setFailed(inside === null);
    if (view === null || inside === null) return;
    const place = { window: view, source: () => inside.contentWindow };
    stop.current = listenToPages(controller, besideChat(controller, page, place, onScreen));
  };
  if (failed) {
    return (
      <div className={styles['unshown']} role="alert">
        <p>{say('page.failed', { title: page.title })}</p>
        <Button onClick={() => setFailed(false)}>{say('page.retry')}</Button>
      </div>
    );
  }
  return (
    <iframe
      className={styles['frame']}
      title={page.title}
      src={new URL(page.frame, document.baseURI).href}
      sandbox={SANDBOX}
      onLoad={({ currentTarget }) => loaded(currentTarget)}
    />
  );
}
