/** The places of the workspace, at the side; below on phones. Who has one place only sees no rail. */
import { Gauge, type LucideIcon, MessagesSquare, Settings2 } from 'lucide-react';
import { Tip } from '../parts/button.js';
import { needOf } from '../state/chats.js';
import { useTexts } from '../texts/index.js';
import { useWorkspace } from './workspace-context.js';
import { type Place, usePlace, usePlaces, useShowsPrograms } from './paths.js';
import styles from './rail.module.css';

const ICONS: Readonly<Record<Place, LucideIcon>> = {
  chats: MessagesSquare,
  board: Gauge,
  admin: Settings2,
};

const ADDRESSES: Readonly<Record<Place, string>> = {
  chats: '#/chats',
  board: '#/board',
  admin: '#/admin/users',
};

export function Rail() {
  const say = useTexts();
  const places = usePlaces();
  const named = usePlace();
  const shown = useShowsPrograms() ? null : named;
  const waiting = useWorkspace(
    (state) =>
      Object.values(state.chats).filter((chat) => needOf(chat) === 'unanswered').length +
      state.ringing.length,
  );
  // A single place needs no way to others.
  if (places.length < 2) return null;
  return (
    <nav className={styles['rail']} data-region aria-label={say('rail.label')}>
      {places.map((place) => {
        const Icon = ICONS[place];
        return (
          <Tip key={place} label={say(`rail.${place}`)}>
            <a href={ADDRESSES[place]} aria-current={place === shown ? 'page' : undefined}>
              <Icon size={20} strokeWidth={1.75} aria-hidden />
              <span className={styles['label']}>{say(`rail.${place}`)}</span>
              {place === 'chats' && waiting > 0 && (
                <span className={styles['badge']}>{waiting > 99 ? '99+' : waiting}</span>
              )}
            </a>
          </Tip>
        );
      })}
    </nav>
  );
}
