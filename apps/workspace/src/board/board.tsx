/** The supervisors' board: what waits, what is live, who is there; and what can be done about it. */
import { useEffect, useState } from 'react';
import { useIntl } from 'react-intl';
import { Button } from '../parts/button.js';
import { Dot, ErrorText } from '../parts/small.js';
import { messageOf } from '../state/messages.js';
import { useTexts } from '../texts/index.js';
import { clockTime, useNow, useServices } from '../view/workspace-context.js';
import { WithTexts } from '../view/with-texts.js';
import { AgentTable } from './agent-table.js';
import styles from './board.module.css';
import { Figure, QueueChart, TrendChart, TrendTable } from './chart.js';
import { ChatTable } from './chat-table.js';
import { type Queue, queuesOf, type Tiles, tilesOf } from './figures.js';
import { Scroll } from './scroll.js';
import { useBoardTexts } from './texts.js';
import { useBoard } from './use-board.js';

export function BoardPage() {
  const { boardTexts } = useServices();
  const [texts, setTexts] = useState<Readonly<Record<string, string>> | null>(null);
  useEffect(() => {
    void boardTexts().then(setTexts);
  }, [boardTexts]);
  if (texts === null) return <main className={styles['page']} />;
  return (
    <WithTexts texts={texts}>
      <Board />
    </WithTexts>
  );
}

function Board() {
  const say = useBoardTexts();
  const now = useNow();
  const [board, error, again] = useBoard();
  if (board === null) {
    return (
      <main id="board" className={styles['page']} tabIndex={-1} aria-label={say('board.title')}>
        {error === null ? (
          <div className={styles['tiles']} role="status" aria-label={say('board.loading')}>
            {[0, 1, 2, 3].map((each) => (
              <div key={each} className={styles['skeleton']} />
            ))}
          </div>
        ) : (
          <>
            <ErrorText>
              {say('board.failed')} {messageOf(error)}
            </ErrorText>
            <Button onClick={again}>{say('board.again')}</Button>
          </>
        )}
      </main>
    );
  }
  const { chats, agents, soon, samples, at } = board;
  const queues = queuesOf(chats, agents, now);
  return (
    <main
      id="board"
      className={styles['page']}
      tabIndex={-1}
      aria-label={say('board.title')}
      data-region
    >
      <header className={styles['head']}>
        <h1>{say('board.title')}</h1>
        <p data-stale={error !== null}>
          {error === null
            ? say('board.updated', { seconds: Math.max(0, Math.floor((now - at) / 1_000)) })
            : say('board.stale', { reason: messageOf(error) })}
        </p>
      </header>
      <TileRow tiles={tilesOf(chats, agents, now)} soon={soon} />
      <div className={styles['columns']}>
        <div className={styles['column']}>
          <Figure
            title={say('board.queues')}
            chart={<QueueChart queues={queues} />}
            table={<QueueTable queues={queues} />}
          />
          <section className={styles['card']} aria-labelledby="board-chats">
            <header className={styles['cardHead']}>
              <h2 id="board-chats">{say('board.chats')}</h2>
              <span>{chats.length}</span>
            </header>
            <ChatTable chats={chats} now={now} onChanged={again} />
          </section>
          <Figure
            title={say('board.trend')}
            chart={<TrendChart samples={samples} />}
            table={<TrendTable samples={samples} />}
          />
        </div>
        <section className={styles['card']} aria-labelledby="board-agents">
          <header className={styles['cardHead']}>
            <h2 id="board-agents">{say('board.agents')}</h2>
            <span>{agents.length}</span>
          </header>
          <AgentTable agents={agents} now={now} onChanged={again} />
        </section>
      </div>
    </main>
  );
}

function TileRow({ tiles, soon }: { readonly tiles: Tiles; readonly soon: number | null }) {
  const say = useBoardTexts();
  const sayState = useTexts();
  const intl = useIntl();
  const states = [
    ['Online', tiles.online],
    ['Occupied', tiles.occupied],
    ['Away', tiles.away],
  ] as const;
  return (
    <dl className={styles['tiles']}>
      <div className={styles['tile']}>
        <dt>{say('board.waiting')}</dt>
        <dd className={styles['figure']}>{tiles.waiting}</dd>
      </div>
      <div className={styles['tile']} data-late={(tiles.longestWait ?? 0) > 90_000}>
        <dt>{say('board.longest')}</dt>
        <dd className={styles['figure']}>
          {tiles.longestWait === null ? (
            <span className={styles['none']}>{say('board.nobody')}</span>
          ) : (
            clockTime(tiles.longestWait)
          )}
        </dd>
      </div>
      <div className={styles['tile']}>
        <dt>{say('board.agents')}</dt>
        <dd className={styles['states']}>
          {states.map(([state, count]) => (
            <span key={state}>
              <Dot state={state} />
              <strong>{count}</strong> {sayState(`availability.${state}`)}
            </span>
          ))}
        </dd>
      </div>
      <div className={styles['tile']}>
        <dt>{say('board.soon')}</dt>
        <dd className={styles['figure']}>
          {soon === null
            ? '–'
            : intl.formatNumber(soon, { style: 'percent', maximumFractionDigits: 0 })}
          <small>{say('board.soon.of')}</small>
        </dd>
      </div>
    </dl>
  );
}

function QueueTable({ queues }: { readonly queues: readonly Queue[] }) {
  const say = useBoardTexts();
  return (
    <Scroll label={say('board.queues')}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{say('board.skill')}</th>
            <th scope="col">{say('board.phase.waiting')}</th>
            <th scope="col">{say('board.longest')}</th>
            <th scope="col">{say('board.phase.ringing')}</th>
            <th scope="col">{say('board.phase.chatting')}</th>
            <th scope="col">{say('board.online')}</th>
          </tr>
        </thead>
        <tbody>
          {queues.map((queue) => (
            <tr key={String(queue.skillId)}>
              <th scope="row" dir="auto">
                {queue.name ?? say('board.noSkill')}
              </th>
              <td>{queue.waiting}</td>
              <td>{queue.longestWait === null ? '–' : clockTime(queue.longestWait)}</td>
              <td>{queue.ringing}</td>
              <td>{queue.chatting}</td>
              <td>{queue.online}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
