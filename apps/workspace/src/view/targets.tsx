/** Whom a chat can go to, or who can be asked: skills and agents, as they are there now. */
import { useCallback, useEffect } from 'react';
import type { Colleague, SkillName, TransferTarget } from '@parley/client/agent';
import { Button } from '../parts/button.js';
import { Dot, ErrorText } from '../parts/small.js';
import { messageOf } from '../state/messages.js';
import { useTexts } from '../texts/index.js';
import { type Loaded, useController, useLoaded, useWorkspace } from './workspace-context.js';
import styles from './targets.module.css';

/** A skill or an agent. */
export type Target = { readonly skillId: number } | { readonly agentId: number };

/** A skill; how many of its agents are there, where that is known. */
export type SkillTarget = TransferTarget | (SkillName & { readonly onlineAgents?: undefined });

interface Found {
  readonly skills: readonly SkillTarget[];
  readonly agents: readonly Colleague[];
}

/**
 * Looked up again whenever somebody's state changes, as long as the view is there.
 * @param skills loads those that can be chosen
 * @returns what was found, and what looks again
 */
export function useTargets(
  skills: (signal: AbortSignal) => Promise<readonly SkillTarget[]>,
): readonly [Loaded<Found>, () => void] {
  const controller = useController();
  const me = useWorkspace((state) => state.me?.id);
  const load = useCallback(
    async (signal: AbortSignal) => {
      const [found, agents] = await Promise.all([
        skills(signal),
        controller.agent?.colleagues({ signal }) ?? [],
      ]);
      return { skills: found, agents: agents.filter(({ id }) => id !== me) };
    },
    [skills, controller, me],
  );
  const [loaded, again] = useLoaded(load);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `again` always does the same
  useEffect(() => controller.agent?.on('roster', () => again()), [controller]);
  return [loaded, again];
}

export interface TargetsProps {
  readonly loaded: Loaded<Found>;
  readonly again: () => void;
  /** `skill:2`, `agent:6`; empty for none. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Whether who has no room left can be chosen all the same. */
  readonly full?: boolean;
  /** Agents who are not asked: they are there already. */
  readonly without?: ReadonlySet<number>;
}

export function Targets(props: TargetsProps) {
  const { loaded, again, value, onChange, full: takesFull = false, without } = props;
  const say = useTexts();
  if (loaded.status === 'loading') return <p role="status">{say('transfer.loading')}</p>;
  if (loaded.status === 'error') {
    return (
      <>
        <ErrorText>{messageOf(loaded.error)}</ErrorText>
        <Button onClick={again}>{say('details.retry')}</Button>
      </>
    );
  }
  const { skills } = loaded.value;
  const agents = loaded.value.agents.filter(({ id }) => !without?.has(id));
  const choice = (key: string, state: string, label: string, reason: string, open: boolean) => (
    <label key={key} className={styles['choice']} data-open={open}>
      <input
        type="radio"
        name="target"
        disabled={!open}
        checked={value === key}
        onChange={() => onChange(key)}
      />
      <Dot state={state} />
      <span dir="auto">{label}</span>
      <small>{reason}</small>
    </label>
  );
  return (
    <div className={styles['targets']}>
      {skills.length + agents.length === 0 && <p>{say('transfer.nobody')}</p>}
      <fieldset hidden={skills.length === 0}>
        <legend>{say('transfer.skills')}</legend>
        {skills.map(({ id, name, onlineAgents: count }) =>
          choice(
            `skill:${id}`,
            count === 0 ? 'none' : 'Online',
            name,
            count === undefined ? '' : say('transfer.online', { count }),
            count !== 0,
          ),
        )}
      </fieldset>
      <fieldset hidden={agents.length === 0}>
        <legend>{say('transfer.agents')}</legend>
        {agents.map(({ id, nickname, userName, state, chats, maxChats: max }) => {
          const full = max >= 0 && chats >= max;
          const slots =
            max < 0
              ? say('transfer.slots.unlimited', { chats })
              : say('transfer.slots', { chats, max });
          const there = state === 'Online' || state === 'Occupied';
          const why = there ? slots : say(`availability.${state}`);
          return choice(
            `agent:${id}`,
            state,
            nickname || userName,
            full && there ? `${why}, ${say('transfer.full')}` : why,
            there && (takesFull || !full),
          );
        })}
      </fieldset>
    </div>
  );
}

/** @returns null when nothing was chosen */
export function targetOf(value: string): Target | null {
  const [kind, id] = value.split(':');
  if (id === undefined) return null;
  return kind === 'skill' ? { skillId: Number(id) } : { agentId: Number(id) };
}
