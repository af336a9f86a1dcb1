/** Gives a chat to a skill or an agent who is there for it now. */
import { useCallback } from 'react';
import { useLocation } from 'wouter';
import type { ChatEntry } from '../state/model.js';
import { useTexts } from '../texts/index.js';
import { useController } from './workspace-context.js';
import { TargetDialog } from './target-dialog.js';

interface TransferProps {
  readonly chat: ChatEntry;
  readonly name: string;
  readonly onClose: () => void;
}

export function TransferDialog({ chat, name, onClose }: TransferProps) {
  const say = useTexts();
  const controller = useController();
  const [, go] = useLocation();
  const skills = useCallback(
    (signal: AbortSignal) => chat.chat.transferTargets(signal),
    [chat.chat],
  );
  return (
    <TargetDialog
      title={say('transfer.title', { name })}
      note={say('transfer.note')}
      submit={say('transfer.submit')}
      failed={(reason) => say('transfer.failed', { reason })}
      skills={skills}
      onSubmit={async (target, text) => {
        await controller.transfer(chat.id, target, text);
        onClose();
        go('/');
      }}
      onClose={onClose}
    />
  );
}
