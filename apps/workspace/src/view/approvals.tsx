/**
 * What programs want to do in the agent's session and may not without being allowed to, and what bots ask
 * those who supervise them for: asked in place.
 */
import { Bot } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Approval } from '@parley/client/agent';
import { Button } from '../parts/button.js';
import { messageOf } from '../state/messages.js';
import { givenName } from '../state/visitor-name.js';
import { useTexts } from '../texts/index.js';
import { clockTime, useController, useNow, useWorkspace } from './workspace-context.js';
import styles from './notices.module.css';

export function Approvals() {
  const controller = useController();
  // Another one with each session.
  const me = useWorkspace((state) => state.me);
  const [waiting, setWaiting] = useState<readonly Approval[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each session
  useEffect(() => {
    const { agent } = controller;
    setWaiting([]);
    if (agent === null) return;
    let shown = true;
    // A server without programs has none that wait.
    agent.programs.approvals().then(
      (all) => shown && setWaiting(all.filter(({ state }) => state === 'pending')),
      () => {},
    );
    const off = agent.on('approval', (approval) =>
      setWaiting((before) => [
        ...before.filter(({ id }) => id !== approval.id),
        ...(approval.state === 'pending' ? [approval] : []),
      ]),
    );
    return () => {
      shown = false;
      off();
    };
  }, [controller, me]);
  return waiting.map((approval) => (
    <Asked
      key={approval.id}
      approval={approval}
      onDone={() => setWaiting((before) => before.filter(({ id }) => id !== approval.id))}
    />
  ));
}

function Asked({ approval, onDone }: { readonly approval: Approval; readonly onDone: () => void }) {
  const say = useTexts();
  const controller = useController();
  const now = useNow();
  const [error, setError] = useState<string | null>(null);
  const { program, right, chatSessionKey, until, agentId } = approval;
  // A bot that has a session of its own does it as itself.
  const isBots = agentId !== undefined && (right === 'survey' || right === 'availability');
  const what = say(isBots ? `approval.bot.${right}` : `approval.${right}`);
  const visitor = useWorkspace(({ chats }) =>
    chatSessionKey === undefined ? undefined : chats[chatSessionKey]?.info.visitorName,
  );
  const left = Math.max(0, Math.ceil((Date.parse(until) - now) / 1_000));
  if (left === 0) return null;
  const decide = (decision: 'approve' | 'refuse') =>
    void controller.agent?.programs
      .decide(approval.id, decision)
      .then(onDone, (failure: unknown) => setError(messageOf(failure)));
  const text = wordsOf(approval.body);
  return (
    <div className={styles['strip']} data-kind="program" role="alert">
      <Bot size={16} strokeWidth={1.75} aria-hidden />
      <p dir="auto">
        {visitor === undefined
          ? say('approval.text', { program, what })
          : say('approval.chat', {
              program,
              what,
              name: givenName(visitor) || say('ring.visitor'),
            })}
        {text !== null && <q className={styles['words']}>{text}</q>}
        {error !== null && <span> {error}</span>}
      </p>
      <span className={styles['left']} aria-hidden>
        {clockTime(left * 1_000)}
      </span>
      <Button kind="primary" onClick={() => decide('approve')}>
        {say('approval.approve')}
      </Button>
      <Button onClick={() => decide('refuse')}>{say('approval.refuse')}</Button>
    </div>
  );
}

/** The text in what a program wants to send, wherever it stands; null when there is none. */
function wordsOf(body: unknown): string | null {
  if (typeof body !== 'object' || body === null) return null;
  for (const [key, value] of Object.entries(body)) {
    if (key === 'text' && typeof value === 'string' && value !== '') return value;
    const inside = wordsOf(value);
    if (inside !== null) return inside;
  }
  return null;
}
