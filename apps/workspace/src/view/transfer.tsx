/** Gives a chat to a skill or an agent who is there for it now. */
import { useCallback, useId, useState } from 'react';
import { useLocation } from 'wouter';
import { Button } from '../parts/button.js';
import { Actions, Dialog } from '../parts/dialog.js';
import { ErrorText } from '../parts/small.js';
import { messageOf } from '../state/messages.js';
import type { ChatEntry } from '../state/model.js';
import { useTexts } from '../texts/index.js';
import { useDesk } from './desk-context.js';
import { targetOf, Targets, useTargets } from './targets.js';
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
  const [value, setValue] = useState('');
  const [text, setText] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const message = useId();
  const skills = useCallback(
    (signal: AbortSignal) => chat.chat.transferTargets(signal),
    [chat.chat],
  );
  const [loaded, again] = useTargets(skills);
  const submit = async () => {
    const target = targetOf(value);
    if (target === null) {
      setError(say('transfer.choose'));
      return;
    }
    setBusy(true);
    setError(null);
    try {
      await desk.transfer(chat.id, target, text.trim());
      onClose();
      go('/');
    } catch (failure) {
      // Nobody there can take it any more: who can, is looked up afresh; the text stays.
      setError(say('transfer.failed', { reason: messageOf(failure) }));
      again();
      setBusy(false);
    }
  };
  return (
    <Dialog title={say('transfer.title', { name })} onClose={onClose}>
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Targets loaded={loaded} again={again} value={value} onChange={setValue} />
        <label htmlFor={message}>{say('transfer.note')}</label>
        <textarea
          id={message}
          rows={3}
          dir="auto"
          value={text}
          onChange={({ target }) => setText(target.value)}
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
