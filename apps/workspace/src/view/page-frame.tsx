/**
 * A page of others beside a chat. It stands in a frame of this server, which alone may load the page's origin;
 * what the page says comes to that frame's window.
 */
import type { WorkspacePagesDocument } from '@parley/client/administration';
import { useEffect, useMemo, useRef, useState } from 'react';
import { listenToPages } from '../embed/pages.js';
import { Button } from '../parts/button.js';
import { useTexts } from '../texts/index.js';
import { useController } from './workspace-context.js';
import styles from './details.module.css';

/** The page inside has the same: it may run and keep its own data, and not lead the workspace elsewhere. */
const SANDBOX =
  'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads';

export function PageFrame({
  chat,
  page,
  isShown,
}: {
  readonly chat: string;
  readonly page: WorkspacePagesDocument[number];
  /** Whether its tab is on screen. */
  readonly isShown: boolean;
}) {
  const say = useTexts();
  const controller = useController();
  const [failed, setFailed] = useState(false);
  const stop = useRef<(() => void) | null>(null);
  const focus = useMemo(() => new Focus(chat), [chat]);
  useEffect(() => focus.show(isShown), [focus, isShown]);
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
    stop.current = listenToPages(controller, {
      window: view,
      source: () => inside.contentWindow,
      origins: [new URL(page.url).origin],
      chat: () => chat,
      focused: () => focus.chat,
      onFocus: (listener) => focus.listen(listener),
    });
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

/** With which chat the page is on screen. */
class Focus {
  readonly #chat: string;
  readonly #listeners = new Set<() => void>();
  #isShown = false;

  constructor(chat: string) {
    this.#chat = chat;
  }

  get chat(): string | null {
    return this.#isShown ? this.#chat : null;
  }

  show(is: boolean): void {
    this.#isShown = is;
    for (const listener of this.#listeners) listener();
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
