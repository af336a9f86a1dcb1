/** The chats that wait and those that are live, with what whoever supervises them can do. */
import type { SupervisedChat } from '@parley/client/administration';
import { useState } from 'react';
import { useIntl } from 'react-intl';
import { useLocation } from 'wouter';
import { Button } from '../parts/button.js';
import { MenuItem, MenuSeparator } from '../parts/menu.js';
import { urgencyOf } from '../state/chats.js';
import { messageOf } from '../state/messages.js';
import { givenName } from '../state/visitor-name.js';
import { clockTime, useController } from '../view/workspace-context.js';
import { chatPath } from '../view/paths.js';
import { TakeOverDialog } from '../view/take-over.js';
import { ActsMenu, ActsTable } from './acts.js';
import styles from './board.module.css';
import { EndDialog, MoveDialog } from './dialogs.js';
import { waits } from './figures.js';
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
  const controller = useController();
  const [, go] = useLocation();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [error, setError] = useState<string | null>(null);
  if (chats.length === 0) return <p className={styles['empty']}>{say('board.chats.none')}</p>;
  const nameOf = ({ visitorName }: SupervisedChat) =>
    givenName(visitorName) || say('board.somebody');
  const watch = (chat: SupervisedChat) => {
    setError(null);
    controller.supervisor.watch(chat).then(
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
      <ActsTable
        label={say('board.chats')}
        heads={(['visitor', 'skill', 'phase', 'agent', 'time'] as const).map((head) =>
          say(`board.${head}`),
        )}
        error={error}
      >
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
              <ActsMenu name={nameOf(chat)}>
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
              </ActsMenu>
            </td>
          </tr>
        ))}
      </ActsTable>
      {asked?.what === 'takeOver' && (
        <TakeOverDialog
          name={asked.chat.phase === 'chatting' ? (asked.chat.agentName ?? null) : null}
          onClose={close}
          onSure={async () => {
            await controller.supervisor.takeOver(asked.chat);
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
