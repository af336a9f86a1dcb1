/** Who is there, in which state, since when, with how many chats. */
import { Dot } from '../parts/small.js';
import { useTexts } from '../texts/index.js';
import { clockTime } from '../view/desk-context.js';
import styles from './board.module.css';
import type { BoardAgent } from './figures.js';
import { Scroll } from './scroll.js';
import { useBoardTexts } from './texts.js';

const ORDER = ['Online', 'Occupied', 'Away', 'Offline'] as const;

export interface AgentTableProps {
  readonly agents: readonly BoardAgent[];
  /** Epoch ms. */
  readonly now: number;
  readonly onChanged: () => void;
}

export function AgentTable({ agents, now }: AgentTableProps) {
  const say = useBoardTexts();
  const sayState = useTexts();
  if (agents.length === 0) return <p className={styles['empty']}>{say('board.agents.none')}</p>;
  const sorted = [...agents].sort(
    (a, b) =>
      ORDER.indexOf(a.state) - ORDER.indexOf(b.state) ||
      b.chats - a.chats ||
      a.name.localeCompare(b.name),
  );
  return (
    <Scroll label={say('board.agents')}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{say('board.agent')}</th>
            <th scope="col">{say('board.state')}</th>
            <th scope="col">{say('board.load')}</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((agent) => (
            <tr key={agent.id}>
              <th scope="row" dir="auto">
                {agent.name}
              </th>
              <td>
                <span className={styles['state']}>
                  <Dot state={agent.state} />
                  {sayState(`availability.${agent.state}`)}
                  {agent.state !== 'Offline' && (
                    <small className={styles['since']}>{clockTime(now - agent.since)}</small>
                  )}
                </span>
              </td>
              <td>{agent.state === 'Offline' ? '–' : <Load agent={agent} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** How many chats of how many, as a bar with its figures. */
function Load({ agent: { chats, maxChats: max } }: { readonly agent: BoardAgent }) {
  const say = useBoardTexts();
  if (max < 0) return say('board.load.unlimited', { chats });
  const share = max === 0 ? 1 : Math.min(1, chats / max);
  return (
    <span className={styles['load']}>
      <span className={styles['loadTrack']} aria-hidden>
        <span
          className={styles['loadBar']}
          data-full={share === 1}
          ref={(element) => {
            if (element) element.style.inlineSize = `${share * 100}%`;
          }}
        />
      </span>
      {say('board.load.of', { chats, max })}
    </span>
  );
}
