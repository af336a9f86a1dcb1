/** Charts, each with a table that says the same. */
import { type ReactNode, useId, useState } from 'react';
import { useIntl } from 'react-intl';
import { Button } from '../parts/button.js';
import styles from './board.module.css';
import { byMinute, type Queue, type Sample, TREND_FROM_MS, TREND_MS } from './figures.js';
import { Scroll } from './scroll.js';
import { useBoardTexts } from './texts.js';

/** A section that is shown as a chart, or as its table. */
export function Figure({
  title,
  chart,
  table,
}: {
  readonly title: string;
  readonly chart: ReactNode;
  readonly table: ReactNode;
}) {
  const say = useBoardTexts();
  const id = useId();
  const [asTable, setAsTable] = useState(false);
  return (
    <section className={styles['card']} aria-labelledby={id}>
      <header className={styles['cardHead']}>
        <h2 id={id}>{title}</h2>
        <Button kind="plain" onClick={() => setAsTable(!asTable)}>
          {say(asTable ? 'board.chart' : 'board.table')}
        </Button>
      </header>
      {asTable ? table : chart}
    </section>
  );
}

const PARTS = ['waiting', 'ringing', 'chatting'] as const;

/** A bar for each queue: who waits, who is rung, who is talked with. */
export function QueueChart({ queues }: { readonly queues: readonly Queue[] }) {
  const say = useBoardTexts();
  const most = Math.max(1, ...queues.map((each) => each.waiting + each.ringing + each.chatting));
  return (
    <div className={styles['bars']}>
      {queues.map((queue) => {
        const name = queue.name ?? say('board.noSkill');
        const { waiting, ringing, chatting } = queue;
        return (
          <div key={String(queue.skillId)} className={styles['bar']}>
            <span className={styles['barName']} dir="auto">
              {name}
            </span>
            <div
              className={styles['track']}
              role="img"
              aria-label={say('board.bar', { name, waiting, ringing, chatting })}
            >
              {PARTS.filter((part) => queue[part] > 0).map((part) => (
                <span
                  key={part}
                  className={styles['part']}
                  data-part={part}
                  ref={(element) => {
                    if (element) element.style.inlineSize = `${(queue[part] / most) * 100}%`;
                  }}
                />
              ))}
            </div>
            <span className={styles['barCount']} aria-hidden>
              {waiting + ringing + chatting}
            </span>
          </div>
        );
      })}
      <ul className={styles['legend']}>
        {PARTS.map((part) => (
          <li key={part}>
            <span className={styles['swatch']} data-part={part} aria-hidden />
            {say(`board.phase.${part}`)}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Size of the drawing, in its own units. */
const WIDE = 600;
const HIGH = 96;

/** Two lines over the last half hour. */
export function TrendChart({ samples }: { readonly samples: readonly Sample[] }) {
  const say = useBoardTexts();
  const last = samples.at(-1);
  const end = last?.at ?? 0;
  const isNew = end - (samples[0]?.at ?? end) < TREND_FROM_MS;
  const top = Math.max(4, ...samples.map((each) => Math.max(each.waiting, each.chatting)));
  const points = (key: 'waiting' | 'chatting') =>
    samples
      .map((each) => {
        const x = WIDE - ((end - each.at) / TREND_MS) * WIDE;
        return `${x.toFixed(1)},${(HIGH - (each[key] / top) * HIGH).toFixed(1)}`;
      })
      .join(' ');
  return (
    <div className={styles['trend']}>
      {isNew ? (
        <p className={styles['begins']}>{say('board.trend.begins')}</p>
      ) : (
        <svg
          viewBox={`0 -4 ${WIDE} ${HIGH + 8}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={say('board.trend.label', {
            waiting: last?.waiting ?? 0,
            chatting: last?.chatting ?? 0,
          })}
        >
          {[0, 0.5, 1].map((share) => (
            <line
              key={share}
              className={styles['grid']}
              x1="0"
              x2={WIDE}
              y1={HIGH * share}
              y2={HIGH * share}
            />
          ))}
          <polyline className={styles['line']} data-part="chatting" points={points('chatting')} />
          <polyline className={styles['line']} data-part="waiting" points={points('waiting')} />
        </svg>
      )}
      {!isNew && (
        <p className={styles['axis']}>
          <span>{say('board.trend.from')}</span>
          <span>{say('board.trend.now')}</span>
        </p>
      )}
      <ul className={styles['legend']}>
        {(['waiting', 'chatting'] as const).map((part) => (
          <li key={part}>
            <span className={styles['swatch']} data-part={part} aria-hidden />
            {say(`board.phase.${part}`)}
            <strong>{last?.[part] ?? 0}</strong>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The same by minute. */
export function TrendTable({ samples }: { readonly samples: readonly Sample[] }) {
  const say = useBoardTexts();
  const intl = useIntl();
  return (
    <Scroll label={say('board.trend')}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{say('board.minute')}</th>
            <th scope="col">{say('board.phase.waiting')}</th>
            <th scope="col">{say('board.phase.chatting')}</th>
          </tr>
        </thead>
        <tbody>
          {[...byMinute(samples)].reverse().map(({ at, waiting, chatting }) => (
            <tr key={at}>
              <th scope="row">{intl.formatTime(at)}</th>
              <td>{waiting}</td>
              <td>{chatting}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
