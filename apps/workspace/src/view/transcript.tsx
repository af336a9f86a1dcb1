/** What was said, as bubbles, notes and system lines. Only what is on screen is in the page. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, Clock } from 'lucide-react';
import { memo, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Line, Pending } from '@parley/client/agent';
import { Button } from '../parts/button.js';
import { type Block, blocksOf, TYPING_MS } from '../state/chats.js';
import type { ChatEntry, FailedLine } from '../state/model.js';
import { notThere } from '../state/underway.js';
import { useTexts } from '../texts/index.js';
import { useChat, useController, useNow } from './workspace-context.js';
import { BlockView, LineText } from './transcript-items.js';
import styles from './transcript.module.css';

/** How near to the end the transcript follows, pixels. */
const FOLLOW_PX = 80;

type Item =
  | Block
  | { readonly kind: 'pending'; readonly key: string; readonly pending: Pending }
  | { readonly kind: 'failed'; readonly key: string; readonly failed: FailedLine }
  | {
      readonly kind: 'preview';
      readonly key: string;
      readonly side: 'visitor' | 'agent';
      readonly text: string;
    };

/** Pending lines stand behind what is stored, and what is being written last. */
function itemsOf(chat: ChatEntry): readonly Item[] {
  return [
    ...blocksOf(chat.events, chat.length),
    ...chat.failed.map((failed) => ({ kind: 'failed' as const, key: failed.key, failed })),
    ...notThere(chat.underway, chat.events, chat.length).map((pending) => ({
      kind: 'pending' as const,
      key: pending.key,
      pending,
    })),
    ...previewsOf(chat),
  ];
}

/** What the visitor, or who answers in the agent's place, is writing, where that is shown. */
function previewsOf({ over, info }: ChatEntry): readonly Item[] {
  if (over !== null) return [];
  const texts = [
    ['visitor', info.visitorPreview ?? ''],
    ['agent', info.agentPreview ?? ''],
  ] as const;
  return texts
    .filter(([, text]) => text.trim() !== '')
    .map(([side, text]) => ({ kind: 'preview' as const, key: `preview-${side}`, side, text }));
}

export function Transcript({ id, name }: { readonly id: string; readonly name: string }) {
  const say = useTexts();
  const controller = useController();
  const chat = useChat(id);
  const box = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the items are made of
  const items = useMemo(
    () => (chat === undefined ? [] : itemsOf(chat)),
    [chat?.events, chat?.length, chat?.failed, chat?.underway, chat?.info, chat?.over],
  );
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: useCallback((index: number) => heightOf(items, index), [items]),
    // What is measured at once is drawn at once: not all of it anew for each row.
    useFlushSync: false,
    // The same as long as the items are: with another one all of them are counted anew.
    getItemKey: useCallback((index: number) => items[index]?.key ?? index, [items]),
    overscan: 8,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: FOLLOW_PX,
  });
  const toEnd = useCallback(() => {
    if (items.length > 0) rows.scrollToIndex(items.length - 1, { align: 'end' });
  }, [rows, items.length]);

  // A chat opens at its end.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it opens
  useEffect(toEnd, []);

  const length = chat?.length ?? 0;
  useReading(id, atEnd, length);
  const unseen = useUnseen(chat, atEnd);

  if (chat === undefined) return null;
  return (
    <div className={styles['outer']} data-region>
      <section
        ref={box}
        data-region-focus
        className={styles['box']}
        aria-label={say('chat.transcript')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
        tabIndex={0}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) =>
          setAtEnd(scrollHeight - scrollTop - clientHeight < FOLLOW_PX)
        }
      >
        <div className={styles['space']} ref={(space) => setHeight(space, rows.getTotalSize())}>
          {rows.getVirtualItems().map((row) => {
            const item = items[row.index];
            return item === undefined ? null : (
              <Row
                key={row.key}
                index={row.index}
                start={row.start}
                item={item}
                isTight={isTight(items, row.index)}
                chat={id}
                measure={rows.measureElement}
              />
            );
          })}
        </div>
      </section>
      {!atEnd && (
        <button
          type="button"
          className={styles['pill']}
          onClick={() => {
            toEnd();
            controller.lines.read(id);
          }}
        >
          <ArrowDown size={16} strokeWidth={1.75} aria-hidden />
          {unseen > 0 ? say('chat.new', { count: unseen }) : say('chat.latest')}
        </button>
      )}
      <VisitorTyping id={id} name={name} />
    </div>
  );
}

/** About how high an item is before it is measured, pixels: what is near needs the fewest corrections. */
function heightOf(items: readonly Item[], index: number): number {
  const item = items[index];
  if (item?.kind === 'group') return (item.note ? 52 : 32) + item.lines.length * 42;
  if (isTight(items, index)) return 20;
  return item?.kind === 'system' || item?.kind === 'day' ? 32 : 74;
}

/** Whether what happened is followed by more that happened: the two stand together. */
function isTight(items: readonly Item[], index: number): boolean {
  return items[index]?.kind === 'system' && items[index + 1]?.kind === 'system';
}

interface RowProps {
  readonly index: number;
  /** Pixels below the beginning of the transcript. */
  readonly start: number;
  readonly item: Item;
  readonly isTight: boolean;
  readonly chat: string;
  /** Always the same function: it measures what has come, and follows its size from then on. */
  readonly measure: (element: HTMLElement | null) => void;
}

/** Stays as it is while its item and place do: to measure all of them at every key takes a layout for each. */
const Row = memo(function Row({ index, start, item, isTight, chat, measure }: RowProps) {
  return (
    <div
      data-index={index}
      ref={measure}
      className={styles['item']}
      data-tight={isTight}
      // Written before any row is measured: a write between two would cost a layout each.
      style={{ transform: `translateY(${start}px)` }}
    >
      <ItemView item={item} chat={chat} />
    </div>
  );
});

function setHeight(space: HTMLElement | null, pixels: number): void {
  if (space !== null) space.style.blockSize = `${pixels}px`;
}

/** What stands at the end of a transcript on screen, in a window in front, is read. */
function useReading(id: string, atEnd: boolean, length: number): void {
  const controller = useController();
  // biome-ignore lint/correctness/useExhaustiveDependencies: again when there is more to read
  useEffect(() => {
    const look = () => {
      if (atEnd && document.visibilityState === 'visible' && document.hasFocus())
        controller.lines.read(id);
    };
    look();
    window.addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      window.removeEventListener('focus', look);
      document.removeEventListener('visibilitychange', look);
    };
  }, [controller, id, atEnd, length]);
}

/** How many lines came since the reader left the end. */
function useUnseen(chat: ChatEntry | undefined, atEnd: boolean): number {
  const length = chat?.length ?? 0;
  const left = useRef(length);
  if (atEnd) left.current = length;
  return (chat?.events.slice(left.current, length) ?? []).filter(({ type }) => type === 'line')
    .length;
}

function ItemView({ item, chat }: { readonly item: Item; readonly chat: string }) {
  switch (item.kind) {
    case 'pending':
      return <PendingLine pending={item.pending} />;
    case 'failed':
      return <Failed failed={item.failed} chat={chat} />;
    case 'preview':
      return <Preview side={item.side} text={item.text} />;
    default:
      return <BlockView block={item} />;
  }
}

function textTypeOf({ event }: Pending): Line['textType'] {
  return event['textType'] === 'html' ? 'html' : 'plain';
}

/** After this time a line that is not sent says so, milliseconds. */
const UNSENT_MS = 1_000;

function PendingLine({ pending }: { readonly pending: Pending }) {
  const say = useTexts();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), UNSENT_MS);
    return () => clearTimeout(timer);
  }, []);
  const note = pending.event['subType'] === 'ONLY_TO_REP';
  return (
    <div className={styles['group']} data-side="agent">
      <div className={styles['bubble']} data-side="agent" data-note={note} data-late={late}>
        <LineText line={{ text: pending.event.text ?? '', textType: textTypeOf(pending) }} />
      </div>
      <p className={styles['by']}>
        {late && (
          <>
            <Clock size={12} strokeWidth={1.75} aria-hidden />
            {say('line.waiting')}
          </>
        )}
      </p>
    </div>
  );
}

function Failed({ failed, chat }: { readonly failed: FailedLine; readonly chat: string }) {
  const say = useTexts();
  const controller = useController();
  return (
    <div className={styles['group']} data-side="agent">
      <div className={styles['bubble']} data-side="agent" data-failed>
        <p className={styles['plain']} dir="auto">
          {failed.text}
        </p>
      </div>
      <p className={styles['failed']} role="alert">
        {say('line.failed', { reason: failed.reason ?? say('line.failed.over') })}
      </p>
      <div className={styles['again']}>
        {failed.reason !== null && (
          <Button onClick={() => controller.lines.retry(chat, failed.key)}>
            {say('line.retry')}
          </Button>
        )}
        <Button onClick={() => controller.lines.discard(chat, failed.key)}>
          {say('line.discard')}
        </Button>
      </div>
    </div>
  );
}

/** What somebody is writing: as text, whatever it looks like. It is not spoken: it changes all the time. */
function Preview({ side, text }: { readonly side: 'visitor' | 'agent'; readonly text: string }) {
  const say = useTexts();
  return (
    <div className={styles['group']} data-side={side}>
      <div className={styles['bubble']} data-side={side} data-preview>
        <p className={styles['plain']} dir="auto">
          {text}
        </p>
      </div>
      <p className={styles['by']}>{say(`line.preview.${side}`)}</p>
    </div>
  );
}

/** Keeps its place free, so that nothing jumps when the visitor types. */
function VisitorTyping({ id, name }: { readonly id: string; readonly name: string }) {
  const say = useTexts();
  const chat = useChat(id);
  const now = useNow();
  const since = chat?.typingSince ?? null;
  const types = since !== null && now - since < TYPING_MS && chat?.over === null;
  return (
    <p className={styles['typing']} aria-hidden={!types}>
      {types && say('chat.typing', { name })}
    </p>
  );
}
