/** What stands beside the chat on screen, or over it where there is no room: details, and pages of others. */
import { X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { embedded } from '../embed/embedded.js';
import { IconButton } from '../parts/button.js';
import { useTexts } from '../texts/index.js';
import { Details } from './details.js';
import styles from './details.module.css';
import { DetailsTabs } from './details-tabs.js';
import { focusPlace } from './kept-focus.js';
import { useWorkspace } from './workspace-context.js';

/** From this width on the details stand beside the chat. */
const WIDE = '(min-width: 1280px)';

/**
 * Whether the details are open, and what opens or closes them. Where they lie over the chat, the next chat is
 * not covered by what was opened at another one.
 */
export function useDetails(shown: string | null): readonly [boolean, (open: boolean) => void] {
  const [choice, setChoice] = useState<{ readonly open: boolean; readonly at: string | null }>();
  const wide = matchMedia(WIDE).matches;
  const open =
    choice === undefined ? wide && embedded === null : choice.open && (wide || choice.at === shown);
  return [open, (next) => setChoice({ open: next, at: shown })];
}

/**
 * Stays as long as the workspace does, on screen or not: a page of others that was opened here keeps what
 * the agent has typed into it, whichever chat or place they look at.
 * @param id the chat on screen
 */
export function DetailsPane({
  id,
  isOpen,
  onClose,
}: {
  readonly id: string | null;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  const say = useTexts();
  const pane = useRef<HTMLElement>(null);
  const isThere = useWorkspace(
    // A session that is over says so over the whole place.
    ({ chats, connection }) =>
      id !== null && chats[id] !== undefined && connection.state !== 'ended',
  );
  const isShown = isOpen && isThere;
  useEffect(() => {
    // The browser takes the focus from what is hidden, and gives it to nothing.
    if (!isShown && pane.current?.contains(document.activeElement)) {
      focusPlace({ preventScroll: true });
    }
  }, [isShown]);
  return (
    <aside
      ref={pane}
      className={styles['details']}
      hidden={!isShown}
      data-region
      aria-label={say('details.title')}
    >
      <header className={styles['head']}>
        <h2>{say('details.title')}</h2>
        <IconButton label={say('details.close')} onClick={onClose}>
          <X size={20} strokeWidth={1.75} aria-hidden />
        </IconButton>
      </header>
      <DetailsTabs id={id} isShown={isShown}>
        {isShown && id !== null && <Details key={id} id={id} />}
      </DetailsTabs>
    </aside>
  );
}
