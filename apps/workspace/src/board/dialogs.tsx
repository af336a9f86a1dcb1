/** What is asked before a chat is moved or ended. */
import type { SupervisedChat } from '@parley/client/administration';
import { useCallback, useState } from 'react';
import { Button } from '../parts/button.js';
import { Actions, Dialog } from '../parts/dialog.js';
import { ErrorText } from '../parts/small.js';
import { messageOf } from '../state/messages.js';
import { useTexts } from '../texts/index.js';
import { useController } from '../view/workspace-context.js';
import { targetOf, Targets, useTargets } from '../view/targets.js';
import { useBoardTexts } from './texts.js';

interface ChatDialogProps {
  readonly chat: SupervisedChat;
  readonly name: string;
  readonly onClose: () => void;
}

export function MoveDialog({ chat, name, onClose }: ChatDialogProps) {
  const say = useBoardTexts();
  const sayMore = useTexts();
  const controller = useController();
  const [value, setValue] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const skills = useCallback(
    async (signal: AbortSignal) => (await controller.agent?.skills(signal)) ?? [],
    [controller],
  );
  const [loaded, again] = useTargets(skills);
  const move = () => {
    const target = targetOf(value);
    if (target === null) {
      setError(sayMore('transfer.choose'));
      return;
    }
    setBusy(true);
    controller.supervisor.move(chat, target).then(onClose, (failure: unknown) => {
      setError(say('board.move.failed', { reason: messageOf(failure) }));
      setBusy(false);
      again();
    });
  };
  return (
    <Dialog title={say('board.move.title', { name })} onClose={onClose} startsAtHeading>
      <Targets loaded={loaded} again={again} value={value} onChange={setValue} />
      {error !== null && <ErrorText>{error}</ErrorText>}
      <Actions>
        <Button onClick={onClose}>{sayMore('transfer.cancel')}</Button>
        <Button kind="primary" disabled={busy} onClick={move}>
          {say('board.move.submit')}
        </Button>
      </Actions>
    </Dialog>
  );
}

export function EndDialog({ chat, name, onClose }: ChatDialogProps) {
  const say = useBoardTexts();
  const sayMore = useTexts();
  const controller = useController();
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const end = () => {
    setBusy(true);
    controller.supervisor.end(chat).then(onClose, (failure: unknown) => {
      setError(say('board.act.failed', { reason: messageOf(failure) }));
      setBusy(false);
    });
  };
  return (
    <Dialog title={say('board.end.title', { name })} onClose={onClose}>
      <p>{say('board.end.text')}</p>
      {error !== null && <ErrorText>{error}</ErrorText>}
      <Actions>
        <Button onClick={onClose}>{sayMore('transfer.cancel')}</Button>
        <Button kind="danger" disabled={busy} onClick={end}>
          {say('board.end.submit')}
        </Button>
      </Actions>
    </Dialog>
  );
}
