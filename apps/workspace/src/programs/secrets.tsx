/** What a program is to be given: shown this once, and left only by saying that it is stored. */
import type { Delegated } from '@parley/client/agent';
import { useState } from 'react';
import { Button } from '../parts/button.js';
import { Actions, Dialog } from '../parts/dialog.js';
import { useWorkspace } from '../view/workspace-context.js';
import styles from './programs.module.css';
import { useProgramTexts } from './texts.js';
import { copyText } from '../view/copy-text.js';

export function Secrets({
  made: { name, session, bearer },
  onStored,
}: {
  readonly made: Delegated;
  readonly onStored: () => void;
}) {
  const say = useProgramTexts();
  const account = useWorkspace((state) => state.account);
  const { origin } = location;
  const values = {
    session,
    bearer,
    command: `npx parley mcp --server ${origin} --account ${account} --session ${session} --bearer-file bearer.txt`,
  } as const;
  const [copied, setCopied] = useState<keyof typeof values | null>(null);
  const copy = async (what: keyof typeof values) => {
    await copyText(values[what]);
    setCopied(what);
  };
  return (
    <Dialog title={say('programs.secret.title', { name })}>
      <p>{say('programs.secret.text')}</p>
      {(['session', 'bearer', 'command'] as const).map((what) => (
        <div key={what} className={styles['field']}>
          <span>{say(`programs.secret.${what}`)}</span>
          <div className={styles['value']}>
            <code data-secret={what}>{values[what]}</code>
            <Button
              aria-label={say('programs.secret.copy.of', { what: say(`programs.secret.${what}`) })}
              onClick={() => void copy(what)}
            >
              {say(copied === what ? 'programs.secret.copied' : 'programs.secret.copy')}
            </Button>
          </div>
        </div>
      ))}
      <Actions>
        <Button kind="primary" onClick={onStored}>
          {say('programs.secret.stored')}
        </Button>
      </Actions>
    </Dialog>
  );
}
