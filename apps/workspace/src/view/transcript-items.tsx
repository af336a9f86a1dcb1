/** What stands in a transcript: days, what happened, and the lines of one speaker. */
import { Lock } from 'lucide-react';
import { useIntl } from 'react-intl';
import type { ChatEvent, Line } from '@parley/client/agent';
import { htmlLine, plainLine } from '../lines/html.js';
import type { Block } from '../state/chats.js';
import { givenName } from '../state/visitor-name.js';
import { useTexts } from '../texts/index.js';
import styles from './transcript.module.css';

export function BlockView({ block }: { readonly block: Block }) {
  switch (block.kind) {
    case 'day':
      return <Day at={block.at} />;
    case 'system':
      return <SystemLine event={block.event} />;
    case 'group':
      return <Group group={block} />;
  }
}

function Day({ at }: { readonly at: number }) {
  const intl = useIntl();
  const say = useTexts();
  const today = new Date(at).toDateString() === new Date().toDateString();
  const text = today ? say('chat.today') : intl.formatDate(at, { dateStyle: 'full' });
  return <p className={styles['day']}>{text}</p>;
}

function SystemLine({ event }: { readonly event: ChatEvent }) {
  const say = useTexts();
  if (event.type === 'line') {
    const text = event.textType === 'html' ? htmlLine(event.text) : event.text;
    return (
      <p className={styles['system']} dir="auto">
        {text}
      </p>
    );
  }
  const text =
    event.type === 'collaboration'
      ? say(`system.${event.action}`, { name: event.by })
      : say(`system.${event.state}`);
  return <p className={styles['system']}>{text}</p>;
}

function Group({ group }: { readonly group: Extract<Block, { kind: 'group' }> }) {
  const say = useTexts();
  const intl = useIntl();
  const last = group.lines.at(-1);
  return (
    <div className={styles['group']} data-side={group.side}>
      {group.note && (
        <p className={styles['private']}>
          <Lock size={12} strokeWidth={1.75} aria-hidden />
          {say('line.note')}
        </p>
      )}
      {group.lines.map((line) => (
        <div
          key={line.id}
          className={styles['bubble']}
          data-side={group.side}
          data-note={group.note}
        >
          <LineText line={line} />
        </div>
      ))}
      <p className={styles['by']}>
        <span dir="auto">
          {group.side === 'visitor' ? givenName(group.by) || say('ring.visitor') : group.by}
        </span>
        {last !== undefined && (
          <time
            dateTime={last.time}
            title={intl.formatDate(last.time, { dateStyle: 'full', timeStyle: 'medium' })}
          >
            {intl.formatTime(last.time)}
          </time>
        )}
      </p>
    </div>
  );
}

export function LineText({ line }: { readonly line: Pick<Line, 'text' | 'textType'> }) {
  const say = useTexts();
  if (line.textType === 'html') {
    return (
      <div className={styles['html']} dir="auto">
        {htmlLine(line.text)}
      </div>
    );
  }
  const text = line.textType === 'rich-content' && line.text === '' ? say('line.rich') : line.text;
  return (
    <p className={styles['plain']} dir="auto">
      {plainLine(text)}
    </p>
  );
}
