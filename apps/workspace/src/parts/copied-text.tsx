/** A text of one line, cut where there is no room, with a button that copies it whole. */
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton } from './button.js';
import styles from './parts.module.css';

/** How long it says that it was copied, milliseconds. */
const SAID_MS = 2_000;

/**
 * @param copy says what the button does
 * @param copied says that it did
 */
export function CopiedText({
  text,
  copy,
  copied,
}: {
  readonly text: string;
  readonly copy: string;
  readonly copied: string;
}) {
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [done]);
  const Mark = done ? Check : Copy;
  return (
    <span className={styles['copied']}>
      <code title={text}>{text}</code>
      <IconButton
        label={done ? copied : copy}
        onClick={() =>
          // Without the right to copy, the text is there to be selected.
          void navigator.clipboard?.writeText(text).then(
            () => setDone(true),
            () => {},
          )
        }
      >
        <Mark size={16} strokeWidth={1.75} aria-hidden />
      </IconButton>
      <span className="quiet" role="status">
        {done && copied}
      </span>
    </span>
  );
}
