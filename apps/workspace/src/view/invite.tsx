/** Asks somebody to come into a chat, to help or to read along; and shows who is there. */
import { useCallback, useId, useMemo, useState } from 'react';
import type { Participant } from '@parley/client/agent';
import { Button } from '../parts/button.js';
import { Actions, Dialog } from '../parts/dialog.js';
import { Avatar, ErrorText } from '../parts/small.js';
import { messageOf } from '../state/messages.js';
import type { ChatEntry } from '../state/model.js';
import { useTexts } from '../texts/index.js';
import { useController } from './workspace-context.js';
import { TargetDialog } from './target-dialog.js';
import styles from './transfer.module.css';

interface ChatDialogProps {
  readonly chat: ChatEntry;
  readonly name: string;
  readonly onClose: () => void;
}

const ROLES = ['assistant', 'listener'] as const;

export function InviteDialog({ chat, name, onClose }: ChatDialogProps) {
  const say = useTexts();
  const controller = useController();
  const [role, setRole] = useState<(typeof ROLES)[number]>('assistant');
  const roles = useId();
  const skills = useCallback(
    async (signal: AbortSignal) => (await controller.agent?.skills(signal)) ?? [],
    [controller],
  );
  const there = useMemo(() => new Set(chat.people.map(({ agentId }) => agentId)), [chat.people]);
  return (
    <TargetDialog
      title={say('invite.title', { name })}
      note={say('invite.note')}
      submit={say('invite.submit')}
      failed={(reason) => say('invite.failed', { reason })}
      skills={skills}
      full={role === 'listener'}
      without={there}
      onSubmit={async (target, text) => {
        await controller.people.invite(chat.id, target, role, text);
        onClose();
      }}
      onClose={onClose}
    >
      <fieldset className={styles['roles']}>
        <legend>{say('invite.role')}</legend>
        {ROLES.map((each) => (
          <label key={each} className={styles['role']}>
            <input
              type="radio"
              name={roles}
              checked={role === each}
              onChange={() => setRole(each)}
            />
            <span>
              {say(`role.${each}`)}
              <small>{say(`invite.role.${each}`)}</small>
            </span>
          </label>
        ))}
      </fieldset>
    </TargetDialog>
  );
}

/** Who of the account is in the chat. */
export function PeopleDialog({ chat, name, onClose }: ChatDialogProps) {
  const say = useTexts();
  const controller = useController();
  const me = controller.store.getState().me?.id;
  const [error, setError] = useState<string | null>(null);
  const remove = (person: Participant) =>
    void controller.people
      .remove(chat.id, person)
      .catch((failure: unknown) => setError(messageOf(failure)));
  // Whoever was invited may be sent away by who has the chat.
  const mayRemove = ({ agentId, role, invitedBy }: Participant) =>
    chat.role === 'agent' && agentId !== me && role !== 'supervisor' && invitedBy !== null;
  return (
    <Dialog title={say('people.title', { name })} onClose={onClose}>
      <ul className={styles['people']}>
        {chat.people.map((person) => (
          <li key={person.id} className={styles['person']}>
            <Avatar name={person.name} kind="agent" />
            <div>
              <span dir="auto">
                {person.agentId === me ? say('people.you', { name: person.name }) : person.name}
              </span>
              <small>
                {person.state === 'ringing'
                  ? say('people.ringing', { role: say(`role.${person.role}`) })
                  : say(`role.${person.role}`)}
              </small>
            </div>
            {(mayRemove(person) || (person.state === 'ringing' && chat.role === 'agent')) && (
              <Button onClick={() => remove(person)}>
                {say(person.state === 'ringing' ? 'people.withdraw' : 'people.remove')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {error !== null && <ErrorText>{error}</ErrorText>}
      <Actions>
        <Button onClick={onClose}>{say('keys.close')}</Button>
      </Actions>
    </Dialog>
  );
}
