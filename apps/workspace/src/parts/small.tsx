import type { ComponentProps, ReactNode } from 'react';
import { useId } from 'react';
import styles from './parts.module.css';

/** Initials: two letters at most, of the first and the last word. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const first = [...(words[0] ?? '')][0] ?? '?';
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : '';
  return (first + last).toLocaleUpperCase();
}

export function Avatar({
  name,
  kind,
}: {
  readonly name: string;
  readonly kind: 'agent' | 'visitor';
}) {
  return (
    <span className={styles['avatar']} data-kind={kind} aria-hidden>
      {initials(name)}
    </span>
  );
}

/** A state's mark: its shape differs, not its colour alone. */
export function Dot({ state }: { readonly state: string }) {
  return <span className={styles['dot']} data-state={state} aria-hidden />;
}

export function Field({ label, ...props }: ComponentProps<'input'> & { readonly label: string }) {
  const id = useId();
  return (
    <div className={styles['field']}>
      <label className={styles['label']} htmlFor={id}>
        {label}
      </label>
      <input id={id} className={styles['input']} {...props} />
    </div>
  );
}

export function ErrorText({ children }: { readonly children: ReactNode }) {
  return (
    <p className={styles['error']} role="alert">
      {children}
    </p>
  );
}
