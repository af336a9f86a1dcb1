/** The keys that work everywhere, the palette of all commands, and the dialog that names the keys. */
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { Button } from '../parts/button.js';
import { Actions, Dialog } from '../parts/dialog.js';
import { nextNeeding } from '../state/chats.js';
import { type TextId, useTexts } from '../texts/index.js';
import { type Command, command } from './commands.js';
import { useController } from './workspace-context.js';
import styles from './keys.module.css';
import { chatPath, useShownChat } from './paths.js';
import { preference } from './preferences.js';
import { focusRegion } from './regions.js';
import { useAccept } from './ring.js';

const loadPalette = async () => ({ default: (await import('./palette.js')).Palette });
const Palette = lazy(loadPalette);

/** The commands are loaded this long after the page came up, milliseconds. */
const PALETTE_AFTER_MS = 1_000;

const OPEN_HELP = 'parley:keys';
const OPEN_PALETTE = 'parley:palette';

export function openKeysHelp(): void {
  window.dispatchEvent(new Event(OPEN_HELP));
}

export function openPalette(): void {
  window.dispatchEvent(new Event(OPEN_PALETTE));
}

/** ⌘ where there is one. */
const CTRL = /Mac|iP(?:hone|ad)/.test(navigator.platform) ? '⌘' : 'Ctrl+';

interface Key {
  /** As `name` of a press writes it. */
  readonly press: string;
  /** As it is shown. */
  readonly shown: string;
  readonly text: TextId;
  readonly act: () => void;
  /** Left out of the palette: it is about moving in the page, or of the palette itself. */
  readonly moves?: boolean;
}

export function Keys() {
  const say = useTexts();
  const controller = useController();
  const accept = useAccept();
  const [, go] = useLocation();
  const shown = useShownChat();
  const [help, setHelp] = useState(false);
  const [palette, setPalette] = useState(false);
  // What is typed after Ctrl+K must not fall beside it while it is loaded.
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette(), PALETTE_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);

  const keys = useMemo((): readonly Key[] => {
    const step = (by: 1 | -1) => () => {
      const state = controller.store.getState();
      const next = nextNeeding(state.chats, state.shown, by);
      if (next !== null) go(chatPath(next));
    };
    const does = (name: Command) => () => command(name);
    const focusReply = () => {
      command('reply');
      command('focus-composer');
    };
    const focusNote = () => {
      command('note');
      command('focus-composer');
    };
    return [
      { press: 'F2', shown: 'F2', text: 'command.accept', act: () => void accept() },
      { press: 'F8', shown: 'F8', text: 'command.next', act: step(1) },
      { press: 'Shift+F8', shown: 'Shift+F8', text: 'command.previous', act: step(-1) },
      { press: 'F6', shown: 'F6', text: 'command.region', act: () => focusRegion(1), moves: true },
      {
        press: 'Shift+F6',
        shown: 'Shift+F6',
        text: 'command.region.back',
        act: () => focusRegion(-1),
        moves: true,
      },
      {
        press: 'Ctrl+k',
        shown: `${CTRL}K`,
        text: 'palette.title',
        act: () => setPalette(true),
        moves: true,
      },
      { press: 'Ctrl+.', shown: `${CTRL}.`, text: 'command.mode', act: does('mode') },
      { press: 'Ctrl+/', shown: `${CTRL}/`, text: 'command.help', act: () => setHelp(true) },
      { press: 'r', shown: 'R', text: 'composer.reply', act: focusReply },
      { press: 'n', shown: 'N', text: 'composer.note', act: focusNote },
      { press: 't', shown: 'T', text: 'command.transfer', act: does('transfer') },
      { press: 'i', shown: 'I', text: 'chat.invite', act: does('invite') },
      { press: 'e', shown: 'E', text: 'chat.end', act: does('end') },
    ];
  }, [controller, accept, go]);

  useEffect(() => {
    const openHelp = () => setHelp(true);
    const open = () => setPalette(true);
    const pressed = (event: KeyboardEvent) => {
      if (event.isComposing || event.altKey || document.querySelector('[role=dialog]')) return;
      const held = event.ctrlKey || event.metaKey;
      const shift = event.shiftKey && /^F\d/.test(event.key);
      const letter = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const name = `${held ? 'Ctrl+' : ''}${shift ? 'Shift+' : ''}${letter}`;
      const target = event.target as Element;
      const writing = target.matches(
        'input, textarea, select, [role=menuitem], [role=menuitemradio]',
      );
      if (name.length === 1 && (writing || event.shiftKey || !preference('letters'))) return;
      const key = keys.find(({ press }) => press === name);
      if (key === undefined) return;
      event.preventDefault();
      key.act();
    };
    window.addEventListener('keydown', pressed);
    window.addEventListener(OPEN_HELP, openHelp);
    window.addEventListener(OPEN_PALETTE, open);
    return () => {
      window.removeEventListener('keydown', pressed);
      window.removeEventListener(OPEN_HELP, openHelp);
      window.removeEventListener(OPEN_PALETTE, open);
    };
  }, [keys]);

  // What is done to a chat needs one on screen.
  const OF_CHATS = new Set<TextId>([
    ...(['composer.reply', 'composer.note', 'command.mode', 'command.transfer'] as const),
    ...(['chat.invite', 'chat.end'] as const),
  ]);
  const commands = keys
    .filter(({ moves, text }) => moves !== true && (shown !== null || !OF_CHATS.has(text)))
    .map(({ text, shown: shortcut, act }) => ({ key: text, label: say(text), shortcut, act }));
  return (
    <>
      {palette && (
        <Suspense>
          <Palette commands={commands} onClose={() => setPalette(false)} />
        </Suspense>
      )}
      {help && (
        <Dialog title={say('keys.title')} onClose={() => setHelp(false)}>
          <dl className={styles['keys']}>
            {[
              ...keys.map(({ shown: key, text }) => [key, say(text)] as const),
              [`${CTRL}B`, say('composer.bold')] as const,
              [`${CTRL}I`, say('composer.italic')] as const,
              ['/', say('composer.canned')] as const,
              [':', say('composer.emoji')] as const,
            ].map(([key, text]) => (
              <div key={key}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
          <Actions>
            <Button onClick={() => setHelp(false)}>{say('keys.close')}</Button>
          </Actions>
        </Dialog>
      )}
    </>
  );
}
