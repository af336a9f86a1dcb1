/** Gives a chat to a skill or an agent who is there for it now. */
import { useCallback, useId, useState } from 'react';
import { useLocation } from 'wouter';
import { Button } from '../parts/button.js';
import { Actions, Dialog } from '../parts/dialog.js';
import { Dot, ErrorText } from '../parts/small.js';
import { messageOf } from '../state/messages.js';
import type { ChatEntry } from '../state/model.js';
import { useTexts } from '../texts/index.js';
import { useDesk, useLoaded, useWorkspace } from './desk-context.js';
import styles from './transfer.module.css';

interface TransferProps {
  readonly chat: ChatEntry;
  readonly name: string;
  readonly onClose: () => void;
}

export function TransferDialog({ chat, name, onClose }: TransferProps) {
  const say = useTexts();
  const desk = useDesk();
  const [, go] = useLocation();
  const me = useWorkspace((state) => state.me?.id);
  const [target, setTarget] = useState('');
  const [text, setText] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const message = useId();
  const load = useCallback(
    async (signal: AbortSignal) => {
      const [skills, agents] = await Promise.all([
        chat.chat.transferTargets(signal),
        desk.agent?.colleagues({ signal }) ?? [],
      ]);
      return { skills, agents: agents.filter(({ id }) => id !== me) };
    },
    [chat.chat, desk, me],
  );
  const [loaded, again] = useLoaded(load);
  const submit = async () => {
    const [kind, id] = target.split(':');
    if (id === undefined) {
      setError(say('transfer.choose'));
      return;
    }
    setBusy(true);
    setError(null);
    try {
      await desk.transfer(
        chat.id,
        kind === 'skill' ? { skillId: Number(id) } : { agentId: Number(id) },
        text.trim(),
      );
      onClose();
      go('/');
    } catch (failure) {
      // Nobody there can take it any more: who can, is looked up afresh; the text stays.
      setError(say('transfer.failed', { reason: messageOf(failure) }));
      again();
      setBusy(false);
    }
  };
  const choice = (value: string, state: string, label: string, reason: string, open: boolean) => (
    <label key={value} className={styles['choice']} data-open={open}>
      <input
        type="radio"
        name="target"
        disabled={!open}
        checked={target === value}
        onChange={() => setTarget(value)}
      />
      <Dot state={state} />
      <span dir="auto">{label}</span>
      <small>{reason}</small>
    </label>
  );
  return (
    <Dialog title={say('transfer.title', { name })} onClose={onClose}>
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {loaded.status === 'loading' && <p>{say('transfer.loading')}</p>}
        {loaded.status === 'error' && (
          <>
            <ErrorText>{messageOf(loaded.error)}</ErrorText>
            <Button onClick={again}>{say('details.retry')}</Button>
          </>
        )}
        {loaded.status === 'ready' && (
          <div className={styles['targets']}>
            {loaded.value.skills.length + loaded.value.agents.length === 0 && (
              <p>{say('transfer.nobody')}</p>
            )}
            <fieldset hidden={loaded.value.skills.length === 0}>
              <legend>{say('transfer.skills')}</legend>
              {loaded.value.skills.map(({ id, name, onlineAgents: count }) =>
                choice(
                  `skill:${id}`,
                  count > 0 ? 'Online' : 'none',
                  name,
                  say('transfer.online', { count }),
                  count > 0,
                ),
              )}
            </fieldset>
            <fieldset hidden={loaded.value.agents.length === 0}>
              <legend>{say('transfer.agents')}</legend>
              {loaded.value.agents.map(
                ({ id, nickname, userName, state, chats, maxChats: max }) => {
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
                    full ? `${why}, ${say('transfer.full')}` : why,
                    there && !full,
                  );
                },
              )}
            </fieldset>
          </div>
        )}
        <label htmlFor={message}>{say('transfer.note')}</label>
        <textarea
          id={message}
          rows={3}
          dir="auto"
          value={text}
          onChange={({ target: { value } }) => setText(value)}
        />
        {error !== null && <ErrorText>{error}</ErrorText>}
        <Actions>
          <Button onClick={onClose}>{say('transfer.cancel')}</Button>
          <Button kind="primary" type="submit" disabled={busy}>
            {say('transfer.submit')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
