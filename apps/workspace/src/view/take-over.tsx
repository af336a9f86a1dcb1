/** Asks before a chat is taken from whoever has it: there is no way back but a transfer. */
import { useState } from 'react';
import { Button } from '../parts/button.js';
import { Actions, Dialog } from '../parts/dialog.js';
import { ErrorText } from '../parts/small.js';
import { messageOf } from '../state/messages.js';
import { useTexts } from '../texts/index.js';

export interface TakeOverProps {
  /** Who has the chat; null for one that waits. */
  readonly name: string | null;
  readonly onClose: () => void;
  readonly onSure: () => Promise<void>;
}

export function TakeOverDialog({ name, onClose, onSure }: TakeOverProps) {
  const say = useTexts();
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const sure = () => {
    setBusy(true);
    onSure().then(onClose, (failure: unknown) => {
      setError(messageOf(failure));
      setBusy(false);
    });
  };
  return (
    <Dialog title={say('takeOver.title')} onClose={onClose}>
      <p dir="auto">{name === null ? say('takeOver.waiting') : say('takeOver.text', { name })}</p>
      {error !== null && <ErrorText>{error}</ErrorText>}
      <Actions>
        <Button onClick={onClose}>{say('transfer.cancel')}</Button>
        <Button kind="primary" disabled={busy} onClick={sure}>
          {say('beside.takeOver')}
        </Button>
      </Actions>
    </Dialog>
  );
}
