/** The keys that work everywhere, and the dialog that names them. */
import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { Button } from '../parts/button.js';
import { Actions, Dialog } from '../parts/dialog.js';
import { nextNeeding } from '../state/chats.js';
import { type TextId, useTexts } from '../texts/index.js';
import { command } from './commands.js';
import { useDesk } from './desk-context.js';
import styles from './keys.module.css';
import { chatPath } from './paths.js';
import { useAccept } from './ring.js';

const OPEN = 'parley:keys';

export function openKeysHelp(): void {
  window.dispatchEvent(new Event(OPEN));
}

const LISTED: readonly (readonly [string, TextId])[] = [
  ['F2', 'command.accept'],
  ['F8', 'command.next'],
  ['Shift+F8', 'command.previous'],
  ['Ctrl+.', 'command.mode'],
  ['Ctrl+/', 'command.help'],
  ['R', 'composer.reply'],
  ['T', 'command.transfer'],
  ['E', 'chat.end'],
];

export function Keys() {
  const say = useTexts();
  const desk = useDesk();
  const accept = useAccept();
  const [, go] = useLocation();
  const [help, setHelp] = useState(false);

  useEffect(() => {
    const open = () => setHelp(true);
    const step = (by: 1 | -1) => {
      const { chats, shown } = desk.store.getState();
      const next = nextNeeding(chats, shown, by);
      if (next !== null) go(chatPath(next));
    };
    const actions: Readonly<Record<string, () => void>> = {
      F2: () => void accept(),
      F8: () => step(1),
      'Shift+F8': () => step(-1),
      'Ctrl+.': () => command('mode'),
      'Ctrl+/': open,
      r: () => command('focus-composer'),
      t: () => command('transfer'),
      e: () => command('end'),
    };
    const pressed = (event: KeyboardEvent) => {
      if (event.isComposing || event.altKey || document.querySelector('[role=dialog]')) return;
      const held = event.ctrlKey || event.metaKey;
      const name = `${held ? 'Ctrl+' : ''}${event.shiftKey && event.key === 'F8' ? 'Shift+' : ''}${event.key}`;
      const writing = (event.target as Element).matches('input, textarea, select, [role=menuitem]');
      if (writing && name.length === 1) return;
      const act = actions[name];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', pressed);
    window.addEventListener(OPEN, open);
    return () => {
      window.removeEventListener('keydown', pressed);
      window.removeEventListener(OPEN, open);
    };
  }, [desk, accept, go]);

  if (!help) return null;
  return (
    <Dialog title={say('keys.title')} onClose={() => setHelp(false)}>
      <dl className={styles['keys']}>
        {LISTED.map(([key, text]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{say(text)}</dd>
          </div>
        ))}
      </dl>
      <Actions>
        <Button onClick={() => setHelp(false)}>{say('keys.close')}</Button>
      </Actions>
    </Dialog>
  );
}
