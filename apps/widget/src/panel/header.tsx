/** Who one talks to, and what can be done with the chat as a whole. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Session } from './session.js';
import type { Sound } from './sound.js';
import type { Texts } from './texts.js';

interface HeaderProps {
  readonly session: Session;
  readonly texts: Texts;
  readonly sound: Sound;
  readonly close: () => void;
}

type Asked = 'end' | 'mail' | 'name' | null;

export function Header({ session, texts, sound, close }: HeaderProps) {
  const [isOpen, setOpen] = useState(false);
  const [asked, ask] = useState<Asked>(null);
  const [mailed, setMailed] = useState(false);
  const { agentName, view, queue } = session;
  const isLive = view.name === 'chat';
  const state = !isLive
    ? ''
    : queue !== null
      ? texts.waiting
      : // The strip below says it.
        session.connection?.state === 'offline'
        ? ''
        : texts.online;
  const title = agentName ?? session.shell.config.label ?? texts.title;
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isOpen) menu.current?.querySelector('button')?.focus();
  }, [isOpen]);
  const choose = (what: Asked) => {
    setOpen(false);
    ask(what);
  };
  return (
    <header class="header">
      <span class="portrait" aria-hidden="true">
        {initialOf(title)}
      </span>
      <div class="who">
        <h2>{title}</h2>
        {state === '' ? null : <p>{state}</p>}
      </div>
      {isLive || view.name === 'ended' ? (
        <button
          type="button"
          class="icon"
          aria-label={texts.menu}
          aria-haspopup="menu"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon>
            <circle cx="12" cy="5" r="1.5" />
            <circle cx="12" cy="12" r="1.5" />
            <circle cx="12" cy="19" r="1.5" />
          </Icon>
        </button>
      ) : null}
      <button type="button" class="icon" aria-label={texts.minimise} onClick={close}>
        <Icon>
          <path d="M6 9l6 6 6-6" />
        </Icon>
      </button>
      {isOpen ? (
        <div
          ref={menu}
          class="menu"
          role="menu"
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            event.preventDefault();
            setOpen(false);
          }}
        >
          <button
            type="button"
            role="menuitemcheckbox"
            aria-checked={sound.isOn}
            onClick={() => {
              sound.toggle();
              setOpen(false);
            }}
          >
            {sound.isOn ? '✓ ' : ''}
            {texts.sound}
          </button>
          <button type="button" role="menuitem" onClick={() => choose('mail')}>
            {texts.transcript}
          </button>
          {isLive ? (
            <>
              <button type="button" role="menuitem" onClick={() => choose('name')}>
                {texts.changeName}
              </button>
              <button type="button" role="menuitem" class="danger" onClick={() => choose('end')}>
                {texts.endChat}
              </button>
            </>
          ) : null}
        </div>
      ) : null}
      {asked === 'end' ? (
        <Sheet label={texts.endQuestion} close={() => ask(null)}>
          <p>{texts.endQuestion}</p>
          <div class="row">
            <button type="button" class="plain" onClick={() => ask(null)}>
              {texts.goOn}
            </button>
            <button
              type="button"
              class="primary"
              onClick={() => {
                ask(null);
                void session.end();
              }}
            >
              {texts.end}
            </button>
          </div>
        </Sheet>
      ) : null}
      {asked === 'mail' ? (
        <OneField
          label={texts.email}
          type="email"
          action={texts.send}
          texts={texts}
          close={() => ask(null)}
          submit={async (address) => {
            const isSent = await session.mail(address);
            ask(null);
            setMailed(isSent);
          }}
        />
      ) : null}
      {asked === 'name' ? (
        <OneField
          label={texts.yourName}
          type="text"
          action={texts.save}
          texts={texts}
          close={() => ask(null)}
          submit={async (name) => {
            await session.rename(name);
            ask(null);
          }}
        />
      ) : null}
      {mailed ? (
        <p class="note" role="status">
          {texts.mailed}
        </p>
      ) : null}
    </header>
  );
}

interface SheetProps {
  readonly label: string;
  readonly close: () => void;
  readonly children: ComponentChildren;
}

/** A question over the panel; Escape takes it back. */
function Sheet({ label, close, children }: SheetProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    (box.current?.querySelector('input') ?? box.current?.querySelector('button'))?.focus();
  }, []);
  return (
    <div
      ref={box}
      class="sheet"
      role="alertdialog"
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        close();
      }}
    >
      {children}
    </div>
  );
}

interface OneFieldProps {
  readonly label: string;
  readonly type: 'email' | 'text';
  readonly action: string;
  readonly texts: Texts;
  readonly close: () => void;
  readonly submit: (value: string) => void;
}

function OneField({ label, type, action, texts, close, submit }: OneFieldProps) {
  const [value, setValue] = useState('');
  const field = {
    id: 'parley-field',
    required: true,
    value,
    onInput: (event: { readonly currentTarget: HTMLInputElement }) =>
      setValue(event.currentTarget.value),
  };
  return (
    <Sheet label={label} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (value.trim() !== '') submit(value.trim());
        }}
      >
        <label for="parley-field">
          {label}
          {type === 'email' ? (
            <input type="email" autocomplete="email" {...field} />
          ) : (
            <input type="text" autocomplete="name" {...field} />
          )}
        </label>
        <div class="row">
          <button type="button" class="plain" onClick={close}>
            {texts.cancel}
          </button>
          <button type="submit" class="primary">
            {action}
          </button>
        </div>
      </form>
    </Sheet>
  );
}

export function Icon({ children }: { readonly children: ComponentChildren }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width="20"
      height="20"
      fill="none"
      stroke="currentColor"
      stroke-width="1.75"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

function initialOf(name: string): string {
  return ([...name.trim()][0] ?? '?').toUpperCase();
}
