/** What the agent must know of the connection and of what went wrong: in place, until it is over. */
import { CloudOff, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useIntl } from 'react-intl';
import { useShallow } from 'zustand/react/shallow';
import { Button, IconButton } from '../parts/button.js';
import { useTexts } from '../texts/index.js';
import { useController, useNow, useWorkspace } from './workspace-context.js';
import styles from './notices.module.css';

/** A connection that is away for less is not spoken of, milliseconds; nor is its return for long. */
const OFFLINE_AFTER_MS = 2_000;
const BACK_MS = 2_000;

export function OfflineStrip() {
  const say = useTexts();
  const now = useNow();
  const connection = useWorkspace((state) => state.connection);
  const back = useWorkspace((state) => state.backSince);
  const count = useWorkspace(({ chats }) =>
    Object.values(chats).reduce((sum, { pending }) => sum + pending.length, 0),
  );
  const [wrote, setWrote] = useState(false);
  const isOffline = connection.state === 'offline';
  useEffect(() => {
    if (isOffline) setWrote(count > 0);
  }, [isOffline, count]);
  if (connection.state === 'offline' && now - connection.since > OFFLINE_AFTER_MS) {
    return (
      <div className={styles['strip']} role="status">
        <CloudOff size={16} strokeWidth={1.75} aria-hidden />
        <span>
          {say('offline.strip')} {say('offline.waiting', { count })}
        </span>
      </div>
    );
  }
  if (back !== null && now - back < BACK_MS && count === 0) {
    return (
      <div className={styles['strip']} data-kind="back" role="status">
        <span>{say(wrote ? 'offline.back' : 'offline.backOnly')}</span>
      </div>
    );
  }
  return null;
}

export function NoticeBar() {
  const say = useTexts();
  const controller = useController();
  const notice = useWorkspace((state) => state.notice);
  // Whose session is over misses nothing here any more.
  const missed = useWorkspace(({ missed, connection }) =>
    connection.state === 'ended' ? null : missed,
  );
  return (
    <>
      {missed !== null && (
        <div className={styles['strip']} role="alert">
          <span>{say('missed.text', { name: missed || say('missed.somebody') })}</span>
          <Button onClick={() => void controller.setAvailability('Online')}>
            {say('missed.button')}
          </Button>
        </div>
      )}
      {notice !== null && (
        <div className={styles['strip']} role="alert">
          <span>
            {say(`notice.${notice.text}`)} {notice.detail}
          </span>
          <IconButton label={say('notice.dismiss')} onClick={() => controller.dismissNotice()}>
            <X size={16} strokeWidth={1.75} aria-hidden />
          </IconButton>
        </div>
      )}
    </>
  );
}

/** Stands over the pane when the session is over: nothing here can be sent any more. */
export function EndedNotice() {
  const say = useTexts();
  const intl = useIntl();
  const controller = useController();
  const why = useWorkspace(
    useShallow(({ connection }) => (connection.state === 'ended' ? [connection.why] : [])),
  )[0];
  const at = useWorkspace((state) => state.endedAt);
  if (why === undefined || why === 'closed') return null;
  const taken = why === 'taken-over';
  return (
    <div className={styles['ended']} role="alert">
      <h2>{say(taken ? 'taken.title' : 'ended.title')}</h2>
      <p>
        {taken ? say('taken.text', { time: intl.formatTime(at ?? undefined) }) : say('ended.text')}
      </p>
      <Button kind="primary" large onClick={() => void controller.workHere()}>
        {say(taken ? 'taken.button' : 'login.again')}
      </Button>
    </div>
  );
}
