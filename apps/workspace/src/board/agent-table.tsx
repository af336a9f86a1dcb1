/** Who is there, in which state, since when, with how many chats. */
import type { Presence } from '@parley/client/agent';
import { Fragment, useState } from 'react';
import { MenuItem, MenuLabel } from '../parts/menu.js';
import { Dot } from '../parts/small.js';
import { messageOf } from '../state/messages.js';
import { useTexts } from '../texts/index.js';
import { clockTime, useController, useWorkspace } from '../view/workspace-context.js';
import { ActsMenu, ActsTable } from './acts.js';
import styles from './board.module.css';
import type { BoardAgent } from './figures.js';
import { useBoardTexts } from './texts.js';

/** What an agent can be set to. */
const STATES = ['Online', 'Occupied', 'Away'] as const;

const ORDER = ['Online', 'Occupied', 'Away', 'Offline'] as const;

export interface AgentTableProps {
  readonly agents: readonly BoardAgent[];
  /** Epoch ms. */
  readonly now: number;
  readonly onChanged: () => void;
}

export function AgentTable({ agents, now, onChanged }: AgentTableProps) {
  const say = useBoardTexts();
  const sayState = useTexts();
  const controller = useController();
  const reasons = useWorkspace(({ library }) => library.reasons);
  const [error, setError] = useState<string | null>(null);
  const set = (agent: BoardAgent, to: Presence, reasonId?: number) => {
    setError(null);
    controller.supervisor
      .setAvailability(agent.record, to, reasonId)
      .then(onChanged, (failure: unknown) =>
        setError(say('board.act.failed', { reason: messageOf(failure) })),
      );
  };
  if (agents.length === 0) return <p className={styles['empty']}>{say('board.agents.none')}</p>;
  const sorted = [...agents].sort(
    (a, b) =>
      ORDER.indexOf(a.state) - ORDER.indexOf(b.state) ||
      b.chats - a.chats ||
      a.name.localeCompare(b.name),
  );
  return (
    <ActsTable
      label={say('board.agents')}
      heads={[say('board.agent'), say('board.state'), say('board.load')]}
      error={error}
    >
      {sorted.map((agent) => (
        <tr key={agent.id}>
          <th scope="row" dir="auto">
            {agent.name}
          </th>
          <td>
            <span className={styles['state']}>
              <Dot state={agent.state} />
              {sayState(`availability.${agent.state}`)}
              <Reason text={reasons.find(({ id }) => id === agent.reasonId)?.text} />
              {agent.state !== 'Offline' && (
                <small className={styles['since']}>{clockTime(now - agent.since)}</small>
              )}
            </span>
          </td>
          <td>{agent.state === 'Offline' ? '–' : <Load agent={agent} />}</td>
          <td className={styles['actions']}>
            {agent.state !== 'Offline' && agent.record.supervises !== true && (
              <ActsMenu name={agent.name} onOpen={() => controller.refreshLibrary()}>
                <MenuLabel>{say('board.set', { name: agent.name })}</MenuLabel>
                {STATES.map((state) => (
                  <Fragment key={state}>
                    <MenuItem
                      checked={agent.state === state && agent.reasonId === null}
                      onClick={() => set(agent, state)}
                    >
                      {sayState(`availability.${state}`)}
                    </MenuItem>
                    {reasons
                      .filter((each) => each.state === state)
                      .map(({ id, text }) => (
                        <MenuItem
                          key={id}
                          inner
                          checked={agent.state === state && agent.reasonId === id}
                          onClick={() => set(agent, state, id)}
                        >
                          <span dir="auto">{text}</span>
                        </MenuItem>
                      ))}
                  </Fragment>
                ))}
              </ActsMenu>
            )}
          </td>
        </tr>
      ))}
    </ActsTable>
  );
}

function Reason({ text }: { readonly text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <small className={styles['since']} dir="auto">
      {text}
    </small>
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
