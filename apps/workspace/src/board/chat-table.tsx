/** The chats that wait and those that are live, with what whoever supervises them can do. */
import type { SupervisedChat } from '@parley/client/administration';
import { MoreHorizontal } from 'lucide-react';
import { useState } from 'react';
import { useIntl } from 'react-intl';
import { useLocation } from 'wouter';
import { Button, IconButton } from '../parts/button.js';
import { Menu, MenuItem, MenuSeparator } from '../parts/menu.js';
import { ErrorText } from '../parts/small.js';
import { urgencyOf } from '../state/chats.js';
import { messageOf } from '../state/messages.js';
import { clockTime, useDesk } from '../view/desk-context.js';
import { chatPath } from '../view/paths.js';
import { TakeOverDialog } from '../view/take-over.js';
import styles from './board.module.css';
import { EndDialog, MoveDialog } from './dialogs.js';
import { waits } from './figures.js';
import { Scroll } from './scroll.js';
import { useBoardTexts } from './texts.js';

export interface ChatTableProps {
  readonly chats: readonly SupervisedChat[];
  /** Epoch ms. */
  readonly now: number;
  readonly onChanged: () => void;
}

type Asked = { readonly what: 'takeOver' | 'move' | 'end'; readonly chat: SupervisedChat };

export function ChatTable({ chats, now, onChanged }: ChatTableProps) {
  const say = useBoardTexts();
  const desk = useDesk();
  const [, go] = useLocation();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [error, setError] = useState<string | null>(null);
  if (chats.length === 0) return <p className={styles['empty']}>{say('board.chats.none')}</p>;
  const nameOf = ({ visitorName }: SupervisedChat) => visitorName || say('board.somebody');
  const watch = (chat: SupervisedChat) => {
    setError(null);
    desk.supervisor.watch(chat).then(
      () => go(chatPath(chat.id)),
      (failure: unknown) => setError(say('board.act.failed', { reason: messageOf(failure) })),
    );
  };
  const close = () => {
    setAsked(null);
    onChanged();
  };
  return (
    <>
      {error !== null && <ErrorText>{error}</ErrorText>}
      <Scroll label={say('board.chats')}>
        <table className={styles['table']}>
          <thead>
            <tr>
              <th scope="col">{say('board.visitor')}</th>
              <th scope="col">{say('board.skill')}</th>
              <th scope="col">{say('board.phase')}</th>
              <th scope="col">{say('board.agent')}</th>
              <th scope="col">{say('board.time')}</th>
              <th scope="col">
                <span className="quiet">{say('board.actions', { name: '' })}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {chats.map((chat) => (
              <tr key={chat.id}>
                <th scope="row" dir="auto">
                  {nameOf(chat)}
                </th>
                <td dir="auto">{chat.skillName ?? '–'}</td>
                <td>
                  <span className={styles['phase']} data-part={chat.phase}>
                    {say(`board.phase.${chat.phase}`)}
                  </span>
                </td>
                <td dir="auto">{chat.agentName ?? '–'}</td>
                <td>
                  <Time chat={chat} now={now} />
                </td>
                <td className={styles['actions']}>
                  <Button onClick={() => watch(chat)}>{say('board.watch')}</Button>
                  <Menu
                    button={
                      <IconButton label={say('board.actions', { name: nameOf(chat) })}>
                        <MoreHorizontal size={16} strokeWidth={1.75} aria-hidden />
                      </IconButton>
                    }
                  >
                    <MenuItem onClick={() => setAsked({ what: 'takeOver', chat })}>
                      {say('board.takeOver')}
                    </MenuItem>
                    <MenuItem onClick={() => setAsked({ what: 'move', chat })}>
                      {say('board.move')}
                    </MenuItem>
                    <MenuSeparator />
                    <MenuItem onClick={() => setAsked({ what: 'end', chat })}>
                      {say('board.end')}
                    </MenuItem>
                  </Menu>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {asked?.what === 'takeOver' && (
        <TakeOverDialog
          name={asked.chat.phase === 'chatting' ? (asked.chat.agentName ?? null) : null}
          onClose={close}
          onSure={async () => {
            await desk.supervisor.takeOver(asked.chat);
            go(chatPath(asked.chat.id));
          }}
        />
      )}
      {asked?.what === 'move' && (
        <MoveDialog chat={asked.chat} name={nameOf(asked.chat)} onClose={close} />
      )}
      {asked?.what === 'end' && (
        <EndDialog chat={asked.chat} name={nameOf(asked.chat)} onClose={close} />
      )}
    </>
  );
}

/** How long the visitor waits, or is talked with; whoever waits long stands out. */
function Time({ chat, now }: { readonly chat: SupervisedChat; readonly now: number }) {
  const say = useBoardTexts();
  const intl = useIntl();
  if (chat.opensAt !== undefined) {
    return say('board.opens', { time: intl.formatTime(chat.opensAt) });
  }
  const since = waits(chat) ? chat.requestedAt : chat.since;
  const urgency = waits(chat) ? urgencyOf(since, now) : 'none';
  return (
    <span className={styles['time']} data-urgency={urgency}>
      {clockTime(now - since)}
    </span>
  );
}
