/** Where the visitor writes. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './header.js';
import type { Session } from './session.js';
import type { Texts } from './texts.js';

/** Longest line that the server takes, characters. */
const MAX_LINE = 8_000;

export function Composer({ session, texts }: { session: Session; texts: Texts }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(session.kept.draft);
  /** Enter right after a composition ends belongs to it. */
  const composed = useRef(0);
  useEffect(() => grow(field.current), [text]);
  const send = () => {
    if (text.trim() === '') return;
    session.say(text.trim());
    session.kept.draft = '';
    setText('');
    field.current?.focus();
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={field}
        rows={1}
        dir="auto"
        maxLength={MAX_LINE}
        aria-label={texts.placeholder}
        placeholder={texts.placeholder}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          session.typing(event.currentTarget.value);
        }}
        onCompositionEnd={() => {
          composed.current = performance.now();
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          if (performance.now() - composed.current < 50) return;
          event.preventDefault();
          send();
        }}
      />
      {text.trim() === '' ? null : (
        <button type="submit" class="send" aria-label={texts.send}>
          <Icon>
            <path d="M5 12h13M12 5l7 7-7 7" />
          </Icon>
        </button>
      )}
      {session.shell.consent.typing ? <p class="shared">{texts.shared}</p> : null}
    </form>
  );
}

function grow(field: HTMLTextAreaElement | null): void {
  if (field === null) return;
  field.style.height = 'auto';
  field.style.height = `${Math.min(132, Math.max(44, field.scrollHeight))}px`;
}
