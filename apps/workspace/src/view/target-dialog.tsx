/** Chooses a skill or an agent who is there now, with a message for them: to transfer a chat, or to invite. */
import { type ReactNode, useId, useState } from 'react';
import { Button } from '../parts/button.js';
import { Actions, Dialog } from '../parts/dialog.js';
import { ErrorText } from '../parts/small.js';
import { messageOf } from '../state/messages.js';
import { useTexts } from '../texts/index.js';
import { type SkillTarget, type Target, targetOf, Targets, useTargets } from './targets.js';
import styles from './transfer.module.css';

export interface TargetDialogProps {
  readonly title: string;
  /** What the message is. */
  readonly note: string;
  readonly submit: string;
  /** Says that it did not work. @param reason in the server's words */
  readonly failed: (reason: string) => string;
  /** Loads the skills that can be chosen; the same function as long as they are the same. */
  readonly skills: (signal: AbortSignal) => Promise<readonly SkillTarget[]>;
  /** Whether agents who have no place left can be chosen. */
  readonly full?: boolean;
  /** Agents who are not offered. */
  readonly without?: ReadonlySet<number>;
  /** @throws when nobody there can be asked any more: the dialog stays, with what was written */
  readonly onSubmit: (target: Target, text: string) => Promise<void>;
  readonly onClose: () => void;
  /** Stands above the choices. */
  readonly children?: ReactNode;
}

/** The longest message that the server takes, characters. */
const MAX_MESSAGE = 2_000;

export function TargetDialog(props: TargetDialogProps) {
  const say = useTexts();
  const { title, note, onSubmit, onClose } = props;
  const [value, setValue] = useState('');
  const [text, setText] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const message = useId();
  const [loaded, again] = useTargets(props.skills);
  const submit = async () => {
    const target = targetOf(value);
    if (target === null) {
      setError(say('transfer.choose'));
      return;
    }
    setBusy(true);
    setError(null);
    try {
      await onSubmit(target, text.trim());
    } catch (failure) {
      // Who can take it is looked up afresh; the text stays.
      setError(props.failed(messageOf(failure)));
      again();
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose} startsAtHeading={props.children === undefined}>
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {props.children}
        <Targets
          loaded={loaded}
          again={again}
          value={value}
          onChange={setValue}
          full={props.full ?? false}
          {...(props.without === undefined ? {} : { without: props.without })}
        />
        <label htmlFor={message}>{note}</label>
        <textarea
          id={message}
          rows={2}
          dir="auto"
          maxLength={MAX_MESSAGE}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        {error !== null && <ErrorText>{error}</ErrorText>}
        <Actions>
          <Button onClick={onClose}>{say('transfer.cancel')}</Button>
          <Button kind="primary" type="submit" disabled={busy}>
            {props.submit}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
