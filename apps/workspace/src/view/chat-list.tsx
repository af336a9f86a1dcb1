/** The chats by need: what rings above, then who waits longest for an answer. */
import { AlertTriangle, Clock } from 'lucide-react';
import { type KeyboardEvent, memo, useEffect, useMemo, useRef, useState } from 'react';
import { Link } from 'wouter';
import { useShallow } from 'zustand/react/shallow';
import { Button } from '../parts/button.js';
import { Avatar } from '../parts/small.js';
import {
  byNeed,
  lastLine,
  plainText,
  TYPING_MS,
  unreadOf,
  urgencyOf,
  waitsHereSince,
} from '../state/chats.js';
import type { ChatEntry } from '../state/model.js';
import { givenName } from '../state/visitor-name.js';
import { useTexts } from '../texts/index.js';
import styles from './chat-list.module.css';
import { clockTime, useChat, useController, useNow, useWorkspace } from './workspace-context.js';
import { chatPath, useShownChat } from './paths.js';
import { Rings } from './ring.js';

/** How long the order stays as it was after the pointer left, milliseconds. */
const FREEZE_MS = 2_000;

export function ChatList() {
  const say = useTexts();
  const ids = useWorkspace(useShallow(({ chats }) => byNeed(chats)));
  const open = useWorkspace(
    ({ chats }) => Object.values(chats).filter(({ over }) => over === null).length,
  );
  const [order, hold] = useFrozen(ids);
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const links = [...event.currentTarget.querySelectorAll<HTMLElement>('a')];
    const at = links.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key];
    if (to === undefined || links[to] === undefined) return;
    event.preventDefault();
    links[to].focus();
  };
  return (
    <nav className={styles['list']} data-region aria-label={say('list.title')}>
      <div className={styles['head']}>
        <h1>{say('list.title')}</h1>
        <span>{say('list.count', { count: open })}</span>
      </div>
      <Rings place="list" />
      {order.length === 0 ? (
        <Empty />
      ) : (
        <ul className={styles['rows']} onKeyDown={move} {...hold}>
          {order.map((id) => (
            <Row key={id} id={id} />
          ))}
        </ul>
      )}
    </nav>
  );
}

/** Keeps the order while the pointer is inside, and shortly after: nothing moves away under it. */
function useFrozen(ids: readonly string[]) {
  const [held, setHeld] = useState<readonly string[] | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const order = useMemo(() => {
    if (held === null) return ids;
    const there = new Set(ids);
    const before = new Set(held);
    return [...held.filter((id) => there.has(id)), ...ids.filter((id) => !before.has(id))];
  }, [ids, held]);
  const hold = {
    onPointerEnter: () => {
      clearTimeout(timer.current);
      setHeld(order);
    },
    onPointerLeave: () => {
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setHeld(null), FREEZE_MS);
    },
  };
  return [order, hold] as const;
}

function Empty() {
  const say = useTexts();
  const controller = useController();
  const { chat } = useWorkspace((state) => state.availability);
  const isOver = useWorkspace(({ connection }) => connection.state === 'ended');
  if (isOver) return null;
  if (chat === 'Online') return <p className={styles['empty']}>{say('list.empty.Online')}</p>;
  return (
    <div className={styles['empty']}>
      <p>{say('list.empty.other', { state: say(`availability.${chat}`) })}</p>
      <Button onClick={() => void controller.setAvailability('Online')}>
        {say('list.empty.button')}
      </Button>
    </div>
  );
}

/** Drawn again when its own chat changes, not whenever the order does. */
const Row = memo(function Row({ id }: { readonly id: string }) {
  const say = useTexts();
  const now = useNow();
  const chat = useChat(id);
  const shown = useShownChat() === id;
  if (chat === undefined) return null;
  const name = givenName(chat.info.visitorName) || say('ring.visitor');
  const since = waitsHereSince(chat);
  const urgency = urgencyOf(since, now);
  const unread = unreadOf(chat);
  const Mark = urgency === 'red' ? AlertTriangle : Clock;
  return (
    <li>
      <Link
        href={chatPath(id)}
        className={styles['row']}
        aria-current={shown ? 'page' : undefined}
        data-urgency={urgency}
        data-unread={unread > 0}
      >
        <Avatar name={name} kind="visitor" />
        <span className={styles['text']}>
          <span className={styles['line']}>
            <span className={styles['name']} dir="auto">
              {name}
            </span>
            {since !== null && (
              <span className={styles['waiting']}>
                {urgency !== 'none' && <Mark size={12} strokeWidth={2} aria-hidden />}
                <span className="quiet">
                  {say('list.waiting', { time: clockTime(now - since) })}
                </span>
                <span aria-hidden>{clockTime(now - since)}</span>
              </span>
            )}
          </span>
          <span className={styles['line']}>
            <Preview chat={chat} now={now} />
            {unread > 0 && (
              <span className={styles['badge']}>
                <span aria-hidden>{unread > 99 ? '99+' : unread}</span>
                <span className="quiet">{say('list.unread', { count: unread })}</span>
              </span>
            )}
          </span>
        </span>
      </Link>
    </li>
  );
});

/** What a row says of its chat: that the visitor types, else a draft, else the last line. */
function Preview({ chat, now }: { readonly chat: ChatEntry; readonly now: number }) {
  const say = useTexts();
  const line = lastLine(chat);
  const own = useWorkspace(({ me }) => me?.agentName);
  const types = chat.typingSince !== null && now - chat.typingSince < TYPING_MS;
  let text = line === null ? '' : plainText(line);
  if (chat.over !== null) text = say(`list.over.${chat.over}`);
  else if (types) text = chat.info.visitorPreview?.trim() || say('list.typing');
  else if (chat.draft !== '') text = say('list.draft', { text: chat.draft });
  else if (line?.subType === 'ONLY_TO_REP') text = say('list.note', { text });
  else if (line?.source === 'agent') {
    text = line.by === own ? say('list.you', { text }) : say('list.by', { name: line.by, text });
  }
  return (
    <span className={styles['preview']} data-typing={types} dir="auto">
      {text}
    </span>
  );
}
