/** Where replies and private notes are written. */
import { Lock, MessageSquare, SendHorizontal } from 'lucide-react';
import { type ClipboardEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { Button } from '../parts/button.js';
import type { Mode } from '../state/model.js';
import { useTexts } from '../texts/index.js';
import { onCommand } from './commands.js';
import styles from './composer.module.css';
import { useChat, useDesk } from './desk-context.js';

/** Characters that a line may have, and from which on they are counted on screen. */
const MAX_LENGTH = 8_000;
const COUNT_FROM = 7_500;

const MAX_HEIGHT = 240;

const MODES = ['reply', 'note'] as const;

/** One for each mode: it begins with the mode's draft. The text field keeps its own text. */
export function Composer({ id, name }: { readonly id: string; readonly name: string }) {
  const say = useTexts();
  const desk = useDesk();
  const mode = useChat(id)?.mode ?? 'reply';
  const field = useRef<HTMLTextAreaElement>(null);
  const composed = useRef(false);
  const [length, setLength] = useState(() => desk.drafts.get(id, mode).length);
  const [image, setImage] = useState(false);
  const hint = useId();

  useEffect(() => {
    if (field.current !== null) grow(field.current);
    // A touch keyboard would cover what was said.
    if (matchMedia('(pointer: fine)').matches) field.current?.focus();
    const focus = onCommand('focus-composer', () => field.current?.focus());
    const other = onCommand('mode', () => desk.setMode(id, mode === 'note' ? 'reply' : 'note'));
    return () => {
      focus();
      other();
    };
  }, [desk, id, mode]);

  const written = () => {
    const element = field.current;
    if (element === null) return;
    grow(element);
    setImage(false);
    setLength(element.value.length);
    desk.write(id, mode, element.value);
  };
  const send = () => {
    const element = field.current;
    const text = element?.value.trim() ?? '';
    if (element === null || text === '' || element.value.length > MAX_LENGTH) return;
    element.value = '';
    written();
    desk.say(id, text, mode);
    element.focus();
  };
  const pressed = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== 'Enter' || event.shiftKey || event.altKey) return;
    // Enter that takes a composed word is none that sends; Safari reports it after the composition's end.
    if (event.nativeEvent.isComposing || event.keyCode === 229 || composed.current) return;
    event.preventDefault();
    send();
  };
  const pasted = ({ clipboardData }: ClipboardEvent) => {
    if (clipboardData.files.length > 0 && clipboardData.getData('text') === '') setImage(true);
  };
  const tooLong = length > MAX_LENGTH;
  return (
    <div className={styles['composer']} data-mode={mode}>
      <div className={styles['column']}>
        <ModeSwitch id={id} mode={mode} />
        <div className={styles['box']}>
          <textarea
            ref={field}
            className={styles['field']}
            aria-label={say(`composer.${mode}.label`, { name })}
            aria-describedby={hint}
            placeholder={say(`composer.${mode}.hint`)}
            defaultValue={desk.drafts.get(id, mode)}
            rows={1}
            dir="auto"
            enterKeyHint="send"
            onInput={written}
            onKeyDown={pressed}
            onPaste={pasted}
            onCompositionEnd={() => {
              composed.current = true;
              setTimeout(() => {
                composed.current = false;
              }, 0);
            }}
          />
          <Button
            kind="primary"
            className={styles['send']}
            onClick={send}
            disabled={length === 0 || tooLong}
          >
            {mode === 'note' ? (
              <Lock size={16} strokeWidth={1.75} aria-hidden />
            ) : (
              <SendHorizontal size={16} strokeWidth={1.75} aria-hidden />
            )}
            {say(mode === 'note' ? 'composer.send.note' : 'composer.send')}
          </Button>
        </div>
        <p id={hint} className={styles['hint']} data-wrong={tooLong || image}>
          <Hint length={length} mode={mode} image={image} />
        </p>
      </div>
    </div>
  );
}

function Hint({ length, mode, image }: { length: number; mode: Mode; image: boolean }) {
  const say = useTexts();
  if (image) return say('composer.image');
  const count = { count: length, limit: MAX_LENGTH };
  if (length > MAX_LENGTH) return say('composer.too-long', count);
  if (length >= COUNT_FROM) return say('composer.count', count);
  return say(mode === 'note' ? 'line.note' : 'composer.keys');
}

function ModeSwitch({ id, mode }: { readonly id: string; readonly mode: Mode }) {
  const say = useTexts();
  const desk = useDesk();
  return (
    <fieldset className={styles['modes']}>
      <legend className="quiet">{say('composer.mode')}</legend>
      {MODES.map((each) => (
        <button
          key={each}
          type="button"
          className={styles['mode']}
          aria-pressed={each === mode}
          onClick={() => desk.setMode(id, each)}
        >
          {each === 'note' ? (
            <Lock size={16} strokeWidth={1.75} aria-hidden />
          ) : (
            <MessageSquare size={16} strokeWidth={1.75} aria-hidden />
          )}
          {say(`composer.${each}`)}
        </button>
      ))}
    </fieldset>
  );
}

function grow(field: HTMLTextAreaElement): void {
  field.style.blockSize = 'auto';
  field.style.blockSize = `${Math.min(field.scrollHeight + 2, MAX_HEIGHT)}px`;
}
