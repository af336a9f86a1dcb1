/** Where replies and private notes are written. */
import {
  Bold,
  Italic,
  Lock,
  MessageSquare,
  MessageSquareText,
  Plus,
  SendHorizontal,
  X,
} from 'lucide-react';
import {
  type ClipboardEvent,
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import { blanksOf } from '../compose/canned.js';
import { toggleMark, writeInto } from '../compose/field.js';
import { Button, IconButton } from '../parts/button.js';
import type { Mode } from '../state/model.js';
import { useTexts } from '../texts/index.js';
import { onCommand, onInsert } from './commands.js';
import { Completion, choiceId } from './completion.js';
import styles from './composer.module.css';
import { useChat, useController } from './workspace-context.js';
import { EmojiMenu } from './emoji-menu.js';
import { preference, usePreference } from './preferences.js';
import { useCompletion } from './use-completion.js';

/** Characters that a line may have, and from which on they are counted on screen. */
const MAX_LENGTH = 8_000;
const COUNT_FROM = 7_500;

const MAX_HEIGHT = 240;

const MODES = ['reply', 'note'] as const;

/** Signs around what is bold or italic. */
const BOLD = '**';
const ITALIC = '_';

/**
 * One for each mode: it begins with the mode's draft. The text field keeps its own text.
 * @param modes in which the agent may write here
 */
export function Composer({
  id,
  name,
  modes = MODES,
}: {
  readonly id: string;
  readonly name: string;
  readonly modes?: readonly Mode[];
}) {
  const say = useTexts();
  const controller = useController();
  const mode = useChat(id)?.mode ?? 'reply';
  const field = useRef<HTMLTextAreaElement>(null);
  const composed = useRef(false);
  const [length, setLength] = useState(() => controller.drafts.get(id, mode).length);
  const [image, setImage] = useState(false);
  /** Placeholders of canned texts that were put in here, which are to be filled in before it is sent. */
  const [blanks, setBlanks] = useState<readonly string[]>([]);
  /** On a phone: whether the tools stand in the row of the switch. */
  const [tools, setTools] = useState(false);
  const hint = useId();
  const completion = useCompletion(id, field, (text) => setBlanks(blanksOf(text)));

  useEffect(() => {
    if (field.current !== null) grow(field.current);
    // A touch keyboard would cover what was said.
    if (matchMedia('(pointer: fine)').matches) field.current?.focus();
    // Who only reads along writes notes alone.
    const change = (to: Mode) => () => {
      if (modes.includes(to)) controller.setMode(id, to);
    };
    const takes = [
      onCommand('focus-composer', () => field.current?.focus()),
      onInsert((text) => {
        const element = field.current;
        if (element === null) return;
        // What was written stays, above.
        const end = element.value.length;
        writeInto(element, end === 0 ? text : `\n${text}`, end, end);
      }),
      controller.drafts.onElsewhere((chat, of, text) => {
        const element = field.current;
        // The same person writes there now. A word that is being composed is left alone.
        if (element === null || chat !== id || of !== mode || composed.current) return;
        element.value = text;
        grow(element);
        setLength(text.length);
      }),
      onCommand('reply', change('reply')),
      onCommand('note', change('note')),
      onCommand('mode', change(mode === 'note' ? 'reply' : 'note')),
    ];
    return () => {
      for (const off of takes) off();
    };
  }, [controller, id, mode, modes]);

  const written = () => {
    const element = field.current;
    if (element === null) return;
    grow(element);
    setImage(false);
    setLength(element.value.length);
    setBlanks((before) => before.filter((blank) => element.value.includes(blank)));
    controller.lines.write(id, mode, element.value);
    completion.look();
  };
  const send = () => {
    const element = field.current;
    const text = element?.value.trim() ?? '';
    if (element === null || text === '' || element.value.length > MAX_LENGTH) return;
    if (blanks[0] !== undefined) {
      select(element, blanks[0]);
      return;
    }
    element.value = '';
    written();
    const sent = controller.lines.say(id, text, mode);
    if (mode === 'reply') void controller.suggestions.said(id, sent);
    element.focus();
  };
  const pressed = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // A key that takes a composed word is none of ours; Safari reports it after the composition's end.
    if (event.nativeEvent.isComposing || event.keyCode === 229 || composed.current) return;
    if (completion.pressed(event)) return;
    const held = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    const mark = held && mode === 'reply' ? { b: BOLD, i: ITALIC }[event.key] : undefined;
    if (mark !== undefined) {
      event.preventDefault();
      toggleMark(event.currentTarget, mark);
      return;
    }
    if (event.key !== 'Enter' || event.shiftKey || event.altKey) return;
    if (!preference('enterSends') && !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    send();
  };
  const pasted = ({ clipboardData }: ClipboardEvent) => {
    if (clipboardData.files.length > 0 && clipboardData.getData('text') === '') setImage(true);
  };
  const tooLong = length > MAX_LENGTH;
  return (
    <div className={styles['composer']} data-mode={mode} data-region>
      <div className={styles['column']}>
        <div className={styles['tools']} data-open={tools}>
          <ModeSwitch id={id} mode={mode} modes={modes} />
          <Tools field={field} mode={mode} />
          <ToolsButton open={tools} onPress={() => setTools(!tools)} />
        </div>
        <div className={styles['box']}>
          {completion.props !== null && <Completion {...completion.props} />}
          <textarea
            ref={field}
            data-region-focus
            className={styles['field']}
            aria-label={say(`composer.${mode}.label`, { name })}
            aria-describedby={hint}
            placeholder={say(`composer.${mode}.hint`)}
            defaultValue={controller.drafts.get(id, mode)}
            rows={1}
            dir="auto"
            enterKeyHint="send"
            aria-autocomplete="list"
            {...(completion.props === null || completion.props.choices.length === 0
              ? {}
              : {
                  'aria-controls': completion.props.id,
                  'aria-activedescendant': choiceId(completion.props.id, completion.props.active),
                })}
            onInput={written}
            onSelect={completion.look}
            onBlur={completion.close}
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
            <span>{say(mode === 'note' ? 'composer.send.note' : 'composer.send')}</span>
          </Button>
        </div>
        <p id={hint} className={styles['hint']} data-wrong={tooLong || image || blanks.length > 0}>
          <Hint length={length} mode={mode} image={image} blanks={blanks} />
        </p>
      </div>
    </div>
  );
}

interface HintProps {
  readonly length: number;
  readonly mode: Mode;
  readonly image: boolean;
  readonly blanks: readonly string[];
}

function Hint({ length, mode, image, blanks }: HintProps) {
  const say = useTexts();
  const enterSends = usePreference('enterSends');
  if (image) return say('composer.image');
  if (blanks.length > 0) return say('composer.blanks', { blanks: blanks.join(', ') });
  const count = { count: length, limit: MAX_LENGTH };
  if (length > MAX_LENGTH) return say('composer.too-long', count);
  if (length >= COUNT_FROM) return say('composer.count', count);
  if (mode === 'note') return say('line.note');
  return (
    <span className={styles['keys']}>
      {say(enterSends ? 'composer.keys' : 'composer.keys.swapped')}
    </span>
  );
}

/** What helps writing. Each has its key, or its sign, too. */
function Tools({
  field,
  mode,
}: {
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly mode: Mode;
}) {
  const say = useTexts();
  const mark = (sign: string) => () => {
    if (field.current !== null) toggleMark(field.current, sign);
  };
  const openCanned = () => {
    const element = field.current;
    if (element === null) return;
    const before = element.value.slice(0, element.selectionStart);
    writeInto(element, before === '' || /\s$/.test(before) ? '/' : ' /');
  };
  return (
    <div className={styles['buttons']}>
      {mode === 'reply' && (
        <>
          <IconButton label={say('composer.bold')} shortcut="Ctrl+B" onClick={mark(BOLD)}>
            <Bold size={16} strokeWidth={1.75} aria-hidden />
          </IconButton>
          <IconButton label={say('composer.italic')} shortcut="Ctrl+I" onClick={mark(ITALIC)}>
            <Italic size={16} strokeWidth={1.75} aria-hidden />
          </IconButton>
        </>
      )}
      <EmojiMenu
        onChoose={(sign) => {
          if (field.current !== null) writeInto(field.current, sign);
        }}
      />
      <IconButton label={say('composer.canned')} shortcut="/" onClick={openCanned}>
        <MessageSquareText size={16} strokeWidth={1.75} aria-hidden />
      </IconButton>
    </div>
  );
}

/** On a phone there is one row, for the switch or for the tools. */
function ToolsButton({ open, onPress }: { readonly open: boolean; readonly onPress: () => void }) {
  const say = useTexts();
  const Mark = open ? X : Plus;
  return (
    <IconButton
      className={styles['toolsButton']}
      label={say(open ? 'composer.tools.close' : 'composer.tools')}
      aria-expanded={open}
      onClick={onPress}
    >
      <Mark size={20} strokeWidth={1.75} aria-hidden />
    </IconButton>
  );
}

function ModeSwitch({
  id,
  mode,
  modes,
}: {
  readonly id: string;
  readonly mode: Mode;
  readonly modes: readonly Mode[];
}) {
  const say = useTexts();
  const controller = useController();
  return (
    <fieldset className={styles['modes']}>
      <legend className="quiet">{say('composer.mode')}</legend>
      {modes.map((each) => (
        <button
          key={each}
          type="button"
          className={styles['mode']}
          aria-pressed={each === mode}
          onClick={() => controller.setMode(id, each)}
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

/** Selects the first place of a text in the field. */
function select(field: HTMLTextAreaElement, text: string): void {
  const at = field.value.indexOf(text);
  field.focus();
  if (at >= 0) field.setSelectionRange(at, at + text.length);
}

function grow(field: HTMLTextAreaElement): void {
  field.style.blockSize = 'auto';
  field.style.blockSize = `${Math.min(field.scrollHeight + 2, MAX_HEIGHT)}px`;
}
