/** What the visitor did before: pages of this visit, and chats of earlier ones with their transcripts. */
import { ChevronRight } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { useIntl } from 'react-intl';
import type { EarlierChat, VisitPage } from '@parley/client/agent';
import { safeAddress } from '../lines/html.js';
import { Button } from '../parts/button.js';
import { Dialog } from '../parts/dialog.js';
import { blocksOf } from '../state/chats.js';
import { useTexts } from '../texts/index.js';
import { clockTime, useLoaded } from './workspace-context.js';
import styles from './details.module.css';
import { BlockView } from './transcript-items.js';
import { shortAddress } from './visit-facts.js';

/** Pages that are shown at first. */
const FEW = 5;

export function Pages({ pages }: { readonly pages: readonly VisitPage[] }) {
  const say = useTexts();
  const intl = useIntl();
  const [all, setAll] = useState(false);
  return (
    <>
      <ol className={styles['facts']}>
        {pages.slice(0, all ? pages.length : FEW).map((page, index) => {
          const href = safeAddress(page.url);
          const title = page.title || shortAddress(page.url);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same page may be there twice
            <li key={index} className={styles['page']}>
              {href === null ? (
                <span dir="auto">{title}</span>
              ) : (
                <Address href={href} text={title} />
              )}
              <small>
                {intl.formatTime(page.time)}
                {page.stayed !== null && ` · ${clockTime(page.stayed)}`}
              </small>
            </li>
          );
        })}
      </ol>
      {!all && pages.length > FEW && (
        <Button kind="plain" onClick={() => setAll(true)}>
          {say('details.all', { count: pages.length })}
        </Button>
      )}
    </>
  );
}

/** A page of others, in a window of its own; cut where there is no room, and told whole by its tooltip. */
export function Address({ href, text }: { readonly href: string; readonly text: string }) {
  return (
    <a
      className={styles['address']}
      href={href}
      title={href}
      target="_blank"
      rel="noopener noreferrer nofollow"
      dir="auto"
    >
      {text}
    </a>
  );
}

export function EarlierChats({ chats }: { readonly chats: readonly EarlierChat[] }) {
  const say = useTexts();
  const intl = useIntl();
  const [shown, setShown] = useState<EarlierChat | null>(null);
  const dateOf = ({ startTime }: EarlierChat) =>
    intl.formatDate(startTime, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <>
      <ul>
        {chats.map((chat) => (
          <li key={chat.id}>
            <button type="button" className={styles['earlier']} onClick={() => setShown(chat)}>
              <span>{dateOf(chat)}</span>
              {chat.endTime !== null && (
                <small>{clockTime(Date.parse(chat.endTime) - Date.parse(chat.startTime))}</small>
              )}
              <ChevronRight size={16} strokeWidth={1.75} aria-hidden />
            </button>
          </li>
        ))}
      </ul>
      {shown !== null && (
        <Dialog
          title={say('details.earlier.title', { date: dateOf(shown) })}
          onClose={() => setShown(null)}
        >
          <EarlierTranscript chat={shown} />
          <Button onClick={() => setShown(null)}>{say('keys.close')}</Button>
        </Dialog>
      )}
    </>
  );
}

function EarlierTranscript({ chat }: { readonly chat: EarlierChat }) {
  const say = useTexts();
  const [loaded, again] = useLoaded(
    useCallback((signal: AbortSignal) => chat.transcript(signal), [chat]),
  );
  const events = loaded.status === 'ready' ? loaded.value : null;
  const blocks = useMemo(() => (events === null ? [] : blocksOf(events)), [events]);
  if (loaded.status === 'error') {
    return (
      <div className={styles['failed']}>
        <p>{say('details.failed')}</p>
        <Button onClick={again}>{say('details.retry')}</Button>
      </div>
    );
  }
  return (
    <section
      className={styles['past']}
      aria-label={say('chat.transcript')}
      aria-busy={events === null}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
      tabIndex={0}
    >
      {events === null && <div className={styles['skeleton']} />}
      {blocks.map((block) => (
        <BlockView key={block.key} block={block} />
      ))}
    </section>
  );
}
