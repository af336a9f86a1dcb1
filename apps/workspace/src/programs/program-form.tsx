/** What an agent says of a program that is to work in their session. */
import type { Agent, Delegated, DelegatedRight } from '@parley/client/agent';
import { type FormEvent, useId, useState } from 'react';
import { Button } from '../parts/button.js';
import { Actions, Dialog } from '../parts/dialog.js';
import { ErrorText, Field } from '../parts/small.js';
import { messageOf } from '../state/messages.js';
import styles from './programs.module.css';
import { useProgramTexts } from './texts.js';

/** In the order in which they are shown. */
const RIGHTS = [
  ...(['read', 'suggest', 'whisper', 'speak', 'accept'] as const),
  ...(['transfer', 'invite', 'end', 'survey', 'availability'] as const),
] as const satisfies readonly DelegatedRight[];

/** Hours that can be chosen; 0: until the session ends. */
const HOURS = [0, 1, 4, 8, 24] as const;

/** What most programs need; what reaches the visitor is asked for. */
const FIRST: readonly DelegatedRight[] = ['read', 'suggest'];

const NAME_MAX = 100;

export function ProgramForm({
  agent,
  onMade,
  onClose,
}: {
  readonly agent: Agent;
  readonly onMade: (delegated: Delegated) => void;
  readonly onClose: () => void;
}) {
  const say = useProgramTexts();
  const [name, setName] = useState('');
  const [hours, setHours] = useState(0);
  const [rights, setRights] = useState<ReadonlySet<DelegatedRight>>(new Set(FIRST));
  // Chosen beforehand for all: whoever lets a program speak for them says so twice.
  const [asks, setAsks] = useState<ReadonlySet<DelegatedRight>>(
    new Set(RIGHTS.filter((right) => right !== 'read' && right !== 'suggest')),
  );
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const duration = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') return setError(say('programs.needs.name'));
    if (rights.size === 0) return setError(say('programs.needs.right'));
    setBusy(true);
    const delegated = RIGHTS.filter((right) => rights.has(right));
    agent.programs
      .delegate({
        name: name.trim(),
        rights: delegated,
        approval: delegated.filter((right) => right !== 'read' && asks.has(right)),
        ...(hours === 0 ? {} : { expiresIn: hours * 3_600 }),
      })
      .then(onMade, (failure: unknown) => {
        setError(messageOf(failure));
        setBusy(false);
      });
  };
  return (
    <Dialog title={say('programs.new')} onClose={onClose}>
      <form className={styles['form']} onSubmit={submit} noValidate>
        <Field
          label={say('programs.name')}
          dir="auto"
          name="program"
          maxLength={NAME_MAX}
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
        <div className={styles['field']}>
          <label htmlFor={duration}>{say('programs.for')}</label>
          <select
            id={duration}
            value={hours}
            onChange={({ target }) => setHours(Number(target.value))}
          >
            {HOURS.map((each) => (
              <option key={each} value={each}>
                {each === 0
                  ? say('programs.for.session')
                  : say('programs.for.hours', { hours: each })}
              </option>
            ))}
          </select>
        </div>
        <fieldset className={styles['rights']}>
          <legend>{say('programs.rights')}</legend>
          {RIGHTS.map((right) => (
            <div key={right}>
              <label>
                <input
                  type="checkbox"
                  checked={rights.has(right)}
                  onChange={() => setRights(toggled(rights, right))}
                />
                {say(`programs.right.${right}`)}
              </label>
              {right !== 'read' && (
                <label data-off={!rights.has(right)}>
                  <input
                    type="checkbox"
                    aria-label={say('programs.asksFor', { right: say(`programs.right.${right}`) })}
                    disabled={!rights.has(right)}
                    checked={rights.has(right) && asks.has(right)}
                    onChange={() => setAsks(toggled(asks, right))}
                  />
                  <span aria-hidden>{say('programs.asksFirst')}</span>
                </label>
              )}
            </div>
          ))}
        </fieldset>
        {error !== null && <ErrorText>{error}</ErrorText>}
        <Actions>
          <Button onClick={onClose}>{say('programs.cancel')}</Button>
          <Button kind="primary" type="submit" disabled={busy}>
            {say('programs.let')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}

function toggled<T>(set: ReadonlySet<T>, value: T): ReadonlySet<T> {
  const next = new Set(set);
  if (!next.delete(value)) next.add(value);
  return next;
}
