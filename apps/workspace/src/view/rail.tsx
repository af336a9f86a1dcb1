/** The places of the workspace, at the side; below on phones. Who has one place only sees no rail. */
import { MessagesSquare, Settings2 } from 'lucide-react';
import { useLocation } from 'wouter';
import { Tip } from '../parts/button.js';
import { needOf } from '../state/chats.js';
import { useTexts } from '../texts/index.js';
import { useWorkspace } from './desk-context.js';
import styles from './rail.module.css';

export function Rail() {
  const say = useTexts();
  const [path] = useLocation();
  const isAdmin = useWorkspace((state) => state.isAdmin);
  const waiting = useWorkspace(
    (state) =>
      Object.values(state.chats).filter((chat) => needOf(chat) === 'unanswered').length +
      state.ringing.length,
  );
  const isAgent = useWorkspace((state) => state.isAgent);
  // A single place needs no way to others.
  if (!isAdmin || !isAgent) return null;
  const admin = path.startsWith('/admin');
  return (
    <nav className={styles['rail']} aria-label={say('rail.label')}>
      <Tip label={say('rail.chats')}>
        <a href="#/" aria-current={admin ? undefined : 'page'} aria-label={say('rail.chats')}>
          <MessagesSquare size={20} strokeWidth={1.75} aria-hidden />
          {waiting > 0 && <span className={styles['badge']}>{waiting > 99 ? '99+' : waiting}</span>}
        </a>
      </Tip>
      <Tip label={say('rail.admin')}>
        <a
          href="#/admin/users"
          aria-current={admin ? 'page' : undefined}
          aria-label={say('rail.admin')}
        >
          <Settings2 size={20} strokeWidth={1.75} aria-hidden />
        </a>
      </Tip>
    </nav>
  );
}
